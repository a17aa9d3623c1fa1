#include "worker/trainer/optimizer.h"

#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/_fused_sgd.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

namespace tutti::trainer {

Optimizer::Optimizer(const OptimizerConfig& config, ParameterStore& store) : config_(config) {
  const bool adam = config_.name != "sgd";
  if (adam) {
    exp_avg_ = at::zeros_like(store.values());
    exp_avg_sq_ = at::zeros_like(store.values());
    step_ = at::zeros({}, at::TensorOptions().device(store.device()).dtype(at::kFloat));
  } else if (config_.momentum != 0) {
    momentum_ = at::zeros_like(store.values());
  }
  for (const FlatRange& range : store.trained_ranges()) {
    const auto part = [&range](const at::Tensor& t) {
      return t.narrow(0, range.offset, range.size);
    };
    values_.push_back(part(store.values()));
    gradients_.push_back(part(store.gradients()));
    if (adam) {
      exp_avgs_.push_back(part(exp_avg_));
      exp_avg_sqs_.push_back(part(exp_avg_sq_));
      steps_.push_back(step_);
    } else if (momentum_.defined()) {
      momenta_.push_back(part(momentum_));
    }
  }
}

Result<Optimizer> Optimizer::Make(const OptimizerConfig& config, ParameterStore& store) {
  if (config.name != "adam" && config.name != "adamw" && config.name != "sgd") {
    return InvalidArgument("training.optimizer.name is \"" + config.name +
                           "\"; this trainer knows adam, adamw and sgd");
  }
  return Optimizer(config, store);
}

void Optimizer::Step(double lr) {
  if (config_.name == "sgd") {
    at::_fused_sgd_(values_, gradients_, momenta_, config_.weight_decay, config_.momentum, lr, 0.0,
                    config_.nesterov, false, first_step_);
    first_step_ = false;
    return;
  }
  step_.add_(1);
  if (config_.name == "adam") {
    at::_fused_adam_(values_, gradients_, exp_avgs_, exp_avg_sqs_, {}, steps_, lr, config_.beta1,
                     config_.beta2, config_.weight_decay, config_.eps, false, false);
  } else {
    at::_fused_adamw_(values_, gradients_, exp_avgs_, exp_avg_sqs_, {}, steps_, lr, config_.beta1,
                      config_.beta2, config_.weight_decay, config_.eps, false, false);
  }
}

std::vector<std::pair<std::string, at::Tensor>> Optimizer::State() {
  std::vector<std::pair<std::string, at::Tensor>> state;
  if (exp_avg_.defined()) {
    state.emplace_back("exp_avg", exp_avg_);
    state.emplace_back("exp_avg_sq", exp_avg_sq_);
    state.emplace_back("step", step_);
  }
  if (momentum_.defined()) state.emplace_back("momentum_buffer", momentum_);
  return state;
}

}  // namespace tutti::trainer
