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

// engine.h.
std::optional<std::string> WhyTaskWaits(const Cluster& cluster, TaskId task);
Status CheckPlaceable(const Cluster& cluster, const Json& canonical);

// Slots of nodes that are not LOST, of one pool or of all. `free`: no attempt runs or waits on
// them and the node takes work; warm gangs without an attempt count as free.
struct SlotCounts {
  std::int64_t total = 0;
  std::int64_t free = 0;
  std::int64_t largest_node = 0;
  std::int64_t nodes = 0;      // not LOST
  std::int64_t reachable = 0;  // ONLINE
};
SlotCounts CountSlots(const Cluster& cluster, const std::optional<std::string>& pool);

}  // namespace tutti::engine
