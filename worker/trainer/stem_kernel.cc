#include "worker/trainer/stem_kernel.h"

#include <cstring>

#include "worker/trainer/lanes.h"
#include "worker/trainer/simd.h"

namespace tutti::trainer {
namespace stem {

using namespace lanes;

[[gnu::always_inline]] inline void StoreAs(bool bf16, const Floats& v, void* out, std::int64_t at) {
  if (!bf16) return StoreFloats(v, static_cast<float*>(out) + at);
  StoreFloats(v, static_cast<std::uint16_t*>(out) + at);
}
[[gnu::always_inline]] inline void LoadAs(bool bf16, Floats& v, const void* in, std::int64_t at) {
  if (!bf16) return LoadFloats(v, static_cast<const float*>(in) + at);
  LoadFloats(v, static_cast<const std::uint16_t*>(in) + at);
}

// The largest place of each lane (the first of equals; NaN wins), then bias and ReLU. Plain loops over
// lanes: g++ 12 takes comparisons of float vectors apart, but vectorises these.
template <int kPlaces>
[[gnu::always_inline]] inline void Choose(const Floats* sum, const Floats& offset, bool relu,
                                          Floats& best, Ints& from) {
  float in[kPlaces][16], add[16], out[16];
  std::int32_t which[16];
  std::memcpy(in, sum, sizeof in);
  std::memcpy(add, &offset, sizeof add);
  for (int lane = 0; lane < 16; ++lane) {
    float value = in[0][lane];
    std::int32_t place = 0;
    for (int p = 1; p < kPlaces; ++p) {
      const bool wins = in[p][lane] > value || in[p][lane] != in[p][lane];
      value = wins ? in[p][lane] : value;
      place = wins ? p : place;
    }
    value += add[lane];
    const bool off = relu && value <= 0.0f;
    out[lane] = off ? 0.0f : value;
    which[lane] = off ? 4 : place;
  }
  std::memcpy(&best, out, sizeof best);
  std::memcpy(&from, which, sizeof from);
}

template <int kKernel, int kPool>
[[gnu::always_inline]] inline void Forward(const StemShape& s, const float* image,
                                           const float* weight, const float* bias, bool bf16,
                                           void* out, std::uint8_t* choice) {
  constexpr int kPlaces = kPool * kPool;
  const std::int64_t oh = s.out_h(), ow = s.out_w();
  for (std::int64_t block = 0; block < s.channels; block += 16) {
    Floats taps[kKernel * kKernel];
    for (int t = 0; t < kKernel * kKernel; ++t) Load(taps[t], weight + t * s.channels + block);
    Floats offset;
    Load(offset, bias + block);
    for (std::int64_t y = 0; y < oh; ++y) {
      for (std::int64_t x = 0; x < ow; ++x) {
        const float* corner = image + y * kPool * s.w + x * kPool;
        Floats sum[kPlaces];
        for (int p = 0; p < kPlaces; ++p) sum[p] = Floats{};
#pragma GCC unroll 25
        for (int t = 0; t < kKernel * kKernel; ++t) {
          const float* at = corner + (t / kKernel) * s.w + t % kKernel;
#pragma GCC unroll 4
          for (int p = 0; p < kPlaces; ++p) sum[p] += taps[t] * at[(p / kPool) * s.w + p % kPool];
        }
        Floats best;
        Ints from;
        Choose<kPlaces>(sum, offset, s.relu, best, from);
        const std::int64_t at = (y * ow + x) * s.channels + block;
        StoreAs(bf16, best, out, at);
        if (choice != nullptr) Store(__builtin_convertvector(from, Bytes), choice + at);
      }
    }
  }
}

template <int kKernel, int kPool>
[[gnu::always_inline]] inline void Backward(const StemShape& s, const float* image,
                                            const void* gradient, bool bf16,
                                            const std::uint8_t* choice, float* weight_gradient,
                                            float* bias_gradient) {
  const std::int64_t oh = s.out_h(), ow = s.out_w();
  for (std::int64_t block = 0; block < s.channels; block += 16) {
    Floats sum[kKernel * kKernel];
    for (auto& v : sum) v = Floats{};
    Floats bias = {};
    for (std::int64_t y = 0; y < oh; ++y) {
      for (std::int64_t x = 0; x < ow; ++x) {
        const std::int64_t at = (y * ow + x) * s.channels + block;
        Floats g;
        LoadAs(bf16, g, gradient, at);
        Ints from = {};
        if (choice != nullptr) {
          Bytes bytes;
          Load(bytes, choice + at);
          from = __builtin_convertvector(bytes, Ints);
        }
        const float* corner = image + y * kPool * s.w + x * kPool;
#pragma GCC unroll 4
        for (int p = 0; p < kPool * kPool; ++p) {
          const Floats here = from == p ? g : Floats{};
          bias += here;
          const float* place = corner + (p / kPool) * s.w + p % kPool;
#pragma GCC unroll 25
          for (int t = 0; t < kKernel * kKernel; ++t) {
            sum[t] += here * place[(t / kKernel) * s.w + t % kKernel];
          }
        }
      }
    }
    for (int t = 0; t < kKernel * kKernel; ++t) {
      Floats total;
      Load(total, weight_gradient + t * s.channels + block);
      Store(total + sum[t], weight_gradient + t * s.channels + block);
    }
    Floats total;
    Load(total, bias_gradient + block);
    Store(total + bias, bias_gradient + block);
  }
}

TUTTI_SIMD void Forward31(const StemShape& s, const float* i, const float* w, const float* b,
                          bool bf16, void* o, std::uint8_t* c) {
  Forward<3, 1>(s, i, w, b, bf16, o, c);
}
TUTTI_SIMD void Forward32(const StemShape& s, const float* i, const float* w, const float* b,
                          bool bf16, void* o, std::uint8_t* c) {
  Forward<3, 2>(s, i, w, b, bf16, o, c);
}
TUTTI_SIMD void Forward51(const StemShape& s, const float* i, const float* w, const float* b,
                          bool bf16, void* o, std::uint8_t* c) {
  Forward<5, 1>(s, i, w, b, bf16, o, c);
}
TUTTI_SIMD void Forward52(const StemShape& s, const float* i, const float* w, const float* b,
                          bool bf16, void* o, std::uint8_t* c) {
  Forward<5, 2>(s, i, w, b, bf16, o, c);
}
TUTTI_SIMD void Backward31(const StemShape& s, const float* i, const void* g, bool bf16,
                           const std::uint8_t* c, float* w, float* b) {
  Backward<3, 1>(s, i, g, bf16, c, w, b);
}
TUTTI_SIMD void Backward32(const StemShape& s, const float* i, const void* g, bool bf16,
                           const std::uint8_t* c, float* w, float* b) {
  Backward<3, 2>(s, i, g, bf16, c, w, b);
}
TUTTI_SIMD void Backward51(const StemShape& s, const float* i, const void* g, bool bf16,
                           const std::uint8_t* c, float* w, float* b) {
  Backward<5, 1>(s, i, g, bf16, c, w, b);
}
TUTTI_SIMD void Backward52(const StemShape& s, const float* i, const void* g, bool bf16,
                           const std::uint8_t* c, float* w, float* b) {
  Backward<5, 2>(s, i, g, bf16, c, w, b);
}

}  // namespace stem

void StemForward(const StemShape& shape, const float* image, const float* weight, const float* bias,
                 bool bf16, void* out, std::uint8_t* choice) {
  const auto function = shape.kernel == 3 ? (shape.pool == 1 ? stem::Forward31 : stem::Forward32)
                                          : (shape.pool == 1 ? stem::Forward51 : stem::Forward52);
  function(shape, image, weight, bias, bf16, out, choice);
}

void StemBackward(const StemShape& shape, const float* image, const void* gradient, bool bf16,
                  const std::uint8_t* choice, float* weight_gradient, float* bias_gradient) {
  const auto function = shape.kernel == 3 ? (shape.pool == 1 ? stem::Backward31 : stem::Backward32)
                                          : (shape.pool == 1 ? stem::Backward51 : stem::Backward52);
  function(shape, image, gradient, bf16, choice, weight_gradient, bias_gradient);
}

}  // namespace tutti::trainer
