// Goal: an ensemble is evaluated from exactly what its members have stored, joined by item, and
// says clearly why it cannot be. Method: a database with trials whose evaluations are written as
// reports; results against experiments/metrics on the same numbers, and messages.

#include "coordinator/service/ensemble_evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "storage/stored_predictions.h"
#include "tests/storage/sample_store.h"

namespace tutti {
namespace {

using engine::EnsembleMember;
using ::testing::HasSubstr;

constexpr std::int64_t kClasses = 3;

// items [from, from + n) with labels item % 3; logits from a seed.
struct Stored {
  std::vector<std::int32_t> items, labels;
  std::vector<float> logits;
};
Stored Make(std::int32_t from, std::int32_t n, std::uint64_t seed) {
  Stored stored;
  const auto p = storage::SamplePredictions(static_cast<std::size_t>(n), kClasses, seed);
  stored.logits = p.logits;
  for (std::int32_t i = 0; i < n; ++i) {
    stored.items.push_back(from + i);
    stored.labels.push_back((from + i) % 3);
  }
  return stored;
}

Record EvaluationOf(const std::string& split, const std::string& checkpoint, const Stored& p) {
  const auto metrics = Evaluate(p.logits, p.labels, kClasses, false);
  EXPECT_TRUE(metrics) << metrics.error().ToString();
  Record record;
  record.header = Json::MakeObject({{"type", "evaluation"},
                                    {"attempt", 1},
                                    {"epoch", 1},
                                    {"step", 10},
                                    {"split", split},
                                    {"checkpoint", checkpoint},
                                    {"metrics", ToJson(*metrics)}});
  const auto append = [&](const auto& values) {
    record.payload.append(reinterpret_cast<const char*>(values.data()), values.size() * 4);
  };
  append(p.items);
  append(p.labels);
  append(p.logits);
  return record;
}

class EnsembleEvaluator : public ::testing::Test {
 protected:
  EnsembleEvaluator() { sample_.AddTrial(); }

  // Trial `no` with an attempt of the same number and a best checkpoint "no/best".
  void AddTrial(std::int64_t no, const std::string& class_names = R"(["a","b","c"])") {
    const std::string name = std::to_string(no) + "/best";
    engine::PersistTrial trial;
    trial.trial = TrialId(no);
    trial.experiment = ExperimentId(1);
    trial.trial_no = no;
    trial.state = "COMPLETED";
    trial.best_epoch = 1;
    ASSERT_TRUE(sample_.WriteCommand(trial));
    engine::PersistAttempt attempt;
    attempt.attempt = AttemptId(no);
    attempt.trial = TrialId(no);
    attempt.fence = no;
    attempt.state = "COMPLETED";
    ASSERT_TRUE(sample_.WriteCommand(attempt));
    Record started = storage::Started(0, 0);
    started.header.Set("class_names", *Json::Parse(class_names));
    Report(no, started);
    Report(no, storage::CheckpointAt(1, name), no);
    trial.best_checkpoint = CheckpointId(no);
    ASSERT_TRUE(sample_.WriteCommand(trial));
  }
  void AddEvaluation(std::int64_t no, const std::string& split, const Stored& p,
                     const std::string& dataset = "") {
    Record record = EvaluationOf(split, std::to_string(no) + "/best", p);
    if (!dataset.empty()) record.header.Set("dataset", dataset);
    Report(no, record);
  }
  void Report(std::int64_t no, const Record& record, std::int64_t checkpoint = 0) {
    const Status stored = sample_.Report(no, ++seq_[no], record, checkpoint);
    ASSERT_TRUE(stored) << stored.error().ToString();
  }

  Result<EvaluatedEnsemble> Run(const std::vector<std::int64_t>& trials,
                                const std::string& spec = "{}") {
    engine::EvaluateEnsemble order;
    order.ensemble = EnsembleId(7);
    order.spec = *Json::Parse(spec);
    for (const std::int64_t trial : trials) order.members.push_back({TrialId(trial), ""});
    return RunEnsembleEvaluation(sample_.database(), TUTTI_BINARY_DIR "/tests/storage_query_helper",
                                 order);
  }
  const EnsembleEvaluation& Chosen(const EvaluatedEnsemble& done, const std::string& split) {
    for (const EnsembleEvaluation& e : done.result.evaluations) {
      if (e.split == split && e.chosen) return e;
    }
    ADD_FAILURE() << "no chosen combiner on " << split;
    return done.result.evaluations.at(0);
  }

