#pragma once

#include <cstdint>

#include "experiments/models/graph.h"
#include "worker/trainer/parameters.h"

namespace tutti::trainer {

// Draws the initial value of every parameter that `graph` declares in `store`. Each tensor has a
// stream of its own, Rng(seed).Split("init:" + name), so that adding a layer changes no other one.
//   he_normal   truncated normal in +-2 standard deviations, scaled so that the variance is
//               2 / fan_in after truncation (Keras's HeNormal)
//   he_uniform  U(-l, l), l = sqrt(6 / fan_in)              xavier  l = sqrt(6 / (fan_in + fan_out))
//   torch       l = 1 / sqrt(fan_in), for the bias too (torch.nn's default); the others start
//               biases at 0
// Batch norm starts at weight 1, bias 0; squeeze_excite as torch.
void InitializeWeights(const Graph& graph, std::uint64_t seed, ParameterStore& store);

// Quantile of the standard normal distribution; p in (0, 1); relative error below 1.2e-9 (P. J.
// Acklam's rational approximation).
double NormalQuantile(double p);

}  // namespace tutti::trainer
