// Goal: the generator is Philox4x32-10 to the bit, streams depend on their names only, and the
// distributions are what they claim. Method: Random123's published known answers, and moments and
// counts of many draws against bounds that a right generator passes for these fixed seeds.

#include "experiments/core/rng.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace tutti {
namespace {

TEST(Philox, GivesTheKnownAnswersOfRandom123) {
  using Block = std::array<std::uint32_t, 4>;
  EXPECT_EQ(Philox4x32({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const std::uint32_t f = 0xffffffff;
  EXPECT_EQ(Philox4x32({f, f, f, f}, {f, f}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(Philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Rng, DrawsTheWordsOfItsBlocks) {
  Rng rng((std::uint64_t{7} << 32) | 5);
  for (std::uint32_t block = 0; block < 3; ++block) {
    for (const std::uint32_t word : Philox4x32({block, 0, 0, 0}, {5, 7})) {
      EXPECT_EQ(rng.NextU32(), word);
    }
  }
}

TEST(Rng, CanBeSavedAndRestoredAtAnyPosition) {
  Rng rng(42);
  for (int i = 0; i < 9; ++i) {
    Rng restored = Rng::At(rng.key(), rng.position());
    EXPECT_EQ(restored, rng);
    Rng copy = rng;
    EXPECT_EQ(restored.NextU64(), copy.NextU64());
    rng.NextU32();
  }
}

TEST(Rng, StreamsDependOnTheirNamesOnly) {
  const Rng root(42);
  Rng moved(42);
  moved.NextU64();
  EXPECT_EQ(root.Split("order", {3}), moved.Split("order", {3}));
  std::set<std::uint64_t> keys;
  for (const char* label : {"", "a", "b", "ab", "order"}) {
    keys.insert(root.Split(label).key());
    for (std::uint64_t i = 0; i < 50; ++i) {
      keys.insert(root.Split(label, {i}).key());
      keys.insert(root.Split(label, {i, 0}).key());
      keys.insert(root.Split(label, {0, i + 1}).key());
    }
  }
  // {0, 0} is in both of the last two sets' ranges only once: 5 x (1 + 50 + 50 + 50).
  EXPECT_EQ(keys.size(), 755u);
  EXPECT_NE(Rng(1).Split("a").key(), Rng(2).Split("a").key());
}

TEST(Rng, UniformIsInItsRangeWithTheRightMoments) {
  Rng rng(1);
  double sum = 0;
  double squares = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = rng.Uniform();
    ASSERT_TRUE(u >= 0 && u < 1);
    sum += u;
    squares += u * u;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.004);
  EXPECT_NEAR(squares / kDraws, 1.0 / 3, 0.004);
  for (int i = 0; i < 100; ++i) {
    const double u = rng.Uniform(-2, 3);
    EXPECT_TRUE(u >= -2 && u < 3);
  }
  EXPECT_EQ(rng.Uniform(2, 2), 2.0);
}

TEST(Rng, BelowIsUnbiasedForAwkwardBounds) {
  for (const std::uint64_t bound : {1u, 3u, 7u, 10u}) {
    Rng rng(bound);
    std::vector<int> counts(bound);
    constexpr int kDraws = 70000;
    for (int i = 0; i < kDraws; ++i) ++counts[rng.Below(bound)];
    const double expected = static_cast<double>(kDraws) / static_cast<double>(bound);
    for (const int count : counts) EXPECT_NEAR(count, expected, 5 * std::sqrt(expected) + 1e-9);
  }
  // Modulo would give the lower half of the range twice as often as the upper one.
  const std::uint64_t bound = (std::uint64_t{1} << 63) + (std::uint64_t{1} << 62);
  Rng rng(5);
  int low = 0;
  for (int i = 0; i < 30000; ++i) low += rng.Below(bound) < bound / 2 ? 1 : 0;
  EXPECT_NEAR(low, 15000, 500);
}

TEST(Rng, NormalHasTheMomentsOfTheNormal) {
  Rng rng(9);
  constexpr int kDraws = 100000;
  double sums[5] = {};
  for (int i = 0; i < kDraws; ++i) {
    const double z = rng.Normal();
    ASSERT_TRUE(std::isfinite(z));
    for (int power = 1; power <= 4; ++power) sums[power] += std::pow(z, power);
  }
  EXPECT_NEAR(sums[1] / kDraws, 0, 0.015);
  EXPECT_NEAR(sums[2] / kDraws, 1, 0.02);
  EXPECT_NEAR(sums[3] / kDraws, 0, 0.06);
  EXPECT_NEAR(sums[4] / kDraws, 3, 0.15);
}

TEST(Rng, PermutationHoldsEveryNumberOnceAndMovesAllPlaces) {
  Rng rng(3);
  EXPECT_TRUE(rng.Permutation(0).empty());
  EXPECT_EQ(rng.Permutation(1), std::vector<std::int64_t>{0});
  auto order = rng.Permutation(1000);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()));
  std::sort(order.begin(), order.end());
  std::vector<std::int64_t> all(1000);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(order, all);
  // All 6 orders of 3 come up, each about equally often.
  std::map<std::vector<std::int64_t>, int> counts;
  for (int i = 0; i < 6000; ++i) ++counts[rng.Permutation(3)];
  ASSERT_EQ(counts.size(), 6u);
  for (const auto& [permutation, count] : counts) EXPECT_NEAR(count, 1000, 150);
}

}  // namespace
}  // namespace tutti
