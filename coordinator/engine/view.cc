#include "coordinator/engine/view.h"

#include "coordinator/engine/experiments.h"
#include "coordinator/engine/why.h"
#include "experiments/core/config/experiment_config.h"

namespace tutti::engine {
namespace {

std::string Number(std::int64_t n) { return std::to_string(n); }

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

// "deterministic: 12 s of slot time idle waiting for decisions, 8.5 %", or nothing.
std::string CostOfWaiting(const Experiment& experiment) {
  if (experiment.held_ms <= 0) return {};
  // A clock that was set back may have made it negative.
  const std::int64_t all = experiment.held_ms + std::max<std::int64_t>(experiment.slot_ms, 0);
  const std::int64_t tenths = (experiment.held_ms * 1000 + all / 2) / all;  // of a percent
  return (experiment.config.searcher.deterministic ? "deterministic: " : "") +
         Number(experiment.held_ms / 1000) + " s of slot time idle waiting for decisions, " +
         Number(tenths / 10) + "." + Number(tenths % 10) + " %";
}

std::string TrialReason(const Cluster& cluster, const Trial& trial, const std::string& waiting) {
  switch (trial.state) {
    case TrialState::kPaused:
      return "the experiment is paused";
    case TrialState::kHeld:
      return Join(Why(cluster, trial.experiment, trial.id));
    case TrialState::kStopping:
      return "stopping: " + std::string(kStopReasonNames.Name(trial.stop)) +
             (trial.stop == StopReason::kSearcher && !trial.verdict.empty() ? ", " + trial.verdict
                                                                            : "");
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
  view.time_metric = experiment.config.searcher.time_metric;
  const std::string waiting =
      experiment.waiting.empty() ? std::string() : Join(WhyWaiting(cluster, experiment));
  for (const TrialId trial_id : experiment.trials) {
    const Trial& trial = cluster.trials.at(trial_id);
    TrialView trial_view;
    trial_view.row = TrialRow(cluster, trial);
    trial_view.attempt = trial.attempt;
    const SearcherConfig& searcher = experiment.config.searcher;
    const bool in_epochs = searcher.time_metric == "epochs";
    trial_view.time_done = in_epochs ? trial.epochs_done : trial.time_done;
    trial_view.max_time = in_epochs ? experiment.config.training.epochs : 0;
    if (trial_view.max_time == 0) trial_view.max_time = searcher.max_time;
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
  if (view.reason.empty()) view.reason = CostOfWaiting(experiment);
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

}  // namespace tutti::engine
