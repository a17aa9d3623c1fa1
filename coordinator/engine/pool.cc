#include "coordinator/engine/pool.h"

#include <algorithm>
#include <utility>

#include "coordinator/engine/cluster.h"

namespace tutti::engine {
namespace {

// Removes a value from the set of a key, and the key with its last value.
template <class Map, class Key, class Value>
void EraseFrom(Map& map, const Key& key, const Value& value) {
  const auto it = map.find(key);
  if (it == map.end()) return;
  it->second.erase(value);
  if (it->second.empty()) map.erase(it);
}

void Unlist(Cluster& cluster, NodeId id, const NodeEntries& entries) {
  Pool& pool = cluster.pools.at(entries.pool);
  cluster.dirty_pools.insert(entries.pool);
  pool.by_free.erase({entries.free, id});
  pool.by_freeing.erase({entries.freeing, id});
  pool.by_available.erase({entries.available, id});
  pool.by_leaving.erase({entries.leaving, id});
  pool.unused_slots -= entries.unused;
  for (const auto& [experiment, slot] : entries.shared) {
    EraseFrom(pool.shared, experiment, std::pair{id, slot});
  }
}

void List(Cluster& cluster, NodeId id, const NodeEntries& entries) {
  Pool& pool = cluster.pools[entries.pool];
  cluster.dirty_pools.insert(entries.pool);
  pool.by_free.insert({entries.free, id});
  pool.by_freeing.insert({entries.freeing, id});
  pool.by_available.insert({entries.available, id});
  pool.by_leaving.insert({entries.leaving, id});
  pool.unused_slots += entries.unused;
  for (const auto& [experiment, slot] : entries.shared) pool.shared[experiment].insert({id, slot});
}

void Unlist(Cluster& cluster, AllocationId id, const GangEntries& entries) {
  Pool& pool = cluster.pools.at(entries.pool);
  cluster.dirty_pools.insert(entries.pool);
  if (--pool.gangs[entries.world] == 0) pool.gangs.erase(entries.world);
  if (entries.idle && entries.packed) EraseFrom(pool.idle_shared, entries.last, id);
  if (entries.idle && !entries.packed) {
    EraseFrom(pool.idle, std::pair{entries.world, entries.last}, id);
  }
  if (entries.busy) {
    auto& owners = pool.busy[entries.world];
    EraseFrom(owners, entries.last, std::pair{entries.attempts, id});
    if (owners.empty()) pool.busy.erase(entries.world);
  }
  if (!entries.running) return;
  pool.running.erase({entries.priority, entries.attempt, id});
  EraseFrom(pool.running_of, entries.front, std::pair{entries.attempt, id});
}

void List(Cluster& cluster, AllocationId id, const GangEntries& entries) {
  Pool& pool = cluster.pools[entries.pool];
  cluster.dirty_pools.insert(entries.pool);
  ++pool.gangs[entries.world];
  if (entries.idle && entries.packed) pool.idle_shared[entries.last].insert(id);
  if (entries.idle && !entries.packed) pool.idle[{entries.world, entries.last}].insert(id);
  if (entries.busy) pool.busy[entries.world][entries.last].insert({entries.attempts, id});
  if (!entries.running) return;
  pool.running.insert({entries.priority, entries.attempt, id});
  pool.running_of[entries.front].insert({entries.attempt, id});
}

const Experiment& ExperimentOf(const Cluster& cluster, const Attempt& attempt) {
  return cluster.ExperimentOf(cluster.trials.at(attempt.trial));
}

// How far a slot is from being free: the most that one of its gangs does.
enum SlotUse { kFree, kReleasing, kIdle, kLeaving, kBusy };

SlotUse UseOf(const Cluster& cluster, const Allocation& allocation) {
  if (allocation.state == AllocationState::kReleased) return kReleasing;
  if (allocation.attempts.empty()) return kIdle;
  return IsLeaving(cluster, allocation) ? kLeaving : kBusy;
}

std::size_t PositionOf(const Node& node, std::int64_t slot) {
  const auto guess = static_cast<std::size_t>(slot);
  if (guess < node.slots.size() && node.slots[guess].index == slot) return guess;
  const auto it = std::find_if(node.slots.begin(), node.slots.end(),
                               [slot](const NodeSlot& s) { return s.index == slot; });
  return static_cast<std::size_t>(it - node.slots.begin());
}

// The slots that no gang holds, and how many could be had by waiting or releasing.
void CountSlots(const Cluster& cluster, Node& node) {
  std::vector<SlotUse> uses(node.slots.size(), kFree);
  for (const AllocationId id : node.allocations) {
    const Allocation& allocation = cluster.allocations.at(id);
    const SlotUse use = UseOf(cluster, allocation);
    for (const std::int64_t slot : SlotsOn(allocation, node.id)) {
      const std::size_t position = PositionOf(node, slot);
      // A node that came back with fewer slots may miss some of a gang that is being given up.
      if (position < uses.size()) uses[position] = std::max(uses[position], use);
    }
  }
  node.free.clear();
  node.releasing = node.idle = node.leaving = 0;
  for (std::size_t i = 0; i < uses.size(); ++i) {
    if (uses[i] == kFree) node.free.push_back(node.slots[i].index);
    node.releasing += uses[i] == kReleasing ? 1 : 0;
    node.idle += uses[i] == kIdle ? 1 : 0;
    node.leaving += uses[i] == kLeaving ? 1 : 0;
  }
  std::sort(node.free.begin(), node.free.end());
}

}  // namespace

bool IsUsable(const Node& node) {
  return node.state == NodeState::kOnline && !node.awaiting_report && !node.draining;
}

bool IsUsable(const Cluster& cluster, const Allocation& allocation) {
  if (allocation.state == AllocationState::kReleased || allocation.unusable) return false;
  for (const GangPart& part : allocation.others) {
    if (!IsUsable(cluster.nodes.at(part.node))) return false;
  }
  return IsUsable(cluster.nodes.at(allocation.node));
}

bool IsLeaving(const Cluster& cluster, const Allocation& allocation) {
  for (const AttemptId id : allocation.attempts) {
    if (cluster.attempts.at(id).stop == AttemptOrder::Stop::kRun) return false;
  }
  return !allocation.attempts.empty();
}

bool FitsLabels(const Experiment& experiment, const Node& node) {
  for (const auto& [name, value] : experiment.config.resources.node_labels) {
    const auto it = node.labels.find(name);
    if (it == node.labels.end() || it->second != value) return false;
  }
  return true;
}

std::int64_t GangsPerSlot(const Experiment& experiment, std::int64_t memory_bytes) {
  const std::int64_t most = experiment.packs() ? experiment.config.resources.max_per_slot : 1;
  const std::int64_t peak = experiment.peak_memory_bytes;
  if (peak <= 0 || memory_bytes <= 0) return 1;
  // A tenth in reserve.
  return std::clamp<std::int64_t>(memory_bytes / (peak + peak / 10), 1, most);
}

const std::vector<std::int64_t>& SlotsOn(const Allocation& allocation, NodeId node) {
  for (const GangPart& part : allocation.others) {
    if (part.node == node) return part.slots;
  }
  return allocation.slots;
}

std::optional<NodeEntries> EntriesOf(const Cluster& cluster, const Node& node) {
  if (!IsUsable(node)) return std::nullopt;
  NodeEntries entries;
  entries.pool = node.pool;
  const auto free = static_cast<std::int64_t>(node.free.size());
  entries.unused = free + node.idle;
  entries.leaving = free + node.releasing + node.idle + node.leaving - node.claimed;
  entries.available = std::min(free + node.releasing + node.idle, entries.leaving);
  entries.freeing = std::min(free + node.releasing, entries.leaving);
  entries.free = std::min(free, entries.leaving);
  std::map<std::pair<ExperimentId, std::int64_t>, std::int64_t> sharing;
  for (const AllocationId id : node.allocations) {
    const Allocation& allocation = cluster.allocations.at(id);
    if (allocation.packed) ++sharing[{allocation.last_experiment, allocation.slots.front()}];
  }
  for (const auto& [key, gangs] : sharing) {
    const std::size_t position = PositionOf(node, key.second);
    if (position == node.slots.size()) continue;
    const std::int64_t most =
        GangsPerSlot(cluster.experiments.at(key.first), node.slots[position].memory_bytes);
    if (gangs < most) entries.shared.push_back(key);
  }
  return entries;
}

std::optional<GangEntries> EntriesOf(const Cluster& cluster, const Allocation& allocation) {
  if (!IsUsable(cluster, allocation)) return std::nullopt;
  GangEntries entries;
  entries.pool = cluster.nodes.at(allocation.node).pool;
  entries.world = allocation.world_size();
  entries.attempts = static_cast<std::int64_t>(allocation.attempts.size());
  entries.packed = allocation.packed;
  entries.last = allocation.last_experiment;
  entries.idle = allocation.attempts.empty();
  if (entries.idle || IsLeaving(cluster, allocation)) return entries;
  const Attempt& front = cluster.attempts.at(allocation.attempts.front());
  const Experiment& owner = ExperimentOf(cluster, front);
  const auto most = std::min<std::int64_t>(owner.depth, cluster.settings.attempts_ahead);
  entries.busy = entries.attempts < most;
  entries.last = ExperimentOf(cluster, cluster.attempts.at(allocation.attempts.back())).id;
  entries.running = !front.task;
  entries.front = owner.id;
  entries.priority = owner.config.resources.priority;
  entries.attempt = front.id;
  return entries;
}

void RefreshNode(Cluster& cluster, NodeId id) {
  Node& node = cluster.nodes.at(id);
  CountSlots(cluster, node);
  std::optional<NodeEntries> entries = EntriesOf(cluster, node);
  const auto listed = cluster.entries.find(id);
  const bool was_listed = listed != cluster.entries.end();
  if (was_listed != entries.has_value()) {
    for (const AllocationId gang : node.allocations) RefreshGang(cluster, gang);
  }
  if (was_listed && entries && *entries == listed->second) return;
  if (was_listed) {
    Unlist(cluster, id, listed->second);
    cluster.entries.erase(listed);
  }
  if (!entries) return;
  List(cluster, id, *entries);
  cluster.entries.emplace(id, *std::move(entries));
}

void RefreshGang(Cluster& cluster, AllocationId id) {
  const auto it = cluster.allocations.find(id);
  std::optional<GangEntries> entries;
  if (it != cluster.allocations.end()) entries = EntriesOf(cluster, it->second);
  const auto listed = cluster.gang_entries.find(id);
  if (listed != cluster.gang_entries.end()) {
    if (entries && *entries == listed->second) return;
    Unlist(cluster, id, listed->second);
    cluster.gang_entries.erase(listed);
  }
  if (!entries) return;
  List(cluster, id, *entries);
  cluster.gang_entries.emplace(id, *std::move(entries));
}

}  // namespace tutti::engine
