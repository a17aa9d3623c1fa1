#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/convolution.h>
#include <ATen/ops/convolution_backward.h>

#include <array>
#include <memory>

#include "worker/trainer/modules.h"
#include "worker/trainer/padding.h"

namespace tutti::trainer {
namespace {

class Convolution : public Module {
 public:
  Convolution(const Layer& layer, ParameterStore& store)
      : layer_(layer), padding_(ResolvePadding(layer)) {
    weight_ = store.Declare(layer.name + ".weight", {layer.channels, layer.in[0] / layer.groups,
                                                     layer.kernel, layer.kernel});
    first_offset = weight_->offset;
    if (layer.bias) bias_ = store.Declare(layer.name + ".bias", {layer.channels});
  }

  at::Tensor Forward(const at::Tensor& x, const Pass& pass) override {
    const at::Tensor input = padding_.symmetric()
                                 ? x
                                 : at::constant_pad_nd(x, padding_.torch_order(), 0);
    if (pass.training) input_ = input;
    std::optional<at::Tensor> bias;
    if (bias_ != nullptr) bias = bias_->compute;
    return at::convolution(input, weight_->compute, bias, stride(), amount(), {1, 1}, false, {0, 0},
                           layer_.groups);
  }

  at::Tensor Backward(const at::Tensor& gradient, const Pass&) override {
    const std::array<std::int64_t, 1> bias_size{layer_.channels};
    auto [input_gradient, weight_gradient, bias_gradient] = at::convolution_backward(
        gradient, input_, weight_->compute, at::IntArrayRef(bias_size), stride(), amount(), {1, 1},
        false, {0, 0}, layer_.groups, {needs_input_gradient, true, bias_ != nullptr});
    weight_->gradient.copy_(weight_gradient);
    if (bias_ != nullptr) bias_->gradient.copy_(bias_gradient);
    input_.reset();
    if (!needs_input_gradient || padding_.symmetric()) return input_gradient;
    return Unpad(input_gradient, padding_, layer_.in);
  }

 private:
  std::array<std::int64_t, 2> stride() const { return {layer_.stride, layer_.stride}; }
  std::array<std::int64_t, 2> amount() const {
    return padding_.symmetric() ? std::array{padding_.top, padding_.left}
                                : std::array<std::int64_t, 2>{0, 0};
  }

  Layer layer_;
  ResolvedPadding padding_;
  Parameter* weight_ = nullptr;
  Parameter* bias_ = nullptr;
  at::Tensor input_;
};

}  // namespace

std::unique_ptr<Module> MakeConvolution(const Layer& layer, ParameterStore& store) {
  return std::make_unique<Convolution>(layer, store);
}

}  // namespace tutti::trainer
