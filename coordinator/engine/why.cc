#include "coordinator/engine/why.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "coordinator/engine/experiments.h"
#include "coordinator/engine/queue.h"
#include "experiments/core/config/experiment_config.h"

namespace tutti::engine {
namespace {

std::string Number(std::int64_t n) { return std::to_string(n); }
std::string Number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", x);
  return text;
}
std::string Count(std::int64_t n, const char* noun) {
  return Number(n) + ' ' + noun + (n == 1 ? "" : "s");
}
std::string Slots(std::int64_t n) { return Count(n, "slot"); }

// "2026-11-21 09:46:22 UTC".
std::string Time(std::int64_t at_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds(at_ms)};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<seconds>(time - day)};
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d UTC", int{date.year()},
                unsigned{date.month()}, unsigned{date.day()}, static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

std::string Labels(const Experiment& experiment) {
  std::string text;
  for (const auto& [name, value] : experiment.config.resources.node_labels) {
    text += (text.empty() ? "" : ", ") + name + "=" + value;
  }
  return text;
}

std::string Of(ExperimentId id, std::int64_t priority) {
  return "experiment " + ToString(id) + " (priority " + Number(priority) + ")";
}

// What the nodes of its pool could ever give one of its gangs, however busy they are.
struct Reach {
  std::int64_t nodes = 0;         // of the pool, not LOST
  std::int64_t labelled = 0;      // … with its labels
  std::int64_t largest = 0;       // slots of the largest of these
  std::int64_t spanning = 0;      // slots of those that take part in gangs over several nodes
  std::int64_t spanning_nodes = 0;
};
Reach ReachOf(const Cluster& cluster, const Experiment& experiment) {
  Reach reach;
  for (const auto& [id, node] : cluster.nodes) {
    if (node.state == NodeState::kLost) continue;
    if (node.pool != experiment.config.resources.resource_pool) continue;
    ++reach.nodes;
    if (!FitsLabels(experiment, node)) continue;
    const auto slots = static_cast<std::int64_t>(node.slots.size());
    ++reach.labelled;
    reach.largest = std::max(reach.largest, slots);
    if (!node.spans_nodes) continue;
    reach.spanning += slots;
    ++reach.spanning_nodes;
  }
  return reach;
}

// Empty if a gang fits on the nodes known now; they may all be busy.
std::string WhyNever(const Experiment& experiment, const Reach& reach) {
  const ResourcesConfig& resources = experiment.config.resources;
  const std::int64_t world = experiment.world_size;
  if (resources.max_slots && *resources.max_slots < world) {
    return "a trial needs " + Slots(world) + ", but resources.max_slots is " +
           Number(*resources.max_slots);
  }
  if (reach.nodes == 0) return {};
  const std::string labels = Labels(experiment);
  if (reach.labelled == 0) {
    return "no worker of pool " + resources.resource_pool + " has the labels " + labels;
  }
  if (world <= reach.largest) return {};
  const bool may_span = !resources.is_single_node;
  if (may_span && world <= reach.spanning) return {};
  std::string text = "needs " + Slots(world) + (may_span ? "" : " on one node") + " of pool " +
                     resources.resource_pool + (labels.empty() ? "" : " with " + labels) +
                     "; the largest node has " + Number(reach.largest);
  if (!may_span) return text + " and is_single_node is true";
  if (reach.spanning_nodes == 0) return text + " and none takes part in gangs over several nodes";
  return text + " and the " + Count(reach.spanning_nodes, "node") +
         " that can take part in gangs over several have " + Number(reach.spanning) + " together";
}

// Empty if a worker of the pool takes work.
std::string WhyNoWorker(const Cluster& cluster, const std::string& pool, const SlotCounts& slots) {
  if (slots.nodes == 0) {
    const SlotCounts anywhere = CountSlots(cluster, std::nullopt);
    return anywhere.nodes == 0 ? "no worker has joined yet"
                               : "no worker of pool " + pool + " has joined yet";
  }
  if (slots.reachable == 0) return "no worker of pool " + pool + " is reachable";
  return slots.reachable == slots.draining ? "every worker of pool " + pool + " is being drained"
                                           : "";
}

// Who comes before it, in its pool.
void AddQueue(const Cluster& cluster, const Experiment& experiment,
              std::vector<std::string>& lines) {
  const Pool& pool = cluster.pools.at(experiment.config.resources.resource_pool);
  const std::int64_t priority = experiment.config.resources.priority;
  std::int64_t before = 0, with_equal = 0;
  for (const QueueKey& key : pool.queue) {
    if (key.experiment == experiment.id) break;
    ++before;
    with_equal += key.priority == priority ? 1 : 0;
  }
  if (before == 0) {
    if (experiment.world_size > 1) {
      lines.push_back("first in the queue: slots that become free are kept for it");
    }
  } else {
    const QueueKey& first = *pool.queue.begin();
    lines.push_back("behind " + Of(first.experiment, first.priority) +
                    (before == 1 ? "" : " and " + Count(before - 1, "other")));
  }
  if (with_equal > 0) {
    lines.push_back("has " + Slots(KeptSlots(experiment)) + " with weight " +
                    Number(experiment.config.resources.weight) +
                    "; others of its priority have less for their weight");
  }
}

