#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/engine.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// What people see of the state; changes nothing.

namespace tutti::engine {

std::optional<ExperimentView> ViewOf(const Cluster& cluster, ExperimentId experiment);

NodeView ViewOf(const Node& node);

}  // namespace tutti::engine
