// Goal: an experiment's ensembles are evaluated from what its trials have predicted before it ends;
// people can ask for ensembles exactly once per request, with another combiner, across restarts.
// Method: the real coordinator and a worker played by hand, which reports predictions that are
// known; rows are read from the database file beside it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "experiments/metrics/evaluation.h"
#include "tests/coordinator/service/fake_worker.h"
#include "tests/coordinator/service/test_cluster.h"

namespace tutti {
namespace {

using testing::HasSubstr;

// Four items of two classes. Each member is wrong about another item; the sum of all is right.
struct Predictions {
  std::vector<std::int32_t> items{10, 11, 12, 13};
  std::vector<std::int32_t> labels{0, 1, 0, 1};
  std::vector<float> logits;
};
Predictions WrongAbout(std::size_t item) {
  Predictions p;
  for (std::size_t i = 0; i < p.labels.size(); ++i) {
    const float right = i == item ? -0.5f : 2.0f;
    p.logits.push_back(p.labels[i] == 0 ? right : 0.0f);
    p.logits.push_back(p.labels[i] == 0 ? 0.0f : right);
  }
  return p;
}

template <class T>
std::string Bytes(const std::vector<T>& values) {
  std::string out(values.size() * sizeof(T), '\0');
  std::memcpy(out.data(), values.data(), out.size());
  return out;
}

class EnsembleTest : public testing::Test {
 protected:
  void Join() {
    worker_ = std::make_unique<FakeWorker>(cluster_.address, "a");
    ASSERT_TRUE(worker_->Join(1));
  }
  std::int64_t Submit(const std::string& yaml) {
    const auto submitted = cluster_.Submit(TestCluster::Document(yaml), "submit");
    EXPECT_TRUE(submitted.ok()) << submitted.error().ToString();
    return submitted ? submitted->experiment : 0;
  }

  // One epoch, one checkpoint, predictions on the test split, and the end.
  void Train(const DesiredAttemptSeen& attempt, std::int64_t wrong_about) {
    std::int64_t seq = 0;
    worker_->Send(attempt, ++seq,
                  Json::MakeObject({{"type", "started"}, {"resumed_from_step", 0},
                                    {"resumed_from_epoch", 0}, {"parameters", 10}, {"flops", 10},
                                    {"device", "cpu"}, {"precision", "fp32"},
                                    {"first_step_ms", 1.5}}));
    const Json loss = Json::MakeObject({{"loss", 0.5}, {"accuracy", 0.75}});
    worker_->Send(attempt, ++seq,
                  Json::MakeObject({{"type", "epoch"}, {"epoch", 1}, {"step", 10}, {"lr", 0.001},
                                    {"seconds", 1.0},
                                    {"metrics", Json::MakeObject({{"train", loss},
                                                                  {"validation", loss}})}}));
    const std::string name = std::to_string(attempt.experiment) + "/" +
                             std::to_string(attempt.trial_no) + "/" +
                             std::to_string(attempt.attempt) + "-step-10";
    worker_->Send(attempt, ++seq,
                  Json::MakeObject({{"type", "checkpoint"}, {"epoch", 1}, {"step", 10},
                                    {"name", name}, {"bytes", 10},
                                    {"sha256", std::string(64, 'a')}, {"metric", 0.5},
                                    {"best", true}, {"final", true}}));
    if (wrong_about >= 0) {
      const Predictions p = WrongAbout(static_cast<std::size_t>(wrong_about));
      const auto metrics = Evaluate(p.logits, p.labels, 2, true);
      ASSERT_TRUE(metrics.ok()) << metrics.error().ToString();
      worker_->Send(attempt, ++seq,
                    Json::MakeObject({{"type", "evaluation"}, {"epoch", 1}, {"step", 10},
                                      {"split", "test"}, {"checkpoint", name}, {"n", 4},
                                      {"classes", 2}, {"metrics", ToJson(*metrics)}}),
                    Bytes(p.items) + Bytes(p.labels) + Bytes(p.logits));
    }
    worker_->Send(attempt, ++seq,
                  Json::MakeObject({{"type", "exit"}, {"outcome", "completed"}, {"class", ""},
                                    {"message", ""}, {"exit_code", 0}, {"signal", 0}}));
    ASSERT_TRUE(worker_->AwaitAck(attempt.attempt, "COMMITTED " + std::to_string(seq)));
  }
  // Every trial in turn; the n-th is wrong about item n - 1, or predicts nothing.
  void TrainAll(std::int64_t trials, bool predict = true) {
    std::vector<std::int64_t> done;
    for (std::int64_t n = 1; n <= trials; ++n) {
      std::optional<DesiredAttemptSeen> next;
      ASSERT_TRUE(worker_->Await([&] {
        for (const DesiredAttemptSeen& attempt : worker_->attempts()) {
          const bool old = std::find(done.begin(), done.end(), attempt.attempt) != done.end();
          if (!old && !next) next = attempt;
        }
        return next.has_value();
      }));
      done.push_back(next->attempt);
      worker_->ReportReady();
      Train(*next, predict ? next->trial_no - 1 : -1);
    }
  }
  bool AwaitState(std::int64_t experiment, const std::string& state) {
    return cluster_.Await([&] {
      return cluster_.ReadInt("SELECT count(*) FROM experiments WHERE experiment_id = " +
                              std::to_string(experiment) + " AND state = '" + state + "'") == 1;
    });
  }
  std::string Rows(const std::string& sql) {
    const auto rows = cluster_.Query(sql);
    return rows ? rows->Dump() : rows.error().ToString();
  }

