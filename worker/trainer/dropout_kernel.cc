#include "worker/trainer/dropout_kernel.h"

#include "worker/trainer/simd.h"

namespace tutti::trainer {

std::uint32_t DropoutRowKey(std::uint64_t stream, std::uint64_t item) {
  // SplitMix64's finaliser over both.
  std::uint64_t x = stream + 0x9E3779B97F4A7C15ull * (item + 1);
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return static_cast<std::uint32_t>((x ^ (x >> 31)) >> 32);
}

TUTTI_SIMD void FillDropoutRow(std::uint32_t key, std::uint32_t threshold, float scale, float* out,
                               std::int64_t width) {
  for (std::int64_t j = 0; j < width; ++j) {
    std::uint32_t h = (static_cast<std::uint32_t>(j) * static_cast<std::uint32_t>(kDropoutStride)) ^
                      key;
    h ^= h >> 16;
    h *= static_cast<std::uint32_t>(kDropoutMul1);
    h ^= h >> 15;
    h *= static_cast<std::uint32_t>(kDropoutMul2);
    h ^= h >> 16;
    out[j] = h < threshold ? 0.0f : scale;
  }
}

}  // namespace tutti::trainer
