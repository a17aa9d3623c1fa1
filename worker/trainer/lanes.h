#pragma once

#include <cstdint>
#include <cstring>

// Sixteen numbers at once, in fp32 whatever they are in memory: one AVX-512 register, two AVX2
// registers, four SSE registers. For kernels only (simd.h).

namespace tutti::trainer::lanes {

inline constexpr std::int64_t kLanes = 16;

using Floats [[gnu::vector_size(64)]] = float;
using Ints [[gnu::vector_size(64)]] = std::int32_t;
using Words [[gnu::vector_size(64)]] = std::uint32_t;
using Halves [[gnu::vector_size(32)]] = std::uint16_t;
using Bytes [[gnu::vector_size(16)]] = std::uint8_t;

template <class V>
[[gnu::always_inline]] inline void Load(V& v, const void* from) {
  std::memcpy(&v, from, sizeof v);
}
template <class V>
[[gnu::always_inline]] inline void Store(const V& v, void* to) {
  std::memcpy(to, &v, sizeof v);
}

// T is float, or std::uint16_t for bf16.
[[gnu::always_inline]] inline void LoadFloats(Floats& v, const float* in) { Load(v, in); }
[[gnu::always_inline]] inline void LoadFloats(Floats& v, const std::uint16_t* in) {
  Halves halves;
  Load(halves, in);
  const Words bits = __builtin_convertvector(halves, Words) << 16;
  Load(v, &bits);
}
[[gnu::always_inline]] inline void StoreFloats(const Floats& v, float* out) { Store(v, out); }
// Round to nearest, ties to even.
[[gnu::always_inline]] inline void StoreFloats(const Floats& v, std::uint16_t* out) {
  Words bits;
  Load(bits, &v);
  bits += 0x7fffu + ((bits >> 16) & 1u);
  bits >>= 16;
  Store(__builtin_convertvector(bits, Halves), out);
}

// The first `count` lanes, the others 0.
template <class T>
[[gnu::always_inline]] inline void LoadSome(Floats& v, const T* in, std::int64_t count) {
  if (count == kLanes) return LoadFloats(v, in);
  T some[kLanes] = {};
  std::memcpy(some, in, static_cast<std::size_t>(count) * sizeof(T));
  LoadFloats(v, some);
}
template <class T>
[[gnu::always_inline]] inline void StoreSome(const Floats& v, T* out, std::int64_t count) {
  if (count == kLanes) return StoreFloats(v, out);
  T some[kLanes];
  StoreFloats(v, some);
  std::memcpy(out, some, static_cast<std::size_t>(count) * sizeof(T));
}

// Comparisons look at the bits: g++ 12 takes those of float vectors apart, but not those of
// integers.
// v = max(v, 0) as torch's ReLU: NaN stays.
[[gnu::always_inline]] inline void Relu(Floats& v) {
  Words bits;
  Load(bits, &v);
  // 0x80000000 is -0, 0xff800000 minus infinity; beyond it are NaNs.
  v = bits - 0x80000000u <= 0x7f800000u ? Floats{} : v;
}
// g = 0 where v <= 0.
[[gnu::always_inline]] inline void KeepWherePositive(const Floats& v, Floats& g) {
  Ints bits;
  Load(bits, &v);
  g = bits > 0 ? g : Floats{};
}

}  // namespace tutti::trainer::lanes
