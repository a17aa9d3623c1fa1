#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/engine/cluster.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// Why something waits, or can never run: sentences for people, the most decisive first.

namespace tutti::engine {

// Slots of nodes that are not LOST, of one pool or of all. `free`: no attempt runs or waits on
// them and the node takes work; warm gangs without an attempt count as free.
struct SlotCounts {
  std::int64_t total = 0;
  std::int64_t free = 0;
  std::int64_t coming = 0;  // that are being given up
  std::int64_t nodes = 0;      // not LOST
  std::int64_t reachable = 0;  // ONLINE
  std::int64_t draining = 0;   // of those
};
SlotCounts CountSlots(const Cluster& cluster, const std::optional<std::string>& pool);

// Why trials in the queue of this experiment do not run. REQUIRES: some wait.
std::vector<std::string> WhyWaiting(const Cluster& cluster, const Experiment& experiment);

// engine.h.
std::vector<std::string> Why(const Cluster& cluster, ExperimentId experiment, TrialId trial);
std::optional<std::string> WhyTaskWaits(const Cluster& cluster, TaskId task);
Status CheckPlaceable(const Cluster& cluster, const Json& canonical);

// "a; b; c".
std::string Join(const std::vector<std::string>& lines);

}  // namespace tutti::engine
