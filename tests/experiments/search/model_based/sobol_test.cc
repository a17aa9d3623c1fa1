// Goal: the points are Sobol's, scrambled so that each is uniform and the net property stays.
// Method: count points in elementary intervals, and means over many seeds.

#include "experiments/search/model_based/sobol.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <utility>

namespace tutti::search {
namespace {

// Sobol's first two coordinates are a (0, m, 2)-net in base 2: of 2^m points, each of the 2^m
// boxes 2^-a by 2^-(m-a) holds exactly one.
TEST(Sobol, PutsOnePointIntoEveryElementaryInterval) {
  for (const std::uint64_t seed : {1u, 2u, 42u}) {
    for (int m = 1; m <= 8; ++m) {
      for (int a = 0; a <= m; ++a) {
        std::set<std::pair<int, int>> boxes;
        for (std::uint64_t i = 0; i < (1ull << m); ++i) {
          const auto p = ScrambledSobolPoint(seed, 2, i);
          boxes.emplace(static_cast<int>(std::ldexp(p[0], a)),
                        static_cast<int>(std::ldexp(p[1], m - a)));
        }
        EXPECT_EQ(boxes.size(), 1ull << m) << "seed " << seed << " m " << m << " a " << a;
      }
    }
  }
}

TEST(Sobol, EveryCoordinateIsStratifiedInManyDimensions) {
  constexpr std::size_t kDimensions = 40;
  std::vector<std::set<int>> cells(kDimensions);
  for (std::uint64_t i = 0; i < 64; ++i) {
    const auto p = ScrambledSobolPoint(7, kDimensions, i);
    for (std::size_t d = 0; d < kDimensions; ++d) cells[d].insert(static_cast<int>(p[d] * 64));
  }
  for (const auto& cell : cells) EXPECT_EQ(cell.size(), 64u);
}

TEST(Sobol, SeedsGiveOtherPointsThatAreUniform) {
  double sum = 0;
  double squares = 0;
  constexpr int kSeeds = 4000;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const double x = ScrambledSobolPoint(seed, 3, 0)[2];  // unscrambled it would be 0
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kSeeds, 0.5, 0.02);  // standard error 0.0046
  EXPECT_NEAR(squares / kSeeds, 1.0 / 3, 0.02);
  EXPECT_EQ(ScrambledSobolPoint(5, 4, 123), ScrambledSobolPoint(5, 4, 123));
  EXPECT_NE(ScrambledSobolPoint(5, 4, 123), ScrambledSobolPoint(6, 4, 123));
}

// Integrating a smooth function of four variables: the error of 256 points is far below that of
// random ones (standard error 0.0127 here).
TEST(Sobol, IntegratesBetterThanRandomPoints) {
  double worst = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    double sum = 0;
    for (std::uint64_t i = 0; i < 256; ++i) {
      const auto p = ScrambledSobolPoint(seed, 4, i);
      sum += (p[0] + p[1]) * (p[2] + p[3]) / 4;
    }
    worst = std::max(worst, std::abs(sum / 256 - 0.25));
  }
  EXPECT_LT(worst, 0.0025);
}

}  // namespace
}  // namespace tutti::search
