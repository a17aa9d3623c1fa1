// Goal: every record of docs/records.md becomes the rows that the views show; what a restart
// repeats replaces what it replaces; numbers that are not finite keep their name.
// Method: records as a trainer sends them, written to a real database, read back from the views.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

TEST(Records, StartedDescribesTheAttempt) {
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Started(0, 0)));
  EXPECT_EQ(sample.Rows("SELECT trial, attempt, resumed_from_epoch, resumed_from_step, device, "
                        "precision, first_step_ms FROM v_attempts"),
            R"([["1.1",1,0,0,"cpu","fp32",41.5]])");
  EXPECT_EQ(sample.Rows("SELECT parameters, flops, items ->> 'test', class_names ->> 2 "
                        "FROM attempts"),
            R"([[12345,67890,20,"two"]])");
}

TEST(Records, EpochHasOneRowPerMetric) {
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Epoch(1, 2.0, 2.5)));
  EXPECT_EQ(sample.Rows("SELECT trial_id, trial, attempt, epoch, split, name, value, nonfinite, "
                        "step, lr, seconds, images_per_second, step_ms, allreduce_share, at "
                        "FROM v_epochs ORDER BY split"),
            R"([[1,"1.1",1,1,"train","loss",2.0,null,10,0.125,1.5,1000.0,2.5,0.0,)"
            R"("2023-11-14T22:13:21.000Z"],[1,"1.1",1,1,"validation","loss",2.5,null,10,0.125,)"
            R"(1.5,1000.0,2.5,0.0,"2023-11-14T22:13:21.000Z"]])");
}

TEST(Records, StepsKeepTheFirstOfARepeatedStep) {
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Steps({{1, 2.5}, {2, 2.25}})));
  ASSERT_TRUE(sample.Report(1, 2, Steps({{2, 9.0}, {3, std::nan("")}})));
  EXPECT_EQ(sample.Rows("SELECT trial, attempt, step, loss, nonfinite, lr FROM v_steps "
                        "ORDER BY step"),
            R"([["1.1",1,1,2.5,null,0.125],["1.1",1,2,2.25,null,0.125],)"
            R"(["1.1",1,3,null,"nan",0.125]])");
}

TEST(Records, CheckpointIsCommittedUntilTheEngineDeletesIt) {
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, CheckpointAt(3, "1/1/1-step-30"), 5));
  const std::string sql =
      "SELECT checkpoint_id, trial, checkpoint, step, epoch, bytes, path, state, metric_value, "
      "length(sha256) FROM v_checkpoints";
  EXPECT_EQ(sample.Rows(sql),
            R"([[5,"1.1","1.1@e3",30,3,4096,"1/1/1-step-30","COMMITTED",0.5,64]])");
  ASSERT_TRUE(sample.WriteCommand(engine::DeleteCheckpoint{CheckpointId(5), "1/1/1-step-30"}));
  EXPECT_EQ(sample.Rows("SELECT state FROM v_checkpoints"), R"([["DELETING"]])");
}

TEST(Records, ACheckpointWithoutAnIdIsOurBugAndStoresNothing) {
  SampleStore sample;
  sample.AddTrial();
  EXPECT_FALSE(sample.Report(1, 1, CheckpointAt(3, "1/1/1-step-30")));
  EXPECT_EQ(sample.Rows("SELECT last_seq FROM attempts"), "[[0]]");
}

TEST(Records, ExitSaysHowTheAttemptEnded) {
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Exit("error")));
  EXPECT_EQ(sample.Rows("SELECT exit_outcome, exit_class, exit_message, exit_code, exit_signal "
                        "FROM attempts"),
            R"([["error","OOM","why",1,null]])");
}

