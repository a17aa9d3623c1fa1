#include "coordinator/engine/experiments.h"

#include <algorithm>
#include <utility>

#include "coordinator/engine/attempts.h"
#include "coordinator/engine/checkpoints.h"
#include "coordinator/engine/constraints.h"
#include "coordinator/engine/dialogue.h"
#include "coordinator/engine/ensembles.h"
#include "experiments/core/check.h"

namespace tutti::engine {
namespace {

std::string Subject(const Experiment& experiment) {
  return "experiment " + ToString(experiment.id);
}

// "no trial completed; trial 3.1: USER: …"
std::string WhyNoneCompleted(const Cluster& cluster, const Experiment& experiment) {
  const Configuration* invalid = nullptr;
  std::size_t others = 0;
  for (const auto& [no, configuration] : experiment.configurations) {
    if (!configuration.invalid) ++others;
    if (configuration.invalid && invalid == nullptr) invalid = &configuration;
  }
  if (others == 0 && invalid != nullptr) {
    const std::size_t n = experiment.configurations.size();
    return (n == 1 ? "the only configuration is invalid"
                   : "all " + std::to_string(n) + " configurations are invalid; the first") +
           std::string(": ") + invalid->why_invalid;
  }
  for (const TrialId id : experiment.trials) {
    const Trial& trial = cluster.trials.at(id);
    if (trial.state != TrialState::kError) continue;
    if (experiment.configurations.at(trial.configuration_no).invalid) continue;
    return "no trial completed; trial " + TrialName(trial) + ": " + trial.message;
  }
  return "no trial completed; all were cancelled";
}

// Ends the experiment if nothing of it is left: no trial, and then no ensemble.
void EndIfDone(Cluster& cluster, Experiment& experiment, std::int64_t at_ms) {
  if (IsTerminal(experiment.state) || experiment.open_trials > 0) return;
  if (experiment.state == ExperimentState::kStopping) {
    FailOpenEnsembles(cluster, experiment, "the experiment was cancelled", at_ms);
    return SetExperimentState(cluster, experiment, ExperimentState::kCancelled, at_ms);
  }
  if (!experiment.search_closed) {
    experiment.message = "searcher " + experiment.config.searcher.name +
                         " has no open configuration and asks for no other; this is a bug";
    FailOpenEnsembles(cluster, experiment, experiment.message, at_ms);
    return SetExperimentState(cluster, experiment, ExperimentState::kError, at_ms);
  }
  if (experiment.good_trials == 0) {
    experiment.message = WhyNoneCompleted(cluster, experiment);
    FailOpenEnsembles(cluster, experiment, experiment.message, at_ms);
    return SetExperimentState(cluster, experiment, ExperimentState::kError, at_ms);
  }
  FormAfterAllTrials(cluster, experiment, at_ms);
  if (experiment.open_ensembles > 0) return;
  if (const auto why = WhyAnEnsembleFailed(cluster, experiment)) {
    experiment.message = *why;
    return SetExperimentState(cluster, experiment, ExperimentState::kError, at_ms);
  }
  SetExperimentState(cluster, experiment, ExperimentState::kCompleted, at_ms);
}

}  // namespace

Status ReadDocument(Experiment& experiment) {
  TUTTI_ASSIGN_OR_RETURN(experiment.config, ReadExperimentConfig(experiment.canonical));
  const ExperimentSettings& set = experiment.settings;
  ResourcesConfig& resources = experiment.config.resources;
  resources.priority = set.priority.value_or(resources.priority);
  resources.weight = set.weight.value_or(resources.weight);
  if (set.max_slots) resources.max_slots = set.max_slots;
  if (resources.max_slots == 0) resources.max_slots = std::nullopt;
  CheckpointStorageConfig& storage = experiment.config.checkpoint_storage;
  storage.save_experiment_best =
      set.save_experiment_best.value_or(storage.save_experiment_best);
  storage.save_trial_best = set.save_trial_best.value_or(storage.save_trial_best);
  storage.save_trial_latest = set.save_trial_latest.value_or(storage.save_trial_latest);
  experiment.world_size = WorldSize(experiment.config);
  experiment.watched = WatchedMetrics(experiment.config.searcher);
  return Ok{};
}

void SetExperimentState(Cluster& cluster, Experiment& experiment, ExperimentState state,
                        std::int64_t at_ms) {
  TUTTI_CHECK(kExperimentTransitions.Allows(experiment.state, state),
              "illegal transition of an experiment");
  experiment.state = state;
  cluster.outbox.experiments.insert(experiment.id);
  Log(cluster, at_ms, "experiment_state", Subject(experiment),
      std::string(kExperimentStateNames.Name(state)) +
          (experiment.message.empty() ? "" : ": " + experiment.message));
  if (!IsTerminal(state)) return;
  experiment.ended_at_ms = at_ms;
  if (const auto& warm = experiment.config.training.warm_start) {
    Unpin(cluster, warm->name, TrialId());
  }
  cluster.outbox.ended.push_back(ExperimentEnded{experiment.id});
}

std::int64_t WorldSize(const ExperimentConfig& config) {
  return std::max<std::int64_t>(config.resources.slots_per_trial, 1);
}

void OnSubmitted(Cluster& cluster, const ExperimentSubmitted& event) {
  if (cluster.experiments.contains(event.experiment)) return;
  Experiment& experiment = cluster.experiments[event.experiment];
  experiment.id = event.experiment;
  experiment.canonical = event.canonical;
  experiment.created_at_ms = event.at_ms;
  cluster.outbox.experiments.insert(experiment.id);
  cluster.touched.insert(experiment.id);
  if (const Status read = ReadDocument(experiment); !read.ok()) {
    experiment.message = read.error().ToString();
    return SetExperimentState(cluster, experiment, ExperimentState::kError, event.at_ms);
  }
  if (const auto& warm = experiment.config.training.warm_start) Pin(cluster, warm->name);
  Log(cluster, event.at_ms, "experiment_submitted", Subject(experiment), experiment.config.name);
  auto searcher = search::MakeSearcher(experiment.config);
  if (!searcher.ok()) {
    experiment.message = searcher.error().ToString();
    return SetExperimentState(cluster, experiment, ExperimentState::kError, event.at_ms);
  }
  experiment.searcher = std::move(searcher).value();
  AnnounceForExperiment(cluster, experiment, event.at_ms);
  experiment.inbox.emplace_back(search::Started{});
}

void OnTrialEnded(Cluster& cluster, const Trial& ended) {
  Experiment& experiment = cluster.ExperimentOf(ended);
  cluster.touched.insert(experiment.id);
  --experiment.open_trials;
  if (EndedWell(ended.state)) ++experiment.good_trials;
  Configuration& configuration = experiment.configurations.at(ended.configuration_no);
  FeedConfiguration(cluster, experiment, configuration);
  const bool closes = HasEnded(cluster, configuration);
  FormAfterTrial(cluster, ended, closes, ended.ended_at_ms);
  if (closes) CloseConfiguration(cluster, experiment, configuration);
}

void SettleExperiments(Cluster& cluster, std::int64_t at_ms) {
  while (!cluster.touched.empty()) {
    const ExperimentId id = *cluster.touched.begin();
    cluster.touched.erase(cluster.touched.begin());
    Experiment& experiment = cluster.experiments.at(id);
    while (!experiment.inbox.empty()) {
      const search::SearchEvent event = experiment.inbox.front();
      experiment.inbox.pop_front();
      // Who is being stopped creates nothing more.
      if (!Listens(experiment)) continue;
      Obey(cluster, experiment, experiment.searcher->OnEvent(event), at_ms);
    }
    EndIfDone(cluster, experiment, at_ms);
  }
}

}  // namespace tutti::engine
