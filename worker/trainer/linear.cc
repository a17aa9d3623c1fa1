#include <ATen/ops/addmm.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/sum.h>

#include <memory>

#include "worker/trainer/modules.h"

namespace tutti::trainer {
namespace {

// y = x W^T + b with W [out, in], as torch.nn.Linear.
class Linear : public Module {
 public:
  Linear(const Layer& layer, bool is_head, ParameterStore& store) : is_head_(is_head) {
    weight_ = store.Declare(layer.name + ".weight", {layer.channels, layer.in[0]});
    first_offset = weight_->offset;
    if (layer.bias) bias_ = store.Declare(layer.name + ".bias", {layer.channels});
  }

  at::Tensor Forward(const at::Tensor& x, const Pass& pass) override {
    // The last layer makes the logits, which are stored and ranked: full precision costs nothing
    // there, since it is small, and keeps ties out of the predictions.
    input_type_ = x.scalar_type();
    const at::Tensor input = is_head_ ? x.to(weight_->value.scalar_type()) : x;
    const at::Tensor& w = is_head_ ? weight_->value : weight_->compute;
    if (pass.training) input_ = input;
    if (bias_ == nullptr) return at::mm(input, w.t());
    return at::addmm(is_head_ ? bias_->value : bias_->compute, input, w.t());
  }

  at::Tensor Backward(const at::Tensor& gradient, const Pass&) override {
    const at::Tensor& w = is_head_ ? weight_->value : weight_->compute;
    if (gradient.scalar_type() == weight_->gradient.scalar_type()) {
      at::mm_out(weight_->gradient, gradient.t(), input_);
    } else {
      weight_->gradient.copy_(at::mm(gradient.t(), input_));
    }
    if (bias_ != nullptr) {
      at::sum_out(bias_->gradient, gradient, {0}, false, bias_->gradient.scalar_type());
    }
    input_.reset();
    if (!needs_input_gradient) return {};
    return at::mm(gradient, w).to(input_type_);
  }

 private:
  bool is_head_;
  at::ScalarType input_type_ = at::kFloat;
  Parameter* weight_ = nullptr;
  Parameter* bias_ = nullptr;
  at::Tensor input_;
};

}  // namespace

std::unique_ptr<Module> MakeLinear(const Layer& layer, bool is_head, ParameterStore& store) {
  return std::make_unique<Linear>(layer, is_head, store);
}

}  // namespace tutti::trainer
