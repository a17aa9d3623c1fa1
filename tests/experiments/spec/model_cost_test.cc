// Goal: what a configuration costs is known before it is trained, and what cannot be trained says
// why. Method: short documents with known counts (README.md of models) and wrong ones.

#include "experiments/spec/model_cost.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "experiments/models/graph.h"

namespace tutti::spec {
namespace {

using ::testing::HasSubstr;

Json Document(const std::string& model, const std::string& data = R"({"dataset":"mnist"})") {
  Json document = Json::Parse(R"({"model":)" + model + R"(,"data":)" + data + "}").value();
  Json& section = *document.Find("data");
  if (section.Find("options") == nullptr) section.Set("options", Json::MakeObject());
  if (section.Find("classes") == nullptr) section.Set("classes", Json::MakeArray());
  return document;
}

TEST(ModelCost, IsTheSumOverTheLayers) {
  const auto cost = FindModelCost(Document(R"({"preset":"mnist_cnn"})"));
  ASSERT_TRUE(cost.ok()) << cost.error().ToString();
  ASSERT_TRUE(cost->has_value());
  EXPECT_EQ((*cost)->parameters, 225'034);
  const Graph graph =
      BuildGraph(Json::Parse(R"({"preset":"mnist_cnn"})").value(), {1, 28, 28}, 10).value();
  EXPECT_EQ((*cost)->flops, graph.flops);
  EXPECT_GT((*cost)->flops, 2 * 2'000'000);
}

TEST(ModelCost, NamesTheLayerThatDoesNotFit) {
  const auto cost =
      FindModelCost(Document(R"({"layers":[{"conv":{"out":4,"kernel":31}},{"linear":"classes"}]})"));
  ASSERT_FALSE(cost.ok());
  EXPECT_EQ(cost.error().code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(cost.error().message(), HasSubstr("model.layers[0] (conv)"));
}

TEST(ModelCost, IsUnknownWhereOnlyTheFilesTellAndOfPrograms) {
  const std::string idx = R"({"dataset":"idx"})";
  for (const Json& document : {Document(R"({"preset":"mlp"})", idx),
                               Json::Parse(R"({"entrypoint":["a"]})").value()}) {
    const auto cost = FindModelCost(document);
    ASSERT_TRUE(cost.ok()) << cost.error().ToString();
    EXPECT_FALSE(cost->has_value());
  }
}

}  // namespace
}  // namespace tutti::spec
