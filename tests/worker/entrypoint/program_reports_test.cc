// Goal: what a program says becomes the right records, and its variables say what it needs.
// Method: the pure parts, case by case.

#include "worker/entrypoint/program_reports.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "worker/entrypoint/checkpoint_desk.h"
#include "worker/entrypoint/line_connection.h"
#include "worker/entrypoint/program_environment.h"

namespace tutti::entrypoint {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

AttemptOrder Order(const std::string& time_metric = "epochs", bool smaller_is_better = true) {
  AttemptOrder order;
  order.attempt = 7;
  order.experiment = 3;
  order.trial = 40;
  order.trial_no = 2;
  order.metric = "validation_loss";
  order.smaller_is_better = smaller_is_better;
  order.time_metric = time_metric;
  order.hparams = Json::MakeObject();
  return order;
}

Json Parse(const std::string& text) { return Json::Parse(text).value(); }

TEST(ProgramReports, CountsEpochsAndTakesThemAsSteps) {
  ProgramReports reports(Order(), 4, 4, 4);
  EXPECT_EQ(reports.Report(Parse(R"({"metrics":{"validation_loss":0.5}})"))->header,
            Parse(R"({"type":"epoch","attempt":7,"epoch":5,"step":5,"time":5,
                      "metrics":{"validation":{"loss":0.5}}})"));
  const auto second = reports.Report(Parse(R"({"metrics":{"train_loss":1},"epoch":9})"));
  EXPECT_EQ(second->header["step"].AsInt(), 9);
  EXPECT_EQ(second->header.Find("time"), nullptr) << "without the searcher's metric";
  EXPECT_EQ(reports.time(), 5);
}

TEST(ProgramReports, KeepsTheStepsOfAProgramThatGivesThem) {
  ProgramReports reports(Order("batches"), 0, 0, 0);
  EXPECT_EQ(reports.Report(Parse(R"({"metrics":{"validation_loss":1},"step":300})"))
                ->header["time"]
                .AsInt(),
            300);
  EXPECT_EQ(reports.Report(Parse(R"({"metrics":{"train_loss":1}})"))->header["step"].AsInt(), 300);
}

TEST(ProgramReports, TakesTimeFromItsMetric) {
  ProgramReports reports(Order("samples"), 0, 0, 0);
  const auto record =
      reports.Report(Parse(R"({"metrics":{"validation_loss":1,"samples":4096.7}})"));
  EXPECT_EQ(record->header["time"].AsInt(), 4096);
  EXPECT_EQ(record->header["metrics"]["train"]["samples"].AsDouble(), 4096.7);
  for (const char* wrong : {R"({"metrics":{"validation_loss":1}})",
                            R"({"metrics":{"validation_loss":1,"samples":-1}})",
                            R"({"metrics":{"validation_loss":1,"samples":"NaN"}})"}) {
    const auto refused = reports.Report(Parse(wrong));
    ASSERT_FALSE(refused) << wrong;
    EXPECT_THAT(refused.error().ToString(), HasSubstr("'samples'"));
  }
  EXPECT_EQ(reports.epoch(), 1) << "a refused report changes nothing";
}

TEST(ProgramReports, RefusesWhatIsNoReport) {
  ProgramReports reports(Order(), 0, 0, 0);
  const std::pair<const char*, const char*> cases[] = {
      {R"({})", "\"metrics\""},
      {R"({"metrics":[1]})", "\"metrics\""},
      {R"({"metrics":{"loss":1}})", "'loss' is no name"},
      {R"({"metrics":{"train_":1}})", "'train_' is no name"},
      {R"({"metrics":{"train_a b":1}})", "'train_a b' is no name"},
      {R"({"metrics":{"train_x":true}})", "expected a number"},
      {R"({"metrics":{"train_x":"high"}})", "expected a number"},
      {R"({"metrics":{"train_x":1},"epoch":1.5})", "'epoch' is 1.5"},
      {R"({"metrics":{"train_x":1},"step":-1})", "'step' is -1"},
  };
  for (const auto& [text, why] : cases) {
    const auto record = reports.Report(Parse(text));
    ASSERT_FALSE(record) << text;
    EXPECT_THAT(record.error().ToString(), HasSubstr(why));
  }
}

TEST(ProgramReports, ReadsTheWordsForWhatIsNotFinite) {
  ProgramReports reports(Order(), 0, 0, 0);
  const auto record = reports.Report(Parse(
      R"({"metrics":{"train_a":"nan","train_b":"-Infinity","train_c":null,"train_d":"INF","train_e":"0.5"}})"));
  const Json& train = record->header["metrics"]["train"];
  EXPECT_EQ(train.Dump(), R"({"a":"NaN","b":"-Infinity","c":"NaN","d":"Infinity","e":0.5})");
}

TEST(ProgramReports, ACheckpointHasTheMetricOfItsEpochOnly) {
  ProgramReports reports(Order(), 0, 0, 0);
  const auto save = [&](const char* more) {
    return reports.Checkpoint(Parse(std::string(R"({"path":"/x")") + more + "}"));
  };
  EXPECT_EQ(save("")->metric, std::nullopt);
  ASSERT_TRUE(reports.Report(Parse(R"({"metrics":{"validation_loss":0.5}})")));
  EXPECT_EQ(save("")->metric, 0.5);
  EXPECT_TRUE(save("")->best);
  EXPECT_EQ(save(R"(,"epoch":2)")->metric, std::nullopt);
  ASSERT_TRUE(reports.Report(Parse(R"({"metrics":{"validation_loss":0.7}})")));
  EXPECT_EQ(save("")->metric, 0.7);
  EXPECT_FALSE(save("")->best);
  ASSERT_TRUE(reports.Report(Parse(R"({"metrics":{"validation_loss":"nan"}})")));
  EXPECT_EQ(save("")->metric, std::nullopt);
  EXPECT_FALSE(reports.Checkpoint(Parse(R"({"path":"relative"})")));
  EXPECT_FALSE(reports.Checkpoint(Parse(R"({})")));
}

TEST(ProgramEnvironment, NamesVariablesAfterHyperparameters) {
  EXPECT_EQ(VariableOf("lr"), "TUTTI_HP_LR");
  EXPECT_EQ(VariableOf("model.width-2"), "TUTTI_HP_MODEL_WIDTH_2");
}

TEST(ProgramEnvironment, OwnVariablesWinAndRanksKnowEachOther) {
  AttemptOrder order = Order();
  order.hparams = Parse(R"({"model.kind":"cnn","lr":0.001,"layers":[1,2]})");
  order.program.environment = {{"PATH", "/mine"}, {"TUTTI_SEED", "1"}, {"NAME", "value"}};
  order.seed = -1;  // 64 bits, all set
  const auto alone = EnvironmentOf(order, {}, {}, {}, 0, {"PATH=/bin", "HOME=/h"});
  for (const char* item : {"PATH=/mine", "HOME=/h", "NAME=value", "TUTTI_SEED=2147483647",
                           "TUTTI_TRIAL_ID=3.2", "TUTTI_HP_MODEL_KIND=cnn", "TUTTI_HP_LR=0.001",
                           "TUTTI_HP_LAYERS=[1,2]", "TUTTI_CHECKPOINT=", "TUTTI_SLOTS=1"}) {
    EXPECT_THAT(alone, Contains(item));
  }
  EXPECT_THAT(alone, Not(Contains(StartsWith("RANK="))));
  Crew crew;
  crew.world = 2;
  crew.master_port = 4711;
  const auto second = EnvironmentOf(order, {}, crew, {}, 1, {});
  for (const char* item : {"RANK=1", "LOCAL_RANK=1", "WORLD_SIZE=2", "MASTER_ADDR=127.0.0.1",
                           "MASTER_PORT=4711"}) {
    EXPECT_THAT(second, Contains(item));
  }
}

TEST(LineBuffer, PutsPiecesTogetherAndDropsWhatIsTooLong) {
  LineBuffer buffer;
  std::vector<std::string> lines;
  const auto take = [&](std::string_view line) { lines.emplace_back(line); };
  EXPECT_TRUE(buffer.Feed("on", take));
  EXPECT_TRUE(buffer.Feed("e\ntwo\n\nth", take));
  EXPECT_FALSE(buffer.Feed(std::string(kLongestLine, 'x'), take));
  EXPECT_TRUE(buffer.Feed("rest of it\nfour\n", take));
  EXPECT_THAT(lines, ElementsAre("one", "two", "", "four"));
}

class PublishTest : public ::testing::Test {
 protected:
  PublishTest() {
    char name[] = "/tmp/tutti-publish-XXXXXX";
    root_ = ::mkdtemp(name);
    std::filesystem::create_directory(root_ + "/handed");
  }
  ~PublishTest() override { std::filesystem::remove_all(root_); }
  void Write(const std::string& name) { std::ofstream(root_ + "/handed/" + name) << "content"; }
  Result<checkpoint::Committed> Try(std::int64_t step) {
    return Publish(root_, {3, 40, 7, step}, 2, 20, 1, root_ + "/handed");
  }
  std::string root_;
};

TEST_F(PublishTest, AHandedOverDirectoryBecomesACheckpoint) {
  Write("b.bin");
  Write("a.txt");
  const auto committed = Try(5);
  ASSERT_TRUE(committed) << committed.error().ToString();
  EXPECT_EQ(committed->name, "3/40/7-step-5");
  EXPECT_FALSE(std::filesystem::exists(root_ + "/handed"));
  const auto manifest =
      checkpoint::VerifyCheckpoint(root_, {3, 40, 7, 5}, committed->sha256);
  ASSERT_TRUE(manifest) << manifest.error().ToString();
  EXPECT_EQ(manifest->files.size(), 2u);
  EXPECT_EQ(manifest->epoch, 2);
  EXPECT_EQ(manifest->state["time"].AsInt(), 20);
}

TEST_F(PublishTest, ARefusedOneStaysWhereItIs) {
  EXPECT_THAT(Try(1).error().ToString(), HasSubstr("is empty"));
  Write("a.txt");
  ASSERT_TRUE(Try(1));
  std::filesystem::create_directory(root_ + "/handed");
  Write("a.txt");
  EXPECT_EQ(Try(1).error().code(), ErrorCode::kFailedPrecondition) << "the same step again";
  std::filesystem::create_directory(root_ + "/handed/folder");
  EXPECT_THAT(Try(2).error().ToString(), HasSubstr("'folder'"));
  EXPECT_TRUE(std::filesystem::exists(root_ + "/handed/a.txt"));
  EXPECT_FALSE(std::filesystem::exists(root_ + "/3/40/.tmp-7-2"));
}

}  // namespace
}  // namespace tutti::entrypoint
