#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "worker/trainer/parameters.h"

namespace tutti::trainer {

// An exponential moving average of the weights and of batch norm's running statistics (Polyak &
// Juditsky 1992; torch.optim.swa_utils.AveragedModel with get_ema_multi_avg_fn and
// use_buffers=True). After update n = 1, 2, …:
//
//   average = d average + (1 - d) weights,   d = min(decay, (1 + n) / (10 + n))
//
// The smaller d of the first updates (TensorFlow's ExponentialMovingAverage with num_updates) lets
// a short training forget its initial weights: with 0.999 they would still be a third of the
// average after a thousand steps.
class WeightAverage {
 public:
  // Starts as a copy of the weights. `store` must outlive this; REQUIRES: allocated.
  WeightAverage(double decay, ParameterStore& store);

  // After optimiser step number `n`, from 1.
  void Update(std::int64_t n);
  // Puts the average into the store and keeps the store's numbers here, or back: bit for bit.
  void Exchange();

  // Flat, as ParameterStore's of these names.
  at::Tensor& values() { return values_; }
  at::Tensor& buffer_values() { return buffer_values_; }

 private:
  double decay_;
  ParameterStore* store_;
  at::Tensor values_, buffer_values_;
};

}  // namespace tutti::trainer
