#include "coordinator/engine/gangs.h"

#include <algorithm>
#include <set>
#include <utility>

#include "coordinator/engine/attempts.h"
#include "coordinator/engine/queue.h"
#include "experiments/core/check.h"

namespace tutti::engine {
namespace {

std::string GangName(const Allocation& allocation) {
  std::string name = "gang " + ToString(allocation.id) + " of node " + ToString(allocation.node);
  for (const GangPart& part : allocation.others) name += " and node " + ToString(part.node);
  return name;
}

// How far an order goes; one that was given is never taken back.
int Strength(AttemptOrder::Stop stop) {
  switch (stop) {
    case AttemptOrder::Stop::kRun: return 0;
    case AttemptOrder::Stop::kFinish: return 1;
    case AttemptOrder::Stop::kCheckpoint: return 2;
    case AttemptOrder::Stop::kKill: return 3;
  }
  return 0;
}

// Takes the duration of an attempt into the mean; with it the number of attempts that the gangs of
// the experiment may have moves, in powers of two so that it does so rarely.
void LearnDuration(Cluster& cluster, Experiment& experiment, std::int64_t took_ms) {
  std::int64_t& mean = experiment.attempt_ms;
  mean = mean < 0 ? took_ms : (7 * mean + took_ms) / 8;
  std::int64_t depth = 2;
  while (depth < 32 && depth * std::max<std::int64_t>(mean, 1) * 2 <= 1000) depth *= 2;
  if (std::exchange(experiment.depth, depth) == depth) return;
  for (const auto& [id, allocation] : cluster.allocations) {
    if (allocation.attempts.empty()) continue;
    const Attempt& front = cluster.attempts.at(allocation.attempts.front());
    if (cluster.trials.at(front.trial).experiment == experiment.id) RefreshGang(cluster, id);
  }
}

// What happens to the attempts of a gang that will run none of them any more. Those from index
// `first_ahead` on wait again at no cost if they have not started; the others are failures.
void EndAttempts(Cluster& cluster, AllocationId id, Gone why, std::size_t first_ahead,
                 const std::string& message, std::int64_t at_ms) {
  const std::vector<AttemptId> attempts = cluster.allocations.at(id).attempts;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    const Attempt& attempt = cluster.attempts.at(attempts[i]);
    const bool ahead = i >= first_ahead && attempt.state == AttemptState::kAssigned;
    if (why == Gone::kExited && !ahead) {
      EndAttempt(cluster, attempts[i], Outcome::kError, FailureClass::kInfra,
                 message.empty() ? "the gang's processes ended" : message, at_ms);
    } else if (why == Gone::kExited) {
      EndAttempt(cluster, attempts[i], Outcome::kPreempted, FailureClass::kNone,
                 "never started: the gang ended", at_ms);
    } else {
      EndAttempt(cluster, attempts[i], Outcome::kLost, FailureClass::kNone, message, at_ms);
    }
  }
}

}  // namespace

void MarkDesired(Cluster& cluster, const Allocation& allocation) {
  for (const GangPart* part : allocation.Parts()) {
    if (!part->gone) cluster.outbox.desired.insert(part->node);
  }
}

void Refresh(Cluster& cluster, const Allocation& allocation) {
  for (const GangPart* part : allocation.Parts()) RefreshNode(cluster, part->node);
  RefreshGang(cluster, allocation.id);
}

AllocationId StartGang(Cluster& cluster, const Shares& shares) {
  const AllocationId id(cluster.next_allocation++);
  Allocation& allocation = cluster.allocations[id];
  allocation.id = id;
  for (const auto& [node_id, slots] : shares) {
    Node& node = cluster.nodes.at(node_id);
    TUTTI_CHECK(static_cast<std::int64_t>(node.free.size()) >= slots,
                "a gang needs more slots than are free");
    GangPart part;
    part.node = node_id;
    part.slots.assign(node.free.begin(), node.free.begin() + slots);
    node.allocations.insert(id);
    if (!allocation.node) {
      static_cast<GangPart&>(allocation) = std::move(part);
    } else {
      allocation.others.push_back(std::move(part));
    }
  }
  MarkDesired(cluster, allocation);
  Refresh(cluster, allocation);
  return id;
}

AllocationId StartSharingGang(Cluster& cluster, NodeId node, std::int64_t slot,
                              ExperimentId experiment) {
  const AllocationId id(cluster.next_allocation++);
  Allocation& allocation = cluster.allocations[id];
  allocation.id = id;
  allocation.node = node;
  allocation.slots = {slot};
  allocation.packed = true;
  allocation.last_experiment = experiment;
  cluster.nodes.at(node).allocations.insert(id);
  MarkDesired(cluster, allocation);
  Refresh(cluster, allocation);
  return id;
}

void Assign(Cluster& cluster, TrialId trial_id, AllocationId allocation_id, std::int64_t at_ms) {
  Trial& trial = cluster.trials.at(trial_id);
  const Allocation& allocation = cluster.allocations.at(allocation_id);
  TUTTI_CHECK(!trial.attempt && trial.state == TrialState::kQueued, "the trial does not wait");
  TUTTI_CHECK(allocation.state != AllocationState::kReleased,
              "the gang takes no attempt");
  Attempt attempt;
  attempt.id = AttemptId(cluster.next_attempt++);
  attempt.trial = trial_id;
  attempt.allocation = allocation_id;
  attempt.fence = ++trial.fence;
  attempt.slots = allocation.world_size();
  PrepareAttempt(cluster, trial, attempt);
  trial.preempted.clear();
  trial.attempt = attempt.id;
  SetWaiting(cluster, trial, false);
  TakeTurn(cluster, cluster.ExperimentOf(trial));
  Log(cluster, at_ms, allocation.attempts.empty() ? "placed" : "assigned_ahead",
      "trial " + TrialName(trial),
      "attempt " + ToString(attempt.id) + " on " + GangName(allocation));
  Give(cluster, std::move(attempt));
}

