// Goal: what people ask of an experiment later takes effect: archive, settings while it runs, and
// going on after it has ended.
// Method: stories told event by event (stage.h), with the rows and orders that come of them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/coordinator/engine/stage.h"

namespace tutti::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

void Continue(Stage& stage, ExperimentId id, const DocumentOptions& options) {
  stage.ended.erase(id);
  stage.Apply(ExperimentContinued{stage.now_ms += 1000, id, Document(options)});
}
ExperimentSettingsChanged Settings(Stage& stage, ExperimentId id) {
  ExperimentSettingsChanged event;
  event.at_ms = stage.now_ms += 1000;
  event.experiment = id;
  return event;
}

TEST(Archive, IsForExperimentsThatHaveEnded) {
  Stage stage;
  const ExperimentId id = stage.Submit({});
  stage.Join("w1", 1);
  stage.Act(Action::kArchive, id);
  EXPECT_FALSE(stage.experiments.at(id).archived);
  stage.Complete(stage.Running().front());
  stage.Act(Action::kArchive, id);
  EXPECT_TRUE(stage.experiments.at(id).archived);
  stage.Act(Action::kUnarchive, id);
  EXPECT_FALSE(stage.experiments.at(id).archived);
}

TEST(Settings, ANewPriorityCountsForTheNextSlotAndSurvivesARestore) {
  Stage stage;
  const ExperimentId first = stage.Submit({.trials = 2});
  const ExperimentId second = stage.Submit({.trials = 1, .priority = 50});
  ExperimentSettingsChanged event = Settings(stage, second);
  event.priority = 10;
  event.max_slots = 3;
  stage.Apply(event);
  EXPECT_EQ(stage.experiments.at(second).priority, 10);
  EXPECT_EQ(stage.experiments.at(second).max_slots, 3);
  const auto restored = Engine::Restore(stage.engine.Snapshot(), {});
  ASSERT_TRUE(restored.ok()) << restored.error().ToString();
  EXPECT_EQ(restored->View(second)->row.priority, 10);
  stage.Join("w1", 1);
  EXPECT_EQ(stage.OrderOf(stage.Running().front())->experiment, second);
  event = Settings(stage, second);
  event.max_slots = 0;
  stage.Apply(event);
  EXPECT_EQ(stage.experiments.at(second).max_slots, std::nullopt);
  EXPECT_EQ(stage.experiments.at(first).priority, 42);
}

TEST(Settings, ANewRetentionIsAppliedAtOnceAlsoToWhatHasEnded) {
  Stage stage;
  const ExperimentId id = stage.Submit({.save_trial_best = 2, .save_trial_latest = 2});
  stage.Join("w1", 1);
  const AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  const double losses[] = {0.1, 0.2, 0.4, 0.3};
  for (int i = 0; i < 4; ++i) stage.Commit(attempt, i + 1, losses[i]);
  EXPECT_THAT(stage.checkpoints, ElementsAre("c1", "c2", "c3", "c4"));
  ExperimentSettingsChanged event = Settings(stage, id);
  event.save_trial_best = 1;
  stage.Apply(event);
  EXPECT_THAT(stage.checkpoints, ElementsAre("c1", "c3", "c4"));
  stage.Exit(attempt, Outcome::kCompleted);
  event = Settings(stage, id);
  event.save_trial_latest = 0;
  stage.Apply(event);
  EXPECT_THAT(stage.checkpoints, ElementsAre("c1"));
  EXPECT_EQ(stage.experiments.at(id).save_trial_best, 1);
}

TEST(Continue, ACancelledSweepGoesOnWhereItsTrialsWere) {
  Stage stage;
  const DocumentOptions options{.trials = 4, .concurrent = 2};
  const ExperimentId id = stage.Submit(options);
  const NodeId node = stage.Join("w1", 2);
  const std::vector<AttemptId> running = stage.Running();
  for (const AttemptId attempt : running) stage.Start(attempt);
  stage.Metric(running[0], 1, 0.5);
  stage.Commit(running[0], 1, 0.5);
  stage.Act(Action::kCancel, id);
  // One is done before it hears of the cancel; the searcher is not told then.
  stage.Exit(running[1], Outcome::kCompleted);
  stage.Exit(running[0], Outcome::kPreempted);
  EXPECT_EQ(stage.State(id), "CANCELLED");
  Continue(stage, id, options);
  EXPECT_EQ(stage.State(id), "ACTIVE");
  EXPECT_EQ(stage.OrderOf(stage.Running().front())->resume_from, "c1");
  EXPECT_THAT(stage.TrialStates(id), UnorderedElementsAre("QUEUED", "COMPLETED", "QUEUED"))
      << "and the searcher has created another one";
  for (int i = 0; i < 3; ++i) {
    stage.ReportDesired(node);
    ASSERT_FALSE(stage.Running().empty());
    stage.Complete(stage.Running().front());
  }
  EXPECT_EQ(stage.State(id), "COMPLETED");
  EXPECT_THAT(stage.TrialStates(id), testing::Each("COMPLETED"));
}

