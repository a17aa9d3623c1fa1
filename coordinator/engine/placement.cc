#include "coordinator/engine/placement.h"

#include <algorithm>
#include <utility>

#include "coordinator/engine/gang_choice.h"
#include "coordinator/engine/preemption.h"
#include "coordinator/engine/queue.h"
#include "coordinator/engine/tasks.h"

namespace tutti::engine {
namespace {

bool ClaimFrom(Pass& pass, Experiment& experiment, SlotIndex index, bool several_nodes) {
  const Shares shares = FindShares(pass, experiment, index, several_nodes);
  if (!shares.empty()) Claim(pass, experiment, shares);
  return !shares.empty();
}

// A promise of slots that are being given up, soonest first: those of released gangs, of idle ones
// (which are released for it), of gangs whose attempts are stopping.
bool ClaimFreeing(Pass& pass, Experiment& experiment) {
  return ClaimFrom(pass, experiment, &Pool::by_freeing, false) ||
         ClaimFrom(pass, experiment, &Pool::by_available, false) ||
         ClaimFrom(pass, experiment, &Pool::by_leaving, false);
}

// The same for a gang over several nodes, which may also find them free.
bool ServeOverNodes(Pass& pass, Experiment& experiment, TrialId trial) {
  if (!MaySpan(experiment)) return false;
  const Shares shares = FindShares(pass, experiment, &Pool::by_free, true);
  if (!shares.empty()) {
    Assign(pass.cluster, trial, StartGang(pass.cluster, shares), pass.at_ms);
    return true;
  }
  return ClaimFrom(pass, experiment, &Pool::by_freeing, true) ||
         ClaimFrom(pass, experiment, &Pool::by_available, true) ||
         ClaimFrom(pass, experiment, &Pool::by_leaving, true);
}

bool MayUseMoreSlots(const Experiment& experiment) {
  const auto& limit = experiment.config.resources.max_slots;
  return !limit ||
         experiment.slots_in_use + experiment.slots_claimed + experiment.world_size <= *limit;
}

// Keeps the node, or the nodes, nearest to having room from whoever comes later.
void Reserve(Pass& pass, const Experiment& experiment) {
  const std::int64_t world = experiment.world_size;
  // Slots of single gangs come one by one, to whoever is first in the queue.
  if (world == 1 && experiment.config.resources.node_labels.empty() &&
      pass.pool.gangs.contains(1)) {
    return;
  }
  Shares shares;
  std::int64_t slots = 0;
  const auto& nodes = pass.pool.by_leaving;
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
    const Node& node = pass.cluster.nodes.at(it->second);
    const auto size = static_cast<std::int64_t>(node.slots.size());
    if (!FitsLabels(experiment, node)) continue;
    if (size >= world) {
      shares = {{node.id, world}};
      slots = world;
      break;
    }
    if (!MaySpan(experiment) || !node.spans_nodes || slots >= world) continue;
    shares.emplace_back(node.id, size);
    slots += size;
  }
  if (slots < world) return;
  for (const auto& [node, size] : shares) {
    pass.cluster.nodes.at(node).claimed += size;
    pass.nodes.insert(node);
    RefreshNode(pass.cluster, node);
  }
}

bool SameNeeds(const Experiment& a, const Experiment& b) {
  const ResourcesConfig& of_a = a.config.resources;
  const ResourcesConfig& of_b = b.config.resources;
  return a.world_size == b.world_size && of_a.is_single_node == of_b.is_single_node &&
         of_a.node_labels == of_b.node_labels && !a.packs() && !b.packs();
}

// Room that nobody has to give up: whether the trial found a place or a promise.
bool ServeFromFree(Pass& pass, Experiment& experiment, TrialId trial) {
  if (const auto gang = FreeGang(pass, experiment)) {
    Assign(pass.cluster, trial, *gang, pass.at_ms);
    return true;
  }
  return ClaimFrom(pass, experiment, &Pool::by_freeing, false) ||
         ClaimFrom(pass, experiment, &Pool::by_available, false) ||
         ServeOverNodes(pass, experiment, trial) || ClaimFreeing(pass, experiment);
}

// Whether the experiment's next trial found a place or a promise.
bool Serve(Pass& pass, Experiment& experiment, TrialId trial) {
  const bool more = MayUseMoreSlots(experiment);
  Pass::Blocked* same = nullptr;
  for (Pass::Blocked& blocked : pass.blocked) {
    if (SameNeeds(*blocked.experiment, experiment)) same = &blocked;
  }
  if (more && same == nullptr && ServeFromFree(pass, experiment, trial)) return true;
  if (!more && experiment.packs()) {
    // A place beside its own gangs takes no further slot.
    if (const auto gang = GangBeside(pass, experiment, false)) {
      Assign(pass.cluster, trial, *gang, pass.at_ms);
      return true;
    }
  }
  const std::int64_t priority = experiment.config.resources.priority;
  const double after = static_cast<double>(KeptSlots(experiment) + experiment.slots_claimed +
                                           experiment.world_size) /
                       experiment.config.resources.weight;
  // One of the same needs and priority, and no richer, has found nothing to take.
  const bool hopeless =
      same != nullptr && same->priority == priority && same->after <= after;
  if (more && !hopeless && MakeRoom(pass, experiment)) return true;
  if (const auto gang = GangAhead(pass, experiment)) {
    Assign(pass.cluster, trial, *gang, pass.at_ms);
    return true;
  }
  if (!more) return false;
  if (same == nullptr) {
    Reserve(pass, experiment);
    pass.blocked.push_back({&experiment, KeyOf(experiment), priority, after});
  } else if (!hopeless) {
    same->priority = priority;
    same->after = after;
  }
  return false;
}

void ServeTasks(Pass& pass) {
  const std::set<TaskId> tasks = pass.pool.tasks;
  for (const TaskId id : tasks) {
    const Trial& trial = pass.cluster.trials.at(pass.cluster.tasks.at(id).trial);
    Experiment any;  // a task has no needs but one slot
    const auto gang = IdleGang(pass, any, trial.experiment);
    if (gang) {
      AssignTask(pass.cluster, id, *gang, pass.at_ms);
      continue;
    }
    const Shares shares = FindShares(pass, any, &Pool::by_free, false);
    if (!shares.empty()) {
      AssignTask(pass.cluster, id, StartGang(pass.cluster, shares), pass.at_ms);
    } else if (!ClaimFreeing(pass, any)) {
      break;
    }
  }
}

void ServeQueue(Pass& pass) {
  const std::int64_t number = ++pass.cluster.passes;
  std::optional<QueueKey> last;
  while (pass.promises < Pass::kMostPromises && pass.takings < Pass::kMostTakings) {
    auto it = last ? pass.pool.queue.upper_bound(*last) : pass.pool.queue.begin();
    // Whoever has less now than when it stood behind comes next.
    if (pass.poorer && last && *pass.poorer < *last) it = pass.pool.queue.lower_bound(*pass.poorer);
    pass.poorer.reset();
    if (it == pass.pool.queue.end()) break;
    last = *it;
    Experiment& experiment = pass.cluster.experiments.at(it->experiment);
    if (experiment.blocked_in == number) continue;
    const auto trial = experiment.waiting.upper_bound(experiment.claimed_until);
    if (trial == experiment.waiting.end() || !Serve(pass, experiment, *trial)) {
      experiment.blocked_in = number;
    }
  }
}

void SchedulePool(Cluster& cluster, Pool& pool, std::int64_t at_ms) {
  Pass pass{cluster, pool, at_ms};
  ServeTasks(pass);
  ServeQueue(pass);
  for (const NodeId id : pass.nodes) {
    cluster.nodes.at(id).claimed = 0;
    RefreshNode(cluster, id);
  }
  for (const ExperimentId id : pass.claimants) {
    Experiment& experiment = cluster.experiments.at(id);
    experiment.slots_claimed = 0;
    experiment.claimed_until = TrialId();
    Requeue(cluster, experiment);
  }
}

// The fewest nodes that have enough together: the largest first, and for the rest the fullest one
// that has it.
Shares FewestNodes(const Pass& pass, const Experiment& experiment,
                   const std::set<Pool::NodeEntry>& index) {
  Shares shares;
  std::int64_t rest = experiment.world_size;
  for (auto it = index.rbegin(); it != index.rend() && rest > 0 && it->first > 0; ++it) {
    const Node& node = pass.cluster.nodes.at(it->second);
    if (!node.spans_nodes || !FitsLabels(experiment, node)) continue;
    if (it->first < rest) {
      shares.emplace_back(node.id, it->first);
      rest -= it->first;
      continue;
    }
    const auto taken = [&shares](NodeId id) {
      return std::any_of(shares.begin(), shares.end(),
                         [id](const auto& share) { return share.first == id; });
    };
    for (auto fit = index.lower_bound({rest, NodeId()}); fit != index.end(); ++fit) {
      const Node& last = pass.cluster.nodes.at(fit->second);
      if (!last.spans_nodes || !FitsLabels(experiment, last) || taken(last.id)) continue;
      shares.emplace_back(last.id, rest);
      return shares;
    }
  }
  return rest > 0 ? Shares() : shares;
}

}  // namespace

