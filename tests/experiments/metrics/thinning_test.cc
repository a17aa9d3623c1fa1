// Goal: a thinned curve is a subset with its ends, keeps its area and its lone corners, also where
// every removal would change the area in the same direction. Method: staircases, arcs, random walks
// and precision curves with many more points than the limit; ranking against a plain sort.

#include "experiments/metrics/thinning.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "experiments/core/rng.h"
#include "experiments/metrics/ranking.h"

namespace tutti {
namespace {

using Points = std::vector<CurvePoint>;

Points Staircase(int steps) {
  Points points{{0, 0, 0}};
  for (int i = 0; i < steps; ++i) {
    const double x = static_cast<double>(i) / steps;
    const double y = static_cast<double>(i + 1) / steps;
    points.push_back({x, y, 0});
    points.push_back({y, y, 0});
  }
  return points;
}

Points Arc(int steps) {
  Points points;
  for (int i = 0; i <= steps; ++i) {
    const double angle = std::numbers::pi / 2 * i / steps;
    points.push_back({1 - std::cos(angle), std::sin(angle), 0});
  }
  return points;
}

Points RandomPrecision(int positives, int per_positive, std::uint64_t seed) {
  Rng rng(seed);
  Points points{{0, 1, 0}};
  double taken = 0;
  for (int tp = 1; tp <= positives; ++tp) {
    taken += 1 + static_cast<double>(rng.Below(static_cast<std::uint64_t>(per_positive)));
    const double recall = static_cast<double>(tp) / positives;
    points.push_back({recall, tp / taken, 0});
    taken += static_cast<double>(rng.Below(2));
    points.push_back({recall, tp / taken, 0});
  }
  return points;
}

void ExpectGoodThinning(const Points& points, Integration integration) {
  const Points thin = ThinCurve(points, integration);
  ASSERT_EQ(thin.size(), std::min(points.size(), kMaxCurvePoints));
  EXPECT_NEAR(Area(thin, integration), Area(points, integration), 1e-3);
  EXPECT_EQ(thin.front().x, points.front().x);
  EXPECT_EQ(thin.back().x, points.back().x);
  EXPECT_EQ(thin.back().y, points.back().y);
  std::size_t at = 0;
  for (const CurvePoint& point : thin) {
    while (at < points.size() && (points[at].x != point.x || points[at].y != point.y)) ++at;
    ASSERT_LT(at, points.size()) << "a thinned point is one of the points, in their order";
  }
}

TEST(Thinning, KeepsAreaAndEndsOfEveryKindOfCurve) {
  for (const int steps : {10, 255, 256, 300, 511, 700, 1000, 20000}) {
    ExpectGoodThinning(Staircase(steps), Integration::kTrapezoid);
    ExpectGoodThinning(Arc(steps), Integration::kTrapezoid);
  }
  for (const int positives : {100, 300, 1000, 20000}) {
    for (const int rest : {1, 2, 10, 100}) {
      ExpectGoodThinning(RandomPrecision(positives, rest, 5), Integration::kStep);
    }
  }
}

TEST(Thinning, KeepsLoneCornersOfABusyCurve) {
  Points points = Arc(5000);
  for (CurvePoint& point : points) {
    point.x = 0.5 + point.x / 2;
    point.y = 0.5 + point.y / 2;
  }
  points.insert(points.begin(), {{0, 0, 7}, {0.01, 0.0, 8}, {0.2, 0.0, 9}});
  const Points thin = ThinCurve(points, Integration::kTrapezoid);
  EXPECT_TRUE(std::any_of(thin.begin(), thin.end(), [](auto p) { return p.threshold == 9; }));
  EXPECT_FALSE(std::any_of(thin.begin(), thin.end(), [](auto p) { return p.threshold == 8; }));
}

TEST(Thinning, ShortCurvesStayAsTheyAre) {
  const Points points = Staircase(255);
  EXPECT_EQ(ThinCurve(points, Integration::kTrapezoid).size(), points.size());
  EXPECT_EQ(ThinCurve(points, Integration::kTrapezoid, 2).size(), 2u);
}

TEST(Ranking, SortOrdersScoresAndLabels) {
  for (const std::size_t n : {0u, 1u, 2u, 1000u, 70000u}) {
    Rng rng(n);
    std::vector<std::uint64_t> keys;
    for (std::size_t i = 0; i < n; ++i) {
      const double score = i % 7 == 0 ? 0.0 : i % 5 == 0 ? 1.0 : std::pow(rng.Uniform(), 40.0);
      keys.push_back(RankKey(score, rng.Below(2) == 0));
    }
    std::vector<std::uint64_t> expected = keys;
    std::sort(expected.begin(), expected.end());
    std::vector<std::uint64_t> scratch;
    SortKeys(keys, scratch);
    EXPECT_EQ(keys, expected);
  }
  EXPECT_LT(RankKey(0.25, true), RankKey(0.5, false));
  EXPECT_LT(RankKey(0.25, false), RankKey(0.25, true));
}

TEST(Ranking, CornersHaveTheExactAreas) {
  Rng rng(3);
  for (const int levels : {3, 50, 1000000}) {
    std::vector<std::uint64_t> keys;
    for (int i = 0; i < 3000; ++i) {
      const bool positive = rng.Below(4) == 0;
      const double score = (std::floor(rng.Uniform() * levels) + (positive ? levels : 0)) /
                           (2.0 * levels);
      keys.push_back(RankKey(rng.Below(3) == 0 ? score / 2 : score, positive));
    }
    std::sort(keys.begin(), keys.end());
    const RankedQuestion question = Rank(keys, true);
    EXPECT_NEAR(Area(question.roc, Integration::kTrapezoid), *question.auc, 1e-12);
    EXPECT_NEAR(Area(question.pr, Integration::kStep), *question.average_precision, 1e-12);
  }
}

TEST(Ranking, PointsOnStraightLinesAreLeftOut) {
  // A perfect ranking is three points, whatever the number of items.
  std::vector<std::uint64_t> keys;
  for (int i = 0; i < 100; ++i) keys.push_back(RankKey(i / 100.0, i >= 60));
  const RankedQuestion question = Rank(keys, true);
  ASSERT_EQ(question.roc.size(), 3u);
  EXPECT_EQ(question.roc[1].x, 0.0);
  EXPECT_EQ(question.roc[1].y, 1.0);
  EXPECT_EQ(question.roc[1].threshold, 0.6);
  EXPECT_EQ(*question.auc, 1.0);
  EXPECT_EQ(*question.average_precision, 1.0);
}

TEST(Ranking, MeanOfCurvesHasTheMeanOfTheirAreas) {
  const Points first{{0, 0, 0}, {0, 0.5, 0}, {0.25, 0.5, 0}, {0.25, 1, 0}, {1, 1, 0}};
  const Points second{{0, 0, 0}, {0.5, 0.8, 0}, {1, 1, 0}};
  const Points mean = MeanRoc({first, second});
  const double expected = (Area(first, Integration::kTrapezoid) +
                           Area(second, Integration::kTrapezoid)) / 2;
  EXPECT_NEAR(Area(mean, Integration::kTrapezoid), expected, 1e-15);
  ASSERT_EQ(mean.size(), 6u);
  EXPECT_EQ(mean[1].y, 0.25);                  // after the jump at 0
  EXPECT_NEAR(mean[2].y, (0.5 + 0.4) / 2, 1e-15);  // before the jump at 0.25
  EXPECT_NEAR(mean[3].y, (1.0 + 0.4) / 2, 1e-15);
  EXPECT_TRUE(std::isnan(mean[2].threshold));
  EXPECT_TRUE(MeanRoc({}).empty());
}

}  // namespace
}  // namespace tutti
