// Goal: ensembles, tasks' attempts, evaluations on other data or without labels, and statistics of
// data sets become the rows that the views show; none of it changes what is said of training.
// Method: commands, results and records as the coordinator gets them, read back from the views.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

using ::testing::HasSubstr;

engine::PersistEnsemble TwoMembers(const std::string& state) {
  engine::PersistEnsemble ensemble;
  ensemble.ensemble = EnsembleId(5);
  ensemble.experiment = ExperimentId(1);
  ensemble.configuration_no = 1;
  ensemble.name = "sample";
  ensemble.combine = "weighted";
  ensemble.state = state;
  ensemble.min_members = 2;
  ensemble.created_at_ms = 1'700'000'000'000;
  ensemble.members = {{0, TrialId(1), ""}, {1, TrialId(1), "1/1/1-step-10"}};
  ensemble.left_out = {{TrialId(1), "it failed"}};
  return ensemble;
}

EnsembleEvaluation EvaluationOf(const std::string& split, Combiner combiner, bool chosen) {
  EnsembleEvaluation e;
  e.split = split;
  e.combiner = combiner;
  e.chosen = chosen;
  e.metrics.n = 4;
  e.metrics.classes = 3;
  e.metrics.accuracy = 0.75;
  e.metrics.loss = 0.5;
  e.metrics.macro_auc = 0.875;
  e.best_member = 1;
  e.best_member_accuracy = 0.5;
  e.mean_member_accuracy = 0.375;
  e.disagreement = 0.25;
  e.double_fault = 0.125;
  e.members = {{0, 0.25, 0.25, 1.5, 0.5, 1.25}, {1, 0.75, 0.5, 1.0, 0.25, 1.5}};
  return e;
}

EnsembleResult ResultOf() {
  EnsembleResult result;
  result.ensemble = EnsembleId(5);
  result.evaluations = {EvaluationOf("test", Combiner::kWeighted, true),
                        EvaluationOf("test", Combiner::kMeanLogit, false)};
  result.evaluations[1].members[0].weight = result.evaluations[1].members[1].weight = 0.5;
  result.pairs = {{"test", {{0, 1, 0.25, 0.125}}}};
  return result;
}

class Ensembles : public ::testing::Test {
 protected:
  Ensembles() {
    sample_.AddTrial();
    EXPECT_TRUE(sample_.Report(1, 1, CheckpointAt(1, "1/1/1-step-10"), 1));
  }
  // In one transaction, the rows before those they refer to.
  Status Write(const EnsembleResult& result, const engine::PersistEnsemble& ensemble) {
    return sample_.store().Write({result, JournalEntry{0, Json(1), {ensemble}}});
  }
  SampleStore sample_;
};

TEST_F(Ensembles, AreShownBeforeTheyAreEvaluated) {
  ASSERT_TRUE(sample_.WriteCommand(TwoMembers("FORMING")));
  EXPECT_EQ(sample_.Rows("SELECT ensemble_id, experiment_id, combine, members, split, accuracy, "
                         "name, state, left_out, created_at, ended_at FROM v_ensembles"),
            R"([[5,1,"weighted",2,null,null,"sample","FORMING",1,"2023-11-14T22:13:20.000Z",)"
            "null]]");
  EXPECT_EQ(sample_.Rows("SELECT position, trial, checkpoint, weight, left_out "
                         "FROM v_ensemble_members"),
            R"([[0,"1.1","1.1@best",null,null],[1,"1.1","1.1@e1",null,null],)"
            R"([null,"1.1",null,null,"it failed"]])");
}

