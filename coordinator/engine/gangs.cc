#include "coordinator/engine/gangs.h"

#include <algorithm>

#include "coordinator/engine/attempts.h"
#include "experiments/core/check.h"

namespace tutti::engine {
namespace {

std::string GangName(const Allocation& allocation) {
  return "gang " + ToString(allocation.id) + " of node " + ToString(allocation.node);
}

// Counts the slots of a gang for the experiment whose trial it now trains, or no longer trains.
void CountFront(Cluster& cluster, const Allocation& allocation, std::int64_t sign) {
  if (allocation.attempts.empty()) return;
  const Attempt& front = cluster.attempts.at(allocation.attempts.front());
  if (front.task) return;
  cluster.ExperimentOf(cluster.trials.at(front.trial)).slots_in_use +=
      sign * allocation.world_size();
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

AllocationId StartGang(Cluster& cluster, NodeId node_id, std::int64_t world_size) {
  Node& node = cluster.nodes.at(node_id);
  TUTTI_CHECK(static_cast<std::int64_t>(node.free.size()) >= world_size,
              "a gang needs more slots than are free");
  Allocation allocation;
  allocation.id = AllocationId(cluster.next_allocation++);
  allocation.node = node_id;
  allocation.slots.assign(node.free.begin(), node.free.begin() + world_size);
  node.allocations.insert(allocation.id);
  const AllocationId id = allocation.id;
  cluster.allocations.emplace(id, std::move(allocation));
  cluster.outbox.desired.insert(node_id);
  RefreshNode(cluster, node_id);
  return id;
}

void Assign(Cluster& cluster, TrialId trial_id, AllocationId allocation_id, std::int64_t at_ms) {
  Trial& trial = cluster.trials.at(trial_id);
  const Allocation& allocation = cluster.allocations.at(allocation_id);
  TUTTI_CHECK(!trial.attempt && trial.state == TrialState::kQueued, "the trial does not wait");
  TUTTI_CHECK(allocation.attempts.size() < 2 && allocation.state != AllocationState::kReleased,
              "the gang takes no attempt");
  Attempt attempt;
  attempt.id = AttemptId(cluster.next_attempt++);
  attempt.trial = trial_id;
  attempt.allocation = allocation_id;
  attempt.fence = ++trial.fence;
  attempt.slots = allocation.world_size();
  if (trial.last_checkpoint) {
    const Checkpoint& checkpoint = trial.checkpoints.at(trial.last_checkpoint);
    attempt.resumed_from = checkpoint.id;
    attempt.resume_name = checkpoint.name;
    attempt.resume_sha256 = checkpoint.sha256;
  } else if (const auto& warm = cluster.ExperimentOf(trial).config.training.warm_start) {
    attempt.weights_name = warm->name;
    attempt.weights_sha256 = warm->sha256;
  }
  attempt.config = DocumentOf(cluster, attempt);
  attempt.hparams = HparamsText(cluster, trial);
  trial.attempt = attempt.id;
  SetWaiting(cluster, trial, false);
  Log(cluster, at_ms, allocation.attempts.empty() ? "placed" : "assigned_ahead",
      "trial " + TrialName(trial),
      "attempt " + ToString(attempt.id) + " on " + GangName(allocation));
  Give(cluster, std::move(attempt));
}

void Give(Cluster& cluster, Attempt attempt) {
  Allocation& allocation = cluster.allocations.at(attempt.allocation);
  const bool front = allocation.attempts.empty();
  allocation.attempts.push_back(attempt.id);
  allocation.idle_since_ms = 0;
  allocation.last_experiment = cluster.trials.at(attempt.trial).experiment;
  cluster.outbox.attempts[attempt.id] = AttemptRow(attempt);
  cluster.outbox.desired.insert(allocation.node);
  const AttemptId id = attempt.id;
  cluster.attempts.emplace(id, std::move(attempt));
  if (front) CountFront(cluster, allocation, 1);
  RefreshNode(cluster, allocation.node);
}

void Detach(Cluster& cluster, const Attempt& attempt, std::int64_t at_ms) {
  Allocation& allocation = cluster.allocations.at(attempt.allocation);
  auto& list = allocation.attempts;
  const auto it = std::find(list.begin(), list.end(), attempt.id);
  TUTTI_CHECK(it != list.end(), "the gang does not have this attempt");
  const bool front = it == list.begin();
  if (front) CountFront(cluster, allocation, -1);
  list.erase(it);
  if (front) CountFront(cluster, allocation, 1);
  if (list.empty()) allocation.idle_since_ms = at_ms;
  if (allocation.state != AllocationState::kReleased) {
    cluster.outbox.desired.insert(allocation.node);
  }
  RefreshNode(cluster, allocation.node);
}

void Release(Cluster& cluster, AllocationId id, std::int64_t at_ms) {
  Allocation& allocation = cluster.allocations.at(id);
  if (allocation.state == AllocationState::kReleased) return;
  TUTTI_CHECK(kAllocationTransitions.Allows(allocation.state, AllocationState::kReleased),
              "illegal transition of an allocation");
  // First, so that nothing below can give it another attempt.
  allocation.state = AllocationState::kReleased;
  cluster.outbox.desired.insert(allocation.node);
  EndAttempts(cluster, id, Gone::kExited, 0, "its gang was stopped", at_ms);
  RefreshNode(cluster, allocation.node);
}

void RemoveGang(Cluster& cluster, AllocationId id, Gone why, const std::string& message,
                std::int64_t at_ms) {
  Allocation& allocation = cluster.allocations.at(id);
  const NodeId node = allocation.node;
  if (allocation.state != AllocationState::kReleased) {
    allocation.state = AllocationState::kReleased;
    cluster.outbox.desired.insert(node);
  }
  EndAttempts(cluster, id, why, 1, message, at_ms);
  cluster.nodes.at(node).allocations.erase(id);
  cluster.allocations.erase(id);
  RefreshNode(cluster, node);
}

}  // namespace tutti::engine
