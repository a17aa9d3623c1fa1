// Goal: who runs where, and in which order.
// Method: small clusters told event by event (stage.h); the desired states say what was decided.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/coordinator/engine/stage.h"

namespace tutti::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::int64_t> ExperimentsRunning(const Stage& stage) {
  std::vector<std::int64_t> list;
  for (const AttemptId id : stage.Running()) list.push_back(stage.OrderOf(id)->experiment.value);
  return list;
}

TEST(Placement, PrefersTheFullestNodeThatFits) {
  Stage stage;
  const NodeId big = stage.Join("big", 4), small = stage.Join("small", 2);
  stage.Submit({.slots_per_trial = 2});
  EXPECT_THAT(stage.Gangs(small), SizeIs(1));
  stage.Submit({.slots_per_trial = 1});
  EXPECT_THAT(stage.Gangs(big), SizeIs(1));
  stage.Submit({.slots_per_trial = 3});
  ASSERT_THAT(stage.Gangs(big), SizeIs(2));
  EXPECT_THAT(stage.Gangs(big)[1].slots, ElementsAre(1, 2, 3));
}

TEST(Placement, EqualNodesAreTakenInOrderOfId) {
  Stage stage;
  const NodeId one = stage.Join("b", 1), two = stage.Join("a", 1);
  stage.Submit({});
  EXPECT_THAT(stage.Gangs(one), SizeIs(1));
  EXPECT_THAT(stage.Gangs(two), IsEmpty());
}

TEST(Placement, AGangIsAllOrNothing) {
  Stage stage;
  stage.Submit({.slots_per_trial = 2});
  stage.Join("w1", 1);
  stage.Join("w2", 1);
  EXPECT_THAT(stage.Running(), IsEmpty());
  EXPECT_EQ(stage.engine.View(ExperimentId(1))->trials[0].reason,
            "needs 2 slots of pool default; the largest node has 1 and none takes part in gangs "
            "over several nodes");
}

TEST(Placement, PoolsAreApart) {
  Stage stage;
  const ExperimentId id = stage.Submit({.pool = "gpu"});
  stage.Join("w1", 4, "default");
  EXPECT_THAT(stage.Running(), IsEmpty());
  EXPECT_EQ(stage.engine.View(id)->reason, "no worker of pool gpu has joined yet");
  const NodeId gpu = stage.Join("w2", 1, "gpu");
  EXPECT_THAT(stage.Gangs(gpu), SizeIs(1));
}

TEST(Order, SmallerPriorityFirstThenSubmissionThenTrial) {
  Stage stage;
  stage.Submit({.trials = 1, .priority = 50});
  stage.Submit({.trials = 1, .priority = 42});
  stage.Submit({.trials = 1, .priority = 42});
  const NodeId node = stage.Join("w1", 1);
  std::vector<std::int64_t> order;
  for (int i = 0; i < 3; ++i) {
    stage.ReportDesired(node);
    order.push_back(stage.OrderOf(stage.Running().front())->experiment.value);
    stage.Complete(stage.Running().front());
  }
  EXPECT_THAT(order, ElementsAre(2, 3, 1));
}

TEST(Order, MaxSlotsLeavesRoomForOthers) {
  Stage stage;
  const ExperimentId id = stage.Submit({.trials = 4, .max_slots = 2});
  stage.Submit({.trials = 2});
  stage.Join("w1", 4);
  EXPECT_THAT(ExperimentsRunning(stage), testing::UnorderedElementsAre(1, 1, 2, 2));
  EXPECT_EQ(stage.engine.View(id)->reason, "max_slots is 2 and 2 are in use");
}

TEST(Order, SmallTrialsCannotStarveALargeGang) {
  Stage stage;
  const NodeId node = stage.Join("w1", 2);
  stage.Submit({.trials = 2});
  stage.ReportDesired(node);
  const ExperimentId large = stage.Submit({.slots_per_trial = 2, .priority = 41});
  stage.Submit({.trials = 20});
  // Each small gang that ends is kept free for the large one.
  stage.Complete(stage.Running().front());
  EXPECT_THAT(ExperimentsRunning(stage), ElementsAre(1));
  stage.Complete(stage.Running().front());
  stage.Report(node, {});
  EXPECT_THAT(ExperimentsRunning(stage), ElementsAre(large.value));
}