  storage::SampleStore sample_;
  std::map<std::int64_t, std::int64_t> seq_;
};

TEST_F(EnsembleEvaluator, CombinesExactlyWhatIsStored) {
  MemberPredictions expected;
  expected.classes = kClasses;
  for (std::int64_t no = 2; no <= 4; ++no) {
    AddTrial(no);
    const Stored test = Make(100, 40, static_cast<std::uint64_t>(no));
    AddEvaluation(no, "validation", Make(0, 30, 10 + static_cast<std::uint64_t>(no)));
    AddEvaluation(no, "test", test);
    expected.items = test.items;
    expected.labels = test.labels;
    expected.logits.push_back(test.logits);
  }
  const auto done = Run({2, 3, 4});
  ASSERT_TRUE(done) << done.error().ToString();
  EXPECT_EQ(done->message, "");
  EXPECT_EQ(done->result.ensemble, EnsembleId(7));
  // Two splits, every combiner (validation is shared, so all can be fitted).
  EXPECT_EQ(done->result.evaluations.size(), 10u);
  const auto alone = EvaluateEnsemble("test", expected, {Combiner::kMeanProbability, {}, {}}, true);
  ASSERT_TRUE(alone);
  const EnsembleEvaluation& chosen = Chosen(*done, "test");
  EXPECT_EQ(ToJson(chosen.metrics).Dump(), ToJson(alone->metrics).Dump());
  EXPECT_EQ(chosen.members[1].loss_without, alone->members[1].loss_without);
  EXPECT_EQ(chosen.best_member_accuracy, alone->best_member_accuracy);
  ASSERT_EQ(done->result.pairs.size(), 2u);
  EXPECT_EQ(done->result.pairs[1].pairs.size(), 3u);
}

TEST_F(EnsembleEvaluator, JoinsByItemAndSaysHowManyAreShared) {
  AddTrial(2);
  AddTrial(3);
  AddEvaluation(2, "validation", Make(0, 30, 1));
  AddEvaluation(3, "validation", Make(20, 30, 2));
  AddEvaluation(2, "test", Make(100, 20, 3));
  Stored turned = Make(100, 20, 4);  // the same items in another order
  std::reverse(turned.items.begin(), turned.items.end());
  std::reverse(turned.labels.begin(), turned.labels.end());
  AddEvaluation(3, "test", turned);
  const auto done = Run({2, 3});
  ASSERT_TRUE(done) << done.error().ToString();
  EXPECT_EQ(done->message, "validation: 10 items that all 2 members share");
  EXPECT_EQ(Chosen(*done, "validation").metrics.n, 10);
  EXPECT_EQ(Chosen(*done, "test").metrics.n, 20);
  // Nothing is fitted on a few shared items.
  EXPECT_EQ(done->result.evaluations.size(), 6u);
  const auto greedy = Run({2, 3}, R"({"combine":"greedy"})");
  ASSERT_FALSE(greedy);
  EXPECT_EQ(greedy.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_THAT(greedy.error().message(), HasSubstr("per_trial"));
}

TEST_F(EnsembleEvaluator, TheLatestEvaluationOnOwnDataCounts) {
  AddTrial(2);
  AddTrial(3);
  AddEvaluation(2, "test", Make(100, 20, 1));
  AddEvaluation(2, "test", Make(100, 20, 2));
  AddEvaluation(2, "test", Make(100, 20, 3), "kmnist");
  AddEvaluation(3, "test", Make(100, 20, 4));
  const auto done = Run({2, 3});
  ASSERT_TRUE(done) << done.error().ToString();
  const Stored latest = Make(100, 20, 2);
  EXPECT_EQ(Chosen(*done, "test").members[0].loss_alone,
            Evaluate(latest.logits, latest.labels, kClasses, false)->loss);
}

TEST_F(EnsembleEvaluator, GivenWeightsAreUsedAndCounted) {
  for (std::int64_t no = 2; no <= 3; ++no) {
    AddTrial(no);
    AddEvaluation(no, "test", Make(100, 20, static_cast<std::uint64_t>(no)));
  }
  const auto done = Run({2, 3}, R"({"combine":"weighted","weights":[3,1]})");
  ASSERT_TRUE(done) << done.error().ToString();
  EXPECT_EQ(Chosen(*done, "test").members[0].weight, 0.75);
  const auto wrong = Run({2, 3}, R"({"combine":"weighted","weights":[3,1,1]})");
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message(), HasSubstr("3 weights for 2 members"));
}

TEST_F(EnsembleEvaluator, MembersOverDifferentClassesAreRefusedNamingBoth) {
  AddTrial(2);
  AddTrial(3, R"(["x","y","z"])");
  AddEvaluation(2, "test", Make(0, 9, 1));
  AddEvaluation(3, "test", Make(0, 9, 2));
  const auto done = Run({2, 3});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_THAT(done.error().message(), HasSubstr("1.2@e1 has 3 classes (a b c)"));
  EXPECT_THAT(done.error().message(), HasSubstr("1.3@e1 has 3 classes (x y z)"));
}

TEST_F(EnsembleEvaluator, AMemberWithoutPredictionsIsNamedWithWhatToDo) {
  AddTrial(2);
  AddTrial(3);
  AddEvaluation(2, "test", Make(0, 9, 1));
  const auto done = Run({2, 3});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), HasSubstr("1.3@e1"));
  EXPECT_THAT(done.error().message(), HasSubstr("evaluation.predictions: best"));
  EXPECT_THAT(done.error().message(), HasSubstr("tutti evaluate 1.3@e1"));
}

