// Goal: readers of canonical documents refuse damaged ones by path, and metric names mean what the
// trainer reports.
// Method: tables. Reading of complete documents is tested with spec, which makes them.

#include "experiments/core/config/experiment_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tutti {
namespace {

using ::testing::HasSubstr;

TEST(MetricName, IsCutAtTheFirstUnderscore) {
  const auto parsed = ParseMetricName("validation_macro_f1");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->first, Split::kValidation);
  EXPECT_EQ(parsed->second, "macro_f1");
  for (const char* wrong : {"accuracy", "val_accuracy", "test", "test_", "", "_loss"}) {
    const auto refused = ParseMetricName(wrong);
    ASSERT_FALSE(refused.ok()) << wrong;
    EXPECT_THAT(refused.error().message(), HasSubstr("'" + std::string(wrong) + "'"));
  }
}

TEST(MetricName, HasADirection) {
  EXPECT_EQ(LargerIsBetter("accuracy"), true);
  EXPECT_EQ(LargerIsBetter("macro_auc"), true);
  EXPECT_EQ(LargerIsBetter("loss"), false);
  EXPECT_EQ(LargerIsBetter("ece"), false);
  EXPECT_EQ(LargerIsBetter("validation_loss"), std::nullopt);
  for (const std::string& name : MetricNames()) EXPECT_TRUE(LargerIsBetter(name).has_value());
}

TEST(ReadExperimentConfig, NamesTheFirstMissingField) {
  const auto result = ReadExperimentConfig(Json::MakeObject({{"name", "x"}}));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(result.error().message(), HasSubstr("description is missing, expected a string"));
  EXPECT_FALSE(ReadExperimentConfig(Json()).ok());
  EXPECT_FALSE(ReadExperimentConfig(Json(3)).ok());
}

TEST(ApplyHparams, ReplacesFieldsInOrder) {
  const Json document =
      Json::Parse(R"({"model":{"preset":"a","width":8},"training":{"batch_size":128}})").value();
  const Json hparams =
      Json::Parse(R"({"model":{"preset":"b"},"model.dropout":0.5,"training.batch_size":64})")
          .value();
  EXPECT_EQ(ApplyHparams(document, hparams).Dump(),
            R"({"model":{"preset":"b","dropout":0.5},"training":{"batch_size":64}})");
  EXPECT_EQ(ApplyHparams(document, Json()), document);
}

// A program's hyperparameters are names of its own: "name" must not rename the experiment.
TEST(ApplyHparams, OfAProgramStandApart) {
  const Json document = Json::Parse(R"({"name":"x","entrypoint":["a"]})").value();
  const Json hparams = Json::Parse(R"({"name":"y","optimizer.lr":0.1})").value();
  const Json trial = ApplyHparams(document, hparams);
  EXPECT_EQ(trial["name"], Json("x"));
  EXPECT_EQ(trial["hparams"], hparams);
  EXPECT_EQ(trial.Find("optimizer"), nullptr);
}

TEST(ApplyHparams, LeavesOutWhatOnlyTheSearchNeeds) {
  const Json document =
      Json::Parse(R"({"searcher":{"name":"tpe","observations":[{"hparams":{},"value":1}]}})")
          .value();
  EXPECT_EQ(ApplyHparams(document, Json::MakeObject()).Dump(), R"({"searcher":{"name":"tpe"}})");
}

}  // namespace
}  // namespace tutti