TEST(WarmGangs, GoFirstToTheExperimentThatUsedThem) {
  Stage stage;
  const NodeId node = stage.Join("w1", 2);
  stage.Submit({.name = "a"});
  stage.Submit({.name = "b"});
  stage.ReportDesired(node);
  const std::vector<AttemptId> first = stage.Running();
  const AllocationId gang_of_b = stage.GangOf(first[1]);
  stage.Start(first[1]);
  stage.Complete(first[0]);
  stage.Exit(first[1], Outcome::kError, FailureClass::kInfra, "lost a peer");
  // Its own gang failed; the other warm one of the same size takes it.
  ASSERT_THAT(stage.Running(), SizeIs(1));
  EXPECT_NE(stage.GangOf(stage.Running().front()), gang_of_b);
}

TEST(WarmGangs, AreReleasedWhenIdleForTooLong) {
  Stage stage({.idle_allocation_ms = 60'000, .attempts_ahead = 2});
  const NodeId node = stage.Join("w1", 1);
  stage.Submit({});
  stage.ReportDesired(node);
  stage.Complete(stage.Running().front());
  EXPECT_THAT(stage.Gangs(node), SizeIs(1));
  EXPECT_EQ(stage.engine.slots_free(), 1) << "a warm gang without work counts as free";
  EXPECT_THAT(stage.Apply(Tick{stage.now_ms + 59'999}), IsEmpty());
  EXPECT_THAT(stage.Apply(Tick{stage.now_ms + 60'000}), testing::Not(IsEmpty()));
  EXPECT_THAT(stage.Gangs(node), IsEmpty());
}

TEST(WarmGangs, OneThatItsNodeIsStoppingGetsNoMoreWork) {
  Stage stage;
  const NodeId node = stage.Join("w1", 1);
  stage.Submit({.trials = 3});
  const AttemptId first = stage.Running().front();
  ASSERT_THAT(stage.Ahead(), SizeIs(1));
  const TrialId ahead = stage.OrderOf(stage.Ahead().front())->trial;
  stage.Start(first);
  stage.Report(node, {{stage.GangOf(first), NodeReported::Allocation::State::kStopping, ""}});
  stage.Exit(first, Outcome::kPreempted);
  EXPECT_THAT(stage.Gangs(node), IsEmpty());
  EXPECT_EQ(stage.trials.at(ahead).state, "QUEUED");
  EXPECT_EQ(stage.trials.at(ahead).restarts, 0);
}

TEST(CheckPlaceable, RefusesOnlyWhatCanNeverFit) {
  struct Case {
    DocumentOptions options;
    const char* error;  // "" = placeable
  };
  Stage stage;
  EXPECT_TRUE(stage.engine.CheckPlaceable(Document({.slots_per_trial = 64})).ok())
      << "no worker yet: it may still come";
  stage.Join("w1", 2);
  stage.Join("w2", 2);
  const Case cases[] = {
      {{.slots_per_trial = 2}, ""},
      {{.slots_per_trial = 0}, ""},
      {{.slots_per_trial = 64, .pool = "later"}, ""},
      {{.slots_per_trial = 4},
       "needs 4 slots of pool default; the largest node has 2"},
      {{.slots_per_trial = 2, .max_slots = 1}, "needs 2 slots, but resources.max_slots is 1"}};
  for (const Case& c : cases) {
    const Status status = stage.engine.CheckPlaceable(Document(c.options));
    EXPECT_EQ(status.ok(), *c.error == '\0');
    if (status.ok()) continue;
    EXPECT_EQ(status.error().code(), ErrorCode::kUnschedulable);
    EXPECT_THAT(status.error().ToString(), HasSubstr(c.error));
  }
}

}  // namespace
}  // namespace tutti::engine
