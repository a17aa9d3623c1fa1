#include "worker/trainer/pool_kernel.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include <bit>
#include <cstring>

#include "worker/trainer/simd.h"

namespace tutti::trainer {
namespace pool {

inline float Widen(float v) { return v; }
inline float Widen(std::uint16_t v) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(v) << 16);
}

// One output row from two input rows of w * c values.
template <class T>
[[gnu::always_inline]] inline void ForwardRow(const T* top, const T* bottom, std::int64_t out_w,
                                              std::int64_t c, bool relu, T* out,
                                              std::uint8_t* choice) {
  for (std::int64_t x = 0; x < out_w; ++x) {
    const T* a = top + 2 * x * c;
    const T* b = bottom + 2 * x * c;
    T* o = out + x * c;
    std::uint8_t* k = choice + x * c;
    for (std::int64_t i = 0; i < c; ++i) {
      const T in0 = a[i], in1 = a[i + c], in2 = b[i], in3 = b[i + c];
      T best = in0;
      std::uint8_t from = 0;
      const bool w1 = Widen(in1) > Widen(best) || Widen(in1) != Widen(in1);
      best = w1 ? in1 : best;
      from = w1 ? 1 : from;
      const bool w2 = Widen(in2) > Widen(best) || Widen(in2) != Widen(in2);
      best = w2 ? in2 : best;
      from = w2 ? 2 : from;
      const bool w3 = Widen(in3) > Widen(best) || Widen(in3) != Widen(in3);
      best = w3 ? in3 : best;
      from = w3 ? 3 : from;
      const bool off = relu && Widen(best) <= 0.0f;
      o[i] = off ? T{0} : best;
      k[i] = off ? std::uint8_t{4} : from;
    }
  }
}

template <class T>
[[gnu::always_inline]] inline void BackwardRow(const T* gradient, const std::uint8_t* choice,
                                               std::int64_t out_w, std::int64_t c, T* top,
                                               T* bottom) {
  for (std::int64_t x = 0; x < out_w; ++x) {
    const T* g = gradient + x * c;
    const std::uint8_t* k = choice + x * c;
    T* a = top + 2 * x * c;
    T* b = bottom + 2 * x * c;
    for (std::int64_t i = 0; i < c; ++i) a[i] = k[i] == 0 ? g[i] : T{0};
    for (std::int64_t i = 0; i < c; ++i) a[i + c] = k[i] == 1 ? g[i] : T{0};
    for (std::int64_t i = 0; i < c; ++i) b[i] = k[i] == 2 ? g[i] : T{0};
    for (std::int64_t i = 0; i < c; ++i) b[i + c] = k[i] == 3 ? g[i] : T{0};
  }
}

TUTTI_SIMD void Forward(const float* top, const float* bottom, std::int64_t out_w, std::int64_t c,
                        bool relu, float* out, std::uint8_t* choice) {
  ForwardRow(top, bottom, out_w, c, relu, out, choice);
}
TUTTI_SIMD void ForwardB(const std::uint16_t* top, const std::uint16_t* bottom, std::int64_t out_w,
                         std::int64_t c, bool relu, std::uint16_t* out, std::uint8_t* choice) {
  ForwardRow(top, bottom, out_w, c, relu, out, choice);
}
TUTTI_SIMD void Backward(const float* gradient, const std::uint8_t* choice, std::int64_t out_w,
                         std::int64_t c, float* top, float* bottom) {
  BackwardRow(gradient, choice, out_w, c, top, bottom);
}
TUTTI_SIMD void BackwardB(const std::uint16_t* gradient, const std::uint8_t* choice,
                          std::int64_t out_w, std::int64_t c, std::uint16_t* top,
                          std::uint16_t* bottom) {
  BackwardRow(gradient, choice, out_w, c, top, bottom);
}

void AnyForward(const float* t, const float* b, std::int64_t w, std::int64_t c, bool relu, float* o,
                std::uint8_t* k) {
  Forward(t, b, w, c, relu, o, k);
}
void AnyForward(const std::uint16_t* t, const std::uint16_t* b, std::int64_t w, std::int64_t c,
                bool relu, std::uint16_t* o, std::uint8_t* k) {
  ForwardB(t, b, w, c, relu, o, k);
}
void AnyBackward(const float* g, const std::uint8_t* k, std::int64_t w, std::int64_t c, float* t,
                 float* b) {
  Backward(g, k, w, c, t, b);
}
void AnyBackward(const std::uint16_t* g, const std::uint8_t* k, std::int64_t w, std::int64_t c,
                 std::uint16_t* t, std::uint16_t* b) {
  BackwardB(g, k, w, c, t, b);
}

