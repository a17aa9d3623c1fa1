#include "worker/trainer/network.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "experiments/core/check.h"
#include "worker/trainer/initial_weights.h"
#include "worker/trainer/modules.h"

namespace tutti::trainer {
namespace {

bool Is(const std::vector<Layer>& layers, std::size_t at, std::string_view kind) {
  return at < layers.size() && layers[at].kind == kind;
}

bool IsPlainPool2(const Layer& layer) {
  return layer.kernel == 2 && layer.stride == 2 && !layer.padding.same &&
         layer.padding.amount == 0;
}

// A ReLU that max pooling behind it does not take.
bool HasPlainRelu(const std::vector<Layer>& layers, std::size_t at) {
  return Is(layers, at, "relu") && !Is(layers, at + 1, "max_pool");
}

std::unique_ptr<Module> MakeSimple(const Layer& layer, ParameterStore& store, std::uint64_t seed,
                                   bool is_head) {
  if (layer.kind == "conv") return MakeConvolution(layer, store);
  if (layer.kind == "linear") return MakeLinear(layer, is_head, store);
  if (layer.kind == "batch_norm") return MakeBatchNorm(layer, false, store);
  if (layer.kind == "max_pool") return MakeMaxPool(layer, false);
  if (layer.kind == "avg_pool") return MakeAveragePool(layer);
  if (layer.kind == "global_average_pool") return MakeGlobalAveragePool(layer);
  if (layer.kind == "flatten") return MakeFlatten(layer);
  if (layer.kind == "dropout") return MakeDropout(layer, seed);
  if (layer.kind == "squeeze_excite") return MakeSqueezeExcite(layer, store);
  return MakeActivation(layer);
}

// What stands at layers[at] as one fused module; `used` is the number of layers it replaces.
std::unique_ptr<Module> MakeFused(const std::vector<Layer>& layers, std::size_t at, bool first,
                                  ParameterStore& store, std::size_t& used) {
  // max_pool(relu(x)) = relu(max_pool(x)), with the same gradients, and ReLU sees fewer values.
  const bool relu_pool = Is(layers, at, "relu") && Is(layers, at + 1, "max_pool");
  const bool pool_relu = Is(layers, at, "max_pool") && Is(layers, at + 1, "relu");
  if (relu_pool || pool_relu) {
    used = 2;
    return MakeMaxPool(layers[relu_pool ? at + 1 : at], true);
  }
  if (Is(layers, at, "batch_norm") && HasPlainRelu(layers, at + 1)) {
    used = 2;
    return MakeBatchNorm(layers[at], true, store);
  }
  if (!first || at != 0 || !Is(layers, 0, "conv")) return nullptr;
  const bool has_relu = Is(layers, 1, "relu") || (Is(layers, 1, "max_pool") && Is(layers, 2, "relu"));
  const std::size_t pool_at = Is(layers, 1, "relu") ? 2 : 1;
  const bool has_pool = Is(layers, pool_at, "max_pool") && IsPlainPool2(layers[pool_at]);
  const bool relu = Is(layers, 1, "relu") || (has_pool && has_relu);
  used = 1u + (relu ? 1u : 0u) + (has_pool ? 1u : 0u);
  return MakeStem(layers[0], has_pool ? 2 : 1, relu, store);
}

bool IsActivation(const std::vector<Layer>& layers, std::size_t at) {
  return Is(layers, at, "relu") || Is(layers, at, "gelu") || Is(layers, at, "silu") ||
         Is(layers, at, "tanh") || Is(layers, at, "sigmoid");
}

// The layer whose output is shown as that of the convolution layers[at].
std::size_t ShownAt(const std::vector<Layer>& layers, std::size_t at) {
  const std::size_t behind = Is(layers, at + 1, "batch_norm") ? at + 2 : at + 1;
  return IsActivation(layers, behind) ? behind : at;
}

}  // namespace

Network::Network(const Graph& graph, const NetworkOptions& options, std::uint64_t seed)
    : graph_(graph),
      options_(options),
      store_(options.device, options.master, options.compute) {
  modules_ = Build(graph_.layers, true, options_.fuse && !options_.probe, seed);
  store_.Freeze(options_.freeze);
  FindLowestTrained();
  store_.Allocate();
  InitializeWeights(graph_, seed, store_);
  store_.RefreshCompute();
}

// Nothing before the first layer with trained parameters needs a gradient, and that layer needs
// none by its input.
void Network::FindLowestTrained() {
  std::int64_t lowest = store_.flat_size();
  for (const Parameter& p : store_.parameters()) {
    if (p.trained) lowest = std::min(lowest, p.offset);
  }
  // Modules' parameters stand in the order of the modules: the lowest one is of the last module
  // that starts at or before it.
  Module* owner = nullptr;
  for (const auto& module : modules_) {
    if (module->first_offset >= 0 && module->first_offset <= lowest) owner = module.get();
  }
  for (const auto& module : modules_) {
    module->needs_input_gradient = false;
    if (module.get() == owner) break;
  }
}

ModuleList Network::Build(const std::vector<Layer>& layers, bool first, bool fuse,
                          std::uint64_t seed) {
  ModuleList modules;
  std::map<std::size_t, std::size_t> shown;  // output shown -> its convolution
  for (std::size_t i = 0; options_.probe && i < layers.size(); ++i) {
    if (layers[i].kind == "conv") shown[ShownAt(layers, i)] = i;
  }
  for (std::size_t i = 0; i < layers.size();) {
    std::size_t used = 0;
    std::unique_ptr<Module> module;
    if (fuse) module = MakeFused(layers, i, first, store_, used);
    if (module == nullptr) {
      used = 1;
      const Layer& layer = layers[i];
      if (layer.kind == "residual") {
        const bool relu = fuse && HasPlainRelu(layers, i + 1);
        auto body = Build(layer.layers, false, fuse, seed);
        module = MakeResidual(std::move(body), Build(layer.shortcut, false, fuse, seed), relu);
        if (relu) used = 2;
      } else {
        module = MakeSimple(layer, store_, seed, first && i + 1 == layers.size());
      }
    }
    modules.push_back(std::move(module));
    if (const auto conv = shown.find(i); conv != shown.end()) {
      modules.push_back(MakeProbe(layers[conv->second], layers[i].kind));
    }
    i += used;
  }
  return modules;
}

at::ScalarType Network::input_type() const {
  return modules_.empty() ? options_.compute : modules_.front()->input_type(options_.compute);
}

at::Tensor Network::Forward(const at::Tensor& images, const Pass& pass) {
  return ForwardAll(modules_, images, pass).to(options_.master);
}

void Network::Backward(const at::Tensor& logits_gradient, const Pass& pass) {
  BackwardAll(modules_, logits_gradient, pass);
}

}  // namespace tutti::trainer
