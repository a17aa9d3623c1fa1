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

// Adam, AdamW or SGD over the flat buffers, one fused operator a step. Formulas are torch.optim's.
class Optimizer {
 public:
  // kInvalidArgument for an unknown name.
  static Result<Optimizer> Make(const OptimizerConfig& config, ParameterStore& store);

  // Changes values from gradients; the caller refreshes the compute copy.
  void Step(double lr);

  // Flat tensors with their names ("exp_avg", "exp_avg_sq", "step", "momentum_buffer"): what a
  // checkpoint holds. Restore by copying into them and calling Restored().
  std::vector<std::pair<std::string, at::Tensor>> State();
  void Restored() { first_step_ = false; }

 private:
  Optimizer(const OptimizerConfig& config, ParameterStore& store);

  OptimizerConfig config_;
  ParameterStore* store_;
  at::Tensor exp_avg_, exp_avg_sq_, step_, momentum_;
  bool first_step_ = true;
};

}  // namespace tutti::trainer
