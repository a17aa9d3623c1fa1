#include "worker/trainer/weight_average.h"

#include <ATen/TensorOperators.h>

#include <algorithm>

namespace tutti::trainer {

WeightAverage::WeightAverage(double decay, ParameterStore& store)
    : decay_(decay),
      store_(&store),
      values_(store.values().clone()),
      buffer_values_(store.buffer_values().clone()) {}

void WeightAverage::Update(std::int64_t n) {
  const auto updates = static_cast<double>(n);
  const double decay = std::min(decay_, (1 + updates) / (10 + updates));
  values_.lerp_(store_->values(), 1 - decay);
  if (buffer_values_.numel() > 0) buffer_values_.lerp_(store_->buffer_values(), 1 - decay);
}

void WeightAverage::Exchange() {
  const auto swap = [](at::Tensor& a, at::Tensor& b) {
    const at::Tensor kept = a.clone();
    a.copy_(b);
    b.copy_(kept);
  };
  swap(store_->values(), values_);
  swap(store_->buffer_values(), buffer_values_);
  store_->RefreshCompute();
}

}  // namespace tutti::trainer
