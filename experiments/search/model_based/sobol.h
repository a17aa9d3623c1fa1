#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

// Scrambled Sobol points: random-looking points that fill the unit cube evenly.

namespace tutti::search {

// As many coordinates as there are direction numbers for.
inline constexpr std::size_t kMaxSobolDimensions = 3667;

// Point `index` (from 0) of the Sobol sequence in [0, 1)^dimensions with Joe and Kuo's direction
// numbers, under Owen's nested uniform scrambling (Owen 1995): every binary digit is flipped or not
// by a random bit that belongs to the digits above it, so that each point alone is uniform, and the
// first 2^m points still have one in each of the elementary intervals that they had one in before.
// Depends on nothing but its arguments. REQUIRES: 1 <= dimensions <= kMaxSobolDimensions,
// index < 2^32.
std::vector<double> ScrambledSobolPoint(std::uint64_t seed, std::size_t dimensions,
                                        std::uint64_t index);

}  // namespace tutti::search
