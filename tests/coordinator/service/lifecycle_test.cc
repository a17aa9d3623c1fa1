// Goal: what is changed of an experiment or a worker is changed once, is in the database, and is
// refused with the state where it cannot be; what waits or has ended can be asked why.
// Method: the real coordinator and the real protocol on loopback; workers by hand.

#include <gtest/gtest.h>

#include "tests/coordinator/service/fake_worker.h"
#include "tests/coordinator/service/test_cluster.h"

namespace tutti {
namespace {

class LifecycleTest : public testing::Test {
 protected:
  std::int64_t Submit(const std::string& yaml = "") {
    const auto submitted =
        cluster_.Submit(TestCluster::Document(yaml), "submit-" + std::to_string(++requests_));
    EXPECT_TRUE(submitted.ok()) << submitted.error().ToString();
    return submitted ? submitted->experiment : 0;
  }
  std::int64_t SubmitAndCancel() {
    const std::int64_t id = Submit();
    EXPECT_TRUE(cluster_.Act("Kill", id, "end-" + std::to_string(id)).ok());
    EXPECT_TRUE(cluster_.Await([&] { return State(id) == "CANCELLED"; }));
    return id;
  }
  std::string State(std::int64_t experiment) {
    const auto row = cluster_.Get(experiment);
    return row ? (*row)["state"].AsString() : row.error().ToString();
  }
  TestCluster cluster_;
  int requests_ = 0;
};

TEST_F(LifecycleTest, SettingsChangeOnceAndAreStored) {
  const std::int64_t id = Submit();
  const auto changed = cluster_.Set(
      id, Json::MakeObject({{"priority", 7}, {"weight", 2.5}, {"max_slots", 3}}), "set-1");
  ASSERT_TRUE(changed.ok()) << changed.error().ToString();
  EXPECT_EQ((*changed)["priority"].AsInt(), 7);
  EXPECT_EQ((*changed)["weight"].AsDouble(), 2.5);
  EXPECT_EQ((*changed)["max_slots"].AsInt(), 3);
  EXPECT_EQ((*changed)["save_trial_best"].AsInt(), 1);
  const auto kept = cluster_.Set(
      id, Json::MakeObject({{"save_experiment_best", 2}, {"save_trial_latest", 4}}), "set-2");
  ASSERT_TRUE(kept.ok()) << kept.error().ToString();
  const auto unlimited = cluster_.Set(id, Json::MakeObject({{"max_slots", 0}}), "set-3");
  ASSERT_TRUE(unlimited.ok()) << unlimited.error().ToString();
  EXPECT_TRUE((*unlimited)["max_slots"].is_null());
  // The first request once more is its first reply, and changes nothing.
  const auto again = cluster_.Set(id, Json::MakeObject({{"priority", 7}}), "set-1");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ((*again)["max_slots"].AsInt(), 3);
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM v_experiments WHERE priority = 7 AND "
                             "weight = 2.5 AND max_slots IS NULL AND save_experiment_best = 2 "
                             "AND save_trial_best = 1 AND save_trial_latest = 4"),
            1);
  cluster_.Crash();
  cluster_.Start();
  const auto after = cluster_.Set(id, Json::MakeObject({{"priority", 8}}), "set-4");
  ASSERT_TRUE(after.ok()) << after.error().ToString();
  EXPECT_EQ((*after)["weight"].AsDouble(), 2.5);
}

TEST_F(LifecycleTest, SettingsOutOfRangeAreRefused) {
  const std::int64_t id = Submit("resources: {slots_per_trial: 2}\n");
  struct Case {
    const char* field;
    Json value;
    ErrorCode code;
    const char* says;
  };
  int number = 0;
  for (const Case& c :
       {Case{"priority", 0, ErrorCode::kInvalidArgument, "expected 1 (first) to 99"},
        Case{"priority", 100, ErrorCode::kInvalidArgument, "expected 1 (first) to 99"},
        Case{"weight", 0.0, ErrorCode::kInvalidArgument, "more than 0"},
        Case{"max_slots", -1, ErrorCode::kInvalidArgument, "max_slots is -1"},
        Case{"max_slots", 1, ErrorCode::kUnschedulable, "needs 2 slots"},
        Case{"save_trial_best", -1, ErrorCode::kInvalidArgument, "save_trial_best is -1"},
        Case{"nothing", 1, ErrorCode::kInvalidArgument, "nothing to set"}}) {
    const auto refused = cluster_.Set(id, Json::MakeObject({{c.field, c.value}}),
                                      "bad-" + std::to_string(++number));
    ASSERT_FALSE(refused.ok()) << c.field << " " << c.value.Dump();
    EXPECT_EQ(refused.error().code(), c.code) << c.field << " " << c.value.Dump();
    EXPECT_NE(refused.error().message().find(c.says), std::string::npos)
        << refused.error().message();
  }
  const auto unknown = cluster_.Set(99, Json::MakeObject({{"priority", 3}}), "bad-unknown");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code(), ErrorCode::kNotFound);
}