Shares FindShares(const Pass& pass, const Experiment& experiment, SlotIndex index,
                  bool several_nodes) {
  const std::set<Pool::NodeEntry>& nodes = pass.pool.*index;
  if (several_nodes) return FewestNodes(pass, experiment, nodes);
  for (auto it = nodes.lower_bound({experiment.world_size, NodeId()}); it != nodes.end(); ++it) {
    if (!FitsLabels(experiment, pass.cluster.nodes.at(it->second))) continue;
    return {{it->second, experiment.world_size}};
  }
  return {};
}

void Claim(Pass& pass, Experiment& experiment, const Shares& shares) {
  for (const auto& [id, slots] : shares) {
    Node& node = pass.cluster.nodes.at(id);
    node.claimed += slots;
    pass.nodes.insert(id);
    // Idle gangs give up their slots only if they have to.
    const std::set<AllocationId> gangs = node.allocations;
    for (const AllocationId gang : gangs) {
      const auto coming = static_cast<std::int64_t>(node.free.size()) + node.releasing;
      if (coming >= node.claimed || coming + node.idle < node.claimed) break;
      const Allocation& allocation = pass.cluster.allocations.at(gang);
      if (allocation.state == AllocationState::kReleased || !allocation.attempts.empty()) continue;
      if (allocation.packed && HasWork(pass.cluster, node, allocation.slots.front())) continue;
      Log(pass.cluster, pass.at_ms, "gang_released", "node " + ToString(id),
          "gang " + ToString(gang) + " makes room for a gang of " +
              std::to_string(experiment.world_size));
      Release(pass.cluster, gang, pass.at_ms);
    }
    RefreshNode(pass.cluster, id);
  }
  ++pass.promises;
  if (!experiment.id) return;  // a task
  if (experiment.slots_claimed == 0) pass.claimants.push_back(experiment.id);
  experiment.slots_claimed += experiment.world_size;
  experiment.claimed_until = *experiment.waiting.upper_bound(experiment.claimed_until);
  Requeue(pass.cluster, experiment);
}

void Schedule(Cluster& cluster, std::int64_t at_ms) {
  const std::set<std::string> dirty = std::exchange(cluster.dirty_pools, {});
  for (const std::string& name : dirty) SchedulePool(cluster, cluster.pools[name], at_ms);
  cluster.dirty_pools.clear();  // what the pass itself has moved is settled
}

}  // namespace tutti::engine
