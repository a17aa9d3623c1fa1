// Goal: the journal's form of events loses nothing and refuses damage.
// Method: one event of each kind with awkward values, through text and back; then the same texts
// with one field missing or of the wrong type.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "coordinator/engine/event.h"

namespace tutti::engine {
namespace {

using testing::HasSubstr;
using Gang = NodeReported::Allocation;

std::vector<Event> AllEvents() {
  const double inf = std::numeric_limits<double>::infinity();
  const std::int64_t late = std::numeric_limits<std::int64_t>::max();
  return {
      ExperimentSubmitted{1, ExperimentId(3), Json::MakeObject({{"a", 1}, {"b", 1.0}})},
      ActionRequested{2, Action::kPause, ExperimentId(3), TrialId()},
      ActionRequested{2, Action::kKill, ExperimentId(3), TrialId(9)},
      NodeJoined{3, NodeId(1), "w \"1\"\n", "pool", {{0, "cpu"}, {7, "cuda"}}, {{"mnist", "ab"}}},
      NodeJoined{3, NodeId(1), "", "", {}, {}},
      NodeJoined{3, NodeId(1), "w", "p", {{0, "cpu", 1'000'000'000'000}}, {}, {{"zone", "a"}}, true},
      NodeReported{4,
                   NodeId(1),
                   {{AllocationId(5), Gang::State::kStarting, ""},
                    {AllocationId(6), Gang::State::kReady, ""},
                    {AllocationId(7), Gang::State::kStopping, ""},
                    {AllocationId(8), Gang::State::kExited, "signal 9"},
                    {AllocationId(9), Gang::State::kReady, "", 1 << 30}}},
      NodeUnreachable{5, NodeId(1)},
      NodeLost{late, NodeId(1)},
      AttemptStarted{7, AttemptId(2), 225'034},
      MetricReported{8, AttemptId(2), 3, 4, {{"a", std::nan("")}, {"b", inf}, {"c", -inf},
                                             {"d", 0.1}, {"e", 5e-324}, {"f", 1.0}}},
      CheckpointCommitted{9, AttemptId(2), CheckpointId(4), "1/2/3-step-4", "cd", 1, 2, 3, 0.25},
      CheckpointCommitted{9, AttemptId(2), CheckpointId(4), "n", "cd", 1, 2, 3, std::nullopt},
      AttemptExited{10, AttemptId(2), Outcome::kError, FailureClass::kOom, "exit 137"},
      AttemptExited{10, AttemptId(2), Outcome::kFinished, FailureClass::kNone, ""},
      Tick{11},
      EnsembleRequested{12, EnsembleId(2), "n \"x\"", Json::MakeObject({{"combine", "greedy"}}),
                        {{TrialId(3), ""}, {TrialId(4), "1/2/3-step-4"}}},
      EnsembleRequested{12, EnsembleId(2), "", Json(), {}},
      EnsembleEvaluated{13, EnsembleId(2), true, "", {{TrialId(3), ""}}},
      EnsembleEvaluated{13, EnsembleId(2), false, "no predictions", {}},
      TaskRequested{14, TaskId(5), TrialId(3), "1/2/3-step-4", "ab", "{\"a\": 1}",
                    Json::MakeObject({{"kind", "predict"}, {"n", 1}})},
      TaskCancelled{15, TaskId(5)},
      ActionRequested{16, Action::kArchive, ExperimentId(3), TrialId()},
      ActionRequested{16, Action::kUnarchive, ExperimentId(3), TrialId()},
      AttemptExited{17, AttemptId(2), Outcome::kHeld, FailureClass::kNone, ""},
      AttemptExited{17, AttemptId(2), Outcome::kError, FailureClass::kInvalidHp, "lr < 0"},
      MetricReported{17, AttemptId(2), 3, 400, {{"a", 0.5}}, 400},
      ExperimentSettingsChanged{18, ExperimentId(3), 10, 2.5, 0, 1, 2, 3},
      ExperimentSettingsChanged{18, ExperimentId(3), std::nullopt, std::nullopt, std::nullopt,
                                std::nullopt, std::nullopt, std::nullopt},
      ExperimentContinued{19, ExperimentId(3), Json::MakeObject({{"a", 1}})},
      NodeDrainRequested{20, NodeId(1), true, true},
      NodeDrainRequested{20, NodeId(1), false, false}};
}

TEST(EventJson, EveryEventComesBackExactly) {
  std::vector<bool> covered(std::variant_size_v<Event>);
  for (const Event& event : AllEvents()) {
    covered[event.index()] = true;
    const std::string text = ToJson(event).Dump();
    const auto json = Json::Parse(text);
    ASSERT_TRUE(json.ok()) << text;
    const auto back = EventFromJson(*json);
    ASSERT_TRUE(back.ok()) << back.error().ToString();
    EXPECT_EQ(back->index(), event.index());
    EXPECT_EQ(ToJson(*back).Dump(), text);
  }
  for (std::size_t i = 0; i < covered.size(); ++i) EXPECT_TRUE(covered[i]) << "kind " << i;
}

TEST(EventJson, MetricsKeepEveryBit) {
  const auto back = EventFromJson(Json::Parse(ToJson(Event(MetricReported{
      8, AttemptId(2), 3, 4, {{"n", std::nan("")}, {"t", 0.1 + 0.2}, {"one", 1.0}}})).Dump())
      .value());
  const auto& metrics = std::get<MetricReported>(*back).metrics;
  EXPECT_TRUE(std::isnan(metrics.at("n")));
  EXPECT_EQ(metrics.at("t"), 0.1 + 0.2);
  EXPECT_EQ(metrics.at("one"), 1.0);
}

TEST(EventJson, AMissingFieldIsNamed) {
  for (const Event& event : AllEvents()) {
    const Json whole = ToJson(event);
    for (const auto& [key, value] : whole.AsObject()) {
      Json damaged = whole;
      damaged.Erase(key);
      const auto back = EventFromJson(damaged);
      ASSERT_FALSE(back.ok()) << damaged.Dump();
      EXPECT_THAT(back.error().ToString(), HasSubstr(key));
    }
  }
}

TEST(EventJson, WrongTypesAndUnknownWordsAreRefused) {
  for (const char* text :
       {R"({"event":"tock","at_ms":1})", R"({"event":"tick","at_ms":"1"})", R"([])",
        R"({"event":"attempt_exited","at_ms":1,"attempt":1,"outcome":"fine","failure":"",)"
        R"("message":""})",
        R"({"event":"node_reported","at_ms":1,"node":1,"allocations":{}})",
        R"({"event":"metric_reported","at_ms":1,"attempt":1,"epoch":1,"step":1,)"
        R"("metrics":{"a":"high"}})"}) {
    EXPECT_FALSE(EventFromJson(Json::Parse(text).value()).ok()) << text;
  }
}

}  // namespace
}  // namespace tutti::engine
