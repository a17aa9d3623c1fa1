#include "coordinator/engine/audit.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "coordinator/engine/queue.h"

namespace tutti::engine {
namespace {

struct Findings {
  std::vector<std::string> list;
  void Expect(bool holds, const std::string& subject, const char* what) {
    if (!holds) list.push_back(subject + ": " + what);
  }
};

// Whatever was there when the drain was ordered is marked: nothing came later, and nothing that has
// not begun stays.
void AuditDrained(const Cluster& cluster, const Allocation& gang, const std::string& subject,
                  Findings& findings) {
  if (gang.state == AllocationState::kReleased) return;
  findings.Expect(gang.unusable, subject, "is drained and has got a gang since");
  findings.Expect(!gang.attempts.empty(), subject, "is drained and keeps a gang without work");
  for (std::size_t i = 1; i < gang.attempts.size(); ++i) {
    const auto it = cluster.attempts.find(gang.attempts[i]);
    findings.Expect(
        it == cluster.attempts.end() || it->second.stop != AttemptOrder::Stop::kRun, subject,
        "is drained and has an attempt ahead");
  }
}

void AuditNodes(const Cluster& cluster, Findings& findings) {
  std::set<AllocationId> on_nodes;
  for (const auto& [id, node] : cluster.nodes) {
    const std::string subject = "node " + ToString(id);
    std::set<std::int64_t> used;
    for (const AllocationId allocation_id : node.allocations) {
      const auto it = cluster.allocations.find(allocation_id);
      if (it == cluster.allocations.end()) {
        findings.Expect(false, subject, "lists a gang that does not exist");
        continue;
      }
      const GangPart* own = nullptr;
      for (const GangPart* part : it->second.Parts()) {
        if (part->node == id && !part->gone) own = part;
      }
      findings.Expect(own != nullptr, subject, "lists a gang that has no part on it");
      if (own == nullptr) continue;
      on_nodes.insert(allocation_id);
      if (node.draining) AuditDrained(cluster, it->second, subject, findings);
      for (const std::int64_t slot : own->slots) {
        findings.Expect(used.insert(slot).second || it->second.packed, subject,
                        "two gangs hold one slot");
      }
    }
    std::vector<std::int64_t> free;
    for (const NodeSlot& slot : node.slots) {
      if (!used.contains(slot.index)) free.push_back(slot.index);
    }
    std::sort(free.begin(), free.end());
    findings.Expect(free == node.free, subject, "free slots are not those without a gang");
    findings.Expect(node.claimed == 0, subject, "a claim outlived its pass");
    findings.Expect(node.state != NodeState::kLost || node.allocations.empty(), subject,
                    "is lost and has gangs");
    const auto listed = cluster.entries.find(id);
    const std::optional<NodeEntries> entries = EntriesOf(cluster, node);
    findings.Expect(entries.has_value() == (listed != cluster.entries.end()) &&
                        (!entries || *entries == listed->second),
                    subject, "is not indexed as it is");
  }
  findings.Expect(on_nodes.size() == cluster.allocations.size(), "cluster",
                  "a gang is on no node");
}

void AuditGangs(const Cluster& cluster, Findings& findings) {
  std::set<AttemptId> on_gangs;
  for (const auto& [id, allocation] : cluster.allocations) {
    const std::string subject = "gang " + ToString(id);
    findings.Expect(!allocation.slots.empty(), subject, "has no slots");
    const auto most = static_cast<std::size_t>(std::max(cluster.settings.attempts_ahead, 1));
    findings.Expect(allocation.attempts.size() <= most, subject, "has more attempts than allowed");
    for (const GangPart* part : allocation.Parts()) {
      const bool listed = cluster.nodes.at(part->node).allocations.contains(id);
      findings.Expect(listed != part->gone, subject, "a node has forgotten its part, or keeps it");
      findings.Expect(!part->gone || allocation.state == AllocationState::kReleased, subject,
                      "runs without one of its parts");
    }
    findings.Expect(
        allocation.state != AllocationState::kReleased || allocation.attempts.empty(), subject,
        "is released and has attempts");
    for (const AttemptId attempt_id : allocation.attempts) {
      const auto it = cluster.attempts.find(attempt_id);
      findings.Expect(it != cluster.attempts.end(), subject, "has an attempt that has ended");
      findings.Expect(on_gangs.insert(attempt_id).second, subject, "shares an attempt");
      if (it == cluster.attempts.end()) continue;
      const Attempt& attempt = it->second;
      const Experiment& experiment = cluster.ExperimentOf(cluster.trials.at(attempt.trial));
      findings.Expect(attempt.allocation == id, subject, "has another gang's attempt");
      const std::int64_t world = attempt.task ? 1 : experiment.world_size;
      findings.Expect(allocation.world_size() == world, subject,
                      "is not of the size that its trial needs");
      findings.Expect(attempt.state == AttemptState::kAssigned ||
                          allocation.attempts.front() == attempt_id,
                      subject, "runs an attempt before its turn");
    }
  }
  for (const auto& [id, allocation] : cluster.allocations) {
    const auto listed = cluster.gang_entries.find(id);
    const std::optional<GangEntries> entries = EntriesOf(cluster, allocation);
    findings.Expect(entries.has_value() == (listed != cluster.gang_entries.end()) &&
                        (!entries || *entries == listed->second),
                    "gang " + ToString(id), "is not indexed as it is");
  }
  findings.Expect(on_gangs.size() == cluster.attempts.size(), "cluster",
                  "a live attempt is on no gang");
}

void AuditTrials(const Cluster& cluster, Findings& findings) {
  std::map<TrialId, int> live;
  for (const auto& [id, attempt] : cluster.attempts) {
    if (!attempt.task) ++live[attempt.trial];
  }
  for (const auto& [id, trial] : cluster.trials) {
    const Experiment& experiment = cluster.ExperimentOf(trial);
    const std::string subject = "trial " + TrialName(trial);
    const bool waits = experiment.waiting.contains(id);
    const auto it = live.find(id);
    findings.Expect((it == live.end() ? 0 : it->second) == (trial.attempt ? 1 : 0), subject,
                    "live attempts and its own attempt differ");
    if (trial.attempt) {
      const auto attempt = cluster.attempts.find(trial.attempt);
      findings.Expect(attempt != cluster.attempts.end() && attempt->second.trial == id &&
                          !attempt->second.task && attempt->second.fence <= trial.fence,
                      subject, "its attempt is not its own");
    }
    findings.Expect(!(waits && trial.attempt), subject, "waits and has an attempt");
    findings.Expect(waits == (trial.state == TrialState::kQueued && !trial.attempt), subject,
                    "is in the queue and should not be, or the reverse");
    const bool runs = trial.state == TrialState::kRunning || trial.state == TrialState::kStopping;
    findings.Expect(!runs || static_cast<bool>(trial.attempt), subject, "runs without an attempt");
    findings.Expect(trial.state != TrialState::kPaused || !trial.attempt, subject,
                    "is paused and has an attempt");
    findings.Expect(!IsTerminal(trial.state) || !trial.attempt, subject,
                    "has ended and has an attempt");
    findings.Expect(!IsTerminal(experiment.state) || IsTerminal(trial.state), subject,
                    "is open in an experiment that has ended");
    findings.Expect(trial.restarts <= experiment.config.max_restarts, subject,
                    "has more restarts than max_restarts");
    findings.Expect(!trial.last_checkpoint || trial.checkpoints.contains(trial.last_checkpoint),
                    subject, "its resume point was deleted");
    const auto index = static_cast<std::size_t>(trial.trial_no - 1);
    findings.Expect(index < experiment.trials.size() && experiment.trials[index] == id, subject,
                    "is not where its number says");
  }
}

void AuditExperiments(const Cluster& cluster, Findings& findings) {
  std::size_t trials = 0;
  std::map<std::string, std::set<QueueKey>> queues;
  std::map<std::string, std::map<std::int64_t, std::int64_t>> waiting;
  for (const auto& [id, experiment] : cluster.experiments) {
    const std::string subject = "experiment " + ToString(id);
    const ResourcesConfig& resources = experiment.config.resources;
    trials += experiment.trials.size();
    std::int64_t open = 0, used = 0;
    std::set<std::pair<NodeId, std::int64_t>> shared;
    for (const TrialId trial_id : experiment.trials) {
      const Trial& trial = cluster.trials.at(trial_id);
      if (!IsTerminal(trial.state)) ++open;
      if (!trial.attempt) continue;
      const Allocation& gang =
          cluster.allocations.at(cluster.attempts.at(trial.attempt).allocation);
      if (gang.attempts.front() != trial.attempt) continue;
      // A slot that several gangs share counts once.
      const bool fresh = !gang.packed || shared.insert({gang.node, gang.slots.front()}).second;
      used += fresh ? gang.world_size() : 0;
    }
    findings.Expect(open == experiment.open_trials, subject, "open trials are miscounted");
    findings.Expect(used == experiment.slots_in_use, subject, "slots in use are miscounted");
    findings.Expect(!resources.max_slots || KeptSlots(experiment) <= *resources.max_slots, subject,
                    "uses more than max_slots");
    findings.Expect(experiment.slots_claimed == 0 && !experiment.claimed_until, subject,
                    "a promise outlived its pass");
    findings.Expect(experiment.inbox.empty(), subject, "its searcher has not heard everything");
    std::int64_t open_ensembles = 0;
    for (const EnsembleId ensemble : experiment.ensembles) {
      if (cluster.ensembles.at(ensemble).is_open()) ++open_ensembles;
    }
    findings.Expect(open_ensembles == experiment.open_ensembles, subject,
                    "open ensembles are miscounted");
    findings.Expect(open > 0 || open_ensembles > 0 || IsTerminal(experiment.state), subject,
                    "has nothing left and runs");
    if (experiment.waiting.empty()) continue;
    queues[resources.resource_pool].insert(KeyOf(experiment));
    waiting[resources.resource_pool][experiment.world_size] +=
        static_cast<std::int64_t>(experiment.waiting.size());
  }
  findings.Expect(trials == cluster.trials.size(), "cluster", "a trial is lost or doubled");
  for (const auto& [name, pool] : cluster.pools) {
    findings.Expect(pool.queue == queues[name], "pool " + name, "its queue is wrong");
    for (const auto& [world, n] : pool.waiting) {
      findings.Expect(n == waiting[name][world], "pool " + name, "its queue is miscounted");
    }
  }
}

void AuditTasks(const Cluster& cluster, Findings& findings) {
  std::map<std::string, std::set<TaskId>> queues;
  std::map<std::string, std::int64_t> pins;
  std::size_t attempts = 0;
  for (const auto& [id, task] : cluster.tasks) {
    const std::string subject = "task " + ToString(id);
    if (!task.checkpoint_name.empty()) ++pins[task.checkpoint_name];
    const Experiment& experiment = cluster.ExperimentOf(cluster.trials.at(task.trial));
    if (!task.attempt) {
      queues[experiment.config.resources.resource_pool].insert(id);
      findings.Expect(!task.cancelled, subject, "waits although it was cancelled");
      continue;
    }
    ++attempts;
    const auto it = cluster.attempts.find(task.attempt);
    findings.Expect(it != cluster.attempts.end() && it->second.task == id, subject,
                    "its attempt is not its own");
  }
  const auto of_tasks = static_cast<std::size_t>(
      std::count_if(cluster.attempts.begin(), cluster.attempts.end(),
                    [](const auto& entry) { return static_cast<bool>(entry.second.task); }));
  findings.Expect(attempts == of_tasks, "cluster", "a task has more than one attempt");
  for (const auto& [name, pool] : cluster.pools) {
    findings.Expect(pool.tasks == queues[name], "pool " + name, "its queue of tasks is wrong");
  }
  for (const auto& [id, experiment] : cluster.experiments) {
    const auto& warm = experiment.config.training.warm_start;
    if (warm && !warm->name.empty() && !IsTerminal(experiment.state)) ++pins[warm->name];
  }
  for (const auto& [id, trial] : cluster.trials) {
    const bool needs_start = !IsTerminal(trial.state) && !trial.last_checkpoint;
    if (needs_start && !trial.start_name.empty()) ++pins[trial.start_name];
  }
  findings.Expect(pins == cluster.pins, "cluster", "the pinned checkpoints are not those in use");
}

void AuditEnsembles(const Cluster& cluster, Findings& findings) {
  for (const auto& [id, ensemble] : cluster.ensembles) {
    const std::string subject = "ensemble " + ToString(id);
    findings.Expect(ensemble.is_open() == (ensemble.ended_at_ms == 0), subject,
                    "has ended without a time, or the reverse");
    findings.Expect(ensemble.evaluated || ensemble.state != EnsembleState::kCompleted, subject,
                    "is completed and was never evaluated");
    findings.Expect(ensemble.id == id && id.value < cluster.next_ensemble, subject,
                    "its id will be given again");
    if (!ensemble.experiment) continue;
    const Experiment& experiment = cluster.experiments.at(ensemble.experiment);
    findings.Expect(std::count(experiment.ensembles.begin(), experiment.ensembles.end(), id) == 1,
                    subject, "is not listed by its experiment");
    findings.Expect(!IsTerminal(experiment.state) || ensemble.state != EnsembleState::kForming,
                    subject, "waits for members of an experiment that has ended");
  }
}

}  // namespace

std::vector<std::string> AuditCluster(const Cluster& cluster) {
  Findings findings;
  AuditNodes(cluster, findings);
  AuditGangs(cluster, findings);
  AuditTrials(cluster, findings);
  AuditExperiments(cluster, findings);
  AuditTasks(cluster, findings);
  AuditEnsembles(cluster, findings);
  return findings.list;
}

}  // namespace tutti::engine
