#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <vector>

// Splittable counter-based random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel
// random numbers: as easy as 1, 2, 3", SC 2011), tested against Random123's known answers.
//
// A stream is named by its key, never by who draws or when: Rng(seed).Split("order", epoch) gives
// the same numbers on any rank, at any time, after any restart. The distributions are our own,
// since the standard library's differ between implementations.

namespace tutti {

// The raw block function: 128-bit counter, 64-bit key -> 128 random bits.
std::array<std::uint32_t, 4> Philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

// A value type: copying it copies the position. Not thread-safe.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : key_(seed) {}

  // An independent stream for (label, numbers…); does not move this one.
  Rng Split(std::string_view label, std::initializer_list<std::uint64_t> numbers = {}) const;

  std::uint32_t NextU32();
  std::uint64_t NextU64();
  // Uniform in [0, 1) with 53 random bits.
  double Uniform();
  // Uniform in [lo, hi). REQUIRES: lo <= hi.
  double Uniform(double lo, double hi) { return lo + (hi - lo) * Uniform(); }
  // Uniform in 0 … bound-1, unbiased (Lemire 2019). REQUIRES: bound > 0.
  std::uint64_t Below(std::uint64_t bound);
  // Standard normal (Box-Muller, one value per call).
  double Normal();

  // A random order of 0 … n-1 (Fisher-Yates).
  std::vector<std::int64_t> Permutation(std::int64_t n);

  // Position, so that a stream can be saved and restored.
  std::uint64_t key() const { return key_; }
  std::uint64_t position() const { return position_; }
  static Rng At(std::uint64_t key, std::uint64_t position);

  friend bool operator==(const Rng&, const Rng&) = default;

 private:
  std::uint64_t key_;
  std::uint64_t position_ = 0;  // 32-bit words drawn so far
};

}  // namespace tutti
