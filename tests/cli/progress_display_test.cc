// Goal: progress lines say what runs and fit the terminal. Method: fixed snapshots, exact text.
#include "cli/progress_display.h"

#include <gtest/gtest.h>

#include "cli/output.h"

namespace tutti::cli {
namespace {

TrialProgress Running() {
  return {.trial_no = 3, .state = "RUNNING", .epoch = 1.5, .epochs = 3, .metric = 0.98125,
          .best_metric = 0.99, .images_per_second = 5210.4, .summary = "lr=0.001", .reason = ""};
}

TEST(ProgressDisplay, DrawsABarPerTrial) {
  EXPECT_EQ(ProgressDisplay::TrialLine(Running(), 120),
            "    3  ████████████░░░░░░░░░░░░    1.5/3  0.9812  5210 img/s  lr=0.001");
}

TEST(ProgressDisplay, CutsALineToTheTerminal) {
  TrialProgress trial = Running();
  trial.summary = std::string(300, 's');
  EXPECT_LT(DisplayWidth(ProgressDisplay::TrialLine(trial, 60)), 60u);
}

TEST(ProgressDisplay, ATrialWithoutEpochsHasAnEmptyBar) {
  EXPECT_NE(ProgressDisplay::TrialLine(TrialProgress{}, 100).find("░░░"), std::string::npos);
}

TEST(ProgressDisplay, HeadlineCountsAndGivesTheReasonOfWaiting) {
  ExperimentProgress progress;
  progress.experiment_id = 7;
  progress.name = "digits";
  progress.state = "ACTIVE";
  progress.trials_expected = 8;
  progress.reason = "no worker has joined yet";
  EXPECT_EQ(ProgressDisplay::Headline(progress),
            "experiment 7 'digits': 0 of 8 trials done, 0 running (no worker has joined yet)");
  progress.trials = {Running()};
  EXPECT_EQ(ProgressDisplay::Headline(progress),
            "experiment 7 'digits': 0 of 8 trials done, 1 running");
}

}  // namespace
}  // namespace tutti::cli
