#include "coordinator/engine/placement.h"

#include <algorithm>
#include <utility>

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/gangs.h"
#include "coordinator/engine/tasks.h"

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

void Unlist(Cluster& cluster, NodeId id) {
  const auto it = cluster.entries.find(id);
  if (it == cluster.entries.end()) return;
  const NodeEntries& entries = it->second;
  Pool& pool = cluster.pools.at(entries.pool);
  cluster.dirty_pools.insert(entries.pool);
  pool.by_free.erase({entries.free, id});
  pool.by_freeing.erase({entries.freeing, id});
  pool.by_available.erase({entries.available, id});
  for (const auto& [world, gang] : entries.gangs) {
    if (--pool.gangs[world] == 0) pool.gangs.erase(world);
  }
  for (const auto& [world, gang] : entries.busy) EraseFrom(pool.busy, world, gang);
  for (const auto& [key, gang] : entries.idle) EraseFrom(pool.idle, key, gang);
  cluster.entries.erase(it);
}

// The slots that no gang holds, and how many could be had by waiting or releasing.
void CountSlots(const Cluster& cluster, Node& node) {
  std::set<std::int64_t> used;
  node.releasing = node.idle = 0;
  for (const AllocationId id : node.allocations) {
    const Allocation& allocation = cluster.allocations.at(id);
    const std::vector<std::int64_t>& slots = SlotsOn(allocation, node.id);
    used.insert(slots.begin(), slots.end());
    const auto count = static_cast<std::int64_t>(slots.size());
    if (allocation.state == AllocationState::kReleased) {
      node.releasing += count;
    } else if (allocation.attempts.empty()) {
      node.idle += count;
    }
  }
  node.free.clear();
  for (const NodeSlot& slot : node.slots) {
    if (!used.contains(slot.index)) node.free.push_back(slot.index);
  }
  std::sort(node.free.begin(), node.free.end());
}

// One experiment's view of a pass over its pool, for its trials or for a task.
struct Pass {
  Cluster& cluster;
  Pool& pool;
  const Experiment& experiment;
  std::int64_t world_size;
  std::int64_t at_ms;
  std::set<NodeId>& claimed;

  std::int64_t world() const { return world_size; }

  bool MayUseMoreSlots() const {
    const auto& limit = experiment.config.resources.max_slots;
    return !limit || experiment.slots_in_use + world() <= *limit;
  }

  // A warm gang, preferably one that this experiment has used.
  std::optional<AllocationId> IdleGang() const {
    auto it = pool.idle.find({world(), experiment.id});
    if (it == pool.idle.end()) it = pool.idle.lower_bound({world(), ExperimentId()});
    if (it == pool.idle.end() || it->first.first != world()) return std::nullopt;
    return *it->second.begin();
  }

  // The fullest node on which the gang fits.
  std::optional<NodeId> FreeNode() const {
    const auto it = pool.by_free.lower_bound({world(), NodeId()});
    if (it == pool.by_free.end()) return std::nullopt;
    return it->second;
  }

  void Claim(NodeId id) const {
    cluster.nodes.at(id).claimed += world();
    claimed.insert(id);
    RefreshNode(cluster, id);
  }

  // Promises the gang slots that are being given up, and has idle gangs give up theirs.
  bool ClaimFreeing() const {
    const auto freeing = pool.by_freeing.lower_bound({world(), NodeId()});
    if (freeing != pool.by_freeing.end()) {
      Claim(freeing->second);
      return true;
    }
    const auto available = pool.by_available.lower_bound({world(), NodeId()});
    if (available == pool.by_available.end()) return false;
    const NodeId id = available->second;
    Node& node = cluster.nodes.at(id);
    const std::int64_t needed = node.claimed + world();
    const std::set<AllocationId> gangs = node.allocations;
    for (const AllocationId gang : gangs) {
      if (static_cast<std::int64_t>(node.free.size()) + node.releasing >= needed) break;
      const Allocation& allocation = cluster.allocations.at(gang);
      if (allocation.state == AllocationState::kReleased || !allocation.attempts.empty()) continue;
      Log(cluster, at_ms, "gang_released", "node " + ToString(id),
          "gang " + ToString(gang) + " makes room for a gang of " + std::to_string(world()));
      Release(cluster, gang, at_ms);
    }
    Claim(id);
    return true;
  }

  // A busy gang for the next attempt. Only while as many trials would still wait as there are
  // gangs, so that the last ones go to whichever gang is free first.
  std::optional<AllocationId> GangAhead() const {
    if (cluster.settings.attempts_ahead < 2) return std::nullopt;
    // The next gang of one slot that is free belongs to the task that waits.
    if (world() == 1 && !pool.tasks.empty()) return std::nullopt;
    const auto gangs = pool.gangs.find(world());
    const auto busy = pool.busy.find(world());
    if (gangs == pool.gangs.end() || busy == pool.busy.end()) return std::nullopt;
    const auto& limit = experiment.config.resources.max_slots;
    if (!limit) {
      if (pool.waiting.at(world()) - 1 < gangs->second) return std::nullopt;
      return busy->second.begin()->second;
    }
    // Behind an attempt of its own the trial will use no further slots.
    const auto own_waiting = static_cast<std::int64_t>(experiment.waiting.size());
    if (own_waiting - 1 < std::min(gangs->second, *limit / world())) return std::nullopt;
    for (const auto& [attempts, id] : busy->second) {
      const Allocation& gang = cluster.allocations.at(id);
      const Attempt& front = cluster.attempts.at(gang.attempts.front());
      if (!front.task && cluster.trials.at(front.trial).experiment == experiment.id) return id;
    }
    return std::nullopt;
  }

