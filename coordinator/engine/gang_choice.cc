#include "coordinator/engine/gang_choice.h"

#include <algorithm>
#include <set>
#include <utility>

#include "coordinator/engine/queue.h"

namespace tutti::engine {
namespace {

bool FitsLabels(const Pass& pass, const Experiment& experiment, const Allocation& gang) {
  for (const GangPart* part : gang.Parts()) {
    if (!FitsLabels(experiment, pass.cluster.nodes.at(part->node))) return false;
  }
  return gang.others.empty() || MaySpan(experiment);
}

// None of the gang's slots were promised to somebody: idle gangs can be used as they are.
bool Unclaimed(const Pass& pass, const Allocation& gang) {
  for (const GangPart* part : gang.Parts()) {
    const auto entries = pass.cluster.entries.find(part->node);
    if (entries == pass.cluster.entries.end() ||
        entries->second.available < static_cast<std::int64_t>(part->slots.size())) {
      return false;
    }
  }
  return true;
}

// Somebody who waits has a better right to the gang's next turn than the experiment.
bool IsOwedToAnother(Pass& pass, const Experiment& experiment, const Allocation& gang,
                     const QueueKey& key) {
  for (const Pass::Blocked& blocked : pass.blocked) {
    ++pass.looks;
    if (blocked.experiment->id == experiment.id) continue;
    if (blocked.experiment->world_size != experiment.world_size) continue;
    if (blocked.key < key && FitsLabels(pass, *blocked.experiment, gang)) return true;
  }
  return false;
}

// The experiment's place in the queue if the gang, which is to be its own, were not.
QueueKey KeyWithout(const Experiment& owner, std::int64_t world) {
  QueueKey key = KeyOf(owner);
  key.share -= static_cast<double>(world) / owner.config.resources.weight;
  return key;
}

bool IsBeside(const Cluster& cluster, const Allocation& gang) {
  return HasWork(cluster, cluster.nodes.at(gang.node), gang.slots.front());
}

std::optional<AllocationId> SharingGang(const Pass& pass, const Experiment& experiment) {
  if (const auto gang = GangBeside(pass, experiment, true)) return gang;
  const Shares shares = FindShares(pass, experiment, &Pool::by_free, false);
  if (shares.empty()) return std::nullopt;
  const NodeId node = shares.front().first;
  return StartSharingGang(pass.cluster, node, pass.cluster.nodes.at(node).free.front(),
                          experiment.id);
}

}  // namespace

std::optional<AllocationId> IdleGang(const Pass& pass, const Experiment& experiment,
                                     ExperimentId user) {
  const std::int64_t world = experiment.world_size;
  const auto usable = [&](const std::set<AllocationId>& gangs) -> std::optional<AllocationId> {
    for (const AllocationId id : gangs) {
      const Allocation& gang = pass.cluster.allocations.at(id);
      if (FitsLabels(pass, experiment, gang) && Unclaimed(pass, gang)) return id;
    }
    return std::nullopt;
  };
  const auto own = pass.pool.idle.find({world, user});
  if (own != pass.pool.idle.end()) {
    if (const auto gang = usable(own->second)) return gang;
  }
  for (auto it = pass.pool.idle.lower_bound({world, ExperimentId()});
       it != pass.pool.idle.end() && it->first.first == world; ++it) {
    if (const auto gang = usable(it->second)) return gang;
  }
  return std::nullopt;
}

bool HasWork(const Cluster& cluster, const Node& node, std::int64_t slot) {
  for (const AllocationId id : node.allocations) {
    const Allocation& gang = cluster.allocations.at(id);
    if (SlotsOn(gang, node.id).front() != slot || gang.attempts.empty()) continue;
    if (!IsLeaving(cluster, gang)) return true;
  }
  return false;
}

std::optional<AllocationId> GangBeside(const Pass& pass, const Experiment& experiment,
                                       bool may_start) {
  if (const auto idle = pass.pool.idle_shared.find(experiment.id);
      idle != pass.pool.idle_shared.end()) {
    for (const AllocationId id : idle->second) {
      const Allocation& gang = pass.cluster.allocations.at(id);
      if (IsBeside(pass.cluster, gang) || (may_start && Unclaimed(pass, gang))) return id;
    }
  }
  if (const auto room = pass.pool.shared.find(experiment.id); room != pass.pool.shared.end()) {
    for (const auto& [node, slot] : room->second) {
      const Node& at = pass.cluster.nodes.at(node);
      if (!FitsLabels(experiment, at) || pass.cluster.entries.at(node).leaving < 0) continue;
      if (!may_start && !HasWork(pass.cluster, at, slot)) continue;
      return StartSharingGang(pass.cluster, node, slot, experiment.id);
    }
  }
  return std::nullopt;
}

std::optional<AllocationId> FreeGang(const Pass& pass, const Experiment& experiment) {
  if (experiment.packs()) return SharingGang(pass, experiment);
  if (const auto gang = IdleGang(pass, experiment, experiment.id)) return gang;
  const Shares shares = FindShares(pass, experiment, &Pool::by_free, false);
  if (!shares.empty()) return StartGang(pass.cluster, shares);
  return std::nullopt;
}

std::optional<AllocationId> GangAhead(Pass& pass, const Experiment& experiment) {
  if (pass.cluster.settings.attempts_ahead < 2) return std::nullopt;
  const std::int64_t world = experiment.world_size;
  // The next gang of one slot that is free belongs to the task that waits.
  if (world == 1 && !pass.pool.tasks.empty()) return std::nullopt;
  const auto gangs = pass.pool.gangs.find(world);
  const auto busy = pass.pool.busy.find(world);
  if (gangs == pass.pool.gangs.end() || busy == pass.pool.busy.end()) return std::nullopt;
  const auto& limit = experiment.config.resources.max_slots;
  const auto own_waiting = static_cast<std::int64_t>(experiment.waiting.size());
  const std::int64_t must_wait =
      limit ? std::min(gangs->second, *limit / world) : gangs->second;
  if ((limit || experiment.packs() ? own_waiting : pass.pool.waiting.at(world)) - 1 < must_wait) {
    return std::nullopt;
  }
  const auto usable = [&](const std::set<std::pair<std::int64_t, AllocationId>>& list,
                          const QueueKey& key) -> std::optional<AllocationId> {
    for (const auto& [attempts, id] : list) {
      if (++pass.looks > Pass::kMostLooks) return std::nullopt;
      const Allocation& gang = pass.cluster.allocations.at(id);
      if (gang.packed != experiment.packs() || !FitsLabels(pass, experiment, gang)) continue;
      // Nodes that are kept for somebody get nothing more to do.
      const auto entries = pass.cluster.entries.find(gang.node);
      if (entries == pass.cluster.entries.end() || entries->second.leaving < 0) continue;
      const Attempt& front = pass.cluster.attempts.at(gang.attempts.front());
      const Experiment& runs = pass.cluster.ExperimentOf(pass.cluster.trials.at(front.trial));
      // Behind an attempt of its own the trial will use no further slots.
      if ((limit || gang.packed) && (front.task || runs.id != experiment.id)) continue;
      if (!IsOwedToAnother(pass, experiment, gang, key)) return id;
    }
    return std::nullopt;
  };
  const auto own = busy->second.find(experiment.id);
  if (own != busy->second.end()) {
    if (const auto gang = usable(own->second, KeyWithout(experiment, world))) return gang;
  }
  if (limit || experiment.packs()) return std::nullopt;
  const QueueKey key = KeyOf(experiment);
  for (const auto& [owner_id, list] : busy->second) {
    if (++pass.looks > Pass::kMostLooks) return std::nullopt;
    const Experiment& owner = pass.cluster.experiments.at(owner_id);
    if (owner_id == experiment.id) continue;
    if (!owner.waiting.empty() && KeyWithout(owner, world) < key) continue;  // stays its own
    if (const auto gang = usable(list, key)) {
      pass.poorer = KeyWithout(owner, world);
      return gang;
    }
  }
  return std::nullopt;
}

}  // namespace tutti::engine
