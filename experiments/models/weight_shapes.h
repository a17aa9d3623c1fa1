#pragma once

#include <string>

#include "experiments/models/graph.h"

namespace tutti {

// Name and shape of everything that has weights: two models whose texts are equal can take each
// other's weights.
std::string WeightShapes(const Graph& graph);

}  // namespace tutti
