#include "worker/trainer/square_sum_kernel.h"

#include "worker/trainer/simd.h"

namespace tutti::trainer {
namespace {

constexpr std::int64_t kLanes = 16;

template <class T>
[[gnu::always_inline]] inline double Sum(const T* values, std::int64_t count) {
  double lanes[kLanes] = {};
  const std::int64_t whole = count / kLanes * kLanes;
  for (std::int64_t i = 0; i < whole; i += kLanes) {
    for (std::int64_t j = 0; j < kLanes; ++j) {
      const auto x = static_cast<double>(values[i + j]);
      lanes[j] += x * x;
    }
  }
  for (std::int64_t j = 0; j < count - whole; ++j) {
    const auto x = static_cast<double>(values[whole + j]);
    lanes[j] += x * x;
  }
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

}  // namespace

TUTTI_SIMD double SquareSum(const float* values, std::int64_t count) { return Sum(values, count); }
TUTTI_SIMD double SquareSum(const double* values, std::int64_t count) { return Sum(values, count); }

}  // namespace tutti::trainer
