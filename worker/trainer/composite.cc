#include <ATen/TensorOperators.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/sigmoid_backward.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/threshold_backward.h>

#include <memory>
#include <utility>

#include "worker/trainer/modules.h"
#include "worker/trainer/plane_kernel.h"

namespace tutti::trainer {
namespace {

// body(x) + shortcut(x), then perhaps ReLU; an empty shortcut is x itself.
class Residual : public Module {
 public:
  Residual(ModuleList body, ModuleList shortcut, bool relu)
      : body_(std::move(body)), shortcut_(std::move(shortcut)), relu_(relu) {
    for (const ModuleList* list : {&body_, &shortcut_}) {
      for (const auto& m : *list) {
        if (m->first_offset < 0) continue;
        first_offset = first_offset < 0 ? m->first_offset : std::min(first_offset, m->first_offset);
      }
    }
  }

  at::Tensor Forward(const at::Tensor& x, const Pass& pass) override {
    const at::Tensor a = ForwardAll(body_, x, pass), b = ForwardAll(shortcut_, x, pass);
    const at::Tensor y = Add(a, b, relu_);
    if (pass.training && relu_) output_ = y;
    return y;
  }

  at::Tensor Backward(const at::Tensor& sum_gradient, const Pass& pass) override {
    const at::Tensor gradient = relu_ ? BeforeRelu(sum_gradient) : sum_gradient;
    output_.reset();
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
    return Add(by_body, by_shortcut, false);
  }

 private:
  static at::Tensor Add(const at::Tensor& a, const at::Tensor& b, bool relu) {
    if (PlaneKernelFits(a) && b.scalar_type() == a.scalar_type()) return AddPlanes(a, b, relu);
    return relu ? at::relu(a + b) : a + b;
  }
  at::Tensor BeforeRelu(const at::Tensor& gradient) const {
    return PlaneKernelFits(gradient) ? WhereOutputPositive(gradient, output_)
                                     : at::threshold_backward(gradient, output_, 0);
  }

  ModuleList body_;
  ModuleList shortcut_;
  bool relu_;
  at::Tensor output_;
};

// Hu, Shen, Sun 2018: x * sigmoid(expand(relu(reduce(mean of x)))). The gate is computed in the
// master type: it is small, and multiplies everything.
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
    const at::Tensor mean = Sums(x, {}) / pixels();
    const at::Tensor hidden =
        at::relu(at::addmm(reduce_bias_->value, mean, reduce_weight_->value.t()));
    const at::Tensor gate =
        at::sigmoid(at::addmm(expand_bias_->value, hidden, expand_weight_->value.t()));
    if (pass.training) {
      input_ = x;
      mean_ = mean;
      hidden_ = hidden;
      gate_ = gate;
    }
    return Scale(x, gate, {});
  }

  at::Tensor Backward(const at::Tensor& gradient, const Pass&) override {
    const at::Tensor by_gate = at::sigmoid_backward(Sums(gradient, input_), gate_);
    at::mm_out(expand_weight_->gradient, by_gate.t(), hidden_);
    at::sum_out(expand_bias_->gradient, by_gate, {0});
    const at::Tensor by_hidden =
        at::threshold_backward(at::mm(by_gate, expand_weight_->value), hidden_, 0);
    at::mm_out(reduce_weight_->gradient, by_hidden.t(), mean_);
    at::sum_out(reduce_bias_->gradient, by_hidden, {0});
    input_.reset();
    if (!needs_input_gradient) return {};
    return Scale(gradient, gate_, at::mm(by_hidden, reduce_weight_->value) / pixels());
  }

 private:
  double pixels() const { return static_cast<double>(in_[1] * in_[2]); }
  at::Tensor Image(const at::Tensor& per_channel) const {
    return per_channel.view({per_channel.size(0), in_[0], 1, 1});
  }
  // [n, channels] in the master type: sum over the pixels of a, or of a * b.
  at::Tensor Sums(const at::Tensor& a, const at::Tensor& b) const {
    const at::ScalarType master = reduce_weight_->value.scalar_type();
    if (PlaneKernelFits(a)) return b.defined() ? PlaneProducts(a, b) : PlaneSums(a);
    const at::Tensor wide = a.to(master);
    return at::sum(b.defined() ? wide * b.to(master) : wide, {2, 3});
  }
  // x * factor + addend, which may be undefined; both [n, channels].
  at::Tensor Scale(const at::Tensor& x, const at::Tensor& factor, const at::Tensor& addend) const {
    if (PlaneKernelFits(x)) return ScalePlanes(x, factor, addend);
    const at::Tensor scaled = x * Image(factor.to(x.scalar_type()));
    return addend.defined() ? scaled + Image(addend.to(x.scalar_type())) : scaled;
  }

  Shape in_;
  Parameter* reduce_weight_ = nullptr;
  Parameter* reduce_bias_ = nullptr;
  Parameter* expand_weight_ = nullptr;
  Parameter* expand_bias_ = nullptr;
  at::Tensor input_, mean_, hidden_, gate_;
};

}  // namespace

std::unique_ptr<Module> MakeResidual(ModuleList body, ModuleList shortcut, bool relu) {
  return std::make_unique<Residual>(std::move(body), std::move(shortcut), relu);
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
