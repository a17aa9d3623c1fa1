// Goal: an experiment that starts from another trial's weights is bound to one checkpoint when it
// is submitted, whatever a client claims about it, and is refused where there is none.
// Method: the real coordinator; a worker by hand reports a checkpoint; documents are read back.

#include <gtest/gtest.h>

#include "tests/coordinator/service/fake_worker.h"
#include "tests/coordinator/service/test_cluster.h"

namespace tutti {
namespace {

Json Record(const std::string& text) { return Json::Parse(text).value(); }

class WarmStartTest : public testing::Test {
 protected:
  WarmStartTest() {
    EXPECT_TRUE(cluster_.Submit(TestCluster::Document(), "parent").ok());
    worker_ = std::make_unique<FakeWorker>(cluster_.address, "a");
    EXPECT_TRUE(worker_->Join());
    const auto attempt = worker_->AwaitAttempt();
    if (!attempt) {
      ADD_FAILURE() << "no attempt";
      return;
    }
    worker_->Send(*attempt, 1,
                  Record(R"({"type":"checkpoint","epoch":1,"step":9,"name":"1/1/1-step-9",)"
                         R"("bytes":99,"sha256":")" +
                         kHash + R"(","metric":0.25,"best":true,"final":false})"));
    EXPECT_TRUE(worker_->AwaitAck(attempt->attempt, "COMMITTED 1"));
  }

  static std::string Child(const std::string& checkpoint) {
    Json document = Json::Parse(TestCluster::Document()).value();
    document.SetPath("training.warm_start",
                     Json::MakeObject({{"checkpoint", checkpoint},
                                       {"weights", Json::MakeArray({"features.*"})},
                                       {"name", "9/9/not-mine"},
                                       {"sha256", std::string(64, 'f')}}));
    return document.Dump();
  }

  const std::string kHash = std::string(64, 'a');
  TestCluster cluster_;
  std::unique_ptr<FakeWorker> worker_;
};

TEST_F(WarmStartTest, IsBoundToTheCheckpointAsOfNow) {
  int number = 0;
  for (const char* checkpoint : {"1.1@best", "1.1@last", "1.1@e1"}) {
    const auto child = cluster_.Submit(Child(checkpoint), "child-" + std::to_string(++number));
    ASSERT_TRUE(child.ok()) << child.error().ToString();
    EXPECT_EQ(cluster_.ReadInt(
                  "SELECT count(*) FROM documents WHERE experiment_id = " +
                  std::to_string(child->experiment) +
                  " AND json_extract(canonical_json, '$.training.warm_start.name') = '1/1/1-step-9'"
                  " AND json_extract(canonical_json, '$.training.warm_start.sha256') = '" + kHash +
                  "'"),
              1)
        << checkpoint;
  }
}

TEST_F(WarmStartTest, WithoutItsCheckpointIsRefusedAndLeavesNothing) {
  int number = 0;
  for (const char* checkpoint : {"1.1@e7", "1.2@best", "5.1@best"}) {
    const auto child = cluster_.Submit(Child(checkpoint), "child-" + std::to_string(++number));
    ASSERT_FALSE(child.ok()) << checkpoint;
    EXPECT_EQ(child.error().code(), ErrorCode::kNotFound) << checkpoint;
    EXPECT_NE(child.error().ToString().find("training.warm_start.checkpoint"), std::string::npos)
        << child.error().ToString();
  }
  const auto child = cluster_.Submit(Child("1.1@e7"), "again");
  ASSERT_FALSE(child.ok());
  EXPECT_NE(child.error().ToString().find("@e1"), std::string::npos)
      << "says what is kept: " << child.error().ToString();
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM documents"), 1);
}

}  // namespace
}  // namespace tutti