TEST_F(Ensembles, ResultsAreRowsWithTheChosenCombinerFirst) {
  ASSERT_TRUE(Write(ResultOf(), TwoMembers("COMPLETED")));
  EXPECT_EQ(sample_.Rows("SELECT split, accuracy, best_member_accuracy, mean_member_accuracy, n, "
                         "loss, macro_auc, disagreement, double_fault, state FROM v_ensembles"),
            R"([["test",0.75,0.5,0.375,4,0.5,0.875,0.25,0.125,"COMPLETED"]])");
  EXPECT_EQ(sample_.Rows("SELECT combine, chosen, accuracy, best_member "
                         "FROM v_ensemble_evaluations ORDER BY combine"),
            R"([["mean_logit",0,0.75,1],["weighted",1,0.75,1]])");
  EXPECT_EQ(sample_.Rows("SELECT position, weight FROM v_ensemble_members WHERE position >= 0"),
            "[[0,0.25],[1,0.75]]");
  EXPECT_EQ(sample_.Rows("SELECT combine, position, weight FROM v_ensemble_weights "
                         "WHERE combine = 'mean_logit'"),
            R"([["mean_logit",0,0.5],["mean_logit",1,0.5]])");
  EXPECT_EQ(sample_.Rows("SELECT split, checkpoint, accuracy_alone, accuracy_without, loss_alone, "
                         "loss_without FROM v_ensemble_ablation ORDER BY position"),
            R"([["test","1.1@best",0.25,0.5,1.5,1.25],["test","1.1@e1",0.5,0.25,1.0,1.5]])");
  EXPECT_EQ(sample_.Rows("SELECT a, b, checkpoint_a, checkpoint_b, disagreement, double_fault "
                         "FROM v_ensemble_pairs"),
            R"([[0,1,"1.1@best","1.1@e1",0.25,0.125]])");
}

TEST_F(Ensembles, AnotherEvaluationReplacesTheFirst) {
  ASSERT_TRUE(Write(ResultOf(), TwoMembers("COMPLETED")));
  EnsembleResult again = ResultOf();
  again.evaluations = {EvaluationOf("validation", Combiner::kGreedy, true)};
  again.pairs.clear();
  engine::PersistEnsemble greedy = TwoMembers("COMPLETED");
  greedy.combine = "greedy";
  greedy.members.pop_back();
  ASSERT_TRUE(Write(again, greedy));
  EXPECT_EQ(sample_.Rows("SELECT combine, members, split FROM v_ensembles"),
            R"([["greedy",1,"validation"]])");
  EXPECT_EQ(sample_.Rows("SELECT count(*) FROM v_ensemble_evaluations"), "[[1]]");
  EXPECT_EQ(sample_.Rows("SELECT count(*) FROM v_ensemble_pairs"), "[[0]]");
}

TEST_F(Ensembles, NumbersOfAnUnlabelledSplitAreNull) {
  EnsembleResult result = ResultOf();
  EnsembleEvaluation& e = result.evaluations[0];
  const std::vector<std::int32_t> unknown(2, -1);
  e.metrics = *Evaluate(std::vector<float>(6), unknown, 3, false);
  e.best_member.reset();
  e.best_member_accuracy = e.mean_member_accuracy = e.double_fault = std::nullopt;
  result.evaluations.pop_back();
  ASSERT_TRUE(Write(result, TwoMembers("COMPLETED")));
  EXPECT_EQ(sample_.Rows("SELECT n, accuracy, loss, macro_auc, macro_f1, ece, "
                         "best_member_accuracy, disagreement FROM v_ensembles"),
            "[[2,null,null,null,null,null,null,0.25]]");
}

// Task attempts.
TEST_F(Ensembles, AttemptsThatEvaluateAreNotAttemptsOfTraining) {
  ASSERT_TRUE(sample_.Report(1, 2, Started(0, 0)));
  ASSERT_TRUE(sample_.Report(1, 3, Epoch(2, 2.0, 2.5)));
  const std::string trials = "SELECT attempts, slot_seconds FROM v_trials";
  const std::string epochs = "SELECT attempt, epoch, name, value FROM v_epochs";
  const std::string before = sample_.Rows(trials) + sample_.Rows(epochs);
  engine::PersistAttempt task;
  task.attempt = AttemptId(2);
  task.trial = TrialId(1);
  task.fence = 2;
  task.state = "COMPLETED";
  task.kind = "evaluate";
  task.started_at_ms = 1'700'000'000'000;
  task.ended_at_ms = 1'700'000'100'000;
  task.slots = 1;
  ASSERT_TRUE(sample_.WriteCommand(task));
  // It starts "from step 0", which must not replace what training has reported.
  ASSERT_TRUE(sample_.Report(2, 1, Started(0, 0)));
  EXPECT_EQ(sample_.Rows(trials) + sample_.Rows(epochs), before);
  EXPECT_EQ(sample_.Rows("SELECT attempt, kind FROM v_attempts ORDER BY attempt_id"),
            R"([[1,"train"],[1,"evaluate"]])");
  Record answer;
  answer.header = Json::MakeObject({{"type", "result"}, {"attempt", 2}, {"kind", "predict"}});
  answer.payload = "logits";
  ASSERT_TRUE(sample_.Report(2, 2, answer));
  EXPECT_EQ(sample_.Rows("SELECT count(*) FROM noncanonical_records"), "[[0]]");
  EXPECT_EQ(sample_.Rows("SELECT last_seq FROM attempts WHERE attempt_id = 2"), "[[2]]");
}