void AddPlaces(const Cluster& cluster, const Experiment& experiment, const SlotCounts& slots,
               std::vector<std::string>& lines) {
  const ResourcesConfig& resources = experiment.config.resources;
  std::string line = "needs " + Slots(experiment.world_size) + " in pool " +
                     resources.resource_pool;
  const std::string labels = Labels(experiment);
  std::int64_t total = slots.total, free = slots.free;
  if (!labels.empty()) {
    line += " with " + labels;
    total = free = 0;
    for (const auto& [id, node] : cluster.nodes) {
      if (node.state == NodeState::kLost || node.pool != resources.resource_pool) continue;
      if (!FitsLabels(experiment, node)) continue;
      total += static_cast<std::int64_t>(node.slots.size());
      if (IsUsable(node)) free += static_cast<std::int64_t>(node.free.size()) + node.idle;
    }
  }
  lines.push_back(line + "; " + Number(free) + " of " + Number(total) + " free");
  if (slots.coming > 0) lines.push_back(Slots(slots.coming) + (slots.coming == 1 ? " is" : " are") + " being given up");
  if (slots.draining > 0) {
    lines.push_back(Count(slots.draining, "worker") + " of the pool get no new work (drained)");
  }
  if (experiment.packs() && experiment.peak_memory_bytes == 0 && experiment.slots_in_use > 0) {
    lines.push_back("trials share slots (max_per_slot " + Number(resources.max_per_slot) +
                    ") once it is known how much memory one needs");
  }
}

std::string NodesOf(const Cluster& cluster, const Allocation& gang) {
  std::string text;
  for (const GangPart* part : gang.Parts()) {
    text += (text.empty() ? "" : " + ") + cluster.nodes.at(part->node).name;
  }
  return text;
}

// Of a trial that has an attempt.
void AddAttempt(const Cluster& cluster, const Trial& trial, std::vector<std::string>& lines) {
  const Attempt& attempt = cluster.attempts.at(trial.attempt);
  const Allocation& gang = cluster.allocations.at(attempt.allocation);
  const std::string nodes = NodesOf(cluster, gang);
  if (gang.attempts.front() != attempt.id) {
    const auto place = std::find(gang.attempts.begin(), gang.attempts.end(), attempt.id);
    lines.push_back("next on " + nodes + ", behind " +
                    Count(place - gang.attempts.begin(), "attempt"));
  } else if (attempt.state == AttemptState::kRunning) {
    lines.push_back("running on " + nodes);
  } else {
    lines.push_back("starting on " + nodes);
  }
  if (attempt.stop != AttemptOrder::Stop::kRun && !trial.preempted.empty()) {
    lines.push_back("writes a checkpoint and waits again: " + trial.preempted + " at " +
                    Time(trial.preempted_at_ms));
  }
}

std::vector<std::string> WhyTrial(const Cluster& cluster, const Trial& trial) {
  const Experiment& experiment = cluster.ExperimentOf(trial);
  std::vector<std::string> lines;
  switch (trial.state) {
    case TrialState::kPaused: return {"the experiment is paused"};
    case TrialState::kHeld:
      return {"held: waits for the searcher's decision at " + Number(trial.run_until) + ' ' +
              experiment.config.searcher.time_metric};
    case TrialState::kStopping:
      lines.push_back("stopping: " + std::string(kStopReasonNames.Name(trial.stop)));
      break;
    case TrialState::kQueued:
    case TrialState::kRunning: break;
    default:
      return {std::string(kTrialStateNames.Name(trial.state)) +
              (trial.message.empty() ? "" : ": " + trial.message)};
  }
  if (trial.attempt) {
    AddAttempt(cluster, trial, lines);
    return lines;
  }
  if (!trial.preempted.empty()) {
    lines.push_back(trial.preempted + " at " + Time(trial.preempted_at_ms));
  } else if (!trial.message.empty()) {
    lines.push_back("starts again: " + trial.message);
  }
  for (std::string& line : WhyWaiting(cluster, experiment)) lines.push_back(std::move(line));
  return lines;
}

