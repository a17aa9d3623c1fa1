#include "worker/trainer/clipping.h"

#include <ATen/Parallel.h>
#include <ATen/ops/linalg_vector_norm.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "worker/trainer/square_sum_kernel.h"

namespace tutti::trainer {
namespace {

// torch.nn.utils.clip_grad_norm_'s.
constexpr double kNormEpsilon = 1e-6;
// Numbers summed as one piece, whoever sums it.
constexpr std::int64_t kPiece = 16384;

double SumOfSquares(const at::Tensor& values) {
  const std::int64_t n = values.numel();
  const std::int64_t pieces = (n + kPiece - 1) / kPiece;
  std::vector<double> sums(static_cast<std::size_t>(pieces));
  at::parallel_for(0, pieces, 4, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p) {
      const std::int64_t from = p * kPiece, count = std::min(kPiece, n - from);
      sums[static_cast<std::size_t>(p)] =
          values.scalar_type() == at::kDouble
              ? SquareSum(values.const_data_ptr<double>() + from, count)
              : SquareSum(values.const_data_ptr<float>() + from, count);
    }
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

}  // namespace

void ClipGradients(const std::vector<at::Tensor>& gradients, double max_norm) {
  if (gradients.front().is_cpu()) {
    double sum = 0;
    for (const at::Tensor& g : gradients) sum += SumOfSquares(g);
    const double scale = max_norm / (std::sqrt(sum) + kNormEpsilon);
    if (scale >= 1) return;
    for (const at::Tensor& g : gradients) g.mul_(scale);
    return;
  }
  // On an accelerator nothing is read back: the host goes on without waiting.
  at::Tensor sum;
  for (const at::Tensor& g : gradients) {
    const at::Tensor norm = at::linalg_vector_norm(g, 2, std::nullopt, false, at::kDouble);
    sum = sum.defined() ? sum + norm * norm : norm * norm;
  }
  const at::Tensor scale = (max_norm / (sum.sqrt() + kNormEpsilon)).clamp_max(1);
  for (const at::Tensor& g : gradients) g.mul_(scale.to(g.scalar_type()));
}

}  // namespace tutti::trainer