  // Keeps the node that is nearest to having room from whoever comes later.
  void Reserve() const {
    if (world() == 1) return;
    for (auto it = pool.by_available.rbegin(); it != pool.by_available.rend(); ++it) {
      const Node& node = cluster.nodes.at(it->second);
      if (static_cast<std::int64_t>(node.slots.size()) < world()) continue;
      return Claim(it->second);
    }
  }

  // A gang that has nothing to do, or a new one.
  std::optional<AllocationId> FreeGang() const {
    if (const auto gang = IdleGang()) return gang;
    if (const auto node = FreeNode()) return StartGang(cluster, {{*node, world()}});
    return std::nullopt;
  }

  // Whether the next task should be looked at too.
  bool PlaceTask(TaskId task) const {
    if (const auto gang = FreeGang()) {
      AssignTask(cluster, task, *gang, at_ms);
      return true;
    }
    return ClaimFreeing();
  }

  // Whether the next trial should be looked at too.
  bool Place(TrialId trial) const {
    if (MayUseMoreSlots()) {
      if (const auto gang = FreeGang()) {
        Assign(cluster, trial, *gang, at_ms);
        return true;
      }
      if (ClaimFreeing()) return true;
    }
    if (const auto gang = GangAhead()) {
      Assign(cluster, trial, *gang, at_ms);
      return true;
    }
    if (MayUseMoreSlots()) Reserve();
    return false;
  }
};

void SchedulePool(Cluster& cluster, Pool& pool, std::int64_t at_ms) {
  std::set<NodeId> claimed;
  const std::set<TaskId> tasks = pool.tasks;
  for (const TaskId id : tasks) {
    const Experiment& experiment =
        cluster.ExperimentOf(cluster.trials.at(cluster.tasks.at(id).trial));
    if (!Pass{cluster, pool, experiment, 1, at_ms, claimed}.PlaceTask(id)) break;
  }
  const auto queue = pool.queue;
  for (const auto& [priority, id] : queue) {
    const Experiment& experiment = cluster.experiments.at(id);
    const Pass pass{cluster, pool, experiment, experiment.world_size, at_ms, claimed};
    TrialId last;
    while (true) {
      const auto next = experiment.waiting.upper_bound(last);
      if (next == experiment.waiting.end()) break;
      last = *next;
      if (!pass.Place(last)) break;
    }
  }
  for (const NodeId id : claimed) {
    cluster.nodes.at(id).claimed = 0;
    RefreshNode(cluster, id);
  }
}

}  // namespace

const std::vector<std::int64_t>& SlotsOn(const Allocation& allocation, NodeId node) {
  for (const GangPart& part : allocation.others) {
    if (part.node == node) return part.slots;
  }
  return allocation.slots;
}

void RefreshNode(Cluster& cluster, NodeId id) {
  Unlist(cluster, id);
  Node& node = cluster.nodes.at(id);
  CountSlots(cluster, node);
  if (node.state != NodeState::kOnline || node.awaiting_report) return;
  NodeEntries entries;
  entries.pool = node.pool;
  const auto free = static_cast<std::int64_t>(node.free.size());
  entries.available = free + node.releasing + node.idle - node.claimed;
  entries.freeing = std::min(free + node.releasing, entries.available);
  entries.free = std::min(free, entries.available);
  for (const AllocationId gang : node.allocations) {
    const Allocation& allocation = cluster.allocations.at(gang);
    if (allocation.state == AllocationState::kReleased || allocation.unusable) continue;
    if (allocation.node != id) continue;  // listed by its leader
    const std::int64_t world = allocation.world_size();
    entries.gangs.emplace_back(world, gang);
    if (allocation.attempts.empty() && entries.available >= world) {
      entries.idle.emplace_back(std::pair{world, allocation.last_experiment}, gang);
    }
    const auto attempts = static_cast<std::int64_t>(allocation.attempts.size());
    if (attempts == 0 || entries.available < 0) continue;
    const Attempt& front = cluster.attempts.at(allocation.attempts.front());
    const Experiment& owner = cluster.ExperimentOf(cluster.trials.at(front.trial));
    if (attempts < std::min<std::int64_t>(owner.depth, cluster.settings.attempts_ahead)) {
      entries.busy.push_back({world, {attempts, gang}});
    }
  }
  Pool& pool = cluster.pools[node.pool];
  cluster.dirty_pools.insert(node.pool);
  pool.by_free.insert({entries.free, id});
  pool.by_freeing.insert({entries.freeing, id});
  pool.by_available.insert({entries.available, id});
  for (const auto& [world, gang] : entries.gangs) ++pool.gangs[world];
  for (const auto& [world, gang] : entries.busy) pool.busy[world].insert(gang);
  for (const auto& [key, gang] : entries.idle) pool.idle[key].insert(gang);
  cluster.entries.emplace(id, std::move(entries));
}

void Schedule(Cluster& cluster, std::int64_t at_ms) {
  const std::set<std::string> dirty = std::exchange(cluster.dirty_pools, {});
  for (const std::string& name : dirty) SchedulePool(cluster, cluster.pools[name], at_ms);
  cluster.dirty_pools.clear();  // what the pass itself has moved is settled
}

}  // namespace tutti::engine
