#include "experiments/core/rng.h"

#include <cmath>
#include <numbers>
#include <numeric>

#include "experiments/core/check.h"

namespace tutti {
namespace {

// SplitMix64's finaliser (Steele, Lea, Flood 2014): spreads every input bit over the key.
std::uint64_t Mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

}  // namespace

std::array<std::uint32_t, 4> Philox4x32(std::array<std::uint32_t, 4> c,
                                        std::array<std::uint32_t, 2> k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = 0xD2511F53ull * c[0];
    const std::uint64_t p1 = 0xCD9E8D57ull * c[2];
    c = {static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ k[0], static_cast<std::uint32_t>(p1),
         static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ k[1], static_cast<std::uint32_t>(p0)};
    k[0] += 0x9E3779B9u;
    k[1] += 0xBB67AE85u;
  }
  return c;
}

Rng Rng::Split(std::string_view label, std::initializer_list<std::uint64_t> numbers) const {
  std::uint64_t h = Mix(key_);
  for (const char ch : label) h = Mix(h ^ static_cast<unsigned char>(ch));
  h = Mix(h ^ (0x100 + label.size()));
  for (const std::uint64_t n : numbers) h = Mix(h ^ Mix(n));
  return Rng(h);
}

std::uint32_t Rng::NextU32() {
  const std::uint64_t block = position_ / 4;
  const auto words = Philox4x32({static_cast<std::uint32_t>(block),
                                 static_cast<std::uint32_t>(block >> 32), 0, 0},
                                {static_cast<std::uint32_t>(key_),
                                 static_cast<std::uint32_t>(key_ >> 32)});
  return words[position_++ % 4];
}

std::uint64_t Rng::NextU64() {
  const std::uint64_t low = NextU32();
  return low | (static_cast<std::uint64_t>(NextU32()) << 32);
}

double Rng::Uniform() { return static_cast<double>(NextU64() >> 11) * 0x1.0p-53; }

std::uint64_t Rng::Below(std::uint64_t bound) {
  TUTTI_CHECK(bound > 0, "Rng::Below needs a positive bound");
  const std::uint64_t threshold = (0 - bound) % bound;
  while (true) {
    const auto product = static_cast<unsigned __int128>(NextU64()) * bound;
    if (static_cast<std::uint64_t>(product) >= threshold) {
      return static_cast<std::uint64_t>(product >> 64);
    }
  }
}

double Rng::Normal() {
  const double u = 1.0 - Uniform();  // in (0, 1], so that the logarithm is finite
  const double v = Uniform();
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

std::vector<std::int64_t> Rng::Permutation(std::int64_t n) {
  TUTTI_CHECK(n >= 0, "Rng::Permutation needs n >= 0");
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[static_cast<std::size_t>(Below(i))]);
  }
  return order;
}

Rng Rng::At(std::uint64_t key, std::uint64_t position) {
  Rng rng(key);
  rng.position_ = position;
  return rng;
}

}  // namespace tutti
