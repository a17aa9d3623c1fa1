#include "experiments/search/model_based/sobol.h"

#include <boost/random/sobol.hpp>

#include "experiments/core/check.h"
#include "experiments/core/rng.h"

namespace tutti::search {
namespace {

constexpr unsigned kBits = 32;

// The random bits of a coordinate's scrambling come from the path of digits above, read as a
// number with a leading one so that 0, 00 and 000 differ.
std::uint32_t Scramble(std::uint32_t value, const Rng& coordinate) {
  std::uint32_t scrambled = 0;
  for (unsigned depth = 0; depth < kBits; ++depth) {
    const std::uint64_t above = (1ull << depth) | (std::uint64_t{value} >> (kBits - depth));
    Rng bit = coordinate.Split("digit", {above});
    const std::uint32_t digit = (value >> (kBits - 1 - depth)) & 1u;
    scrambled = (scrambled << 1) | (digit ^ (bit.NextU32() & 1u));
  }
  return scrambled;
}

}  // namespace

std::vector<double> ScrambledSobolPoint(std::uint64_t seed, std::size_t dimensions,
                                        std::uint64_t index) {
  TUTTI_CHECK(dimensions >= 1 && dimensions <= kMaxSobolDimensions, "Sobol: dimensions");
  TUTTI_CHECK(index < (1ull << kBits), "Sobol: index");
  std::vector<std::uint32_t> digits(dimensions, 0);  // point 0 is the origin
  if (index > 0) {
    boost::random::sobol_engine<std::uint32_t, kBits> engine(dimensions);
    engine.discard((index - 1) * dimensions);  // Boost's sequence leaves the origin out
    for (std::uint32_t& digit : digits) digit = engine();
  }
  std::vector<double> point(dimensions);
  const Rng stream = Rng(seed).Split("sobol");
  for (std::size_t d = 0; d < dimensions; ++d) {
    const Rng coordinate = stream.Split("coordinate", {d});
    point[d] = static_cast<double>(Scramble(digits[d], coordinate)) * 0x1.0p-32;
  }
  return point;
}

}  // namespace tutti::search
