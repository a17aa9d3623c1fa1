#include <ATen/TensorOperators.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/sigmoid_backward.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/threshold_backward.h>

#include <memory>
#include <utility>

#include "worker/trainer/modules.h"

namespace tutti::trainer {
namespace {

// body(x) + shortcut(x); an empty shortcut is x itself.
class Residual : public Module {
 public:
  Residual(ModuleList body, ModuleList shortcut)
      : body_(std::move(body)), shortcut_(std::move(shortcut)) {
    for (const ModuleList* list : {&body_, &shortcut_}) {
      for (const auto& m : *list) {
        if (m->first_offset < 0) continue;
        first_offset = first_offset < 0 ? m->first_offset : std::min(first_offset, m->first_offset);
      }
    }
  }

  at::Tensor Forward(const at::Tensor& x, const Pass& pass) override {
    return ForwardAll(body_, x, pass) + ForwardAll(shortcut_, x, pass);
  }

  at::Tensor Backward(const at::Tensor& gradient, const Pass& pass) override {
    // The two branches' parameters lie side by side: only both together are a finished range.
    Pass inner = pass;
    inner.gradients_ready = nullptr;
    if (!needs_input_gradient) {
      for (const ModuleList* list : {&body_, &shortcut_}) {
        if (!list->empty()) list->front()->needs_input_gradient = false;
      }
    }
    at::Tensor by_shortcut = BackwardAll(shortcut_, gradient, inner);
    at::Tensor by_body = BackwardAll(body_, gradient, inner);
    if (!needs_input_gradient) return {};
    return by_body + by_shortcut;
  }

 private:
  ModuleList body_;
  ModuleList shortcut_;
};

// Hu, Shen, Sun 2018: x * sigmoid(expand(relu(reduce(mean of x)))).
class SqueezeExcite : public Module {
 public:
  SqueezeExcite(const Layer& layer, ParameterStore& store) : in_(layer.in) {
    reduce_weight_ = store.Declare(layer.name + ".reduce.weight", {layer.squeeze, in_[0]});
    reduce_bias_ = store.Declare(layer.name + ".reduce.bias", {layer.squeeze});
    expand_weight_ = store.Declare(layer.name + ".expand.weight", {in_[0], layer.squeeze});
    expand_bias_ = store.Declare(layer.name + ".expand.bias", {in_[0]});
    first_offset = reduce_weight_->offset;
  }

  at::Tensor Forward(const at::Tensor& x, const Pass& pass) override {
    const at::Tensor mean = at::mean(x, {2, 3});
    const at::Tensor hidden =
        at::relu(at::addmm(reduce_bias_->compute, mean, reduce_weight_->compute.t()));
    const at::Tensor gate =
        at::sigmoid(at::addmm(expand_bias_->compute, hidden, expand_weight_->compute.t()));
    if (pass.training) {
      input_ = x;
      mean_ = mean;
      hidden_ = hidden;
      gate_ = gate;
    }
    return x * Image(gate);
  }

  at::Tensor Backward(const at::Tensor& gradient, const Pass&) override {
    const at::Tensor by_gate =
        at::sigmoid_backward(at::sum(gradient * input_, {2, 3}), gate_);
    expand_weight_->gradient.copy_(at::mm(by_gate.t(), hidden_));
    expand_bias_->gradient.copy_(by_gate.sum(0));
    const at::Tensor by_hidden =
        at::threshold_backward(at::mm(by_gate, expand_weight_->compute), hidden_, 0);
    reduce_weight_->gradient.copy_(at::mm(by_hidden.t(), mean_));
    reduce_bias_->gradient.copy_(by_hidden.sum(0));
    if (!needs_input_gradient) return {};
    const at::Tensor by_mean = at::mm(by_hidden, reduce_weight_->compute) /
                               static_cast<double>(in_[1] * in_[2]);
    at::Tensor result = gradient * Image(gate_) + Image(by_mean);
    input_.reset();
    return result;
  }

 private:
  at::Tensor Image(const at::Tensor& per_channel) const {
    return per_channel.view({per_channel.size(0), in_[0], 1, 1});
  }

  Shape in_;
  Parameter* reduce_weight_ = nullptr;
  Parameter* reduce_bias_ = nullptr;
  Parameter* expand_weight_ = nullptr;
  Parameter* expand_bias_ = nullptr;
  at::Tensor input_, mean_, hidden_, gate_;
};

}  // namespace

std::unique_ptr<Module> MakeResidual(ModuleList body, ModuleList shortcut) {
  return std::make_unique<Residual>(std::move(body), std::move(shortcut));
}
std::unique_ptr<Module> MakeSqueezeExcite(const Layer& layer, ParameterStore& store) {
  return std::make_unique<SqueezeExcite>(layer, store);
}

at::Tensor ForwardAll(const ModuleList& modules, at::Tensor x, const Pass& pass) {
  for (const auto& module : modules) x = module->Forward(x, pass);
  return x;
}

at::Tensor BackwardAll(const ModuleList& modules, at::Tensor gradient, const Pass& pass) {
  for (auto it = modules.rbegin(); it != modules.rend(); ++it) {
    gradient = (*it)->Backward(gradient, pass);
    if (pass.gradients_ready && (*it)->first_offset >= 0) {
      pass.gradients_ready((*it)->first_offset);
    }
    if (!gradient.defined()) break;  // nothing before it has parameters
  }
  return gradient;
}

}  // namespace tutti::trainer
