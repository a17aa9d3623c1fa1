#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/result.h"
#include "worker/trainer/parameters.h"

namespace tutti::trainer {

// Adam, AdamW or SGD over the trained ranges of the flat buffers, one fused operator a step.
// Formulas are torch.optim's. Frozen parameters see neither decay nor momentum.
class Optimizer {
 public:
  // kInvalidArgument for an unknown name. REQUIRES: `store` is allocated, and frozen where it shall
  // be.
  static Result<Optimizer> Make(const OptimizerConfig& config, ParameterStore& store);

  // Changes values from gradients; the caller refreshes the compute copy.
  void Step(double lr);
  // The gradients that Step uses: one flat view for each trained range.
  const std::vector<at::Tensor>& gradients() const { return gradients_; }

  // Flat tensors with their names ("exp_avg", "exp_avg_sq", "step", "momentum_buffer"): what a
  // checkpoint holds. Restore by copying into them and calling Restored().
  std::vector<std::pair<std::string, at::Tensor>> State();
  void Restored() { first_step_ = false; }

 private:
  Optimizer(const OptimizerConfig& config, ParameterStore& store);

  OptimizerConfig config_;
  at::Tensor exp_avg_, exp_avg_sq_, step_, momentum_;  // flat, as long as the values
  // One view of each for every trained range.
  std::vector<at::Tensor> values_, gradients_, exp_avgs_, exp_avg_sqs_, steps_, momenta_;
  bool first_step_ = true;
};

}  // namespace tutti::trainer
