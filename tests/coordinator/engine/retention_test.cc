// Goal: which checkpoints stay, by save_trial_best, save_trial_latest and save_experiment_best.
// Method: commit checkpoints with given metrics and compare the directories that are left
// (stage.h deletes what the engine says, and fails on a second deletion).

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/coordinator/engine/stage.h"

namespace tutti::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Case {
  const char* what;
  std::int64_t trial_best, trial_latest;
  std::vector<std::optional<double>> metrics;  // checkpoint k is "c<k>"
  std::vector<std::string> running;            // kept while the trial runs
  std::vector<std::string> ended;              // kept after it has completed
};

TEST(Retention, KeepsTheUnionOfBestAndLatest) {
  const double nan = std::nan("");
  const Case cases[] = {
      {"best and latest", 1, 1, {0.5, 0.2, 0.9}, {"c2", "c3"}, {"c2", "c3"}},
      {"the latest is the best", 1, 1, {0.5, 0.4, 0.3}, {"c3"}, {"c3"}},
      {"the first of equals is best", 1, 1, {0.5, 0.5, 0.5}, {"c1", "c3"}, {"c1", "c3"}},
      {"two of each", 2, 2, {0.1, 0.2, 0.3, 0.4, 0.5}, {"c1", "c2", "c4", "c5"},
       {"c1", "c2", "c4", "c5"}},
      {"NaN and none are worse than any number", 1, 1, {nan, std::nullopt, 9.0, nan},
       {"c3", "c4"}, {"c3", "c4"}},
      {"the resume point stays while it may be needed", 1, 0, {0.1, 0.2}, {"c1", "c2"}, {"c1"}},
      {"nothing asked for", 0, 0, {0.1, 0.2}, {"c2"}, {}}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    Stage stage;
    stage.Submit({.save_trial_best = c.trial_best, .save_trial_latest = c.trial_latest});
    stage.Join("w1", 1);
    const AttemptId attempt = stage.Running().front();
    stage.Start(attempt);
    std::int64_t epoch = 0;
    for (const auto& metric : c.metrics) {
      stage.Commit(attempt, ++epoch, metric);
      EXPECT_TRUE(stage.checkpoints.contains("c" + std::to_string(epoch))) << "just committed";
    }
    EXPECT_THAT(stage.checkpoints, testing::ElementsAreArray(c.running));
    stage.Exit(attempt, Outcome::kCompleted);
    EXPECT_THAT(stage.checkpoints, testing::ElementsAreArray(c.ended));
  }
}

TEST(Retention, TheExperimentsBestStaysUntilABetterOneIsCommitted) {
  Stage stage;
  stage.Submit({.trials = 2, .save_experiment_best = 1, .save_trial_best = 0,
                .save_trial_latest = 0});
  stage.Join("w1", 2);
  const std::vector<AttemptId> running = stage.Running();
  ASSERT_EQ(running.size(), 2u);
  for (const AttemptId attempt : running) stage.Start(attempt);
  stage.Commit(running[0], 1, 0.5);
  stage.Exit(running[0], Outcome::kCompleted);
  EXPECT_THAT(stage.checkpoints, ElementsAre("c1"));
  stage.Commit(running[1], 1, 0.9);
  EXPECT_THAT(stage.checkpoints, ElementsAre("c1", "c2")) << "c2 is a resume point";
  stage.Commit(running[1], 2, 0.1);
  EXPECT_THAT(stage.checkpoints, ElementsAre("c3")) << "c1 is not the best any more";
  stage.Exit(running[1], Outcome::kCompleted);
  EXPECT_THAT(stage.checkpoints, ElementsAre("c3"));
}

TEST(Retention, BestAndLastOfTheTrialFollow) {
  Stage stage;
  stage.Submit({});
  stage.Join("w1", 1);
  const AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  const CheckpointId first = stage.Commit(attempt, 1, 0.2);
  const CheckpointId second = stage.Commit(attempt, 2, 0.4);
  EXPECT_EQ(stage.trials.at(TrialId(1)).best_checkpoint, first);
  EXPECT_EQ(stage.trials.at(TrialId(1)).last_checkpoint, second);
}

TEST(Retention, ACheckpointOfAnEndedAttemptIsNotTakenUp) {
  Stage stage;
  stage.Submit({.trials = 2});
  stage.Join("w1", 1);
  const AttemptId attempt = stage.Running().front();
  stage.Complete(attempt);
  EXPECT_THAT(stage.Apply(CheckpointCommitted{1, attempt, CheckpointId(50), "late", "x", 1, 1, 1,
                                              0.0}),
              IsEmpty());
}

}  // namespace
}  // namespace tutti::engine
