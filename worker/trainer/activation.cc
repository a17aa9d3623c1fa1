#include <ATen/ops/gelu.h>
#include <ATen/ops/gelu_backward.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/sigmoid_backward.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/silu_backward.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/tanh_backward.h>
#include <ATen/ops/threshold_backward.h>

#include <memory>

#include "experiments/core/check.h"
#include "worker/trainer/modules.h"

namespace tutti::trainer {
namespace {

struct ActivationFunction {
  std::string_view name;
  at::Tensor (*forward)(const at::Tensor& x);
  // `kept` is the output where keeps_output, else the input.
  at::Tensor (*backward)(const at::Tensor& gradient, const at::Tensor& kept);
  bool keeps_output;
};

const ActivationFunction kFunctions[] = {
    {"relu", [](const at::Tensor& x) { return at::relu(x); },
     [](const at::Tensor& g, const at::Tensor& y) { return at::threshold_backward(g, y, 0); },
     true},
    {"gelu", [](const at::Tensor& x) { return at::gelu(x); },
     [](const at::Tensor& g, const at::Tensor& x) { return at::gelu_backward(g, x); }, false},
    {"silu", [](const at::Tensor& x) { return at::silu(x); },
     [](const at::Tensor& g, const at::Tensor& x) { return at::silu_backward(g, x); }, false},
    {"tanh", [](const at::Tensor& x) { return at::tanh(x); },
     [](const at::Tensor& g, const at::Tensor& y) { return at::tanh_backward(g, y); }, true},
    {"sigmoid", [](const at::Tensor& x) { return at::sigmoid(x); },
     [](const at::Tensor& g, const at::Tensor& y) { return at::sigmoid_backward(g, y); }, true},
};

class Activation : public Module {
 public:
  explicit Activation(const ActivationFunction& function) : function_(function) {}

  at::Tensor Forward(const at::Tensor& x, const Pass& pass) override {
    at::Tensor y = function_.forward(x);
    if (pass.training) kept_ = function_.keeps_output ? y : x;
    return y;
  }

  at::Tensor Backward(const at::Tensor& gradient, const Pass&) override {
    at::Tensor result =
        needs_input_gradient ? function_.backward(gradient, kept_) : at::Tensor();
    kept_.reset();
    return result;
  }

 private:
  const ActivationFunction& function_;
  at::Tensor kept_;
};

}  // namespace

std::unique_ptr<Module> MakeActivation(const Layer& layer) {
  for (const ActivationFunction& f : kFunctions) {
    if (f.name == layer.kind) return std::make_unique<Activation>(f);
  }
  TUTTI_CHECK(false, "no activation of this name: " + layer.kind);
  return nullptr;
}

}  // namespace tutti::trainer