TEST(Records, EvaluationKeepsEveryNumberExactly) {
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Started(0, 0)));
  ASSERT_TRUE(sample.Report(1, 2, CheckpointAt(3, "1/1/1-step-30"), 5));
  const Predictions p = SamplePredictions(60, 3, 1);
  ASSERT_TRUE(sample.Report(1, 3, Evaluation("1/1/1-step-30", 3, p.logits, p.labels, 3)));
  const auto metrics = Evaluate(p.logits, p.labels, 3, true);
  ASSERT_TRUE(metrics);
  const Json expected = Json::MakeArray({Json::MakeArray(
      {"1.1", "1.1@e3", "test", 60, metrics->accuracy, metrics->loss, *metrics->macro_auc,
       *metrics->macro_ap, metrics->macro_f1, metrics->ece, metrics->brier, 3})});
  EXPECT_EQ(sample.Rows("SELECT trial, checkpoint, split, n, accuracy, loss, macro_auc, macro_ap, "
                        "macro_f1, ece, brier, classes FROM v_evaluations"),
            expected.Dump());
  Json classes = Json::MakeArray();
  const char* const names[] = {"zero", "one", "two"};
  for (const ClassMetrics& c : metrics->per_class) {
    classes.Append(Json::MakeArray({c.class_index, names[c.class_index], c.precision, c.recall,
                                    c.f1, c.support, *c.auc, *c.average_precision}));
  }
  EXPECT_EQ(sample.Rows("SELECT class, label, precision, recall, f1, support, auc, ap "
                        "FROM v_per_class ORDER BY class"),
            classes.Dump());
  Json confusion = Json::MakeArray();
  for (std::size_t i = 0; i < 9; ++i) {
    confusion.Append(Json::MakeArray({static_cast<std::int64_t>(i / 3),
                                      static_cast<std::int64_t>(i % 3), metrics->confusion[i]}));
  }
  EXPECT_EQ(sample.Rows("SELECT true_class, predicted_class, n FROM v_confusion "
                        "ORDER BY true_class, predicted_class"),
            confusion.Dump());
}

TEST(Records, CurvesKeepThePointsInOrder) {
  SampleStore sample;
  sample.AddTrial();
  const Predictions p = SamplePredictions(60, 3, 2);
  ASSERT_TRUE(sample.Report(1, 1, Evaluation("", 1, p.logits, p.labels, 3)));
  const auto metrics = Evaluate(p.logits, p.labels, 3, true);
  ASSERT_TRUE(metrics);
  const auto compare = [&](const std::vector<Curve>& curves, const std::string& select) {
    ASSERT_FALSE(curves.empty());
    for (const Curve& curve : curves) {
      Json points = Json::MakeArray();
      for (const CurvePoint& point : curve.points) {
        points.Append(Json::MakeArray({point.x, point.y}));
      }
      EXPECT_EQ(sample.Rows(select + std::to_string(curve.class_index) + " ORDER BY i"),
                points.Dump());
    }
  };
  compare(metrics->roc, "SELECT fpr, tpr FROM v_roc WHERE class = ");
  compare(metrics->pr, "SELECT recall, precision FROM v_pr WHERE class = ");
  EXPECT_EQ(sample.Rows("SELECT threshold FROM v_roc WHERE class = 0 AND i = 0"),
            R"([["Infinity"]])");
}

TEST(Records, ItemsAndLabelsOfASplitAreStoredOnce) {
  SampleStore sample;
  sample.AddTrial();
  Predictions p = SamplePredictions(20, 3, 3);
  ASSERT_TRUE(sample.Report(1, 1, Evaluation("", 1, p.logits, p.labels, 3)));
  ASSERT_TRUE(sample.Report(1, 2, Evaluation("", 2, p.logits, p.labels, 3)));
  EXPECT_EQ(sample.Rows("SELECT count(*) FROM split_items"), "[[20]]");
  p.labels[0] = (p.labels[0] + 1) % 3;
  ASSERT_TRUE(sample.Report(1, 3, Evaluation("", 3, p.logits, p.labels, 3)));
  EXPECT_EQ(sample.Rows("SELECT count(*) FROM split_items"), "[[40]]");
  EXPECT_EQ(sample.Rows("SELECT count(*) FROM predictions"), "[[60]]");
}

