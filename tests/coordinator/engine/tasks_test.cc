// Goal: tasks run before waiting trials, on one slot, without changing their trial; whoever waits
// for one is always told; the checkpoints they and warm starts need are kept.
// Method: small clusters told event by event (stage.h); every event is audited.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/coordinator/engine/stage.h"

namespace tutti::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Gang = NodeReported::Allocation;

// A trial that has completed with checkpoint c1, on a gang of w1 that is now warm.
struct Trained : Stage {
  explicit Trained(const DocumentOptions& options = {}, std::int64_t slots = 1) {
    experiment = Submit(options);
    node = Join("w1", slots);
    const AttemptId attempt = Running().front();
    Start(attempt);
    Metric(attempt, 3, 0.5);
    Commit(attempt, 3, 0.5);
    Exit(attempt, Outcome::kCompleted);
    ReportDesired(node);
  }
  ExperimentId experiment;
  NodeId node;
};

TEST(Tasks, RunOnTheWarmGangOfATrialThatHasEndedAndLeaveItAlone) {
  Trained stage;
  const PersistTrial before = stage.trials.at(TrialId(1));
  const AllocationId warm = stage.Gangs(stage.node).at(0).allocation;
  const TaskId task = stage.Ask(TrialId(1), "c1");
  const AttemptId attempt = stage.AttemptOf(task);
  ASSERT_TRUE(attempt);
  EXPECT_EQ(stage.GangOf(attempt), warm);
  const AttemptOrder order = *stage.OrderOf(attempt);
  EXPECT_EQ(order.weights_from, "c1");
  EXPECT_EQ(order.weights_sha256, "sha-c1");
  EXPECT_EQ(order.resume_from, "");
  EXPECT_EQ(order.task, R"({"kind":"predict"})");
  EXPECT_EQ(order.fence, 2);
  EXPECT_THAT(order.config, HasSubstr("\"searcher\""));
  EXPECT_EQ(stage.attempts.at(attempt).kind, "evaluate");
  EXPECT_EQ(stage.attempts.at(AttemptId(1)).kind, "train");
  EXPECT_EQ(stage.engine.FindLive(attempt)->task, task);
  EXPECT_EQ(stage.engine.WhyTaskWaits(task), "starting on w1");
  stage.Start(attempt);
  EXPECT_EQ(stage.engine.WhyTaskWaits(task), "");
  // Nothing that it could report changes the trial.
  stage.Metric(attempt, 9, 0.1);
  stage.Apply(CheckpointCommitted{1, attempt, CheckpointId(77), "c77", "x", 9, 90, 1, 0.1});
  stage.Exit(attempt, Outcome::kCompleted);
  ASSERT_TRUE(stage.tasks_ended.contains(task));
  EXPECT_TRUE(stage.tasks_ended.at(task).ok);
  EXPECT_EQ(stage.engine.WhyTaskWaits(task), std::nullopt);
  EXPECT_THAT(stage.engine.OpenTasks(), IsEmpty());
  const PersistTrial& after = stage.trials.at(TrialId(1));
  EXPECT_EQ(ToJson(Command(after)).Dump(), ToJson(Command(before)).Dump());
  EXPECT_EQ(stage.State(stage.experiment), "COMPLETED");
  EXPECT_THAT(stage.Gangs(stage.node), SizeIs(1)) << "the gang stays warm";
}

TEST(Tasks, CarryTheirOwnDocument) {
  Trained stage;
  const TaskId task = stage.Ask(TrialId(1), "c1", R"({"data": "another"})");
  EXPECT_EQ(stage.OrderOf(stage.AttemptOf(task))->config, R"({"data": "another"})");
  auto restored = Engine::Restore(stage.engine.Snapshot(), {});
  ASSERT_TRUE(restored.ok());
  EXPECT_EQ(restored->OpenTasks(), std::vector<TaskId>{task});
  // The next order of the restored engine is the same in full.
  for (const Command& command : restored->Apply(TaskCancelled{1, task})) {
    const auto* desired = std::get_if<SetDesired>(&command);
    if (desired == nullptr) continue;
    EXPECT_EQ(desired->allocations.at(0).attempts.at(0).config, R"({"data": "another"})");
  }
}

