#include "coordinator/engine/experiments.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "coordinator/engine/attempts.h"
#include "coordinator/engine/checkpoints.h"
#include "coordinator/engine/ensembles.h"
#include "experiments/core/check.h"
#include "experiments/search/sample.h"

namespace tutti::engine {
namespace {

std::string Subject(const Experiment& experiment) {
  return "experiment " + ToString(experiment.id);
}

void SetState(Cluster& cluster, Experiment& experiment, ExperimentState state,
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
  for (auto& [no, configuration] : experiment.configurations) configuration.pending.clear();
  cluster.outbox.ended.push_back(ExperimentEnded{experiment.id});
}

void CreateTrials(Cluster& cluster, Experiment& experiment, const search::Proposal& proposal,
                  std::int64_t at_ms) {
  Configuration& configuration = experiment.configurations[proposal.configuration_no];
  TUTTI_CHECK(configuration.trials.empty(), "the searcher created a configuration twice");
  configuration.no = proposal.configuration_no;
  configuration.hparams = proposal.hparams;
  const std::int64_t replicates = std::max<std::int64_t>(experiment.config.replicates, 1);
  for (std::int64_t replicate = 1; replicate <= replicates; ++replicate) {
    Trial trial;
    trial.id = TrialId(cluster.next_trial++);
    trial.experiment = experiment.id;
    trial.configuration_no = configuration.no;
    trial.replicate_no = replicate;
    trial.seed =
        search::TrialSeed(experiment.config.experiment_seed, configuration.no, replicate);
    experiment.trials.push_back(trial.id);
    trial.trial_no = static_cast<std::int64_t>(experiment.trials.size());
    configuration.trials.push_back(trial.id);
    ++experiment.open_trials;
    Log(cluster, at_ms, "trial_created", "trial " + TrialName(trial), configuration.hparams.Dump());
    Trial& stored = cluster.trials.emplace(trial.id, std::move(trial)).first->second;
    AnnounceForTrial(cluster, stored, at_ms);
    WaitAgain(cluster, stored, at_ms);
  }
  AnnounceForConfiguration(cluster, experiment, configuration, at_ms);
}

void Obey(Cluster& cluster, Experiment& experiment, const search::SearchAction& action,
          std::int64_t at_ms) {
  if (const auto* create = std::get_if<search::CreateTrial>(&action)) {
    CreateTrials(cluster, experiment, create->proposal, at_ms);
  } else if (const auto* stop = std::get_if<search::StopTrial>(&action)) {
    const auto it = experiment.configurations.find(stop->configuration_no);
    if (it == experiment.configurations.end()) return;
    const std::vector<TrialId> trials = it->second.trials;
    for (const TrialId trial : trials) RequestStop(cluster, trial, StopReason::kSearcher, at_ms);
  } else if (std::holds_alternative<search::SearchClosed>(action)) {
    experiment.search_closed = true;
    Log(cluster, at_ms, "searcher_closed", Subject(experiment),
        std::to_string(experiment.configurations.size()) + " configurations");
  }
}

// "no trial completed; trial 3.1: USER: …"
std::string WhyNoneCompleted(const Cluster& cluster, const Experiment& experiment) {
  for (const TrialId id : experiment.trials) {
    const Trial& trial = cluster.trials.at(id);
    if (trial.state == TrialState::kError) {
      return "no trial completed; trial " + TrialName(trial) + ": " + trial.message;
    }
  }
  return "no trial completed; all were cancelled";
}

// Ends the experiment if nothing of it is left: no trial, and then no ensemble.
void EndIfDone(Cluster& cluster, Experiment& experiment, std::int64_t at_ms) {
  if (IsTerminal(experiment.state) || experiment.open_trials > 0) return;
  if (experiment.state == ExperimentState::kStopping) {
    FailOpenEnsembles(cluster, experiment, "the experiment was cancelled", at_ms);
    return SetState(cluster, experiment, ExperimentState::kCancelled, at_ms);
  }
  if (!experiment.search_closed) {
    experiment.message = "searcher " + experiment.config.searcher.name +
                         " has no open configuration and asks for no other; this is a bug";
    FailOpenEnsembles(cluster, experiment, experiment.message, at_ms);
    return SetState(cluster, experiment, ExperimentState::kError, at_ms);
  }
  if (experiment.good_trials == 0) {
    experiment.message = WhyNoneCompleted(cluster, experiment);
    FailOpenEnsembles(cluster, experiment, experiment.message, at_ms);
    return SetState(cluster, experiment, ExperimentState::kError, at_ms);
  }
  FormAfterAllTrials(cluster, experiment, at_ms);
  if (experiment.open_ensembles > 0) return;
  if (const auto why = WhyAnEnsembleFailed(cluster, experiment)) {
    experiment.message = *why;
    return SetState(cluster, experiment, ExperimentState::kError, at_ms);
  }
  SetState(cluster, experiment, ExperimentState::kCompleted, at_ms);
}

void StopAll(Cluster& cluster, Experiment& experiment, StopReason reason, std::int64_t at_ms) {
  const std::vector<TrialId> trials = experiment.trials;
  for (const TrialId trial : trials) RequestStop(cluster, trial, reason, at_ms);
}

void Pause(Cluster& cluster, Experiment& experiment, std::int64_t at_ms) {
  if (experiment.state != ExperimentState::kActive) return;
  SetState(cluster, experiment, ExperimentState::kPaused, at_ms);
  StopAll(cluster, experiment, StopReason::kPause, at_ms);
}

void Resume(Cluster& cluster, Experiment& experiment, std::int64_t at_ms) {
  if (experiment.state != ExperimentState::kPaused) return;
  SetState(cluster, experiment, ExperimentState::kActive, at_ms);
  for (const TrialId id : experiment.trials) {
    Trial& trial = cluster.trials.at(id);
    if (trial.state == TrialState::kPaused) WaitAgain(cluster, trial, at_ms);
    // An attempt that is still stopping is not told otherwise; its trial waits again afterwards.
    if (trial.stop == StopReason::kPause) trial.stop = StopReason::kNone;
  }
}

}  // namespace

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
  auto config = ReadExperimentConfig(event.canonical);
  if (!config.ok()) {
    experiment.message = config.error().ToString();
    return SetState(cluster, experiment, ExperimentState::kError, event.at_ms);
  }
  experiment.config = std::move(config).value();
  if (const auto& warm = experiment.config.training.warm_start) Pin(cluster, warm->name);
  experiment.world_size = WorldSize(experiment.config);
  Log(cluster, event.at_ms, "experiment_submitted", Subject(experiment), experiment.config.name);
  auto searcher = search::MakeSearcher(experiment.config);
  if (!searcher.ok()) {
    experiment.message = searcher.error().ToString();
    return SetState(cluster, experiment, ExperimentState::kError, event.at_ms);
  }
  experiment.searcher = std::move(searcher).value();
  AnnounceForExperiment(cluster, experiment, event.at_ms);
  experiment.inbox.emplace_back(search::Started{});
}

