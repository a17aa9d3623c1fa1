#include "worker/trainer/loss.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/_log_softmax.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/sum.h>

#include <algorithm>
#include <cmath>

namespace tutti::trainer {
namespace {

// A batch of logits is a few thousand numbers: one plain pass costs less than calling eight
// operators does.
template <class T>
BatchLoss OnCpu(const at::Tensor& logits, const at::Tensor& labels, double smoothing,
                double global_count) {
  const at::Tensor in = logits.contiguous();
  const std::int64_t n = in.size(0), classes = in.size(1);
  BatchLoss result;
  result.gradient = at::empty_like(in);
  const T* z = in.const_data_ptr<T>();
  const auto* label = labels.const_data_ptr<std::int64_t>();
  T* g = result.gradient.data_ptr<T>();
  const double off = smoothing / static_cast<double>(classes);
  double loss = 0, correct = 0;
  for (std::int64_t r = 0; r < n; ++r, z += classes, g += classes) {
    const auto top = std::max_element(z, z + classes) - z;
    const double high = static_cast<double>(z[top]);
    double total = 0, all = 0;
    for (std::int64_t c = 0; c < classes; ++c) {
      total += std::exp(static_cast<double>(z[c]) - high);
      all += static_cast<double>(z[c]);
    }
    const double log_total = high + std::log(total);
    loss += (1 - smoothing) * (log_total - static_cast<double>(z[label[r]])) +
            off * (static_cast<double>(classes) * log_total - all);
    correct += top == label[r] ? 1 : 0;
    for (std::int64_t c = 0; c < classes; ++c) {
      const double p = std::exp(static_cast<double>(z[c]) - log_total);
      const double target = off + (c == label[r] ? 1 - smoothing : 0);
      g[c] = static_cast<T>((p - target) / global_count);
    }
  }
  result.loss = at::scalar_tensor(loss, at::kDouble);
  result.correct = at::scalar_tensor(correct, at::kDouble);
  return result;
}

BatchLoss OnDevice(const at::Tensor& logits, const at::Tensor& labels, double smoothing,
                   double global_count) {
  const at::Tensor log_p = at::_log_softmax(logits, 1, false);
  const double off = smoothing / static_cast<double>(logits.size(1));
  at::Tensor target = at::full_like(log_p, off);
  target.scatter_add_(1, labels.unsqueeze(1), at::full_like(log_p.narrow(1, 0, 1), 1 - smoothing));
  BatchLoss result;
  result.gradient = (log_p.exp() - target) / global_count;
  result.loss = -at::sum(target * log_p, at::kDouble);
  result.correct = at::sum(at::argmax(logits, 1).eq(labels), at::kDouble);
  return result;
}

}  // namespace

BatchLoss CrossEntropy(const at::Tensor& logits, const at::Tensor& labels, double label_smoothing,
                       double global_count) {
  if (!logits.is_cpu()) return OnDevice(logits, labels, label_smoothing, global_count);
  return logits.scalar_type() == at::kDouble
             ? OnCpu<double>(logits, labels, label_smoothing, global_count)
             : OnCpu<float>(logits, labels, label_smoothing, global_count);
}

}  // namespace tutti::trainer
