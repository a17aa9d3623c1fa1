// Goal: the evolution strategy adapts as CMA-ES does. Method: functions whose difficulty only
// adaptation overcomes: a sphere, a rotated needle, an optimum on the boundary; warm starts.

#include "experiments/search/model_based/evolution_strategy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace tutti::search {
namespace {

using Vector = std::vector<double>;

template <class Function>
double BestAfter(EvolutionStrategy& strategy, std::int64_t evaluations, const Function& function,
                 std::uint64_t seed = 1) {
  Rng rng(seed);
  double best = 1e300;
  for (std::int64_t done = 0; done < evaluations; done += strategy.population()) {
    std::vector<Vector> points;
    for (std::int64_t i = 0; i < strategy.population(); ++i) points.push_back(strategy.Sample(rng));
    std::stable_sort(points.begin(), points.end(), [&](const Vector& a, const Vector& b) {
      return function(a) < function(b);
    });
    best = std::min(best, function(points.front()));
    for (const Vector& p : points) {
      for (const double x : p) {
        EXPECT_GE(x, 0);
        EXPECT_LE(x, 1);
      }
    }
    strategy.Tell(points);
  }
  return best;
}

double Sphere(const Vector& x) {
  double sum = 0;
  for (const double value : x) sum += (value - 0.3) * (value - 0.3);
  return sum;
}

TEST(EvolutionStrategy, ConvergesLinearlyOnASphere) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    EvolutionStrategy strategy(Vector(5, 0.6), 1.0 / 6, Vector(5, 0));
    EXPECT_EQ(strategy.population(), 8);  // 4 + floor(3 ln 5)
    const double early = BestAfter(strategy, 400, Sphere, seed);
    const double late = BestAfter(strategy, 400, Sphere, seed + 100);
    EXPECT_LT(early, 1e-4);
    EXPECT_LT(late, 1e-3 * early);
  }
}

// Condition number 10^6 along a rotated axis: without the covariance matrix the step size would
// have to shrink a thousandfold first.
TEST(EvolutionStrategy, LearnsTheShapeOfARotatedNeedle) {
  const auto needle = [](const Vector& x) {
    const double along = (x[0] + x[1] + x[2]) / std::sqrt(3.0) - 0.7;
    double all = 0;
    for (const double value : x) all += std::pow(value - 0.7 / std::sqrt(3.0), 2);
    return along * along + 1e6 * (all - along * along);
  };
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    EvolutionStrategy strategy(Vector(3, 0.8), 1.0 / 6, Vector(3, 0));
    EXPECT_LT(BestAfter(strategy, 1500, needle, seed), 1e-8);
  }
}

TEST(EvolutionStrategy, FindsAnOptimumOnTheBoundary) {
  const auto corner = [](const Vector& x) { return x[0] + 2 * x[1] - x[2]; };
  EvolutionStrategy strategy(Vector(3, 0.5), 1.0 / 6, Vector(3, 0));
  EXPECT_LT(BestAfter(strategy, 500, corner), -1 + 1e-3);
}

TEST(EvolutionStrategy, StartsWhereAndHowGoodPointsLie) {
  std::vector<Vector> good;
  for (int i = -5; i <= 5; ++i) good.push_back({0.5 + 0.05 * i, 0.8});
  const EvolutionStrategy strategy = EvolutionStrategy::Around(good, Vector(2, 0));
  EXPECT_NEAR(strategy.mean()[0], 0.5, 1e-12);
  EXPECT_NEAR(strategy.mean()[1], 0.8, 1e-12);
  Rng rng(3);
  double first = 0;
  double second = 0;
  constexpr int kDraws = 4000;
  for (int i = 0; i < kDraws; ++i) {
    const Vector x = strategy.Sample(rng);
    first += (x[0] - 0.5) * (x[0] - 0.5) / kDraws;
    second += (x[1] - 0.8) * (x[1] - 0.8) / kDraws;
  }
  EXPECT_NEAR(first, 0.01 + 0.025, 0.004);  // 0.1^2 and the mean of (0.05 i)^2
  EXPECT_NEAR(second, 0.01, 0.0015);        // a little less: 2 % would lie outside
}

TEST(EvolutionStrategy, KeepsItsFloorsAndNoticesThatItIsExhausted) {
  EvolutionStrategy free(Vector(2, 0.5), 1.0 / 6, Vector(2, 0));
  EvolutionStrategy held(Vector(2, 0.5), 1.0 / 6, Vector{0.02, 0});
  BestAfter(free, 1500, Sphere);
  BestAfter(held, 1500, Sphere);
  EXPECT_TRUE(free.exhausted());
  EXPECT_LT(free.sigma(), 1e-6);
  Rng rng(5);
  double spread = 0;
  for (int i = 0; i < 1000; ++i) {
    spread = std::max(spread, std::abs(held.Sample(rng)[0] - held.mean()[0]));
  }
  EXPECT_GT(spread, 0.02);
}

}  // namespace
}  // namespace tutti::search