template <class T>
void ForwardImages(const at::Tensor& x, bool relu, at::Tensor& y, std::uint8_t* choice) {
  const std::int64_t c = x.size(1), h = x.size(2), w = x.size(3), oh = h / 2, ow = w / 2;
  const auto* in = static_cast<const T*>(x.const_data_ptr());
  auto* out = static_cast<T*>(y.mutable_data_ptr());
  at::parallel_for(0, x.size(0), 4, [&](std::int64_t begin, std::int64_t end) {
    std::vector<std::uint8_t> unused(choice == nullptr ? static_cast<std::size_t>(ow * c) : 0);
    for (std::int64_t n = begin; n < end; ++n) {
      for (std::int64_t r = 0; r < oh; ++r) {
        const T* top = in + (n * h + 2 * r) * w * c;
        const std::int64_t at = (n * oh + r) * ow * c;
        AnyForward(top, top + w * c, ow, c, relu, out + at,
                   choice == nullptr ? unused.data() : choice + at);
      }
    }
  });
}

template <class T>
void BackwardImages(const at::Tensor& gradient, const std::uint8_t* choice, at::Tensor& result) {
  const std::int64_t c = result.size(1), h = result.size(2), w = result.size(3);
  const std::int64_t oh = h / 2, ow = w / 2;
  const auto* g = static_cast<const T*>(gradient.const_data_ptr());
  auto* out = static_cast<T*>(result.mutable_data_ptr());
  const auto row_bytes = static_cast<std::size_t>(w * c) * sizeof(T);
  at::parallel_for(0, result.size(0), 4, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t n = begin; n < end; ++n) {
      for (std::int64_t r = 0; r < oh; ++r) {
        T* top = out + (n * h + 2 * r) * w * c;
        const std::int64_t at = (n * oh + r) * ow * c;
        AnyBackward(g + at, choice + at, ow, c, top, top + w * c);
        if (w % 2 != 0) {
          std::memset(top + (w - 1) * c, 0, static_cast<std::size_t>(c) * sizeof(T));
          std::memset(top + (2 * w - 1) * c, 0, static_cast<std::size_t>(c) * sizeof(T));
        }
      }
      if (h % 2 != 0) std::memset(out + (n * h + h - 1) * w * c, 0, row_bytes);
    }
  });
}

}  // namespace pool

bool PoolKernelFits(const at::Tensor& x, std::int64_t kernel, std::int64_t stride) {
  return x.is_cpu() && kernel == 2 && stride == 2 && x.dim() == 4 && x.size(2) >= 2 &&
         x.size(3) >= 2 &&
         (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16) &&
         x.is_contiguous(at::MemoryFormat::ChannelsLast);
}

at::Tensor PoolForward(const at::Tensor& x, bool relu, at::Tensor* choice) {
  const std::int64_t n = x.size(0), c = x.size(1), oh = x.size(2) / 2, ow = x.size(3) / 2;
  at::Tensor y = at::empty({n, c, oh, ow}, x.options(), at::MemoryFormat::ChannelsLast);
  std::uint8_t* bytes = nullptr;
  if (choice != nullptr) {
    *choice = at::empty({n, oh, ow, c}, x.options().dtype(at::kByte));
    bytes = choice->data_ptr<std::uint8_t>();
  }
  if (x.scalar_type() == at::kFloat) {
    pool::ForwardImages<float>(x, relu, y, bytes);
  } else {
    pool::ForwardImages<std::uint16_t>(x, relu, y, bytes);
  }
  return y;
}

at::Tensor PoolBackward(const at::Tensor& gradient, const at::Tensor& choice, std::int64_t h,
                        std::int64_t w) {
  const at::Tensor g = gradient.contiguous(at::MemoryFormat::ChannelsLast);
  at::Tensor result = at::empty({g.size(0), g.size(1), h, w}, g.options(),
                                at::MemoryFormat::ChannelsLast);
  const auto* bytes = choice.const_data_ptr<std::uint8_t>();
  if (g.scalar_type() == at::kFloat) {
    pool::BackwardImages<float>(g, bytes, result);
  } else {
    pool::BackwardImages<std::uint16_t>(g, bytes, result);
  }
  return result;
}

}  // namespace tutti::trainer
