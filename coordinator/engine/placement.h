#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/engine/node.h"
#include "experiments/core/ids.h"

// Where gangs can go: indexes over nodes and warm gangs, so that a decision costs a logarithm and
// not a walk over the cluster. Everything here is derived from nodes and allocations.

namespace tutti::engine {

// One resource pool. Only nodes that take work are listed.
struct Pool {
  using NodeEntry = std::pair<std::int64_t, NodeId>;  // (slots, node): best fit = lower_bound
  std::set<NodeEntry> by_free;       // slots that a gang can start on now
  std::set<NodeEntry> by_freeing;    // … plus those of released gangs
  std::set<NodeEntry> by_available;  // … plus those of idle warm gangs, which can be released
  // Idle warm gangs by (world size, the experiment that used them last).
  std::map<std::pair<std::int64_t, ExperimentId>, std::set<AllocationId>> idle;
  // By world size: busy gangs that may take another attempt, those with the fewest first, and how
  // many gangs there are.
  std::map<std::int64_t, std::set<std::pair<std::int64_t, AllocationId>>> busy;
  std::map<std::int64_t, std::int64_t> gangs;

  // Experiments with waiting trials, in the order in which they are served, and the number of
  // their trials by world size.
  std::set<std::pair<std::int64_t, ExperimentId>> queue;  // (priority, experiment)
  std::map<std::int64_t, std::int64_t> waiting;
  std::set<TaskId> tasks;  // that wait
};

// What Refresh has entered for a node, to be taken out again.
struct NodeEntries {
  std::string pool;
  std::int64_t free = 0, freeing = 0, available = 0;
  std::vector<std::pair<std::int64_t, AllocationId>> gangs;   // (world size, id)
  // (world size, (attempts, id))
  std::vector<std::pair<std::int64_t, std::pair<std::int64_t, AllocationId>>> busy;
  std::vector<std::pair<std::pair<std::int64_t, ExperimentId>, AllocationId>> idle;
};

struct Cluster;

// The gang's slots on this node. REQUIRES: it has a part there.
const std::vector<std::int64_t>& SlotsOn(const Allocation& allocation, NodeId node);

// Brings the indexes up to date with a node and its allocations. Idempotent; call it after every
// change of either.
void RefreshNode(Cluster& cluster, NodeId node);

// Assigns waiting tasks and trials to gangs until nothing more fits. Tasks come first, since
// somebody sits before them, but take nothing that is in use: a warm gang of one slot or a new one.
// Experiments are served in the order (priority, submission), their trials by id. For each trial,
// in this order: a warm gang of its size; free slots (the fullest node that fits); slots that
// released or idle gangs give up; a warm gang that is still busy (assigned ahead). A gang that fits
// nowhere yet keeps one node from later experiments, so that small trials cannot starve it.
void Schedule(Cluster& cluster, std::int64_t at_ms);

}  // namespace tutti::engine