TEST_F(EnsembleEvaluator, MembersOfOtherDataAreRefusedByTheirLabels) {
  AddTrial(2);
  AddTrial(3);
  AddEvaluation(2, "test", Make(0, 9, 1));
  Stored other = Make(0, 9, 2);
  other.labels[4] = 0;
  AddEvaluation(3, "test", other);
  const auto done = Run({2, 3});
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().ToString(), HasSubstr("item 4 is of class 1 for 1.2@e1"));
}

TEST_F(EnsembleEvaluator, FewerThanMinMembersIsAnError) {
  AddTrial(2);
  AddEvaluation(2, "test", Make(0, 9, 1));
  const auto done = Run({2}, R"({"min_members":2})");
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message(), HasSubstr("1 members, min_members is 2"));
}

TEST_F(EnsembleEvaluator, UnlabelledSplitsAreCombinedWithoutNumbers) {
  for (std::int64_t no = 2; no <= 3; ++no) {
    AddTrial(no);
    Stored test = Make(0, 9, static_cast<std::uint64_t>(no));
    test.labels.assign(9, -1);
    AddEvaluation(no, "test", test);
  }
  const auto done = Run({2, 3});
  ASSERT_TRUE(done) << done.error().ToString();
  EXPECT_FALSE(Chosen(*done, "test").metrics.labelled);
  EXPECT_TRUE(Chosen(*done, "test").disagreement.has_value());
}

TEST_F(EnsembleEvaluator, AQueryNamesItsMembers) {
  for (std::int64_t no = 2; no <= 4; ++no) {
    AddTrial(no);
    AddEvaluation(no, "test", Make(0, 9, static_cast<std::uint64_t>(no)));
  }
  const auto done = Run(
      {}, R"({"members":{"query":"SELECT trial FROM v_trials WHERE trial_no > 2 ORDER BY 1"}})");
  ASSERT_TRUE(done) << done.error().ToString();
  EXPECT_EQ(done->members,
            (std::vector<EnsembleMember>{{TrialId(3), ""}, {TrialId(4), ""}}));
}

struct BadQuery {
  const char* sql;
  const char* message;
};
class RefusedQuery : public EnsembleEvaluator, public ::testing::WithParamInterface<BadQuery> {};
TEST_P(RefusedQuery, SaysWhy) {
  AddTrial(2);
  AddEvaluation(2, "test", Make(0, 9, 1));
  const auto done = Run({}, Json::MakeObject({{"members", Json::MakeObject({{"query",
                                                                 GetParam().sql}})}}).Dump());
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().ToString(), HasSubstr(GetParam().message));
}
INSTANTIATE_TEST_SUITE_P(
    All, RefusedQuery,
    ::testing::Values(BadQuery{"SELECT trial_id FROM v_trials", "expected text as '12.3'"},
                      BadQuery{"SELECT '1.77'", "trial 1.77 does not exist"},
                      BadQuery{"SELECT '1.2@e9'", "its trial has 1.2@e1"},
                      BadQuery{"SELECT 'best'", "is no trial or checkpoint"},
                      BadQuery{"SELECT trial FROM v_trials WHERE 0", "found 0 members"},
                      BadQuery{"DELETE FROM trials", "only reading is allowed"},
                      BadQuery{"SELEC 1", "syntax error"}));

}  // namespace
}  // namespace tutti
