#include "coordinator/engine/view.h"

#include "coordinator/engine/experiments.h"
#include "experiments/core/config/experiment_config.h"

namespace tutti::engine {
namespace {

std::string Number(std::int64_t n) { return std::to_string(n); }

std::string Slots(std::int64_t n) { return Number(n) + (n == 1 ? " slot" : " slots"); }

// Empty if it fits.
std::string WhyTooLarge(std::int64_t world, const std::string& pool, const SlotCounts& slots) {
  if (world <= slots.largest_node) return {};
  return "needs " + Slots(world) + " on one node of pool " + pool + "; the largest node has " +
         Number(slots.largest_node);
}

// Empty if a worker of the pool takes work.
std::string WhyNoWorker(const Cluster& cluster, const std::string& pool, const SlotCounts& slots) {
  if (slots.nodes == 0) {
    const SlotCounts anywhere = CountSlots(cluster, std::nullopt);
    return anywhere.nodes == 0 ? "no worker has joined yet"
                               : "no worker of pool " + pool + " has joined yet";
  }
  return slots.reachable == 0 ? "no worker of pool " + pool + " is reachable" : "";
}

std::string WaitingForSlots(std::int64_t world, const SlotCounts& slots) {
  return "waiting for " + Number(world) + " free " + (world == 1 ? "slot" : "slots") + "; " +
         Number(slots.free) + " of " + Number(slots.total) + " free";
}

// Why trials in the queue of this experiment are not running.
std::string WhyWaiting(const Cluster& cluster, const Experiment& experiment) {
  const ResourcesConfig& resources = experiment.config.resources;
  const SlotCounts slots = CountSlots(cluster, resources.resource_pool);
  std::string no_worker = WhyNoWorker(cluster, resources.resource_pool, slots);
  if (!no_worker.empty()) return no_worker;
  std::string too_large = WhyTooLarge(experiment.world_size, resources.resource_pool, slots);
  if (!too_large.empty()) return too_large;
  if (resources.max_slots &&
      experiment.slots_in_use + experiment.world_size > *resources.max_slots) {
    return "max_slots is " + Number(*resources.max_slots) + " and " +
           Number(experiment.slots_in_use) + " are in use";
  }
  return WaitingForSlots(experiment.world_size, slots);
}

// "evaluating ensemble 1", "evaluating 3 ensembles", or nothing.
std::string WhyEvaluating(const std::vector<PersistEnsemble>& ensembles) {
  std::int64_t n = 0;
  EnsembleId last;
  for (const PersistEnsemble& row : ensembles) {
    if (row.state != kEnsembleStateNames.Name(EnsembleState::kEvaluating)) continue;
    ++n;
    last = row.ensemble;
  }
  if (n == 0) return {};
  return n == 1 ? "evaluating ensemble " + ToString(last)
                : "evaluating " + Number(n) + " ensembles";
}

std::string TrialReason(const Cluster& cluster, const Trial& trial, const std::string& waiting) {
  switch (trial.state) {
    case TrialState::kPaused:
      return "the experiment is paused";
    case TrialState::kStopping:
      return "stopping: " + std::string(kStopReasonNames.Name(trial.stop));
    case TrialState::kQueued: {
      if (!trial.attempt) return waiting;
      const Attempt& attempt = cluster.attempts.at(trial.attempt);
      const Allocation& gang = cluster.allocations.at(attempt.allocation);
      const std::string& node = cluster.nodes.at(gang.node).name;
      return (gang.attempts.front() == attempt.id ? "starting on " : "next on ") + node;
    }
    default:
      return {};
  }
}

}  // namespace

SlotCounts CountSlots(const Cluster& cluster, const std::optional<std::string>& pool) {
  SlotCounts counts;
  for (const auto& [id, node] : cluster.nodes) {
    if (node.state == NodeState::kLost || (pool && node.pool != *pool)) continue;
    const auto slots = static_cast<std::int64_t>(node.slots.size());
    counts.total += slots;
    counts.largest_node = std::max(counts.largest_node, slots);
    ++counts.nodes;
    if (node.state != NodeState::kOnline) continue;
    ++counts.reachable;
    counts.free += static_cast<std::int64_t>(node.free.size()) + node.idle;
  }
  return counts;
}

std::optional<ExperimentView> ViewOf(const Cluster& cluster, ExperimentId id) {
  const auto it = cluster.experiments.find(id);
  if (it == cluster.experiments.end()) return std::nullopt;
  const Experiment& experiment = it->second;
  ExperimentView view;
  view.row = ExperimentRow(experiment);
  if (experiment.searcher) {
    view.trials_expected = experiment.searcher->expected_configurations() *
                           std::max<std::int64_t>(experiment.config.replicates, 1);
  }
  const std::string waiting =
      experiment.waiting.empty() ? std::string() : WhyWaiting(cluster, experiment);
  for (const TrialId trial_id : experiment.trials) {
    const Trial& trial = cluster.trials.at(trial_id);
    TrialView trial_view;
    trial_view.row = TrialRow(cluster, trial);
    trial_view.attempt = trial.attempt;
    trial_view.epochs_done = trial.epochs_done;
    trial_view.epochs = experiment.config.training.epochs;
    trial_view.metric = trial.last_value;
    trial_view.reason = TrialReason(cluster, trial, waiting);
    view.trials.push_back(std::move(trial_view));
  }
  for (const EnsembleId ensemble : experiment.ensembles) {
    view.ensembles.push_back(EnsembleRow(cluster.ensembles.at(ensemble)));
  }
  if (!experiment.message.empty()) {
    view.reason = experiment.message;
  } else if (experiment.state == ExperimentState::kPaused) {
    view.reason = "paused";
  } else if (experiment.open_trials == 0) {
    view.reason = WhyEvaluating(view.ensembles);
  } else {
    view.reason = waiting;
  }
  return view;
}

NodeView ViewOf(const Node& node) {
  NodeView view;
  view.state = kNodeStateNames.Name(node.state);
  view.pool = node.pool;
  view.slots = static_cast<std::int64_t>(node.slots.size());
  if (node.state == NodeState::kOnline) {
    view.slots_free = static_cast<std::int64_t>(node.free.size()) + node.idle;
  }
  view.draining = node.draining;
  view.labels = node.labels;
  return view;
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
  return no_worker.empty() ? WaitingForSlots(1, slots) : no_worker;
}

Status CheckPlaceable(const Cluster& cluster, const Json& canonical) {
  TUTTI_ASSIGN_OR_RETURN(const ExperimentConfig config, ReadExperimentConfig(canonical));
  const std::int64_t world = WorldSize(config);
  const ResourcesConfig& resources = config.resources;
  if (resources.max_slots && *resources.max_slots < world) {
    return Error(ErrorCode::kUnschedulable, "a trial needs " + Slots(world) +
                                                ", but resources.max_slots is " +
                                                Number(*resources.max_slots));
  }
  const SlotCounts slots = CountSlots(cluster, resources.resource_pool);
  if (slots.nodes == 0) return Ok{};
  const std::string why = WhyTooLarge(world, resources.resource_pool, slots);
  if (why.empty()) return Ok{};
  return Error(ErrorCode::kUnschedulable,
               why + "; lower resources.slots_per_trial or add a larger worker");
}

}  // namespace tutti::engine
