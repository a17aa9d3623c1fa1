#include <ATen/TensorOperators.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/avg_pool2d_backward.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/max_pool2d_with_indices.h>
#include <ATen/ops/max_pool2d_with_indices_backward.h>
#include <ATen/ops/mean.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/threshold_backward.h>

#include <limits>
#include <memory>

#include "worker/trainer/modules.h"
#include "worker/trainer/padding.h"
#include "worker/trainer/plane_kernel.h"
#include "worker/trainer/pool_kernel.h"

namespace tutti::trainer {
namespace {

class MaxPool : public Module {
 public:
  MaxPool(const Layer& layer, bool relu)
      : layer_(layer), padding_(ResolvePadding(layer)), relu_(relu) {}

  at::Tensor Forward(const at::Tensor& x, const Pass& pass) override {
    used_kernel_ = PoolKernelFits(x, layer_.kernel, layer_.stride) && padding_.symmetric() &&
                   padding_.top == 0;
    if (used_kernel_) return PoolForward(x, relu_, pass.training ? &choice_ : nullptr);
    const bool explicit_padding = !padding_.symmetric() || padding_.top * 2 > layer_.kernel;
    const at::Tensor input =
        explicit_padding ? at::constant_pad_nd(x, padding_.torch_order(),
                                               -std::numeric_limits<double>::infinity())
                         : x;
    amount_ = explicit_padding ? 0 : padding_.top;
    explicit_padding_ = explicit_padding;
    auto [y, indices] = at::max_pool2d_with_indices(
        input, {layer_.kernel, layer_.kernel}, {layer_.stride, layer_.stride}, {amount_, amount_});
    if (relu_) y = at::relu(y);
    if (pass.training) {
      input_ = input;
      indices_ = indices;
      output_ = y;
    }
    return y;
  }

  at::Tensor Backward(const at::Tensor& gradient, const Pass&) override {
    if (!needs_input_gradient) return {};
    if (used_kernel_) return PoolBackward(gradient, choice_, layer_.in[1], layer_.in[2]);
    const at::Tensor g = relu_ ? at::threshold_backward(gradient, output_, 0) : gradient;
    at::Tensor result = at::max_pool2d_with_indices_backward(
        g, input_, {layer_.kernel, layer_.kernel}, {layer_.stride, layer_.stride},
        {amount_, amount_}, {1, 1}, false, indices_);
    input_.reset();
    indices_.reset();
    output_.reset();
    return explicit_padding_ ? Unpad(result, padding_, layer_.in) : result;
  }

 private:
  Layer layer_;
  ResolvedPadding padding_;
  bool relu_;
  bool used_kernel_ = false;
  bool explicit_padding_ = false;
  std::int64_t amount_ = 0;
  at::Tensor choice_, input_, indices_, output_;
};

class AveragePool : public Module {
 public:
  explicit AveragePool(const Layer& layer) : layer_(layer), padding_(ResolvePadding(layer)) {}

  at::Tensor Forward(const at::Tensor& x, const Pass& pass) override {
    const at::Tensor input =
        padding_.symmetric() ? x : at::constant_pad_nd(x, padding_.torch_order(), 0);
    if (pass.training) input_ = input;
    return at::avg_pool2d(input, kernel(), stride(), amount());
  }

  at::Tensor Backward(const at::Tensor& gradient, const Pass&) override {
    if (!needs_input_gradient) return {};
    at::Tensor result = at::avg_pool2d_backward(gradient, input_, kernel(), stride(), amount(),
                                                false, true, std::nullopt);
    input_.reset();
    return padding_.symmetric() ? result : Unpad(result, padding_, layer_.in);
  }

 private:
  std::array<std::int64_t, 2> kernel() const { return {layer_.kernel, layer_.kernel}; }
  std::array<std::int64_t, 2> stride() const { return {layer_.stride, layer_.stride}; }
  std::array<std::int64_t, 2> amount() const {
    return padding_.symmetric() ? std::array{padding_.top, padding_.left}
                                : std::array<std::int64_t, 2>{0, 0};
  }
  Layer layer_;
  ResolvedPadding padding_;
  at::Tensor input_;
};

class GlobalAveragePool : public Module {
 public:
  explicit GlobalAveragePool(const Layer& layer) : in_(layer.in) {}

  at::Tensor Forward(const at::Tensor& x, const Pass&) override {
    if (!PlaneKernelFits(x)) return at::mean(x, {2, 3});
    return (PlaneSums(x) / static_cast<double>(in_[1] * in_[2])).to(x.scalar_type());
  }
  at::Tensor Backward(const at::Tensor& gradient, const Pass&) override {
    if (!needs_input_gradient) return {};
    const std::int64_t n = gradient.size(0);
    return (gradient / static_cast<double>(in_[1] * in_[2]))
        .view({n, in_[0], 1, 1})
        .expand({n, in_[0], in_[1], in_[2]})
        .contiguous(at::MemoryFormat::ChannelsLast);
  }

 private:
  Shape in_;
};

// Features in the order (channel, row, column), as torch.nn.Flatten, though memory is
// channels-last: weights of the next layer must mean the same to PyTorch.
class Flatten : public Module {
 public:
  explicit Flatten(const Layer& layer) : in_(layer.in) {}

  at::Tensor Forward(const at::Tensor& x, const Pass&) override {
    return x.contiguous(at::MemoryFormat::Contiguous).view({x.size(0), -1});
  }
  at::Tensor Backward(const at::Tensor& gradient, const Pass&) override {
    if (!needs_input_gradient) return {};
    if (in_.size() != 3) return gradient;
    return gradient.view({gradient.size(0), in_[0], in_[1], in_[2]})
        .contiguous(at::MemoryFormat::ChannelsLast);
  }

 private:
  Shape in_;
};

}  // namespace

std::unique_ptr<Module> MakeMaxPool(const Layer& layer, bool relu) {
  return std::make_unique<MaxPool>(layer, relu);
}
std::unique_ptr<Module> MakeAveragePool(const Layer& layer) {
  return std::make_unique<AveragePool>(layer);
}
std::unique_ptr<Module> MakeGlobalAveragePool(const Layer& layer) {
  return std::make_unique<GlobalAveragePool>(layer);
}
std::unique_ptr<Module> MakeFlatten(const Layer& layer) { return std::make_unique<Flatten>(layer); }

}  // namespace tutti::trainer
