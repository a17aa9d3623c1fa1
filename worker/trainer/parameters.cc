#include "worker/trainer/parameters.h"

#include <ATen/ops/zeros.h>

#include <numeric>
#include <utility>

#include "experiments/core/check.h"
#include "worker/trainer/weight_patterns.h"

namespace tutti::trainer {
namespace {

// 32 elements are 64 bytes of bf16, the smallest type a flat buffer is kept in.
constexpr std::int64_t kAlignment = 32;

std::int64_t Elements(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

at::Tensor View(const at::Tensor& flat, const Parameter& p) {
  return flat.narrow(0, p.offset, Elements(p.shape)).view(p.shape);
}

}  // namespace

ParameterStore::ParameterStore(at::Device device, at::ScalarType master, at::ScalarType compute)
    : device_(device), master_(master), compute_(compute) {}

Parameter* ParameterStore::Declare(std::string name, Shape shape) {
  TUTTI_CHECK(!values_.defined(), "Declare after Allocate: " + name);
  Parameter p;
  p.name = std::move(name);
  p.offset = size_;
  size_ += (Elements(shape) + kAlignment - 1) / kAlignment * kAlignment;
  p.shape = std::move(shape);
  parameters_.push_back(std::move(p));
  return &parameters_.back();
}

ModelBuffer* ParameterStore::DeclareBuffer(std::string name, at::Tensor initial) {
  buffers_.push_back({std::move(name), std::move(initial)});
  return &buffers_.back();
}

void ParameterStore::Allocate() {
  const auto options = at::TensorOptions().device(device_);
  values_ = at::zeros({size_}, options.dtype(master_));
  compute_values_ =
      compute_ == master_ ? values_ : at::zeros({size_}, options.dtype(compute_));
  everything_ = at::zeros({size_ + kStepWords}, options.dtype(master_));
  gradients_ = everything_.narrow(0, 0, size_);
  words_ = everything_.narrow(0, size_, kStepWords);
  for (Parameter& p : parameters_) {
    p.value = View(values_, p);
    p.compute = View(compute_values_, p);
    p.gradient = View(gradients_, p);
  }
  std::int64_t numbers = 0;
  for (const ModelBuffer& b : buffers_) {
    if (b.value.scalar_type() == master_) numbers += b.value.numel();
  }
  buffer_values_ = at::zeros({numbers}, options.dtype(master_));
  std::int64_t at = 0;
  for (ModelBuffer& b : buffers_) {
    if (b.value.scalar_type() != master_) continue;
    at::Tensor view = buffer_values_.narrow(0, at, b.value.numel()).view(b.value.sizes());
    at += view.numel();
    view.copy_(b.value);
    b.value = std::move(view);
  }
}

void ParameterStore::Freeze(const std::vector<std::string>& patterns) {
  for (Parameter& p : parameters_) p.trained = !MatchesAny(patterns, p.name);
}

std::vector<FlatRange> ParameterStore::trained_ranges() const {
  std::vector<FlatRange> ranges;
  bool open = false;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const Parameter& p = parameters_[i];
    if (p.trained) {
      if (!open) ranges.push_back({p.offset, 0});
      const std::int64_t end = i + 1 < parameters_.size() ? parameters_[i + 1].offset : size_;
      ranges.back().size = end - ranges.back().offset;
    }
    open = p.trained;
  }
  return ranges;
}

void ParameterStore::RefreshCompute() {
  if (compute_ != master_) compute_values_.copy_(values_);
}

std::int64_t ParameterStore::count() const {
  std::int64_t total = 0;
  for (const Parameter& p : parameters_) total += Elements(p.shape);
  return total;
}

}  // namespace tutti::trainer