TEST_F(LifecycleTest, OfWhatHasEndedOnlyTheRetentionChanges) {
  const std::int64_t id = SubmitAndCancel();
  const auto late = cluster_.Set(id, Json::MakeObject({{"priority", 3}}), "late");
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_NE(late.error().message().find("CANCELLED"), std::string::npos);
  const auto kept = cluster_.Set(id, Json::MakeObject({{"save_trial_latest", 0}}), "kept");
  ASSERT_TRUE(kept.ok()) << kept.error().ToString();
  EXPECT_EQ((*kept)["save_trial_latest"].AsInt(), 0);
}

TEST_F(LifecycleTest, OnlyWhatHasEndedIsArchived) {
  const std::int64_t open = Submit();
  const auto early = cluster_.Act("Archive", open, "archive-1");
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_NE(early.error().message().find("ACTIVE"), std::string::npos) << early.error().message();
  const std::int64_t id = SubmitAndCancel();
  const auto archived = cluster_.Act("Archive", id, "archive-2");
  ASSERT_TRUE(archived.ok()) << archived.error().ToString();
  EXPECT_EQ(*archived, "CANCELLED");
  EXPECT_EQ(cluster_.ReadInt("SELECT archived FROM v_experiments WHERE experiment_id = " +
                             std::to_string(id)),
            1);
  const auto twice = cluster_.Act("Archive", id, "archive-3");
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_TRUE(cluster_.Act("Archive", id, "archive-2").ok()) << "the same request again";
  cluster_.Crash();
  cluster_.Start();
  EXPECT_TRUE(cluster_.Act("Unarchive", id, "archive-4").ok());
  EXPECT_EQ(cluster_.ReadInt("SELECT sum(archived) FROM v_experiments"), 0);
}

TEST_F(LifecycleTest, WhatWasCancelledGoesOn) {
  const std::int64_t id = SubmitAndCancel();
  const auto open = cluster_.Continue(Submit(), "", "continue-1");
  ASSERT_FALSE(open.ok());
  EXPECT_EQ(open.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_NE(open.error().ToString().find("it is ACTIVE"), std::string::npos)
      << open.error().ToString();
  const auto other = cluster_.Continue(
      id, TestCluster::Document("description: other\nreproducibility: {experiment_seed: 9}\n"),
      "continue-2");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_NE(other.error().ToString().find("reproducibility.experiment_seed"), std::string::npos)
      << other.error().ToString();
  const auto done = cluster_.Continue(
      id, TestCluster::Document("max_restarts: 2\nresources: {priority: 3}\n"), "continue-3");
  ASSERT_TRUE(done.ok()) << done.error().ToString();
  EXPECT_EQ(*done, "ACTIVE");
  // What the new document says counts, whatever was set before.
  EXPECT_EQ(cluster_.ReadInt("SELECT priority FROM v_experiments WHERE experiment_id = " +
                             std::to_string(id)),
            3);
  EXPECT_EQ(cluster_.ReadInt("SELECT json_extract(canonical_json, '$.max_restarts') "
                             "FROM documents WHERE experiment_id = " + std::to_string(id)),
            2);
  const auto again = cluster_.Continue(id, "", "continue-3");
  ASSERT_TRUE(again.ok()) << "the same request again: " << again.error().ToString();
  EXPECT_EQ(State(id), "ACTIVE");
}

TEST_F(LifecycleTest, WhySaysWhatIsWaitedForAndWhatEndedIt) {
  const std::int64_t id = Submit();
  const auto waiting = cluster_.Why(id, 1);
  ASSERT_TRUE(waiting.ok()) << waiting.error().ToString();
  EXPECT_EQ((*waiting)["state"].AsString(), "QUEUED");
  ASSERT_GE((*waiting)["lines"].size(), 1u);
  EXPECT_NE((*waiting)["lines"][0].AsString().find("no worker"), std::string::npos)
      << waiting->Dump();
  const auto ended = cluster_.Why(SubmitAndCancel());
  ASSERT_TRUE(ended.ok()) << ended.error().ToString();
  EXPECT_EQ((*ended)["state"].AsString(), "CANCELLED");
  ASSERT_GE((*ended)["lines"].size(), 1u);
  const auto unknown = cluster_.Why(id, 9);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code(), ErrorCode::kNotFound);
}

TEST_F(LifecycleTest, ADrainedWorkerGetsNoWorkUntilItIsUsedAgain) {
  FakeWorker worker(cluster_.address, "a");
  ASSERT_TRUE(worker.Join(1));
  const auto drained = cluster_.Drain("a", true, false, "drain-1");
  ASSERT_TRUE(drained.ok()) << drained.error().ToString();
  EXPECT_EQ((*drained)["draining"], Json(true));
  EXPECT_EQ(cluster_.ReadInt("SELECT draining FROM v_workers WHERE name = 'a'"), 1);
  const std::int64_t id = Submit();
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM attempts"), 0);
  EXPECT_TRUE(cluster_.Why(id, 1).ok());
  const auto unknown = cluster_.Drain("b", true, false, "drain-2");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code(), ErrorCode::kNotFound);
  const auto used = cluster_.Drain("a", false, false, "drain-3");
  ASSERT_TRUE(used.ok()) << used.error().ToString();
  EXPECT_EQ((*used)["draining"], Json(false));
  EXPECT_TRUE(worker.AwaitAttempt().has_value());
}

}  // namespace
}  // namespace tutti
