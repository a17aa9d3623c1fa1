// Goal: sampled values lie in their dimension, are spread as declared, and depend on nothing but
// seed, configuration and path; grid points are the declared ones. Method: many draws per type,
// tables of axes, and equality under reordering.

#include "experiments/search/sample.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

namespace tutti::search {
namespace {

SearchDimension Numbers(SpaceType type, double low, double high,
                        std::optional<std::int64_t> count = std::nullopt) {
  SearchDimension d;
  d.path = "training.optimizer.lr";
  d.type = type;
  d.minval = low;
  d.maxval = high;
  d.count = count;
  return d;
}

SearchDimension Choice(std::vector<Json> vals) {
  SearchDimension d;
  d.path = "model";
  d.type = SpaceType::kCategorical;
  d.vals = std::move(vals);
  return d;
}

std::vector<double> Draws(const SearchDimension& d, int n) {
  Rng rng(4);
  std::vector<double> values;
  for (int i = 0; i < n; ++i) values.push_back(SampleDimension(d, rng).AsDouble());
  return values;
}

TEST(Sample, IntegersCoverTheirRangeEvenlyAndInclusively) {
  const SearchDimension d = Numbers(SpaceType::kInt, -2, 3);
  std::map<double, int> counts;
  for (const double v : Draws(d, 6000)) ++counts[v];
  ASSERT_EQ(counts.size(), 6u);
  EXPECT_EQ(counts.begin()->first, -2);
  EXPECT_EQ(counts.rbegin()->first, 3);
  for (const auto& [value, count] : counts) EXPECT_NEAR(count, 1000, 150) << value;
  Rng rng(1);
  EXPECT_TRUE(SampleDimension(d, rng).is_int()) << "an int stays an int in the canonical document";
}

TEST(Sample, RealsAreUniformOnTheirOwnScale) {
  const auto fraction_below = [](const SearchDimension& d, double middle) {
    const auto values = Draws(d, 4000);
    return static_cast<double>(std::count_if(values.begin(), values.end(),
                                             [&](double v) { return v < middle; })) / 4000;
  };
  EXPECT_NEAR(fraction_below(Numbers(SpaceType::kDouble, 2, 4), 3), 0.5, 0.03);
  // Exponents -4 … 0 of 10: half of the values lie below 10^-2.
  EXPECT_NEAR(fraction_below(Numbers(SpaceType::kLog, -4, 0), 1e-2), 0.5, 0.03);
  EXPECT_NEAR(fraction_below(Numbers(SpaceType::kLogUniform, 1e-4, 1), 1e-2), 0.5, 0.03);
  SearchDimension base2 = Numbers(SpaceType::kLog, 0, 4);
  base2.base = 2;
  EXPECT_NEAR(fraction_below(base2, 4), 0.5, 0.03);
}

TEST(Sample, ValuesStayWithinTheirBounds) {
  for (const double v : Draws(Numbers(SpaceType::kDouble, -1, 1), 1000)) {
    EXPECT_TRUE(v >= -1 && v <= 1);
  }
  for (const double v : Draws(Numbers(SpaceType::kLog, -4, -1), 1000)) {
    EXPECT_TRUE(v >= 1e-4 && v <= 1e-1);
  }
  for (const double v : Draws(Numbers(SpaceType::kLogUniform, 0.3, 0.3), 10)) EXPECT_EQ(v, 0.3);
  for (const double v : Draws(Numbers(SpaceType::kLogUniform, 1e-3, 1e-1), 1000)) {
    EXPECT_TRUE(v >= 1e-3 && v <= 1e-1);
  }
}

TEST(Sample, ConstAndCategoricalGiveTheirValues) {
  SearchDimension fixed;
  fixed.value = "adam";
  Rng rng(1);
  EXPECT_EQ(SampleDimension(fixed, rng), Json("adam"));
  const Json map = Json::MakeObject({{"preset", "mnist_cnn"}});
  const SearchDimension choice = Choice({map, "x", 3});
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) seen.insert(SampleDimension(choice, rng).Dump());
  EXPECT_EQ(seen, (std::set<std::string>{map.Dump(), "\"x\"", "3"}));
}

TEST(Sample, AConfigurationDependsOnSeedNumberAndPathsOnly) {
  SearchDimension lr = Numbers(SpaceType::kLog, -4, -1);
  SearchDimension batch = Numbers(SpaceType::kInt, 16, 256);
  batch.path = "training.batch_size";
  const Json both = SampleConfiguration({lr, batch}, 42, 7);
  EXPECT_EQ(both, SampleConfiguration({lr, batch}, 42, 7));
  EXPECT_EQ(both, SampleConfiguration({batch, lr}, 42, 7));
  EXPECT_EQ(both[lr.path], SampleConfiguration({lr}, 42, 7)[lr.path])
      << "another dimension does not change this one";
  EXPECT_NE(both[lr.path], SampleConfiguration({lr}, 42, 8)[lr.path]);
  EXPECT_NE(both[lr.path], SampleConfiguration({lr}, 43, 7)[lr.path]);
  EXPECT_EQ(both.AsObject()[0].first, lr.path) << "in the order of the space, parents first";
}

struct AxisCase {
  SearchDimension dimension;
  std::string points;
};
class Axes : public testing::TestWithParam<AxisCase> {};
TEST_P(Axes, HaveTheDeclaredPoints) {
  const auto points = GridPoints(GetParam().dimension);
  ASSERT_TRUE(points.ok()) << points.error().ToString();
  EXPECT_EQ(Json(*points).Dump(), GetParam().points);
}
INSTANTIATE_TEST_SUITE_P(
    Grid, Axes,
    testing::Values(AxisCase{Numbers(SpaceType::kDouble, 0, 1, 5), "[0.0,0.25,0.5,0.75,1.0]"},
                    AxisCase{Numbers(SpaceType::kDouble, 0, 1, 1), "[0.5]"},
                    AxisCase{Numbers(SpaceType::kDouble, 0.1, 0.7, 2), "[0.1,0.7]"},
                    AxisCase{Numbers(SpaceType::kDouble, 2, 2, 4), "[2.0]"},
                    AxisCase{Numbers(SpaceType::kInt, 1, 10, 4), "[1,4,7,10]"},
                    AxisCase{Numbers(SpaceType::kInt, 1, 10, 3), "[1,6,10]"},
                    AxisCase{Numbers(SpaceType::kInt, 1, 4, 100), "[1,2,3,4]"},
                    AxisCase{Numbers(SpaceType::kInt, -1, 1), "[-1,0,1]"},
                    AxisCase{Numbers(SpaceType::kInt, 1, 9, 1), "[5]"},
                    AxisCase{Numbers(SpaceType::kLog, -4, -1, 4), "[1e-04,0.001,0.01,0.1]"},
                    AxisCase{Numbers(SpaceType::kLog, -4, -2, 1), "[0.001]"},
                    AxisCase{Choice({"a", 2, true}), R"(["a",2,true])"}));

TEST(Grid, LoguniformKeepsItsBoundsExactly) {
  const auto points = GridPoints(Numbers(SpaceType::kLogUniform, 1e-4, 1e-2, 3)).value();
  ASSERT_EQ(points.size(), 3u);
  EXPECT_EQ(points[0].AsDouble(), 1e-4);
  EXPECT_NEAR(points[1].AsDouble(), 1e-3, 1e-17);
  EXPECT_EQ(points[2].AsDouble(), 1e-2);
}

TEST(Grid, ConstIsOnePoint) {
  SearchDimension fixed;
  fixed.value = 3;
  EXPECT_EQ(Json(GridPoints(fixed).value()).Dump(), "[3]");
}

struct BadDimension {
  SearchDimension dimension;
  std::string message;
};
class BadDimensions : public testing::TestWithParam<BadDimension> {};
TEST_P(BadDimensions, AreNamedWithTheReason) {
  const auto points = GridPoints(GetParam().dimension);
  ASSERT_FALSE(points.ok());
  EXPECT_NE(points.error().ToString().find(GetParam().message), std::string::npos)
      << points.error().ToString();
  EXPECT_NE(points.error().ToString().find("hyperparameters." + GetParam().dimension.path),
            std::string::npos);
}
INSTANTIATE_TEST_SUITE_P(
    Grid, BadDimensions,
    testing::Values(
        BadDimension{Numbers(SpaceType::kDouble, 0, 1), "a grid needs the number of points"},
        BadDimension{Numbers(SpaceType::kLog, 0, 1), "(log): a grid needs the number of points"},
        BadDimension{Numbers(SpaceType::kDouble, 2, 1, 3), "are in the wrong order"},
        BadDimension{Numbers(SpaceType::kDouble, 0, 1, 0), "count is 0, must be at least 1"},
        BadDimension{Numbers(SpaceType::kInt, 0.5, 2, 1), "must be integers"},
        BadDimension{Numbers(SpaceType::kInt, 0, 1e300, 1), "must be integers"},
        BadDimension{Numbers(SpaceType::kInt, 0, 2e6), "gives 2000001 grid points"},
        BadDimension{Numbers(SpaceType::kDouble, 0, 1, 2'000'000), "gives 2000000 grid points"},
        BadDimension{Numbers(SpaceType::kLogUniform, 0, 1, 2), "must be above 0"},
        BadDimension{Numbers(SpaceType::kLog, 0, 1000, 2), "for plain values use type loguniform"},
        BadDimension{Numbers(SpaceType::kDouble, 0, std::numeric_limits<double>::infinity(), 2),
                     "must be finite"},
        BadDimension{Choice({}), "vals is empty"}));

TEST(Grid, ALogBaseMustMakeSense) {
  for (const double base : {0.0, -2.0, 1.0}) {
    SearchDimension d = Numbers(SpaceType::kLog, 0, 1, 2);
    d.base = base;
    EXPECT_FALSE(CheckDimension(d).ok()) << base;
  }
}

TEST(TrialSeed, IsExactInJsonAndDiffersPerTrial) {
  std::set<std::uint64_t> seeds;
  for (std::int64_t configuration = 1; configuration <= 100; ++configuration) {
    for (std::int64_t replicate = 0; replicate < 10; ++replicate) {
      const std::uint64_t seed = TrialSeed(42, configuration, replicate);
      EXPECT_LT(seed, std::uint64_t{1} << 53);
      EXPECT_EQ(seed, TrialSeed(42, configuration, replicate));
      seeds.insert(seed);
    }
  }
  EXPECT_EQ(seeds.size(), 1000u);
  EXPECT_NE(TrialSeed(42, 1, 1), TrialSeed(43, 1, 1));
}

}  // namespace
}  // namespace tutti::search