  TestCluster cluster_;
  std::unique_ptr<FakeWorker> worker_;
};

TEST_F(EnsembleTest, ReplicatesAreCombinedBeforeTheExperimentEnds) {
  Join();
  const std::int64_t id = Submit("evaluation: {splits: [test]}\nensemble: {members: 3}\n");
  EXPECT_EQ(Rows("SELECT state, name FROM v_ensembles"),
            R"([["FORMING","test, configuration 1"]])");
  TrainAll(3);
  ASSERT_TRUE(AwaitState(id, "COMPLETED"));
  EXPECT_EQ(Rows("SELECT state, combine, members, split, accuracy, best_member_accuracy, n "
                 "FROM v_ensembles"),
            R"([["COMPLETED","mean_probability",3,"test",1.0,0.75,4]])");
  EXPECT_EQ(Rows("SELECT trial, checkpoint FROM v_ensemble_members ORDER BY position"),
            R"([["1.1","1.1@e1"],["1.2","1.2@e1"],["1.3","1.3@e1"]])");
  const auto got = cluster_.Get(id);
  ASSERT_TRUE(got.ok());
  const Json* ensembles = got->Find("ensembles");
  ASSERT_NE(ensembles, nullptr);
  EXPECT_EQ((*ensembles)[0].Find("state")->AsString(), "COMPLETED");
  EXPECT_EQ((*ensembles)[0].Find("members")->AsInt(), 3);
}

TEST_F(EnsembleTest, MembersWithoutPredictionsAreTheExperimentsError) {
  Join();
  const std::int64_t id = Submit("evaluation: {splits: [test]}\nensemble: {members: 2}\n");
  TrainAll(2, false);
  ASSERT_TRUE(AwaitState(id, "ERROR"));
  EXPECT_THAT(Rows("SELECT state, message FROM v_experiments"), HasSubstr("has no stored"));
  EXPECT_THAT(Rows("SELECT state FROM v_ensembles"), HasSubstr("FAILED"));
}

TEST_F(EnsembleTest, AQueryNamesTheMembers) {
  Join();
  const std::int64_t id = Submit(
      "evaluation: {splits: [test]}\nreplicates: 3\n"
      "ensemble: {members: {query: 'SELECT trial FROM v_trials WHERE trial_no > 1'}}\n");
  TrainAll(3);
  ASSERT_TRUE(AwaitState(id, "COMPLETED"));
  EXPECT_EQ(Rows("SELECT trial FROM v_ensemble_members ORDER BY position"),
            R"([["1.2"],["1.3"]])");
}

TEST_F(EnsembleTest, SurvivesAKilledCoordinatorWhereverItWas) {
  Join();
  const std::int64_t id = Submit("evaluation: {splits: [test]}\nensemble: {members: 2}\n");
  TrainAll(2);
  // The last report is committed; whether the evaluation has begun or ended nobody knows.
  cluster_.Crash();
  cluster_.Start();
  ASSERT_TRUE(AwaitState(id, "COMPLETED"));
  EXPECT_EQ(Rows("SELECT state, accuracy FROM v_ensembles"), R"([["COMPLETED",1.0]])");
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM ensemble_evaluations WHERE chosen"), 1);
}

TEST_F(EnsembleTest, ARequestMakesOneEnsembleHoweverOftenItIsRepeated) {
  Join();
  const std::int64_t id = Submit("evaluation: {splits: [test]}\nreplicates: 2\n");
  TrainAll(2);
  ASSERT_TRUE(AwaitState(id, "COMPLETED"));
  const std::string spec = R"({"combine": "mean_logit"})";
  const auto made = cluster_.CreateEnsemble({"1.1", "1.2@e1"}, spec, "e-1");
  ASSERT_TRUE(made.ok()) << made.error().ToString();
  EXPECT_EQ(made->state, "COMPLETED");
  EXPECT_EQ(Rows("SELECT name, combine, members, accuracy, experiment_id FROM v_ensembles"),
            R"([["1.1, 1.2@e1","mean_logit",2,1.0,null]])");
  const auto again = cluster_.CreateEnsemble({"1.1", "1.2@e1"}, spec, "e-1");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->ensemble, made->ensemble);
  cluster_.Crash();
  cluster_.Start();
  const auto later = cluster_.CreateEnsemble({"1.1", "1.2@e1"}, spec, "e-1");
  ASSERT_TRUE(later.ok()) << later.error().ToString();
  EXPECT_EQ(later->ensemble, made->ensemble);
  EXPECT_EQ(later->state, "COMPLETED");
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM ensembles"), 1);
  const auto second = cluster_.CreateEnsemble({"1.1", "1.2"}, "", "e-2", "pair");
  ASSERT_TRUE(second.ok()) << second.error().ToString();
  EXPECT_EQ(second->ensemble, made->ensemble + 1);
}

TEST_F(EnsembleTest, AnotherCombinerReplacesTheResultsAndAFailureKeepsThem) {
  Join();
  const std::int64_t id = Submit("evaluation: {splits: [test]}\nensemble: {members: 3}\n");
  TrainAll(3);
  ASSERT_TRUE(AwaitState(id, "COMPLETED"));
  const auto votes = cluster_.EvaluateEnsemble(1, R"({"combine": "majority_vote"})", "v-1");
  ASSERT_TRUE(votes.ok()) << votes.error().ToString();
  EXPECT_EQ(votes->state, "COMPLETED");
  EXPECT_EQ(Rows("SELECT combine, accuracy FROM v_ensembles"), R"([["majority_vote",1.0]])");
  // Greedy selection is fitted on validation, and nobody has predicted that.
  const auto greedy = cluster_.EvaluateEnsemble(1, R"({"combine": "greedy"})", "v-2");
  ASSERT_TRUE(greedy.ok()) << greedy.error().ToString();
  EXPECT_EQ(greedy->state, "FAILED");
  EXPECT_THAT(greedy->message, HasSubstr("validation"));
  EXPECT_EQ(Rows("SELECT state, accuracy FROM v_ensembles"), R"([["COMPLETED",1.0]])");
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM experiments WHERE state = 'COMPLETED'"), 1);
}

TEST_F(EnsembleTest, BadRequestsAreRefusedAndLeaveNothing) {
  Join();
  const std::int64_t id = Submit("evaluation: {splits: [test]}\nreplicates: 2\n");
  TrainAll(2);
  ASSERT_TRUE(AwaitState(id, "COMPLETED"));
  struct Case {
    std::vector<std::string> members;
    const char* spec;
    ErrorCode code;
    const char* says;
  };
  const Case cases[] = {
      {{}, "", ErrorCode::kInvalidArgument, "0 members"},
      {std::vector<std::string>(257, "1.1"), "", ErrorCode::kInvalidArgument,
       "257 members, expected 1 to 256"},
      {{"1.1", "one"}, "", ErrorCode::kInvalidArgument,
       "'one' is no trial or checkpoint; expected 12.3"},
      {{"1.1", "1.1@best"}, "", ErrorCode::kInvalidArgument, "named twice"},
      {{"1.1", "1.7"}, "", ErrorCode::kNotFound, "1.7"},
      {{"1.1", "1.2@e9"}, "", ErrorCode::kNotFound, "1.2@e9; kept: @e1"},
      {{"1.1", "1.2"}, "{", ErrorCode::kInvalidArgument, "spec_json"},
      {{"1.1", "1.2"}, R"({"combine": "sum"})", ErrorCode::kInvalidArgument, "majority_vote"},
      {{"1.1", "1.2"}, R"({"weights": [1]})", ErrorCode::kInvalidArgument, "1 weights for 2"},
      {{"1.1", "1.2"}, R"({"least": 1})", ErrorCode::kInvalidArgument, "least"}};
  int number = 0;
  for (const Case& c : cases) {
    const auto made = cluster_.CreateEnsemble(c.members, c.spec, "x-" + std::to_string(++number));
    ASSERT_FALSE(made.ok()) << c.says;
    EXPECT_EQ(made.error().code(), c.code) << made.error().ToString();
    EXPECT_THAT(made.error().message(), HasSubstr(c.says));
  }
  const auto unknown = cluster_.EvaluateEnsemble(9, "", "x-unknown");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code(), ErrorCode::kNotFound);
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM ensembles"), 0);
}

}  // namespace
}  // namespace tutti