TEST(Records, ValuesThatAreNotFiniteKeepTheirName) {
  SampleStore sample;
  sample.AddTrial();
  constexpr double kInf = std::numeric_limits<double>::infinity();
  ASSERT_TRUE(sample.Report(1, 1, Epoch(1, std::nan(""), 2.0)));
  ASSERT_TRUE(sample.Report(1, 2, Epoch(2, kInf, -kInf)));
  EXPECT_EQ(sample.Rows("SELECT epoch, split, value, nonfinite FROM v_epochs "
                        "ORDER BY epoch, split"),
            R"([[1,"train",null,"nan"],[1,"validation",2.0,null],[2,"train",null,"inf"],)"
            R"([2,"validation",null,"-inf"]])");
  EXPECT_EQ(sample.Rows("SELECT last_epoch, last_value, min_epoch, min_value, best_epoch "
                        "FROM v_metric_summary WHERE split = 'validation'"),
            "[[2,null,1,2.0,1]]");
  const Predictions p{{NAN, 1.0f, 2.0f, 0.0f}, {0, 0}};
  ASSERT_TRUE(sample.Report(1, 3, Evaluation("", 2, p.logits, p.labels, 2)));
  EXPECT_EQ(sample.Rows("SELECT loss, nonfinite ->> 'loss', accuracy FROM v_evaluations"),
            R"([[null,"nan",0.5]])");
}

// Attempt 2 resumes after epoch 2: epoch 3 of attempt 1 is no longer part of the trial's history.
TEST(Records, AnAttemptThatResumesReplacesLaterEpochs) {
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Started(0, 0)));
  ASSERT_TRUE(sample.Report(1, 2, Epoch(1, 3.0, 3.5)));
  ASSERT_TRUE(sample.Report(1, 3, Epoch(2, 2.0, 2.5)));
  ASSERT_TRUE(sample.Report(1, 4, Epoch(3, 0.5, 0.25)));
  ASSERT_TRUE(sample.Report(1, 5, Steps({{19, 1.0}, {20, 1.0}, {25, 1.0}, {30, 1.0}})));
  sample.AddAttempt(2);
  const std::string epochs =
      "SELECT epoch, attempt, value FROM v_epochs WHERE split = 'validation' ORDER BY epoch";
  EXPECT_EQ(sample.Rows(epochs), "[[1,1,3.5],[2,1,2.5],[3,1,0.25]]");
  ASSERT_TRUE(sample.Report(2, 1, Started(20, 2)));
  EXPECT_EQ(sample.Rows(epochs), "[[1,1,3.5],[2,1,2.5]]");
  const std::string summary =
      "SELECT last_epoch, last_value, min_epoch, min_value, max_epoch, max_value "
      "FROM v_metric_summary WHERE split = 'validation'";
  EXPECT_EQ(sample.Rows(summary), "[[2,2.5,2,2.5,1,3.5]]");
  ASSERT_TRUE(sample.Report(2, 2, Epoch(3, 1.0, 1.5)));
  ASSERT_TRUE(sample.Report(2, 3, Steps({{25, 0.5}})));
  EXPECT_EQ(sample.Rows(epochs), "[[1,1,3.5],[2,1,2.5],[3,2,1.5]]");
  EXPECT_EQ(sample.Rows(summary), "[[3,1.5,3,1.5,1,3.5]]");
  EXPECT_EQ(sample.Rows("SELECT step, attempt, loss FROM v_steps ORDER BY step"),
            "[[19,1,1.0],[20,1,1.0],[25,2,0.5]]");
}

TEST(Records, ASecondReportOfAnEpochReplacesTheFirst) {
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Epoch(1, 3.0, 0.5)));
  ASSERT_TRUE(sample.Report(1, 2, Epoch(1, 3.0, 1.5)));
  EXPECT_EQ(sample.Rows("SELECT value FROM v_epochs WHERE split = 'validation'"), "[[1.5]]");
  EXPECT_EQ(sample.Rows("SELECT min_value FROM v_metric_summary WHERE split = 'validation'"),
            "[[1.5]]");
}

}  // namespace
}  // namespace tutti::storage