TEST_F(Ensembles, AnEvaluationOnOtherDataIsNotTheTrialsOwn) {
  const Predictions p = SamplePredictions(8, 3, 1);
  ASSERT_TRUE(sample_.Report(1, 2, Evaluation("1/1/1-step-10", 1, p.logits, p.labels, 3)));
  const std::string own = sample_.Rows("SELECT test_accuracy FROM v_leaderboard");
  Record other = Evaluation("1/1/1-step-10", 1, p.logits, std::vector<std::int32_t>(8, 0), 3);
  other.header.Set("dataset", "kmnist");
  ASSERT_TRUE(sample_.Report(1, 3, other));
  EXPECT_EQ(sample_.Rows("SELECT test_accuracy FROM v_leaderboard"), own);
  EXPECT_EQ(sample_.Rows("SELECT dataset FROM v_evaluations ORDER BY evaluation_id"),
            R"([[null],["kmnist"]])");
}

TEST_F(Ensembles, UnlabelledEvaluationsHavePredictionsAndNoNumbers) {
  const Predictions p = SamplePredictions(3, 3, 2);
  const std::vector<std::int32_t> unknown(3, -1);
  ASSERT_TRUE(sample_.Report(1, 2, Evaluation("1/1/1-step-10", 1, p.logits, unknown, 3)));
  EXPECT_EQ(sample_.Rows("SELECT n, accuracy, loss, macro_f1, nonfinite, labelled, has_predictions "
                         "FROM v_evaluations"),
            "[[3,null,null,null,null,0,1]]");
  EXPECT_EQ(sample_.Rows("SELECT item, true_class, p_true, p_predicted > 0.33 FROM v_predictions "
                         "WHERE evaluation_id = 1"),
            "[[100,null,null,1],[101,null,null,1],[102,null,null,1]]");
  EXPECT_EQ(sample_.Rows("SELECT * FROM v_confusion"), "[]");
  EXPECT_EQ(sample_.Rows("SELECT * FROM v_per_class"), "[]");
  EXPECT_EQ(sample_.Rows("SELECT DISTINCT true_class FROM v_logits"), "[[null]]");
}

TEST_F(Ensembles, LabelsOfWhichOnlySomeAreKnownAreRefused) {
  const Predictions p = SamplePredictions(3, 3, 2);
  Record record = Evaluation("c", 1, p.logits, std::vector<std::int32_t>(3, -1), 3);
  record.payload[12 + 4] = 1;  // the second label is no longer -1
  const Status checked = CheckReport(record);
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().ToString(), HasSubstr("expected -1"));
}

TEST_F(Ensembles, DataIsStoredOncePerDescription) {
  const std::string data =
      R"({"name":"glyphs","sha256":"ab","shape":[1,2,2],"splits":{"train":{"n":3,)"
      R"("class_counts":[1,0,2],"intensity":[7,0,5]},"test":{"n":1,"class_counts":[0,1,0],)"
      R"("intensity":[2,0,2]}}})";
  Record started = Started(0, 0);
  started.header.Set("data", *Json::Parse(data));
  ASSERT_TRUE(sample_.Report(1, 2, started));
  sample_.AddAttempt(2);
  ASSERT_TRUE(sample_.Report(2, 1, started));
  EXPECT_EQ(sample_.Rows("SELECT count(*) FROM data_statistics"), "[[1]]");
  EXPECT_EQ(sample_.Rows("SELECT trial, dataset, split, class, label, n FROM v_data_statistics "
                         "ORDER BY split, class"),
            R"([["1.1","glyphs","test",0,"zero",0],["1.1","glyphs","test",1,"one",1],)"
            R"(["1.1","glyphs","test",2,"two",0],["1.1","glyphs","train",0,"zero",1],)"
            R"(["1.1","glyphs","train",1,"one",0],["1.1","glyphs","train",2,"two",2]])");
  EXPECT_EQ(sample_.Rows("SELECT value, n FROM v_intensity WHERE split = 'train' ORDER BY value"),
            "[[0,7],[1,0],[2,5]]");
}

}  // namespace
}  // namespace tutti::storage
