#include "coordinator/engine/queue.h"

#include <algorithm>
#include <set>
#include <vector>

#include "coordinator/engine/gangs.h"

namespace tutti::engine {
namespace {

Experiment& ExperimentOf(Cluster& cluster, const Attempt& attempt) {
  return cluster.ExperimentOf(cluster.trials.at(attempt.trial));
}

// A slot that several gangs share counts once.
void CountShared(Cluster& cluster, const Allocation& allocation, std::int64_t sign) {
  Experiment& experiment = cluster.experiments.at(allocation.last_experiment);
  bool used = false, kept = false;
  for (const AllocationId id : cluster.nodes.at(allocation.node).allocations) {
    const Allocation& other = cluster.allocations.at(id);
    if (!other.packed || other.slots != allocation.slots || other.attempts.empty()) continue;
    used = true;
    kept = kept || !IsLeaving(cluster, other);
  }
  experiment.slots_in_use += used ? sign : 0;
  experiment.slots_leaving += used && !kept ? sign : 0;
  experiment.slots_next += kept ? sign : 0;
  Requeue(cluster, experiment);
}

}  // namespace

QueueKey KeyOf(const Experiment& experiment) {
  const auto slots = static_cast<double>(experiment.slots_next + experiment.slots_claimed);
  return {experiment.config.resources.priority, slots / experiment.config.resources.weight,
          experiment.turn, experiment.id};
}

void Requeue(Cluster& cluster, Experiment& experiment) {
  std::optional<QueueKey> key;
  if (!experiment.waiting.empty()) key = KeyOf(experiment);
  if (key == experiment.queued) return;
  const std::string& name = experiment.config.resources.resource_pool;
  Pool& pool = cluster.pools[name];
  if (experiment.queued) pool.queue.erase(*experiment.queued);
  if (key) pool.queue.insert(*key);
  experiment.queued = key;
}

void TakeTurn(Cluster& cluster, Experiment& experiment) {
  experiment.turn = cluster.next_turn++;
  Requeue(cluster, experiment);
}

void CountGang(Cluster& cluster, const Allocation& allocation, std::int64_t sign) {
  if (allocation.packed) return CountShared(cluster, allocation, sign);
  if (allocation.attempts.empty()) return;
  const bool leaving = IsLeaving(cluster, allocation);
  const std::int64_t slots = sign * allocation.world_size();
  const Attempt& front = cluster.attempts.at(allocation.attempts.front());
  if (!front.task) {
    Experiment& experiment = ExperimentOf(cluster, front);
    experiment.slots_in_use += slots;
    if (leaving) experiment.slots_leaving += slots;
  }
  const Attempt& last = cluster.attempts.at(allocation.attempts.back());
  if (leaving || last.task) return;
  Experiment& experiment = ExperimentOf(cluster, last);
  experiment.slots_next += slots;
  Requeue(cluster, experiment);
}

void CountAllGangs(Cluster& cluster) {
  std::set<std::pair<NodeId, std::int64_t>> shared;
  for (const auto& [id, allocation] : cluster.allocations) {
    if (!allocation.packed || shared.insert({allocation.node, allocation.slots.front()}).second) {
      CountGang(cluster, allocation, 1);
    }
  }
}

bool MayTakeFrom(const Experiment& poor, std::int64_t gain, const Experiment& rich,
                 std::int64_t loss) {
  const auto poor_after = static_cast<double>(KeptSlots(poor) + poor.slots_claimed + gain);
  const auto rich_after = static_cast<double>(KeptSlots(rich) - loss);
  return poor_after / poor.config.resources.weight <= rich_after / rich.config.resources.weight;
}

void OnResourcesChanged(Cluster& cluster, Experiment& experiment, std::int64_t at_ms) {
  Requeue(cluster, experiment);
  cluster.dirty_pools.insert(experiment.config.resources.resource_pool);
  std::vector<AllocationId> own;  // the youngest last
  for (auto& [id, allocation] : cluster.allocations) {
    if (allocation.attempts.empty()) continue;
    const Attempt& front = cluster.attempts.at(allocation.attempts.front());
    if (ExperimentOf(cluster, front).id != experiment.id) continue;
    RefreshGang(cluster, id);
    if (!front.task) own.push_back(id);
  }
  const auto& limit = experiment.config.resources.max_slots;
  if (!limit) return;
  const std::string why = "max_slots was set to " + std::to_string(*limit);
  // What waits behind others' attempts would come on top of what it has.
  for (const TrialId id : experiment.trials) {
    const AttemptId attempt_id = cluster.trials.at(id).attempt;
    if (!attempt_id) continue;
    const Attempt& attempt = cluster.attempts.at(attempt_id);
    const Allocation& gang = cluster.allocations.at(attempt.allocation);
    const Attempt& front = cluster.attempts.at(gang.attempts.front());
    if (ExperimentOf(cluster, front).id != experiment.id || front.task) {
      TakeBack(cluster, attempt_id, why, at_ms);
    }
  }
  std::sort(own.begin(), own.end(), [&cluster](AllocationId a, AllocationId b) {
    return cluster.allocations.at(a).attempts.front() < cluster.allocations.at(b).attempts.front();
  });
  while (KeptSlots(experiment) > *limit && !own.empty()) {
    Preempt(cluster, own.back(), why, at_ms);
    own.pop_back();
  }
}

}  // namespace tutti::engine
