#include "tests/worker/trainer/autograd_reference.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <limits>

#include "experiments/core/check.h"

namespace tutti::trainer {
namespace {

class Reference {
 public:
  explicit Reference(const NamedWeights& weights) : weights_(weights) {}

  at::Tensor Layers(const std::vector<Layer>& layers, at::Tensor x) const {
    for (const Layer& layer : layers) x = One(layer, x);
    return x;
  }

 private:
  at::Tensor W(const Layer& layer, const char* role) const {
    return weights_.at(layer.name + role);
  }

  // Pads as Keras does for "same" (the odd row and column after), else the same on all sides.
  static at::Tensor Pad(const Layer& layer, const at::Tensor& x, double value) {
    std::int64_t low[2], high[2];
    for (int d = 0; d < 2; ++d) {
      low[d] = high[d] = layer.padding.amount;
      if (!layer.padding.same) continue;
      const std::int64_t in = x.size(2 + d);
      const std::int64_t out = (in + layer.stride - 1) / layer.stride;
      const std::int64_t total =
          std::max<std::int64_t>(0, (out - 1) * layer.stride + layer.kernel - in);
      low[d] = total / 2;
      high[d] = total - low[d];
    }
    return at::constant_pad_nd(x, {low[1], high[1], low[0], high[0]}, value);
  }

  at::Tensor One(const Layer& layer, const at::Tensor& x) const {
    const std::string& kind = layer.kind;
    if (kind == "conv") {
      std::optional<at::Tensor> bias;
      if (layer.bias) bias = W(layer, ".bias");
      return at::conv2d(Pad(layer, x, 0), W(layer, ".weight"), bias, layer.stride,
                        at::IntArrayRef{0}, 1, layer.groups);
    }
    if (kind == "linear") {
      std::optional<at::Tensor> bias;
      if (layer.bias) bias = W(layer, ".bias");
      return at::linear(x, W(layer, ".weight"), bias);
    }
    if (kind == "batch_norm") {
      return at::batch_norm(x, W(layer, ".weight"), W(layer, ".bias"), {}, {}, true,
                            layer.momentum, layer.eps, false);
    }
    if (kind == "max_pool") {
      return at::max_pool2d(Pad(layer, x, -std::numeric_limits<double>::infinity()), layer.kernel,
                            layer.stride);
    }
    if (kind == "avg_pool") return at::avg_pool2d(Pad(layer, x, 0), layer.kernel, layer.stride);
    if (kind == "global_average_pool") return at::adaptive_avg_pool2d(x, {1, 1}).flatten(1);
    if (kind == "flatten") return at::flatten(x, 1);
    if (kind == "residual") return Layers(layer.layers, x) + Layers(layer.shortcut, x);
    if (kind == "squeeze_excite") {
      const at::Tensor mean = x.mean({2, 3});
      const at::Tensor hidden =
          at::linear(mean, W(layer, ".reduce.weight"), W(layer, ".reduce.bias")).relu();
      const at::Tensor gate =
          at::linear(hidden, W(layer, ".expand.weight"), W(layer, ".expand.bias")).sigmoid();
      return x * gate.unsqueeze(2).unsqueeze(3);
    }
    if (kind == "relu") return at::relu(x);
    if (kind == "gelu") return at::gelu(x);
    if (kind == "silu") return at::silu(x);
    if (kind == "tanh") return at::tanh(x);
    if (kind == "sigmoid") return at::sigmoid(x);
    if (kind == "dropout" && layer.p == 0) return x;
    TUTTI_CHECK(false, "the reference knows no layer " + kind);
    return {};
  }

  const NamedWeights& weights_;
};

}  // namespace

ReferenceResult ReferenceStep(const Graph& graph, const NamedWeights& weights, const at::Tensor& x,
                              const at::Tensor& labels, double label_smoothing) {
  for (const auto& [name, weight] : weights) {
    weight.set_requires_grad(true);
    weight.mutable_grad() = at::Tensor();
  }
  ReferenceResult result;
  const at::Tensor logits = Reference(weights).Layers(graph.layers, x);
  const at::Tensor loss = at::cross_entropy_loss(logits, labels, {}, at::Reduction::Mean, -100,
                                                 label_smoothing);
  loss.backward();
  result.logits = logits.detach();
  result.loss = loss.item<double>();
  for (const auto& [name, weight] : weights) result.gradients[name] = weight.grad();
  return result;
}

}  // namespace tutti::trainer