TEST(Continue, AfterAnErrorTheTrialsThatFailedHaveAllTheirRestartsAgain) {
  Stage stage;
  const DocumentOptions options{.trials = 2, .max_restarts = 0};
  const ExperimentId id = stage.Submit(options);
  stage.Join("w1", 2);
  const std::vector<AttemptId> running = stage.Running();
  stage.Start(running[0]);
  stage.Commit(running[0], 1, 0.5);
  for (const AttemptId attempt : running) {
    stage.Exit(attempt, Outcome::kError, FailureClass::kUser, "no such file");
  }
  EXPECT_EQ(stage.State(id), "ERROR");
  Continue(stage, id, options);
  EXPECT_EQ(stage.State(id), "ACTIVE");
  EXPECT_EQ(stage.experiments.at(id).message, "");
  EXPECT_EQ(stage.experiments.at(id).ended_at_ms, 0);
  EXPECT_THAT(stage.TrialStates(id), ElementsAre("QUEUED", "QUEUED"));
  EXPECT_EQ(stage.trials.at(TrialId(1)).restarts, 0);
  stage.Join("w2", 2);
  for (const AttemptId attempt : stage.Running()) stage.Complete(attempt);
  EXPECT_EQ(stage.State(id), "COMPLETED");
  EXPECT_TRUE(stage.ended.contains(id));
}

TEST(Continue, ACompletedTrialTrainsLongerFromItsLastCheckpoint) {
  Stage stage;
  const ExperimentId id = stage.Submit({.searcher = "single", .epochs = 3});
  stage.Join("w1", 1);
  const AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  stage.Metric(attempt, 3, 0.5);
  stage.Commit(attempt, 3, 0.5);
  stage.Exit(attempt, Outcome::kCompleted);
  EXPECT_EQ(stage.State(id), "COMPLETED");
  Continue(stage, id, {.searcher = "single", .epochs = 6});
  ASSERT_FALSE(stage.Running().empty());
  const auto order = stage.OrderOf(stage.Running().front());
  EXPECT_EQ(order->resume_from, "c1");
  EXPECT_NE(order->config.find("\"epochs\":6"), std::string::npos) << order->config;
  EXPECT_EQ(stage.engine.View(id)->trials[0].max_time, 6);
  stage.Complete(order->attempt, 0.25);
  EXPECT_EQ(stage.State(id), "COMPLETED");
  EXPECT_EQ(stage.experiments.at(id).best_value, 0.25);
}

TEST(Continue, FailedEnsemblesAreFormedAgainAndWhatRunsIsNotContinued) {
  Stage stage;
  const DocumentOptions options{.trials = 2, .max_restarts = 0, .members = "\"all\""};
  const ExperimentId id = stage.Submit(options);
  stage.Join("w1", 2);
  EXPECT_THAT(stage.Apply(ExperimentContinued{1, id, Document(options)}), IsEmpty()) << "it runs";
  const std::vector<AttemptId> running = stage.Running();
  stage.Complete(running[0]);
  stage.Exit(running[1], Outcome::kError, FailureClass::kUser, "no such file");
  EXPECT_EQ(stage.State(id), "ERROR");
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).state, "FAILED");
  Continue(stage, id, options);
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).state, "FORMING");
  stage.Join("w2", 1);
  stage.Complete(stage.Running().front());
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).state, "EVALUATING");
  EXPECT_EQ(stage.ensembles.at(EnsembleId(1)).members.size(), 2u);
  stage.Evaluated(EnsembleId(1), true);
  EXPECT_EQ(stage.State(id), "COMPLETED");
}

}  // namespace
}  // namespace tutti::engine
