// Goal: points and configurations are two forms of the same thing, and a value that its condition
// switches off is never there. Method: round trips over random points of a space with every kind of
// dimension; values at the bounds.

#include "experiments/search/model_based/unit_space.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "tests/experiments/search/model_based/spaces.h"

namespace tutti::search {
namespace {

TEST(UnitSpace, DecodesAndEncodesTheSameConfiguration) {
  const UnitSpace space = UnitSpace::Make(MixedSpace()).value();
  ASSERT_EQ(space.size(), 6u) << "the constant is no axis";
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const Point point = space.Sample(Rng(seed));
    EXPECT_TRUE(space.IsComplete(point));
    const Json hparams = space.Decode(point);
    const Point again = space.Encode(hparams);
    ASSERT_EQ(again.size(), point.size());
    for (std::size_t a = 0; a < point.size(); ++a) {
      if (std::isnan(point[a])) {
        EXPECT_TRUE(std::isnan(again[a]));
      } else {
        EXPECT_NEAR(again[a], point[a], 1e-12);
      }
    }
    EXPECT_EQ(hparams["data.subset"], Json(6000));
  }
}

TEST(UnitSpace, HasAValueExactlyWhereItsConditionHolds) {
  const UnitSpace space = UnitSpace::Make(MixedSpace()).value();
  int pooled = 0;
  int dropped = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Json hparams = space.Decode(space.Sample(Rng(seed)));
    const bool mlp = hparams["model"] == Preset("mlp");
    const Json* pooling = hparams.Find("model.pooling");
    EXPECT_EQ(pooling == nullptr, mlp);
    const bool max = pooling != nullptr && *pooling == Json("max");
    EXPECT_EQ(hparams.Find("model.dropout") != nullptr, max);
    pooled += pooling != nullptr;
    dropped += max;
  }
  EXPECT_NEAR(pooled, 200, 40);
  EXPECT_NEAR(dropped, 100, 40);
}

TEST(UnitSpace, UniformNumbersGiveEveryIntegerAndChoiceEquallyOften) {
  const UnitSpace space =
      UnitSpace::Make({Real("n", -1, 2, SpaceType::kInt), Choices("c", {"a", "b"})}).value();
  std::map<std::string, int> seen;
  for (int i = 0; i < 40; ++i) {
    for (int j = 0; j < 10; ++j) {
      ++seen[space.Decode(space.FromUniform({i / 40.0, j / 10.0})).Dump()];
    }
  }
  EXPECT_EQ(seen.size(), 8u);
  for (const auto& [hparams, count] : seen) EXPECT_EQ(count, 50) << hparams;
}

TEST(UnitSpace, ReachesItsBoundsAndNothingBeyond) {
  const UnitSpace space = UnitSpace::Make({Real("lr", -4, -1, SpaceType::kLog),
                                           Real("decay", 1e-6, 1e-2, SpaceType::kLogUniform),
                                           Real("n", 3, 9, SpaceType::kInt)})
                              .value();
  EXPECT_EQ(space.Decode({0, 0, 0}).Dump(), R"({"lr":1e-04,"decay":1e-06,"n":3})");
  EXPECT_EQ(space.Decode({1, 1, 1}).Dump(), R"({"lr":0.1,"decay":0.01,"n":9})");
  EXPECT_EQ(space.Decode({-5, 7, 1.5}).Dump(), R"({"lr":1e-04,"decay":0.01,"n":9})");
}

TEST(UnitSpace, LeavesOutWhatAForeignConfigurationDoesNotHave) {
  const UnitSpace space = UnitSpace::Make(MixedSpace()).value();
  const Point point = space.Encode(Json::MakeObject({{"model", Preset("lenet")},
                                                     {"model.pooling", "max"},
                                                     {"training.batch_size", 17},
                                                     {"training.optimizer.lr", 7.0},
                                                     {"unknown", 3}}));
  EXPECT_TRUE(std::isnan(point[0])) << "no longer a choice";
  EXPECT_TRUE(std::isnan(point[1])) << "its condition does not hold";
  EXPECT_DOUBLE_EQ(point[3], 1.5 / 4);
  EXPECT_TRUE(std::isnan(point[4])) << "out of bounds";
  EXPECT_TRUE(std::isnan(point[5])) << "missing";
  EXPECT_FALSE(space.IsComplete(point));
}

TEST(UnitSpace, RefusesADimensionByItsPath) {
  const auto space = UnitSpace::Make({Real("a.b", 2, 1)});
  ASSERT_FALSE(space.ok());
  EXPECT_NE(space.error().message().find("a.b"), std::string::npos);
}

}  // namespace
}  // namespace tutti::search
