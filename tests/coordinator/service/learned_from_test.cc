// Goal: a search that learns from others starts with what they have found, as it was when it was
// submitted, and is refused where that makes no sense.
// Method: the real coordinator; a worker by hand completes a trial; documents are read back.

#include <gtest/gtest.h>

#include "tests/coordinator/service/fake_worker.h"
#include "tests/coordinator/service/test_cluster.h"

namespace tutti {
namespace {

Json Record(const std::string& text) { return Json::Parse(text).value(); }

constexpr char kSearch[] =
    "hyperparameters: {training.optimizer.lr: {type: log, minval: -4, maxval: -1}}\n"
    "searcher: {name: tpe, metric: validation_loss, max_trials: 2, learn_from: [ID]}\n";

std::string Learner(const std::string& id, const std::string& metric = "validation_loss") {
  std::string yaml = kSearch;
  yaml.replace(yaml.find("ID"), 2, id);
  yaml.replace(yaml.find("validation_loss"), 15, metric);
  return TestCluster::Document(yaml);
}

class LearnedFromTest : public testing::Test {
 protected:
  // Experiment 1: one configuration that completes with 0.25, one that is cancelled.
  LearnedFromTest() {
    EXPECT_TRUE(cluster_
                    .Submit(TestCluster::Document(
                                "hyperparameters: {training.optimizer.lr: {type: categorical, "
                                "vals: [0.5, 0.125]}}\n"
                                "searcher: {name: grid, metric: validation_loss}\n"),
                            "parent")
                    .ok());
    worker_ = std::make_unique<FakeWorker>(cluster_.address, "a");
    EXPECT_TRUE(worker_->Join(1));
    const auto attempt = worker_->AwaitAttempt();
    if (!attempt) {
      ADD_FAILURE() << "no attempt";
      return;
    }
    worker_->ReportReady();
    worker_->Send(*attempt, 1,
                  Record(R"({"type":"started","resumed_from_step":0,"resumed_from_epoch":0})"));
    worker_->Send(*attempt, 2,
                  Record(R"({"type":"epoch","epoch":2,"step":9,"metrics":{"validation":)"
                         R"({"loss":0.25}}})"));
    worker_->Send(*attempt, 3, Record(R"({"type":"exit","outcome":"completed","message":""})"));
    EXPECT_TRUE(worker_->AwaitAck(attempt->attempt, "COMMITTED 3"));
    EXPECT_TRUE(cluster_.Act("Kill", 1, "kill").ok());
  }

  TestCluster cluster_;
  std::unique_ptr<FakeWorker> worker_;
};

TEST_F(LearnedFromTest, GetsWhatHasCompleted) {
  const auto submitted = cluster_.Submit(Learner("1"), "learner");
  ASSERT_TRUE(submitted.ok()) << submitted.error().ToString();
  const auto rows = cluster_.Query(
      "SELECT json_extract(canonical_json, '$.searcher.observations') FROM documents "
      "WHERE experiment_id = 2");
  ASSERT_TRUE(rows.ok()) << rows.error().ToString();
  EXPECT_EQ((*rows)[0][0].AsString(),
            R"([{"hparams":{"training.optimizer.lr":0.5},"value":0.25}])");
}

TEST_F(LearnedFromTest, RefusesWhatItCannotLearnFrom) {
  const auto unknown = cluster_.Submit(Learner("7"), "learner-1");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code(), ErrorCode::kNotFound);
  EXPECT_NE(unknown.error().message().find("experiment 7"), std::string::npos);
  const auto other = cluster_.Submit(Learner("1", "train_loss"), "learner-2");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_NE(other.error().message().find("searched by validation_loss"), std::string::npos)
      << other.error().message();
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM experiments"), 1);
}

}  // namespace
}  // namespace tutti