void OnAction(Cluster& cluster, const ActionRequested& event) {
  const auto it = cluster.experiments.find(event.experiment);
  if (it == cluster.experiments.end() || IsTerminal(it->second.state)) return;
  Experiment& experiment = it->second;
  const bool kill = event.action == Action::kKill;
  const StopReason reason = kill ? StopReason::kKill : StopReason::kCancel;
  cluster.touched.insert(experiment.id);
  if (event.action == Action::kPause) return Pause(cluster, experiment, event.at_ms);
  if (event.action == Action::kResume) return Resume(cluster, experiment, event.at_ms);
  if (event.trial) {
    const auto trial = cluster.trials.find(event.trial);
    if (trial == cluster.trials.end() || trial->second.experiment != experiment.id) return;
    return RequestStop(cluster, event.trial, reason, event.at_ms);
  }
  if (experiment.state != ExperimentState::kStopping) {
    SetState(cluster, experiment, ExperimentState::kStopping, event.at_ms);
  }
  StopAll(cluster, experiment, reason, event.at_ms);
}

void OnSettingsChanged(Cluster& cluster, const ExperimentSettingsChanged& event) {
  const auto it = cluster.experiments.find(event.experiment);
  if (it == cluster.experiments.end() || IsTerminal(it->second.state)) return;
  cluster.outbox.experiments.insert(event.experiment);
}

void OnContinued(Cluster& cluster, const ExperimentContinued& event) {
  const auto it = cluster.experiments.find(event.experiment);
  if (it == cluster.experiments.end() || !IsTerminal(it->second.state)) return;
  cluster.touched.insert(event.experiment);
}

void FeedConfiguration(Cluster& cluster, Experiment& experiment, Configuration& configuration) {
  while (!configuration.pending.empty()) {
    const auto& [epoch, values] = *configuration.pending.begin();
    for (const TrialId id : configuration.trials) {
      const Trial& trial = cluster.trials.at(id);
      if (!IsTerminal(trial.state) && trial.metric_time < epoch) return;  // still to come
    }
    double sum = 0;
    for (const auto& [replicate, value] : values) sum += value;
    experiment.inbox.emplace_back(search::MetricReported{
        configuration.no, epoch, sum / static_cast<double>(values.size()), {}, true});
    cluster.touched.insert(experiment.id);
    configuration.fed_epoch = epoch;
    configuration.pending.erase(configuration.pending.begin());
  }
}

void OnTrialEnded(Cluster& cluster, const Trial& ended) {
  Experiment& experiment = cluster.ExperimentOf(ended);
  cluster.touched.insert(experiment.id);
  --experiment.open_trials;
  const auto good = [](const Trial& trial) {
    return trial.state == TrialState::kCompleted || trial.state == TrialState::kStopped;
  };
  if (good(ended)) ++experiment.good_trials;
  Configuration& configuration = experiment.configurations.at(ended.configuration_no);
  FeedConfiguration(cluster, experiment, configuration);
  const bool closed = std::all_of(
      configuration.trials.begin(), configuration.trials.end(),
      [&cluster](TrialId id) { return IsTerminal(cluster.trials.at(id).state); });
  FormAfterTrial(cluster, ended, closed, ended.ended_at_ms);
  if (!closed) return;
  bool ok = false;
  double sum = 0;
  std::int64_t n = 0;
  for (const TrialId id : configuration.trials) {
    const Trial& trial = cluster.trials.at(id);
    ok = ok || good(trial);
    if (!trial.best_value) continue;
    sum += *trial.best_value;
    ++n;
  }
  configuration.closed = true;
  search::TrialClosed report{configuration.no, ok, std::nullopt};
  if (n > 0) report.best = sum / static_cast<double>(n);
  experiment.inbox.emplace_back(report);
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
      const bool listens = experiment.state == ExperimentState::kActive ||
                           experiment.state == ExperimentState::kPaused;
      if (!listens) continue;
      for (const search::SearchAction& action : experiment.searcher->OnEvent(event)) {
        Obey(cluster, experiment, action, at_ms);
      }
    }
    EndIfDone(cluster, experiment, at_ms);
  }
}

}  // namespace tutti::engine
