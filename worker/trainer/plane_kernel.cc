#include "worker/trainer/plane_kernel.h"

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>

#include <algorithm>

#include "worker/trainer/lanes.h"
#include "worker/trainer/simd.h"

namespace tutti::trainer {
namespace plane {

using namespace lanes;

// Of one image: `pixels` rows of `channels`.
struct Plane {
  std::int64_t pixels = 0, channels = 0;
};

template <class T>
[[gnu::always_inline]] inline void Sum(const Plane& p, const T* a, const T* b, float* out) {
  for (std::int64_t i = 0; i < p.channels; i += kLanes) {
    const std::int64_t count = std::min(kLanes, p.channels - i);
    Floats sum = {};
    for (std::int64_t r = 0; r < p.pixels; ++r) {
      Floats v;
      LoadSome(v, a + r * p.channels + i, count);
      if (b != nullptr) {
        Floats w;
        LoadSome(w, b + r * p.channels + i, count);
        v *= w;
      }
      sum += v;
    }
    StoreSome(sum, out + i, count);
  }
}

template <class T>
[[gnu::always_inline]] inline void Scale(const Plane& p, const T* x, const float* factor,
                                         const float* addend, T* y) {
  const std::int64_t channels = p.channels, pixels = p.pixels;
  for (std::int64_t i = 0; i < channels; i += kLanes) {
    const std::int64_t count = std::min(kLanes, channels - i);
    Floats f, constant = {};
    LoadSome(f, factor + i, count);
    if (addend != nullptr) LoadSome(constant, addend + i, count);
    for (std::int64_t r = 0; r < pixels; ++r) {
      Floats v;
      LoadSome(v, x + r * channels + i, count);
      StoreSome(f * v + constant, y + r * channels + i, count);
    }
  }
}

template <class T>
[[gnu::always_inline]] inline void Add(const T* a, const T* b, std::int64_t n, bool relu, T* y) {
  for (std::int64_t i = 0; i < n; i += kLanes) {
    const std::int64_t count = std::min(kLanes, n - i);
    Floats v, w;
    LoadSome(v, a + i, count);
    LoadSome(w, b + i, count);
    v += w;
    if (relu) Relu(v);
    StoreSome(v, y + i, count);
  }
}

template <class T>
[[gnu::always_inline]] inline void Keep(const T* gradient, const T* output, std::int64_t n, T* y) {
  for (std::int64_t i = 0; i < n; i += kLanes) {
    const std::int64_t count = std::min(kLanes, n - i);
    Floats v, g;
    LoadSome(v, output + i, count);
    LoadSome(g, gradient + i, count);
    KeepWherePositive(v, g);
    StoreSome(g, y + i, count);
  }
}

// Each for both types, at each level of the machine.
TUTTI_SIMD void SumF(const Plane& p, const float* a, const float* b, float* out) {
  Sum(p, a, b, out);
}
TUTTI_SIMD void SumB(const Plane& p, const std::uint16_t* a, const std::uint16_t* b, float* out) {
  Sum(p, a, b, out);
}
TUTTI_SIMD void ScaleF(const Plane& p, const float* x, const float* f, const float* c, float* y) {
  Scale(p, x, f, c, y);
}
TUTTI_SIMD void ScaleB(const Plane& p, const std::uint16_t* x, const float* f, const float* c,
                       std::uint16_t* y) {
  Scale(p, x, f, c, y);
}
TUTTI_SIMD void AddF(const float* a, const float* b, std::int64_t n, bool relu, float* y) {
  Add(a, b, n, relu, y);
}
TUTTI_SIMD void AddB(const std::uint16_t* a, const std::uint16_t* b, std::int64_t n, bool relu,
                     std::uint16_t* y) {
  Add(a, b, n, relu, y);
}
TUTTI_SIMD void KeepF(const float* g, const float* output, std::int64_t n, float* y) {
  Keep(g, output, n, y);
}
TUTTI_SIMD void KeepB(const std::uint16_t* g, const std::uint16_t* output, std::int64_t n,
                      std::uint16_t* y) {
  Keep(g, output, n, y);
}

template <class T>
const T* In(const at::Tensor& t) {
  return t.defined() ? static_cast<const T*>(t.const_data_ptr()) : nullptr;
}
template <class T>
T* Out(at::Tensor& t) {
  return static_cast<T*>(t.mutable_data_ptr());
}
template <class T>
const T* Skip(const T* p, std::int64_t n) {
  return p == nullptr ? nullptr : p + n;
}

template <class T>
void SumImages(const at::Tensor& a, const at::Tensor& b, at::Tensor& out) {
  const Plane p{a.size(2) * a.size(3), a.size(1)};
  const std::int64_t size = p.pixels * p.channels;
  at::parallel_for(0, a.size(0), 4, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const T* from = In<T>(a) + i * size;
      const T* other = Skip(In<T>(b), i * size);
      if constexpr (std::is_same_v<T, float>) {
        SumF(p, from, other, Out<float>(out) + i * p.channels);
      } else {
        SumB(p, from, other, Out<float>(out) + i * p.channels);
      }
    }
  });
}

