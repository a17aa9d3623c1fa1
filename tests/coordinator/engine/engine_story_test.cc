// Goal: the life of experiments as a person would tell it.
// Method: a real engine, events one by one, and the rows and desired states that its commands leave
// behind (stage.h); the invariants are audited after every event.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/coordinator/engine/stage.h"

namespace tutti::engine {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Gang = NodeReported::Allocation;

TEST(Quickstart, EightTrialsShareTwoWarmGangsThenATwoSlotGangTakesTheirSlots) {
  Stage stage;
  const ExperimentId sweep = stage.Submit({.trials = 8});
  const ExperimentId wide =
      stage.Submit({.name = "wide", .slots_per_trial = 2, .priority = 43});
  EXPECT_EQ(stage.engine.View(sweep)->trials[0].reason, "no worker has joined yet");

  const NodeId node = stage.Join("w1", 2);
  ASSERT_THAT(stage.Gangs(node), SizeIs(2));
  std::set<AllocationId> gangs;
  for (int done = 0; done < 8; ++done) {
    stage.ReportDesired(node);
    ASSERT_FALSE(stage.Running().empty());
    const AttemptId next = stage.Running().front();
    EXPECT_LT(stage.attempts.at(next).attempt, AttemptId(9));
    gangs.insert(stage.GangOf(next));
    stage.Complete(next);
  }
  EXPECT_THAT(gangs, SizeIs(2)) << "gangs stay warm";
  EXPECT_EQ(stage.State(sweep), "COMPLETED");
  EXPECT_TRUE(stage.ended.contains(sweep));

  // Both idle gangs are released for the wide one, which starts only when they have exited.
  EXPECT_THAT(stage.Gangs(node), IsEmpty());
  EXPECT_EQ(stage.engine.View(wide)->trials[0].reason,
            "needs 2 slots in pool default; 0 of 2 free; 2 slots are being given up; first in the "
            "queue: slots that become free are kept for it");
  EXPECT_TRUE(stage.engine.AwaitsReport(node));
  stage.Report(node, {{*gangs.begin(), Gang::State::kExited, ""}});
  ASSERT_THAT(stage.Gangs(node), SizeIs(1));
  EXPECT_THAT(stage.Gangs(node)[0].slots, ElementsAre(0, 1));
  EXPECT_EQ(stage.Gangs(node)[0].world_size, 2);
  EXPECT_FALSE(stage.engine.AwaitsReport(node));
  stage.Complete(stage.Running().front());
  EXPECT_EQ(stage.State(wide), "COMPLETED");
}

TEST(Ahead, ASecondAttemptIsCommittedOnlyWhileEnoughWorkWaits) {
  Stage stage;
  const ExperimentId sweep = stage.Submit({.trials = 5});
  const NodeId node = stage.Join("w1", 2);
  EXPECT_THAT(stage.Running(), SizeIs(2));
  EXPECT_THAT(stage.Ahead(), SizeIs(1)) << "the last two go to whichever gang is free first";
  EXPECT_EQ(stage.engine.View(sweep)->trials[2].reason, "next on w1");
  EXPECT_EQ(stage.engine.View(sweep)->trials[0].reason, "starting on w1");
  stage.ReportDesired(node);
  const AttemptId ahead = stage.Ahead().front();
  stage.Complete(stage.Running().front());
  EXPECT_EQ(stage.Running().front(), ahead) << "the gang goes on without a round trip";
}

TEST(Ahead, AnAttemptThatNeverStartedWaitsAgainAtNoCost) {
  Stage stage;
  stage.Submit({.trials = 5});
  const NodeId node = stage.Join("w1", 2);
  stage.ReportDesired(node);
  const AttemptId ahead = stage.Ahead().front();
  const TrialId trial = stage.OrderOf(ahead)->trial;
  const AttemptId first = stage.Running().front();
  ASSERT_EQ(stage.GangOf(first), stage.GangOf(ahead));
  stage.Start(first);
  stage.Exit(first, Outcome::kError, FailureClass::kInfra, "socket closed");
  EXPECT_EQ(stage.attempts.at(ahead).state, "PREEMPTED");
  EXPECT_EQ(stage.trials.at(trial).restarts, 0);
  EXPECT_EQ(stage.trials.at(trial).state, "QUEUED");
  EXPECT_THAT(stage.Gangs(node), SizeIs(1)) << "a gang that failed is not used again";
}

TEST(PauseAndResume, AttemptsCheckpointAndGoOnFromThere) {
  Stage stage;
  const ExperimentId id = stage.Submit({.trials = 2});
  const NodeId node = stage.Join("w1", 1);
  stage.ReportDesired(node);
  const AttemptId first = stage.Running().front();
  stage.Start(first);
  stage.Act(Action::kPause, id);
  EXPECT_EQ(stage.State(id), "PAUSED");
  EXPECT_THAT(stage.TrialStates(id), ElementsAre("STOPPING", "PAUSED"));
  EXPECT_EQ(stage.OrderOf(first)->stop, AttemptOrder::Stop::kCheckpoint);
  stage.Commit(first, 1, 0.9);
  stage.Exit(first, Outcome::kPreempted);
  EXPECT_THAT(stage.TrialStates(id), Each("PAUSED"));
  EXPECT_THAT(stage.Running(), IsEmpty());

  stage.Act(Action::kResume, id);
  ASSERT_THAT(stage.Running(), SizeIs(1));
  const AttemptOrder order = *stage.OrderOf(stage.Running().front());
  EXPECT_EQ(order.resume_from, "c1");
  EXPECT_EQ(order.resume_sha256, "sha-c1");
  EXPECT_EQ(order.fence, 2);
  EXPECT_EQ(stage.trials.at(order.trial).restarts, 0);
}

TEST(PauseAndResume, ResumingWhileAnAttemptStillStopsQueuesItsTrialAfterwards) {
  Stage stage;
  const ExperimentId id = stage.Submit({});
  stage.ReportDesired(stage.Join("w1", 1));
  const AttemptId first = stage.Running().front();
  stage.Start(first);
  stage.Act(Action::kPause, id);
  stage.Act(Action::kResume, id);
  EXPECT_EQ(stage.OrderOf(first)->stop, AttemptOrder::Stop::kCheckpoint);
  stage.Exit(first, Outcome::kPreempted);
  ASSERT_THAT(stage.Running(), SizeIs(1));
  EXPECT_NE(stage.Running().front(), first);
}

TEST(CancelAndKill, CancelCheckpointsKillDoesNot) {
  struct Case {
    Action action;
    AttemptOrder::Stop order;
    Outcome outcome;
  };
  for (const Case& c :
       {Case{Action::kCancel, AttemptOrder::Stop::kCheckpoint, Outcome::kPreempted},
        Case{Action::kKill, AttemptOrder::Stop::kKill, Outcome::kKilled}}) {
    Stage stage;
    const ExperimentId id = stage.Submit({.trials = 3});
    stage.ReportDesired(stage.Join("w1", 1));
    const AttemptId running = stage.Running().front();
    stage.Start(running);
    const std::vector<AttemptId> ahead = stage.Ahead();
    stage.Act(c.action, id);
    EXPECT_EQ(stage.State(id), "STOPPING");
    EXPECT_EQ(stage.OrderOf(running)->stop, c.order);
    stage.Exit(running, c.outcome);
    for (const AttemptId attempt : ahead) stage.Exit(attempt, c.outcome);
    EXPECT_THAT(stage.TrialStates(id), Each("CANCELLED"));
    EXPECT_EQ(stage.State(id), "CANCELLED");
    stage.Act(Action::kResume, id);
    EXPECT_EQ(stage.State(id), "CANCELLED") << "terminal states absorb";
  }
}

TEST(CancelAndKill, OneTrialAloneLeavesTheOthers) {
  Stage stage;
  const ExperimentId id = stage.Submit({.trials = 2});
  stage.ReportDesired(stage.Join("w1", 1));
  stage.Act(Action::kCancel, id, TrialId(2));
  EXPECT_THAT(stage.TrialStates(id), ElementsAre("QUEUED", "CANCELLED"));
  stage.Complete(stage.Running().front());
  EXPECT_EQ(stage.State(id), "COMPLETED");
}

TEST(Failures, ClassesThatRepeatAreNotRetried) {
  for (const FailureClass failure :
       {FailureClass::kUser, FailureClass::kOom, FailureClass::kNan}) {
    Stage stage;
    const ExperimentId id = stage.Submit({});
    stage.ReportDesired(stage.Join("w1", 1));
    stage.Exit(stage.Running().front(), Outcome::kError, failure, "as said");
    EXPECT_THAT(stage.TrialStates(id), ElementsAre("ERROR"));
    EXPECT_EQ(stage.State(id), "ERROR");
    EXPECT_THAT(stage.experiments.at(id).message, HasSubstr("trial 1.1"));
    EXPECT_THAT(stage.experiments.at(id).message, HasSubstr("as said"));
  }
}

TEST(Failures, OthersAreRetriedFromTheNewestCheckpointUntilTheBudgetIsSpent) {
  Stage stage;
  const ExperimentId id = stage.Submit({.max_restarts = 2});
  const NodeId node = stage.Join("w1", 1);
  for (int failure = 0; failure < 3; ++failure) {
    ASSERT_EQ(stage.State(id), "ACTIVE");
    stage.ReportDesired(node);
    const AttemptId attempt = stage.Running().front();
    EXPECT_EQ(stage.OrderOf(attempt)->resume_from,
              failure == 0 ? "" : "c" + std::to_string(failure));
    stage.Start(attempt);
    stage.Commit(attempt, failure + 1, 0.5);
    stage.Exit(attempt, Outcome::kError, FailureClass::kHang, "no progress");
    EXPECT_THAT(stage.Gangs(node), IsEmpty()) << "the slots are still held";
    stage.Report(node, {});
  }
  EXPECT_EQ(stage.State(id), "ERROR");
  EXPECT_EQ(stage.trials.at(TrialId(1)).restarts, 2);
  EXPECT_THAT(stage.trials.at(TrialId(1)).message, HasSubstr("max_restarts 2"));
}

TEST(Failures, AGangThatExitsWithoutAWordIsAnInfraFailure) {
  Stage stage;
  stage.Submit({});
  const NodeId node = stage.Join("w1", 1);
  const AttemptId attempt = stage.Running().front();
  stage.Report(node, {{stage.GangOf(attempt), Gang::State::kExited, "cannot start trainer"}});
  EXPECT_EQ(stage.attempts.at(attempt).state, "ERROR");
  EXPECT_EQ(stage.attempts.at(attempt).failure, "INFRA");
  EXPECT_EQ(stage.attempts.at(attempt).message, "cannot start trainer");
  EXPECT_EQ(stage.trials.at(TrialId(1)).restarts, 1);
  EXPECT_THAT(stage.Running(), SizeIs(1)) << "tried again on the freed slot";
}

TEST(Failures, ReportsOfAnEndedAttemptChangeNothing) {
  Stage stage;
  const ExperimentId id = stage.Submit({});
  stage.ReportDesired(stage.Join("w1", 1));
  const AttemptId attempt = stage.Running().front();
  stage.Complete(attempt);
  const std::string before = stage.engine.Snapshot().Dump();
  EXPECT_THAT(stage.Apply(MetricReported{1, attempt, 9, 9, {{"validation_loss", 0.0}}}),
              IsEmpty());
  EXPECT_THAT(stage.Apply(AttemptExited{1, attempt, Outcome::kError, FailureClass::kUser, ""}),
              IsEmpty());
  EXPECT_THAT(stage.Apply(AttemptStarted{1, AttemptId(999), 1}), IsEmpty());
  EXPECT_EQ(stage.engine.Snapshot().Dump(), before);
  EXPECT_EQ(stage.State(id), "COMPLETED");
}

TEST(Nodes, KillMinusNineOfAWorkerLosesNothingAndCostsNothing) {
  Stage stage;
  const ExperimentId id = stage.Submit({.trials = 2, .max_restarts = 0});
  const NodeId node = stage.Join("w1", 2);
  stage.ReportDesired(node);
  for (const AttemptId attempt : stage.Running()) stage.Start(attempt);
  const AttemptId first = stage.Running().front();
  stage.Commit(first, 1, 0.7);
  stage.Apply(NodeUnreachable{stage.now_ms, node});
  EXPECT_EQ(stage.nodes.at(node).state, "UNREACHABLE");
  EXPECT_THAT(stage.TrialStates(id), Each("RUNNING")) << "nothing is given away yet";

  // The new worker process joins; nobody knows what it has, so it gets no orders before it says.
  stage.desired.clear();
  stage.Rejoin(node, 2);
  EXPECT_THAT(stage.desired, IsEmpty());
  EXPECT_TRUE(stage.engine.AwaitsReport(node));
  stage.Report(node, {});
  EXPECT_EQ(stage.attempts.at(first).state, "LOST");
  ASSERT_THAT(stage.Running(), SizeIs(2));
  const AttemptOrder again = *stage.OrderOf(stage.Running().front());
  EXPECT_EQ(again.fence, 2);
  EXPECT_EQ(again.resume_from, "c1");
  for (const AttemptId attempt : stage.Running()) stage.Complete(attempt);
  EXPECT_EQ(stage.State(id), "COMPLETED") << "though max_restarts is 0";
}

TEST(Nodes, AWorkerThatComesBackWithItsGangsGoesOn) {
  Stage stage;
  stage.Submit({});
  const NodeId node = stage.Join("w1", 1);
  stage.ReportDesired(node);
  const AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  stage.Apply(NodeUnreachable{stage.now_ms, node});
  stage.Rejoin(node, 1);
  stage.ReportDesired(node);
  EXPECT_EQ(stage.attempts.at(attempt).state, "RUNNING");
  EXPECT_EQ(stage.Running(), std::vector{attempt});
}

TEST(Nodes, ALostNodesWorkMovesToAnother) {
  Stage stage;
  stage.Submit({});
  const NodeId one = stage.Join("w1", 1);
  stage.ReportDesired(one);
  const AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  const NodeId two = stage.Join("w2", 1);
  stage.Apply(NodeUnreachable{stage.now_ms, one});
  EXPECT_THAT(stage.Gangs(two), IsEmpty());
  stage.Apply(NodeLost{stage.now_ms, one});
  EXPECT_EQ(stage.attempts.at(attempt).state, "LOST");
  ASSERT_THAT(stage.Gangs(two), SizeIs(1));
  EXPECT_EQ(stage.Gangs(two)[0].attempts[0].fence, 2);
  EXPECT_FALSE(stage.engine.FindLive(attempt).has_value());
  EXPECT_EQ(stage.engine.slots_total(), 1);
}

TEST(Nodes, ATrialThatTakesEveryNodeWithItEndsInError) {
  Stage stage;
  const ExperimentId id = stage.Submit({});
  int lost = 0;
  while (stage.State(id) == "ACTIVE" && lost < 20) {
    const NodeId node = stage.Join("w" + std::to_string(lost), 1);
    stage.ReportDesired(node);
    stage.Start(stage.Gangs(node).at(0).attempts.at(0).attempt);
    stage.Apply(NodeUnreachable{stage.now_ms, node});
    stage.Apply(NodeLost{stage.now_ms, node});
    ++lost;
  }
  EXPECT_EQ(lost, 11);
  EXPECT_THAT(stage.trials.at(TrialId(1)).message, testing::HasSubstr("lost its node 11 times"));
}

TEST(Nodes, LossesAreForgivenWhenAnEpochIsFinished) {
  Stage stage;
  const ExperimentId id = stage.Submit({});
  for (int lost = 0; lost < 30; ++lost) {
    const NodeId node = stage.Join("w" + std::to_string(lost), 1);
    stage.ReportDesired(node);
    const AttemptId attempt = stage.Gangs(node).at(0).attempts.at(0).attempt;
    stage.Start(attempt);
    if (lost % 5 == 0) stage.Metric(attempt, lost + 1, 0.5);
    stage.Apply(NodeUnreachable{stage.now_ms, node});
    stage.Apply(NodeLost{stage.now_ms, node});
  }
  EXPECT_EQ(stage.State(id), "ACTIVE");
}

TEST(Nodes, AGangTheWorkerHasNotHeardOfYetMayBeMissingFromItsReport) {
  Stage stage;
  const NodeId node = stage.Join("w1", 1);
  stage.Submit({});
  const AttemptId attempt = stage.Running().front();
  stage.Report(node, {});  // sent before the order arrived
  EXPECT_EQ(stage.Running(), std::vector{attempt});
}

TEST(Metrics, BestIsTheFirstOfEqualsAndNeverNaN) {
  Stage stage;
  const ExperimentId id = stage.Submit({});
  stage.ReportDesired(stage.Join("w1", 1));
  const AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  stage.Metric(attempt, 1, std::nan(""));
  EXPECT_FALSE(stage.trials.at(TrialId(1)).best_value.has_value());
  stage.Metric(attempt, 2, 0.5);
  stage.Metric(attempt, 3, 0.5);
  stage.Metric(attempt, 4, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(stage.trials.at(TrialId(1)).best_value, 0.5);
  EXPECT_EQ(stage.trials.at(TrialId(1)).best_epoch, 2);
  EXPECT_EQ(stage.experiments.at(id).best_value, 0.5);
  EXPECT_TRUE(std::isinf(*stage.trials.at(TrialId(1)).last_value));
  EXPECT_EQ(stage.engine.View(id)->trials[0].time_done, 4);
}

TEST(Replicates, EachIsATrialWithItsOwnSeedAndTheSameHyperparameters) {
  Stage stage;
  const ExperimentId id = stage.Submit({.trials = 2, .replicates = 3});
  ASSERT_THAT(stage.trials, SizeIs(6));
  EXPECT_EQ(stage.trials.at(TrialId(1)).hparams, stage.trials.at(TrialId(3)).hparams);
  EXPECT_FALSE(stage.trials.at(TrialId(1)).hparams == stage.trials.at(TrialId(4)).hparams);
  EXPECT_NE(stage.trials.at(TrialId(1)).seed, stage.trials.at(TrialId(2)).seed);
  EXPECT_EQ(stage.trials.at(TrialId(6)).configuration_no, 2);
  EXPECT_EQ(stage.trials.at(TrialId(6)).replicate_no, 3);
  EXPECT_EQ(stage.engine.View(id)->trials_expected, 6);
}

TEST(Submission, ADocumentThatCannotBeReadEndsAtOnce) {
  Stage stage;
  stage.Apply(ExperimentSubmitted{1, ExperimentId(1), Json::MakeObject({{"name", "x"}})});
  EXPECT_EQ(stage.State(ExperimentId(1)), "ERROR");
  EXPECT_TRUE(stage.ended.contains(ExperimentId(1)));
}

}  // namespace
}  // namespace tutti::engine