void Give(Cluster& cluster, Attempt attempt) {
  Allocation& allocation = cluster.allocations.at(attempt.allocation);
  CountGang(cluster, allocation, -1);
  allocation.attempts.push_back(attempt.id);
  allocation.idle_since_ms = 0;
  allocation.last_experiment = cluster.trials.at(attempt.trial).experiment;
  cluster.outbox.attempts[attempt.id] = AttemptRow(attempt);
  MarkDesired(cluster, allocation);
  const AttemptId id = attempt.id;
  cluster.attempts.emplace(id, std::move(attempt));
  CountGang(cluster, allocation, 1);
  Refresh(cluster, allocation);
}

void Detach(Cluster& cluster, const Attempt& attempt, std::int64_t at_ms) {
  Allocation& allocation = cluster.allocations.at(attempt.allocation);
  auto& list = allocation.attempts;
  const auto it = std::find(list.begin(), list.end(), attempt.id);
  TUTTI_CHECK(it != list.end(), "the gang does not have this attempt");
  const bool front = it == list.begin();
  CountGang(cluster, allocation, -1);
  if (front && !attempt.task && attempt.started_at_ms > 0) {
    LearnDuration(cluster, cluster.ExperimentOf(cluster.trials.at(attempt.trial)),
                  std::max<std::int64_t>(at_ms - attempt.started_at_ms, 0));
  }
  list.erase(it);
  CountGang(cluster, allocation, 1);
  if (list.empty()) allocation.idle_since_ms = at_ms;
  if (allocation.state != AllocationState::kReleased) MarkDesired(cluster, allocation);
  Refresh(cluster, allocation);
}

void SetStop(Cluster& cluster, Attempt& attempt, AttemptOrder::Stop stop) {
  if (Strength(stop) <= Strength(attempt.stop)) return;
  const Allocation& allocation = cluster.allocations.at(attempt.allocation);
  CountGang(cluster, allocation, -1);
  attempt.stop = stop;
  CountGang(cluster, allocation, 1);
  MarkDesired(cluster, allocation);
  Refresh(cluster, allocation);
}

void TakeBack(Cluster& cluster, AttemptId id, const std::string& why, std::int64_t at_ms) {
  Attempt& attempt = cluster.attempts.at(id);
  if (attempt.task || attempt.stop != AttemptOrder::Stop::kRun) return;
  Trial& trial = cluster.trials.at(attempt.trial);
  trial.preempted = why;
  trial.preempted_at_ms = at_ms;
  Log(cluster, at_ms, "preempted", "trial " + TrialName(trial), why);
  SetStop(cluster, attempt, AttemptOrder::Stop::kCheckpoint);
}

void Preempt(Cluster& cluster, AllocationId id, const std::string& why, std::int64_t at_ms) {
  const std::vector<AttemptId> attempts = cluster.allocations.at(id).attempts;
  for (const AttemptId attempt : attempts) TakeBack(cluster, attempt, why, at_ms);
}

void Vacate(Cluster& cluster, AllocationId id, bool now, const std::string& why,
            std::int64_t at_ms) {
  Allocation& allocation = cluster.allocations.at(id);
  if (allocation.state == AllocationState::kReleased) return;
  allocation.unusable = true;
  const std::vector<AttemptId> attempts = allocation.attempts;
  if (attempts.empty()) return Release(cluster, id, at_ms);
  for (std::size_t i = now ? 0 : 1; i < attempts.size(); ++i) {
    TakeBack(cluster, attempts[i], why, at_ms);
  }
  Refresh(cluster, allocation);
}

void Release(Cluster& cluster, AllocationId id, std::int64_t at_ms) {
  Allocation& allocation = cluster.allocations.at(id);
  if (allocation.state == AllocationState::kReleased) return;
  TUTTI_CHECK(kAllocationTransitions.Allows(allocation.state, AllocationState::kReleased),
              "illegal transition of an allocation");
  // First, so that nothing below can give it another attempt.
  allocation.state = AllocationState::kReleased;
  MarkDesired(cluster, allocation);
  EndAttempts(cluster, id, Gone::kExited, 0, "its gang was stopped", at_ms);
  Refresh(cluster, allocation);
}

void RemovePart(Cluster& cluster, AllocationId id, NodeId node, Gone why,
                const std::string& message, std::int64_t at_ms) {
  Allocation& allocation = cluster.allocations.at(id);
  if (allocation.state != AllocationState::kReleased) {
    allocation.state = AllocationState::kReleased;
    MarkDesired(cluster, allocation);
  }
  EndAttempts(cluster, id, why, 1, message, at_ms);
  cluster.nodes.at(node).allocations.erase(id);
  bool gone = true;
  for (GangPart* part : allocation.Parts()) {
    part->gone = part->gone || part->node == node;
    gone = gone && part->gone;
  }
  const Allocation ended = allocation;
  if (gone) cluster.allocations.erase(id);
  Refresh(cluster, ended);
}

}  // namespace tutti::engine
