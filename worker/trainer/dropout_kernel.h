#pragma once

#include <cstdint>

// Which elements dropout keeps: one 32-bit hash of (row key, element) each, compared with a
// threshold. The mixer is lowbias32 of Chris Wellons' hash prospector ("Prospecting for hash
// functions", 2018), which passes as a counter-based generator at this length; multiplications and
// shifts of 32 bits run 16 at a time.

namespace tutti::trainer {

inline constexpr std::int64_t kDropoutStride = 0x9E3779B9;  // 2^32 / golden ratio
inline constexpr std::int64_t kDropoutMul1 = 0x7feb352d;
inline constexpr std::int64_t kDropoutMul2 = 0x846ca68b;

// Key of one item's row in a stream.
std::uint32_t DropoutRowKey(std::uint64_t stream, std::uint64_t item);

// out[j] = hash(key, j) < threshold ? 0 : scale.
void FillDropoutRow(std::uint32_t key, std::uint32_t threshold, float scale, float* out,
                    std::int64_t width);

}  // namespace tutti::trainer
