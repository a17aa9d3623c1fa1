// Goal: models are told apart by what their weights look like and by nothing else. Method: presets
// with parameters that change weights and parameters that do not.

#include "experiments/models/weight_shapes.h"

#include <gtest/gtest.h>

namespace tutti {
namespace {

std::string Shapes(const std::string& model) {
  return WeightShapes(BuildGraph(Json::Parse(model).value(), {1, 28, 28}, 10).value());
}

TEST(WeightShapes, AreEqualWhereWeightsCanBeTakenOver) {
  EXPECT_EQ(Shapes(R"({"preset":"mnist_cnn","dropout":0.1})"),
            Shapes(R"({"preset":"mnist_cnn","dropout":0.4})"));
  EXPECT_NE(Shapes(R"({"preset":"mnist_cnn"})"), Shapes(R"({"preset":"mnist_cnn","width":8})"));
  EXPECT_NE(Shapes(R"({"preset":"se_resnet"})"), Shapes(R"({"preset":"se_resnet","width":16})"));
  EXPECT_NE(Shapes(R"({"preset":"mnist_cnn"})"), Shapes(R"({"preset":"cnn3"})"));
  EXPECT_FALSE(Shapes(R"({"preset":"resnet18"})").empty());
}

}  // namespace
}  // namespace tutti
