// Goal: a damaged snapshot is refused with a reason, never half restored and never a crash. (That a
// good one behaves identically ever after is shown in engine_property_test.cc.)
// Method: the snapshot of a busy engine with one field after the other removed or replaced.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/coordinator/engine/stage.h"

namespace tutti::engine {
namespace {

Json BusySnapshot() {
  Stage stage;
  stage.Submit({.trials = 3, .replicates = 2});
  stage.Join("w1", 2);
  const AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  stage.Metric(attempt, 1, 0.5);
  stage.Commit(attempt, 1, 0.5);
  return stage.engine.Snapshot();
}

// Calls `visit` with every container inside `json`.
template <class Visit>
void ForEachObject(Json& json, Visit visit) {
  if (json.is_object()) {
    visit(json);
    for (auto& [key, value] : json.AsObject()) {
      // Documents and values of the search space belong to their readers.
      if (key != "canonical" && key != "hparams" && key != "searchers") ForEachObject(value, visit);
    }
  } else if (json.is_array()) {
    for (Json& item : json.AsArray()) ForEachObject(item, visit);
  }
}

TEST(Snapshot, EveryMissingFieldIsRefused) {
  const Json good = BusySnapshot();
  ASSERT_TRUE(Engine::Restore(good, {}).ok());
  std::size_t fields = 0;
  Json counted = good;
  ForEachObject(counted, [&fields](Json& object) { fields += object.size(); });
  ASSERT_GT(fields, 100u);
  for (std::size_t target = 0; target < fields; ++target) {
    Json damaged = good;
    std::size_t seen = 0;
    std::string removed;
    ForEachObject(damaged, [&](Json& object) {
      const std::size_t n = object.size();
      if (target >= seen && target < seen + n) removed = object.AsObject()[target - seen].first;
      seen += n;
      if (!removed.empty()) object.Erase(removed);
    });
    const auto restored = Engine::Restore(damaged, {});
    EXPECT_FALSE(restored.ok()) << "without " << removed;
  }
}

TEST(Snapshot, AnotherVersionOrABrokenReferenceIsRefused) {
  struct Case {
    const char* path;
    Json value;
    const char* error;
  };
  const Case cases[] = {{"engine_version", 999, "engine version 999"},
                        {"nodes", Json::MakeArray(), "is not there"},
                        {"attempts", Json::MakeArray(), "is not there"},
                        {"trials", "none", "trials"},
                        {"searchers", Json::MakeArray(), "is not there"}};
  for (const Case& c : cases) {
    Json damaged = BusySnapshot();
    damaged.Set(c.path, c.value);
    const auto restored = Engine::Restore(damaged, {});
    ASSERT_FALSE(restored.ok()) << c.path;
    EXPECT_THAT(restored.error().ToString(), testing::HasSubstr(c.error));
  }
}

}  // namespace
}  // namespace tutti::engine