std::vector<std::string> WhyExperiment(const Cluster& cluster, const Experiment& experiment) {
  if (IsTerminal(experiment.state)) {
    return {std::string(kExperimentStateNames.Name(experiment.state)) +
            (experiment.message.empty() ? "" : ": " + experiment.message)};
  }
  std::int64_t running = 0, starting = 0, held = 0, ahead = 0;
  for (const TrialId id : experiment.trials) {
    const Trial& trial = cluster.trials.at(id);
    held += trial.state == TrialState::kHeld ? 1 : 0;
    if (!trial.attempt) continue;
    const Attempt& attempt = cluster.attempts.at(trial.attempt);
    const Allocation& gang = cluster.allocations.at(attempt.allocation);
    if (attempt.state == AttemptState::kRunning) {
      ++running;
    } else {
      ++(gang.attempts.front() == attempt.id ? starting : ahead);
    }
  }
  std::vector<std::string> lines;
  if (experiment.state == ExperimentState::kPaused) lines.push_back("paused");
  if (experiment.state == ExperimentState::kStopping) lines.push_back("stopping");
  if (running > 0) lines.push_back(Count(running, "trial") + " running");
  if (starting > 0) lines.push_back(Count(starting, "trial") + " starting");
  if (ahead > 0) lines.push_back(Count(ahead, "trial") + " next on gangs that are busy");
  if (held > 0) {
    lines.push_back(Count(held, "trial") + " held: waiting for the searcher's decision");
  }
  if (!experiment.waiting.empty()) {
    lines.push_back(Count(static_cast<std::int64_t>(experiment.waiting.size()), "trial") +
                    " waiting");
    for (std::string& line : WhyWaiting(cluster, experiment)) lines.push_back(std::move(line));
  }
  if (experiment.open_trials == 0 && experiment.open_ensembles > 0) {
    lines.push_back("evaluating " + Count(experiment.open_ensembles, "ensemble"));
  }
  return lines;
}

}  // namespace

SlotCounts CountSlots(const Cluster& cluster, const std::optional<std::string>& pool) {
  SlotCounts counts;
  for (const auto& [id, node] : cluster.nodes) {
    if (node.state == NodeState::kLost || (pool && node.pool != *pool)) continue;
    counts.total += static_cast<std::int64_t>(node.slots.size());
    ++counts.nodes;
    if (node.state != NodeState::kOnline) continue;
    ++counts.reachable;
    counts.coming += node.releasing + node.leaving;
    if (node.draining) {
      ++counts.draining;
    } else {
      counts.free += static_cast<std::int64_t>(node.free.size()) + node.idle;
    }
  }
  return counts;
}

std::vector<std::string> WhyWaiting(const Cluster& cluster, const Experiment& experiment) {
  const ResourcesConfig& resources = experiment.config.resources;
  const SlotCounts slots = CountSlots(cluster, resources.resource_pool);
  std::string never = WhyNever(experiment, ReachOf(cluster, experiment));
  if (!never.empty()) return {std::move(never)};
  std::string no_worker = WhyNoWorker(cluster, resources.resource_pool, slots);
  if (!no_worker.empty()) return {std::move(no_worker)};
  if (resources.max_slots &&
      experiment.slots_in_use + experiment.world_size > *resources.max_slots) {
    return {"max_slots is " + Number(*resources.max_slots) + " and " +
            Number(experiment.slots_in_use) + " are in use"};
  }
  std::vector<std::string> lines;
  AddPlaces(cluster, experiment, slots, lines);
  AddQueue(cluster, experiment, lines);
  return lines;
}

std::vector<std::string> Why(const Cluster& cluster, ExperimentId id, TrialId trial_id) {
  const auto it = cluster.experiments.find(id);
  if (it == cluster.experiments.end()) return {};
  if (!trial_id) return WhyExperiment(cluster, it->second);
  const auto trial = cluster.trials.find(trial_id);
  if (trial == cluster.trials.end() || trial->second.experiment != id) return {};
  return WhyTrial(cluster, trial->second);
}

std::optional<std::string> WhyTaskWaits(const Cluster& cluster, TaskId id) {
  const auto it = cluster.tasks.find(id);
  if (it == cluster.tasks.end()) return std::nullopt;
  const Task& task = it->second;
  if (task.attempt) {
    const Attempt& attempt = cluster.attempts.at(task.attempt);
    if (attempt.state == AttemptState::kRunning) return std::string();
    const Allocation& gang = cluster.allocations.at(attempt.allocation);
    return "starting on " + cluster.nodes.at(gang.node).name;
  }
  const std::string& pool =
      cluster.ExperimentOf(cluster.trials.at(task.trial)).config.resources.resource_pool;
  const SlotCounts slots = CountSlots(cluster, pool);
  std::string no_worker = WhyNoWorker(cluster, pool, slots);
  if (!no_worker.empty()) return no_worker;
  return "waiting for 1 free slot; " + Number(slots.free) + " of " + Number(slots.total) + " free";
}

Status CheckPlaceable(const Cluster& cluster, const Json& canonical) {
  Experiment experiment;
  TUTTI_ASSIGN_OR_RETURN(experiment.config, ReadExperimentConfig(canonical));
  experiment.world_size = WorldSize(experiment.config);
  const std::string why = WhyNever(experiment, ReachOf(cluster, experiment));
  if (why.empty()) return Ok{};
  return Error(ErrorCode::kUnschedulable,
               why + "; change resources, or add a worker that has what it needs");
}

std::string Join(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

}  // namespace tutti::engine
