// Goal: the views of experiments, trials, the leaderboard and events say what the engine persisted,
// in the documented units and order.
// Method: projections as the engine sends them, read back from the views.

#include <gtest/gtest.h>

#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

engine::PersistTrial TrialWith(std::int64_t no, std::optional<double> best,
                               const std::string& state) {
  engine::PersistTrial trial;
  trial.trial = TrialId(no);
  trial.experiment = ExperimentId(1);
  trial.trial_no = no;
  trial.configuration_no = no;
  trial.replicate_no = 1;
  trial.state = state;
  trial.seed = 7;
  trial.best_value = best;
  trial.best_epoch = best ? 2 : 0;
  trial.started_at_ms = 1'700'000'000'000;
  trial.ended_at_ms = 1'700'000'004'500;
  return trial;
}

TEST(TrialViews, ExperimentCarriesItsUserTrialsAndTimes) {
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.store().Write(
      {SubmittedDocument{ExperimentId(1), "name: sample", "{}", "{}", "ada"}}));
  EXPECT_EQ(sample.Rows("SELECT experiment_id, name, state, created_at, ended_at, trials, metric, "
                        "best_value, user FROM v_experiments"),
            R"([[1,"sample","ACTIVE","2023-11-14T22:13:20.000Z",null,1,"validation_loss",null,)"
            R"("ada"]])");
}

TEST(TrialViews, TrialHasHyperparametersAndSlotSeconds) {
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Started(0, 0)));
  ASSERT_TRUE(sample.Report(1, 2, Epoch(1, 2.0, 2.5)));  // 2 s after the start, on 2 slots
  EXPECT_EQ(sample.Rows("SELECT trial, state, hparams, attempts, started_at, ended_at, "
                        "slot_seconds FROM v_trials"),
            R"([["1.1","RUNNING","{\"training.optimizer.lr\":0.125}",1,)"
            R"("2023-11-14T22:13:20.000Z",null,4.0]])");
}

TEST(TrialViews, LeaderboardPutsTheBestFirstAndFailuresLast) {
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.WriteCommand(TrialWith(2, 0.5, "COMPLETED")));
  ASSERT_TRUE(sample.WriteCommand(TrialWith(3, 0.25, "COMPLETED")));
  ASSERT_TRUE(sample.WriteCommand(TrialWith(4, 0.125, "ERROR")));
  ASSERT_TRUE(sample.WriteCommand(TrialWith(5, std::nullopt, "QUEUED")));
  EXPECT_EQ(sample.Rows("SELECT rank, trial, best_value, wall_s FROM v_leaderboard "
                        "WHERE state <> 'RUNNING'"),
            "[[1,\"1.3\",0.25,4.5],[2,\"1.2\",0.5,4.5],[4,\"1.5\",null,4.5],[5,\"1.4\",0.125,4.5]]");
}

TEST(TrialViews, LeaderboardShowsTheTestAccuracyOfTheBestCheckpointOnly) {
  SampleStore sample;
  sample.AddTrial();
  const Predictions good = SamplePredictions(40, 3, 1);
  Predictions bad = good;
  for (auto& label : bad.labels) label = (label + 1) % 3;
  const auto metrics = Evaluate(good.logits, good.labels, 3, false);
  ASSERT_TRUE(metrics);
  ASSERT_TRUE(sample.Report(1, 1, CheckpointAt(1, "1/1/1-step-10"), 1));
  ASSERT_TRUE(sample.Report(1, 2, CheckpointAt(2, "1/1/1-step-20"), 2));
  ASSERT_TRUE(sample.Report(1, 3, Evaluation("1/1/1-step-10", 1, good.logits, good.labels, 3)));
  ASSERT_TRUE(sample.Report(1, 4, Evaluation("1/1/1-step-20", 2, bad.logits, bad.labels, 3)));
  engine::PersistTrial trial = TrialWith(1, 0.5, "COMPLETED");
  trial.best_checkpoint = CheckpointId(1);
  trial.best_epoch = 1;
  ASSERT_TRUE(sample.WriteCommand(trial));
  EXPECT_EQ(sample.Rows("SELECT test_accuracy FROM v_leaderboard"),
            Json::MakeArray({Json::MakeArray({metrics->accuracy})}).Dump());
}

TEST(TrialViews, EventsKeepTheirOrder) {
  SampleStore sample;
  ASSERT_TRUE(sample.WriteCommand(engine::LogEvent{1'700'000'000'001, "placed", "trial 1.1", "a"}));
  ASSERT_TRUE(sample.WriteCommand(engine::LogEvent{0, "ended", "trial 1.1", "b"}));
  EXPECT_EQ(sample.Rows("SELECT seq, at, kind, subject, detail FROM v_events ORDER BY seq"),
            R"([[1,"2023-11-14T22:13:20.001Z","placed","trial 1.1","a"],)"
            R"([2,"2023-11-14T22:13:20.000Z","ended","trial 1.1","b"]])");
}

}  // namespace
}  // namespace tutti::storage