TEST(Tasks, GetTheNextFreeSlotBeforeTrialsThatWait) {
  Stage stage;
  stage.Submit({.trials = 4, .priority = 1});
  const NodeId node = stage.Join("w1", 1);
  ASSERT_THAT(stage.Ahead(), SizeIs(1));
  const TaskId task = stage.Ask(TrialId(1), "c1");
  EXPECT_FALSE(stage.AttemptOf(task));
  EXPECT_EQ(stage.engine.WhyTaskWaits(task), "waiting for 1 free slot; 0 of 1 free");
  // What was committed ahead keeps its turn, but nothing more is put ahead of the task.
  stage.Complete(stage.Running().front());
  EXPECT_FALSE(stage.AttemptOf(task));
  EXPECT_THAT(stage.Ahead(), IsEmpty());
  stage.ReportDesired(node);
  stage.Complete(stage.Running().front());
  ASSERT_TRUE(stage.AttemptOf(task));
  stage.Exit(stage.AttemptOf(task), Outcome::kCompleted);
  EXPECT_TRUE(stage.tasks_ended.at(task).ok);
  EXPECT_THAT(stage.Running(), SizeIs(1));
}

TEST(Tasks, StartAGangOfOneSlotOrTakeTheSlotsOfAnIdleWideOne) {
  Trained stage({.slots_per_trial = 2}, 3);
  const AllocationId wide = stage.Gangs(stage.node).at(0).allocation;
  const TaskId one = stage.Ask(TrialId(1), "c1");
  ASSERT_TRUE(stage.AttemptOf(one));
  EXPECT_THAT(stage.Gangs(stage.node), SizeIs(2));
  const TaskId two = stage.Ask(TrialId(1), "c1");
  EXPECT_FALSE(stage.AttemptOf(two));
  EXPECT_THAT(stage.Gangs(stage.node), SizeIs(1)) << "the wide gang makes room";
  stage.Report(stage.node, {{wide, Gang::State::kExited, ""},
                            {stage.GangOf(stage.AttemptOf(one)), Gang::State::kReady, ""}});
  EXPECT_TRUE(stage.AttemptOf(two));
}

TEST(Tasks, DoNotCountForMaxSlotsNorLetATrialCountTwice) {
  Stage stage;
  const ExperimentId id = stage.Submit({.trials = 3, .max_slots = 1});
  stage.Join("w1", 2);
  ASSERT_THAT(stage.Running(), SizeIs(1));
  const TaskId task = stage.Ask(TrialId(1), "c1");
  EXPECT_TRUE(stage.AttemptOf(task));
  EXPECT_THAT(stage.Running(), SizeIs(2));
  stage.Exit(stage.AttemptOf(task), Outcome::kCompleted);
  EXPECT_THAT(stage.Running(), SizeIs(1));
  EXPECT_EQ(stage.State(id), "ACTIVE");
}

TEST(Tasks, RunWhileTheExperimentIsPaused) {
  Stage stage;
  const ExperimentId id = stage.Submit({});
  stage.Join("w1", 1);
  const AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  stage.Commit(attempt, 1, 0.5);
  stage.Act(Action::kPause, id);
  stage.Exit(attempt, Outcome::kPreempted);
  const TaskId task = stage.Ask(TrialId(1), "c1");
  ASSERT_TRUE(stage.AttemptOf(task));
  stage.Exit(stage.AttemptOf(task), Outcome::kCompleted);
  EXPECT_TRUE(stage.tasks_ended.at(task).ok);
  EXPECT_THAT(stage.TrialStates(id), ElementsAre("PAUSED"));
  stage.Act(Action::kResume, id);
  EXPECT_EQ(stage.OrderOf(stage.Running().front())->resume_from, "c1");
}

TEST(Tasks, AFailureIsToldWithItsReasonAndNotRepeated) {
  Trained stage;
  const TaskId task = stage.Ask(TrialId(1), "c1");
  stage.Start(stage.AttemptOf(task));
  stage.Exit(stage.AttemptOf(task), Outcome::kError, FailureClass::kUser, "1x1 picture");
  EXPECT_FALSE(stage.tasks_ended.at(task).ok);
  EXPECT_EQ(stage.tasks_ended.at(task).message, "USER: 1x1 picture");
}

TEST(Tasks, ALostNodeCostsOneRepetition) {
  Trained stage;
  const TaskId task = stage.Ask(TrialId(1), "c1");
  const AttemptId first = stage.AttemptOf(task);
  stage.Start(first);
  stage.Apply(NodeLost{stage.now_ms += 1000, stage.node});
  EXPECT_EQ(stage.attempts.at(first).state, "LOST");
  EXPECT_EQ(stage.engine.WhyTaskWaits(task), "no worker has joined yet");
  stage.Rejoin(stage.node, 1);
  const AttemptId second = stage.AttemptOf(task);
  ASSERT_TRUE(second);
  EXPECT_NE(second, first);
  EXPECT_GT(stage.OrderOf(second)->fence, 2);
  stage.Apply(NodeLost{stage.now_ms += 1000, stage.node});
  EXPECT_FALSE(stage.tasks_ended.at(task).ok);
  EXPECT_EQ(stage.tasks_ended.at(task).message, "node w1 is lost");
}

