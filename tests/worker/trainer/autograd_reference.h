#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

#include "experiments/models/graph.h"

// A Graph computed layer by layer with PyTorch's own operators under autograd: what the trainer's
// hand-written gradients are compared with.

namespace tutti::trainer {

// Leaf tensors by the names of ParameterStore.
using NamedWeights = std::map<std::string, at::Tensor>;

struct ReferenceResult {
  at::Tensor logits;
  double loss = 0;          // mean over the batch
  NamedWeights gradients;   // of every weight
};

// Training forward and backward of `x` [n, c, h, w] with mean cross-entropy against `labels`.
// REQUIRES: dropout, if any, of 0. The weights' gradients are made anew.
ReferenceResult ReferenceStep(const Graph& graph, const NamedWeights& weights, const at::Tensor& x,
                              const at::Tensor& labels, double label_smoothing);

}  // namespace tutti::trainer