template <class T>
void ScaleImages(const at::Tensor& x, const at::Tensor& factor, const at::Tensor& addend,
                 at::Tensor& y) {
  const Plane p{x.size(2) * x.size(3), x.size(1)};
  const std::int64_t size = p.pixels * p.channels;
  at::parallel_for(0, x.size(0), 4, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const float* f = In<float>(factor) + i * p.channels;
      const float* c = Skip(In<float>(addend), i * p.channels);
      if constexpr (std::is_same_v<T, float>) {
        ScaleF(p, In<T>(x) + i * size, f, c, Out<T>(y) + i * size);
      } else {
        ScaleB(p, In<T>(x) + i * size, f, c, Out<T>(y) + i * size);
      }
    }
  });
}

constexpr std::int64_t kElements = 1 << 14;  // a thread's piece of elementwise work

bool IsFloat(const at::Tensor& t) { return t.scalar_type() == at::kFloat; }

}  // namespace plane

bool PlaneKernelFits(const at::Tensor& x) {
  return x.is_cpu() && x.dim() == 4 &&
         (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
}

at::Tensor PlaneProducts(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor left = a.contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor right = b.defined() ? b.contiguous(at::MemoryFormat::ChannelsLast) : b;
  at::Tensor out = at::empty({a.size(0), a.size(1)}, a.options().dtype(at::kFloat));
  if (plane::IsFloat(a)) {
    plane::SumImages<float>(left, right, out);
  } else {
    plane::SumImages<std::uint16_t>(left, right, out);
  }
  return out;
}

at::Tensor PlaneSums(const at::Tensor& x) { return PlaneProducts(x, {}); }

at::Tensor ScalePlanes(const at::Tensor& x, const at::Tensor& factor, const at::Tensor& addend) {
  const at::Tensor from = x.contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor f = factor.contiguous();
  const at::Tensor c = addend.defined() ? addend.contiguous() : addend;
  at::Tensor y = at::empty(x.sizes(), x.options(), at::MemoryFormat::ChannelsLast);
  if (plane::IsFloat(x)) {
    plane::ScaleImages<float>(from, f, c, y);
  } else {
    plane::ScaleImages<std::uint16_t>(from, f, c, y);
  }
  return y;
}

at::Tensor AddPlanes(const at::Tensor& a, const at::Tensor& b, bool relu) {
  const at::Tensor left = a.contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor right = b.contiguous(at::MemoryFormat::ChannelsLast);
  at::Tensor y = at::empty(a.sizes(), a.options(), at::MemoryFormat::ChannelsLast);
  at::parallel_for(0, a.numel(), plane::kElements, [&](std::int64_t begin, std::int64_t end) {
    if (plane::IsFloat(a)) {
      plane::AddF(plane::In<float>(left) + begin, plane::In<float>(right) + begin, end - begin,
                  relu, plane::Out<float>(y) + begin);
    } else {
      using T = std::uint16_t;
      plane::AddB(plane::In<T>(left) + begin, plane::In<T>(right) + begin, end - begin, relu,
                  plane::Out<T>(y) + begin);
    }
  });
  return y;
}

at::Tensor WhereOutputPositive(const at::Tensor& gradient, const at::Tensor& output) {
  const at::Tensor g = gradient.contiguous(at::MemoryFormat::ChannelsLast);
  at::Tensor y = at::empty(g.sizes(), g.options(), at::MemoryFormat::ChannelsLast);
  at::parallel_for(0, g.numel(), plane::kElements, [&](std::int64_t begin, std::int64_t end) {
    if (plane::IsFloat(g)) {
      plane::KeepF(plane::In<float>(g) + begin, plane::In<float>(output) + begin, end - begin,
                   plane::Out<float>(y) + begin);
    } else {
      using T = std::uint16_t;
      plane::KeepB(plane::In<T>(g) + begin, plane::In<T>(output) + begin, end - begin,
                   plane::Out<T>(y) + begin);
    }
  });
  return y;
}

}  // namespace tutti::trainer