TEST(Tasks, AWarmGangThatWasAlreadyGoneCostsOneRepetition) {
  Trained stage;
  const AllocationId warm = stage.Gangs(stage.node).at(0).allocation;
  const TaskId task = stage.Ask(TrialId(1), "c1");
  stage.Report(stage.node, {{warm, Gang::State::kExited, "signal 9"}});
  ASSERT_TRUE(stage.AttemptOf(task));
  EXPECT_NE(stage.GangOf(stage.AttemptOf(task)), warm);
  stage.Exit(stage.AttemptOf(task), Outcome::kCompleted);
  EXPECT_TRUE(stage.tasks_ended.at(task).ok);
}

TEST(Tasks, ACancelledTaskIsDroppedOrKilled) {
  Trained stage;
  const TaskId running = stage.Ask(TrialId(1), "c1"), waiting = stage.Ask(TrialId(1), "c1");
  stage.Apply(TaskCancelled{1, waiting});
  EXPECT_EQ(stage.tasks_ended.at(waiting).message, "cancelled");
  const AttemptId attempt = stage.AttemptOf(running);
  stage.Apply(TaskCancelled{1, running});
  EXPECT_EQ(stage.OrderOf(attempt)->stop, AttemptOrder::Stop::kKill);
  EXPECT_THAT(stage.Apply(TaskCancelled{2, running}), IsEmpty());
  stage.Exit(attempt, Outcome::kKilled);
  EXPECT_EQ(stage.tasks_ended.at(running).message, "cancelled");
  EXPECT_EQ(stage.trials.at(TrialId(1)).state, "COMPLETED");
  EXPECT_THAT(stage.Apply(TaskCancelled{3, running}), IsEmpty());
}

TEST(Tasks, OfAnUnknownTrialIsRefused) {
  Stage stage;
  const TaskId task = stage.Ask(TrialId(9), "c1");
  EXPECT_EQ(stage.tasks_ended.at(task).message, "there is no trial with id 9");
  EXPECT_NE(stage.engine.next_task(), task);
}

TEST(Pins, ATaskKeepsItsCheckpointUntilItHasEnded) {
  Stage stage;
  stage.Submit({});
  const NodeId node = stage.Join("w1", 2);
  const AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  stage.Commit(attempt, 1, 0.5);
  const TaskId task = stage.Ask(TrialId(1), "c1");
  stage.Commit(attempt, 2, 0.4);
  stage.Commit(attempt, 3, 0.3);
  EXPECT_THAT(stage.checkpoints, ElementsAre("c1", "c3"));
  EXPECT_EQ(stage.trials.at(TrialId(1)).best_checkpoint, CheckpointId(3));
  stage.Exit(stage.AttemptOf(task), Outcome::kCompleted);
  EXPECT_THAT(stage.checkpoints, ElementsAre("c3"));
  stage.ReportDesired(node);
}

TEST(WarmStart, GivesItsWeightsToTrialsThatStartFromScratchAndKeepsThemUntilTheEnd) {
  Trained stage({.save_trial_best = 1, .save_trial_latest = 1});
  // The source's checkpoint would go as soon as another one of its trial is better.
  const ExperimentId source = stage.Submit({.name = "source"});
  AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  stage.Commit(attempt, 1, 0.9);
  const ExperimentId target = stage.Submit({.name = "target", .warm_start = "c2"});
  stage.Commit(attempt, 2, 0.1);
  EXPECT_TRUE(stage.checkpoints.contains("c2"));
  stage.Exit(attempt, Outcome::kCompleted);
  EXPECT_EQ(stage.State(source), "COMPLETED");
  EXPECT_TRUE(stage.checkpoints.contains("c2"));

  attempt = stage.Running().front();
  EXPECT_EQ(stage.OrderOf(attempt)->experiment, target);
  EXPECT_EQ(stage.OrderOf(attempt)->weights_from, "c2");
  EXPECT_EQ(stage.OrderOf(attempt)->weights_sha256, "sha-c2");
  EXPECT_EQ(stage.OrderOf(attempt)->task, "");
  stage.Start(attempt);
  stage.Commit(attempt, 1, 0.5);
  stage.Act(Action::kPause, target);
  stage.Exit(attempt, Outcome::kPreempted);
  stage.Act(Action::kResume, target);
  attempt = stage.Running().front();
  EXPECT_EQ(stage.OrderOf(attempt)->resume_from, "c4");
  EXPECT_EQ(stage.OrderOf(attempt)->weights_from, "") << "it goes on from its own";
  EXPECT_TRUE(stage.checkpoints.contains("c2"));
  stage.Complete(attempt);
  EXPECT_FALSE(stage.checkpoints.contains("c2"));
}

}  // namespace
}  // namespace tutti::engine
