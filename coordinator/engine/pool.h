#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "coordinator/engine/node.h"
#include "experiments/core/ids.h"

// Indexes over the nodes and gangs of a resource pool, so that a decision costs a logarithm and not
// a walk over the cluster. Everything here is derived from nodes, allocations and experiments.

namespace tutti::engine {

// The order in which experiments are served: by priority, then who has least for its weight, then
// who was served least recently. Every experiment with waiting trials has one.
struct QueueKey {
  std::int64_t priority = 0;
  double share = 0;  // slots / weight
  std::int64_t turn = 0;
  ExperimentId experiment;
  friend bool operator==(const QueueKey&, const QueueKey&) = default;
  friend auto operator<=>(const QueueKey&, const QueueKey&) = default;
};

// One resource pool. Only nodes that take work, and gangs that do, are listed.
struct Pool {
  using NodeEntry = std::pair<std::int64_t, NodeId>;  // (slots, node): best fit = lower_bound
  std::set<NodeEntry> by_free;       // slots that a gang can start on now
  std::set<NodeEntry> by_freeing;    // … plus those of released gangs
  std::set<NodeEntry> by_available;  // … plus those of idle warm gangs, which can be released
  std::set<NodeEntry> by_leaving;    // … plus those of gangs whose attempts were told to stop
  // Idle warm gangs by (world size, the experiment that used them last); and those that share a
  // slot, which only their experiment may use.
  std::map<std::pair<std::int64_t, ExperimentId>, std::set<AllocationId>> idle;
  std::map<ExperimentId, std::set<AllocationId>> idle_shared;
  // Busy gangs that may take another attempt: by world size and the experiment of their last
  // attempt, those with the fewest attempts first.
  std::map<std::int64_t, std::map<ExperimentId, std::set<std::pair<std::int64_t, AllocationId>>>>
      busy;
  std::map<std::int64_t, std::int64_t> gangs;  // how many there are, by world size
  // Slots of gangs that share, with room for another gang of the experiment.
  std::map<ExperimentId, std::set<std::pair<NodeId, std::int64_t>>> shared;
  // Gangs that train and were not told to stop: (priority, front attempt, gang). The last one is
  // the least important and youngest. And the same by experiment.
  std::set<std::tuple<std::int64_t, AttemptId, AllocationId>> running;
  std::map<ExperimentId, std::set<std::pair<AttemptId, AllocationId>>> running_of;

  std::set<QueueKey> queue;                      // experiments with waiting trials
  std::map<std::int64_t, std::int64_t> waiting;  // their trials, by world size
  std::set<TaskId> tasks;                        // that wait
  std::int64_t unused_slots = 0;                 // free, or of idle gangs
};

// What is listed for a node and for a gang, to be taken out again.
struct NodeEntries {
  std::string pool;
  std::int64_t free = 0, freeing = 0, available = 0, leaving = 0;
  std::int64_t unused = 0;
  std::vector<std::pair<ExperimentId, std::int64_t>> shared;  // (experiment, slot)
  friend bool operator==(const NodeEntries&, const NodeEntries&) = default;
};
struct GangEntries {
  std::string pool;
  std::int64_t world = 0;
  std::int64_t attempts = 0;
  bool packed = false;
  bool idle = false, busy = false, running = false;
  ExperimentId last;   // idle: the experiment that used it last; busy: that of its last attempt
  ExperimentId front;  // running: whose front attempt it is
  std::int64_t priority = 0;
  AttemptId attempt;  // running: the front one
  friend bool operator==(const GangEntries&, const GangEntries&) = default;
};

struct Cluster;
struct Experiment;

// The node takes work: it is online, has told what runs there, and is not being drained.
bool IsUsable(const Node& node);
// It may get attempts: it is not released, and all its nodes are usable.
bool IsUsable(const Cluster& cluster, const Allocation& allocation);
// All its attempts were told to stop, so that its slots will soon be given up.
bool IsLeaving(const Cluster& cluster, const Allocation& allocation);
// The node has all labels that the experiment asks for.
bool FitsLabels(const Experiment& experiment, const Node& node);
// Gangs of this experiment that one slot with so much memory may hold; 1 without packing and as
// long as it is not known how much memory a trial needs.
std::int64_t GangsPerSlot(const Experiment& experiment, std::int64_t memory_bytes);
// The gang's slots on this node. REQUIRES: it has a part there.
const std::vector<std::int64_t>& SlotsOn(const Allocation& allocation, NodeId node);

// What should be listed. For nodes and gangs that take no work: nothing.
std::optional<NodeEntries> EntriesOf(const Cluster& cluster, const Node& node);
std::optional<GangEntries> EntriesOf(const Cluster& cluster, const Allocation& allocation);

// Bring the indexes up to date with a node (its slots, and its gangs if it begins or ceases to take
// work) and with a gang (which may be forgotten by now). Idempotent; call them after every change.
void RefreshNode(Cluster& cluster, NodeId node);
void RefreshGang(Cluster& cluster, AllocationId gang);

}  // namespace tutti::engine
