#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "experiments/models/graph.h"
#include "worker/trainer/module.h"
#include "worker/trainer/parameters.h"

// A Graph (experiments/models) as something that computes.

namespace tutti::trainer {

struct NetworkOptions {
  at::Device device{at::kCPU};
  at::ScalarType master = at::kFloat;   // type of weights, gradients, optimiser state
  at::ScalarType compute = at::kFloat;  // type of activations
  // Fused kernels for patterns of layers. Off: every layer by itself, as PyTorch would run it.
  bool fuse = true;
  // A probe (Pass::outputs) behind every convolution, or behind its activation function where one
  // follows directly or after batch norm. Excludes `fuse`, which may leave out what a probe would
  // see.
  bool probe = false;
  // Glob patterns of parameters that are not trained. Backward ends at the lowest trained layer.
  std::vector<std::string> freeze;
};

class Network {
 public:
  // Builds modules and their parameters and draws initial weights from Rng(seed), the same on every
  // rank, device and thread count.
  Network(const Graph& graph, const NetworkOptions& options, std::uint64_t seed);

  // images: [n, c, h, w], channels-last, of input_type(). Logits [n, classes] in the master type.
  at::Tensor Forward(const at::Tensor& images, const Pass& pass);
  // Overwrites the gradients of all trained parameters. REQUIRES: Forward in training before.
  void Backward(const at::Tensor& logits_gradient, const Pass& pass);

  // Type in which the first layer wants its images.
  at::ScalarType input_type() const;
  ParameterStore& store() { return store_; }
  const Graph& graph() const { return graph_; }

 private:
  // Marks where Backward ends.
  void FindLowestTrained();
  ModuleList Build(const std::vector<Layer>& layers, bool first, bool fuse, std::uint64_t seed);

  Graph graph_;
  NetworkOptions options_;
  ParameterStore store_;
  ModuleList modules_;
};

}  // namespace tutti::trainer
