#pragma once

#include <cstdint>

// What batch norm does to rows of channels, with the ReLU behind it in the same passes: two over
// the values each way, which is as few as its sums allow. Plain memory, no torch types.
//
// x is fp32 (T = float) or bf16 (T = std::uint16_t), [rows][channels]. Vectors of one number a
// channel are fp32, sums double. ReLU's mask is computed anew from x on the way back, not kept.

namespace tutti::trainer {

struct NormRows {
  std::int64_t rows = 0;
  std::int64_t channels = 0;
};

// y = scale x + shift, and 0 where that is negative if `relu`.
struct NormMap {
  const float* scale = nullptr;
  const float* shift = nullptr;
  bool relu = false;
};

// Adds sum (x - origin) to sums[0 … channels), sum (x - origin)^2 behind it. An origin near the
// mean keeps the variance from being the small difference of two large numbers.
template <class T>
void AddMoments(const NormRows& shape, const T* x, const float* origin, double* sums);

template <class T>
void ApplyNorm(const NormRows& shape, const T* x, const NormMap& map, T* y);

// With g = gradient where the map's ReLU let x through: adds sum g to sums[0 … channels) and
// sum g (x - mean) behind it.
template <class T>
void AddGradientMoments(const NormRows& shape, const T* gradient, const T* x, const NormMap& map,
                        const float* mean, double* sums);

// result = a g + b x + c.
template <class T>
void ApplyNormGradient(const NormRows& shape, const T* gradient, const T* x, const NormMap& map,
                       const float* a, const float* b, const float* c, T* result);

}  // namespace tutti::trainer
