// Goal: progress lines say what runs and fit the terminal. Method: fixed snapshots, exact text.
#include "cli/progress_display.h"

#include <gtest/gtest.h>

#include "cli/output.h"

namespace tutti::cli {
namespace {

TrialProgress Running() {
  return {.trial_no = 3, .state = "RUNNING", .time = 1.5, .max_time = 3, .metric = 0.98125,
          .best_metric = 0.99, .images_per_second = 5210.4, .summary = "lr=0.001", .reason = ""};
}

TEST(ProgressDisplay, DrawsABarPerTrial) {
  EXPECT_EQ(ProgressDisplay::TrialLine(Running(), "epochs", 120),
            "    3  ████████████░░░░░░░░░░░░    1.5/3  0.9812  5210 img/s  lr=0.001");
}

TEST(ProgressDisplay, CutsALineToTheTerminal) {
  TrialProgress trial = Running();
  trial.summary = std::string(300, 's');
  EXPECT_LT(DisplayWidth(ProgressDisplay::TrialLine(trial, "epochs", 60)), 60u);
}

TEST(ProgressDisplay, ATrialWithoutEpochsHasAnEmptyBar) {
  EXPECT_NE(ProgressDisplay::TrialLine(TrialProgress{}, "epochs", 100).find("░░░"), std::string::npos);
}

TEST(ProgressDisplay, LinesDrawnWiderThanAShrunkTerminalCountAsTheRowsTheyWrapTo) {
  EXPECT_EQ(ProgressDisplay::RowsOf({69, 10}, 70), 2);
  EXPECT_EQ(ProgressDisplay::RowsOf({69, 10}, 45), 3);
  EXPECT_EQ(ProgressDisplay::RowsOf({0, 90, 91}, 45), 6);
}

TEST(ProgressDisplay, ThePlainLineOfAnEpochWaitsForItsNumber) {
  ProgressDisplay display(false, [] { return 80; });
  ExperimentProgress progress;
  progress.experiment_id = 7;
  progress.metric = "accuracy";
  progress.trials = {Running()};
  testing::internal::CaptureStderr();
  display.Update(progress);
  progress.trials[0].time = 2;  // its steps are done, its validation is not
  display.Update(progress);
  progress.trials[0].metric = 0.5;
  display.Update(progress);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "trial 7.3 RUNNING epoch 1/3 accuracy=0.9812  lr=0.001\n"
            "trial 7.3 RUNNING epoch 2/3 accuracy=0.5  lr=0.001\n");
}

TEST(ProgressDisplay, WhatIsNotCountedInEpochsSaysInWhatAndHasLinesForValidations) {
  TrialProgress trial = Running();
  trial.time = 1'200'000;
  trial.max_time = 3'000'000;
  EXPECT_NE(ProgressDisplay::TrialLine(trial, "batches", 120).find(" 1200000/3000000 batches  0.98"),
            std::string::npos)
      << ProgressDisplay::TrialLine(trial, "batches", 120);
  ProgressDisplay display(false, [] { return 80; });
  ExperimentProgress progress;
  progress.experiment_id = 7;
  progress.metric = "accuracy";
  progress.time_metric = "batches";
  trial.time = 100;
  trial.max_time = 500;
  progress.trials = {trial};
  testing::internal::CaptureStderr();
  display.Update(progress);
  progress.trials[0].time = 150;
  display.Update(progress);
  progress.trials[0].time = 200;
  progress.trials[0].metric = 0.5;
  display.Update(progress);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "trial 7.3 RUNNING batches 100/500 accuracy=0.9812  lr=0.001\n"
            "trial 7.3 RUNNING batches 200/500 accuracy=0.5  lr=0.001\n");
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
  progress.trials_expected = 1;
  progress.trials = {Running()};
  EXPECT_EQ(ProgressDisplay::Headline(progress),
            "experiment 7 'digits': 0 of 1 trial done, 1 running");
  progress.terminal = true;
  progress.state = "ERROR";
  progress.reason.clear();
  progress.trials[0].state = "ERROR";
  EXPECT_EQ(ProgressDisplay::Headline(progress),
            "experiment 7 'digits': 0 of 1 trial done, 1 failed, ERROR");
}

}  // namespace
}  // namespace tutti::cli
