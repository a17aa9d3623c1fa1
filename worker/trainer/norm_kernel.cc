#include "worker/trainer/norm_kernel.h"

#include <algorithm>

#include "worker/trainer/lanes.h"
#include "worker/trainer/simd.h"

namespace tutti::trainer {
namespace norm {

using namespace lanes;

// So many rows are summed in fp32 before they join the double sums: few enough for fp32, and they
// stay in the first cache while their channels are taken sixteen at a time.
constexpr std::int64_t kTile = 32;

[[gnu::always_inline]] inline void AddTo(double* sums, const Floats& v, std::int64_t count) {
  float lane[kLanes];
  Store(v, lane);
  for (std::int64_t i = 0; i < count; ++i) sums[i] += static_cast<double>(lane[i]);
}

template <class T>
[[gnu::always_inline]] inline void Moments(const NormRows& s, const T* x, const float* origin,
                                           double* sums) {
  for (std::int64_t begin = 0; begin < s.rows; begin += kTile) {
    const std::int64_t end = std::min(s.rows, begin + kTile);
    for (std::int64_t i = 0; i < s.channels; i += kLanes) {
      const std::int64_t count = std::min(kLanes, s.channels - i);
      Floats from;
      LoadSome(from, origin + i, count);
      // Two of each, so that an addition need not wait for the one before.
      Floats sum[2] = {}, square[2] = {};
      std::int64_t r = begin;
      for (; r + 2 <= end; r += 2) {
        for (int k = 0; k < 2; ++k) {
          Floats v;
          LoadSome(v, x + (r + k) * s.channels + i, count);
          v -= from;
          sum[k] += v;
          square[k] += v * v;
        }
      }
      if (r < end) {
        Floats v;
        LoadSome(v, x + r * s.channels + i, count);
        v -= from;
        sum[0] += v;
        square[0] += v * v;
      }
      AddTo(sums + i, sum[0] + sum[1], count);
      AddTo(sums + s.channels + i, square[0] + square[1], count);
    }
  }
}

template <class T>
[[gnu::always_inline]] inline void Apply(const NormRows& s, const T* x, const NormMap& map, T* y) {
  const std::int64_t rows = s.rows, channels = s.channels;
  const bool relu = map.relu;
  for (std::int64_t begin = 0; begin < rows; begin += kTile) {
    const std::int64_t end = std::min(rows, begin + kTile);
    for (std::int64_t i = 0; i < channels; i += kLanes) {
      const std::int64_t count = std::min(kLanes, channels - i);
      Floats scale, shift;
      LoadSome(scale, map.scale + i, count);
      LoadSome(shift, map.shift + i, count);
      for (std::int64_t r = begin; r < end; ++r) {
        Floats v;
        LoadSome(v, x + r * channels + i, count);
        v = scale * v + shift;
        if (relu) Relu(v);
        StoreSome(v, y + r * channels + i, count);
      }
    }
  }
}

template <class T>
[[gnu::always_inline]] inline void GradientMoments(const NormRows& s, const T* gradient, const T* x,
                                                   const NormMap& map, const float* mean,
                                                   double* sums) {
  for (std::int64_t begin = 0; begin < s.rows; begin += kTile) {
    const std::int64_t end = std::min(s.rows, begin + kTile);
    for (std::int64_t i = 0; i < s.channels; i += kLanes) {
      const std::int64_t count = std::min(kLanes, s.channels - i);
      Floats scale, shift, middle, sum = {}, product = {};
      LoadSome(scale, map.scale + i, count);
      LoadSome(shift, map.shift + i, count);
      LoadSome(middle, mean + i, count);
      for (std::int64_t r = begin; r < end; ++r) {
        Floats v, g;
        LoadSome(v, x + r * s.channels + i, count);
        LoadSome(g, gradient + r * s.channels + i, count);
        if (map.relu) KeepWherePositive(scale * v + shift, g);
        sum += g;
        product += g * (v - middle);
      }
      AddTo(sums + i, sum, count);
      AddTo(sums + s.channels + i, product, count);
    }
  }
}

template <class T>
[[gnu::always_inline]] inline void ApplyGradient(const NormRows& s, const T* gradient, const T* x,
                                                 const NormMap& map, const float* a, const float* b,
                                                 const float* c, T* result) {
  const std::int64_t rows = s.rows, channels = s.channels;
  const bool relu = map.relu;
  for (std::int64_t begin = 0; begin < rows; begin += kTile) {
    const std::int64_t end = std::min(rows, begin + kTile);
    for (std::int64_t i = 0; i < channels; i += kLanes) {
      const std::int64_t count = std::min(kLanes, channels - i);
      Floats scale, shift, by_g, by_x, constant;
      LoadSome(scale, map.scale + i, count);
      LoadSome(shift, map.shift + i, count);
      LoadSome(by_g, a + i, count);
      LoadSome(by_x, b + i, count);
      LoadSome(constant, c + i, count);
      for (std::int64_t r = begin; r < end; ++r) {
        Floats v, g;
        LoadSome(v, x + r * channels + i, count);
        LoadSome(g, gradient + r * channels + i, count);
        if (relu) KeepWherePositive(scale * v + shift, g);
        StoreSome(by_g * g + (by_x * v + constant), result + r * channels + i, count);
      }
    }
  }
}

TUTTI_SIMD void MomentsF(const NormRows& s, const float* x, const float* origin, double* sums) {
  Moments(s, x, origin, sums);
}
TUTTI_SIMD void MomentsB(const NormRows& s, const std::uint16_t* x, const float* origin,
                         double* sums) {
  Moments(s, x, origin, sums);
}
TUTTI_SIMD void ApplyF(const NormRows& s, const float* x, const NormMap& map, float* y) {
  Apply(s, x, map, y);
}
TUTTI_SIMD void ApplyB(const NormRows& s, const std::uint16_t* x, const NormMap& map,
                       std::uint16_t* y) {
  Apply(s, x, map, y);
}
TUTTI_SIMD void GradientMomentsF(const NormRows& s, const float* g, const float* x,
                                 const NormMap& map, const float* mean, double* sums) {
  GradientMoments(s, g, x, map, mean, sums);
}
TUTTI_SIMD void GradientMomentsB(const NormRows& s, const std::uint16_t* g, const std::uint16_t* x,
                                 const NormMap& map, const float* mean, double* sums) {
  GradientMoments(s, g, x, map, mean, sums);
}
TUTTI_SIMD void ApplyGradientF(const NormRows& s, const float* g, const float* x,
                               const NormMap& map, const float* a, const float* b, const float* c,
                               float* result) {
  ApplyGradient(s, g, x, map, a, b, c, result);
}
TUTTI_SIMD void ApplyGradientB(const NormRows& s, const std::uint16_t* g, const std::uint16_t* x,
                               const NormMap& map, const float* a, const float* b, const float* c,
                               std::uint16_t* result) {
  ApplyGradient(s, g, x, map, a, b, c, result);
}

}  // namespace norm

template <>
void AddMoments(const NormRows& s, const float* x, const float* origin, double* sums) {
  norm::MomentsF(s, x, origin, sums);
}
template <>
void AddMoments(const NormRows& s, const std::uint16_t* x, const float* origin, double* sums) {
  norm::MomentsB(s, x, origin, sums);
}
template <>
void ApplyNorm(const NormRows& s, const float* x, const NormMap& map, float* y) {
  norm::ApplyF(s, x, map, y);
}
template <>
void ApplyNorm(const NormRows& s, const std::uint16_t* x, const NormMap& map, std::uint16_t* y) {
  norm::ApplyB(s, x, map, y);
}
template <>
void AddGradientMoments(const NormRows& s, const float* g, const float* x, const NormMap& map,
                        const float* mean, double* sums) {
  norm::GradientMomentsF(s, g, x, map, mean, sums);
}
template <>
void AddGradientMoments(const NormRows& s, const std::uint16_t* g, const std::uint16_t* x,
                        const NormMap& map, const float* mean, double* sums) {
  norm::GradientMomentsB(s, g, x, map, mean, sums);
}
template <>
void ApplyNormGradient(const NormRows& s, const float* g, const float* x, const NormMap& map,
                       const float* a, const float* b, const float* c, float* result) {
  norm::ApplyGradientF(s, g, x, map, a, b, c, result);
}
template <>
void ApplyNormGradient(const NormRows& s, const std::uint16_t* g, const std::uint16_t* x,
                       const NormMap& map, const float* a, const float* b, const float* c,
                       std::uint16_t* result) {
  norm::ApplyGradientB(s, g, x, map, a, b, c, result);
}

}  // namespace tutti::trainer
