#include "coordinator/engine/lifecycle.h"

#include <utility>
#include <vector>

#include "coordinator/engine/attempts.h"
#include "coordinator/engine/checkpoints.h"
#include "coordinator/engine/dialogue.h"
#include "coordinator/engine/ensembles.h"
#include "coordinator/engine/experiments.h"
#include "coordinator/engine/queue.h"

namespace tutti::engine {
namespace {

void StopAll(Cluster& cluster, Experiment& experiment, StopReason reason, std::int64_t at_ms) {
  const std::vector<TrialId> trials = experiment.trials;
  for (const TrialId trial : trials) RequestStop(cluster, trial, reason, at_ms);
}

void Pause(Cluster& cluster, Experiment& experiment, std::int64_t at_ms) {
  if (experiment.state != ExperimentState::kActive) return;
  SetExperimentState(cluster, experiment, ExperimentState::kPaused, at_ms);
  StopAll(cluster, experiment, StopReason::kPause, at_ms);
}

void Resume(Cluster& cluster, Experiment& experiment, std::int64_t at_ms) {
  if (experiment.state != ExperimentState::kPaused) return;
  SetExperimentState(cluster, experiment, ExperimentState::kActive, at_ms);
  for (const TrialId id : experiment.trials) {
    Trial& trial = cluster.trials.at(id);
    if (trial.state == TrialState::kPaused) WaitAgain(cluster, trial, at_ms);
    // An attempt that is still stopping is not told otherwise; its trial waits again afterwards.
    if (trial.stop == StopReason::kPause) trial.stop = StopReason::kNone;
  }
}

void Archive(Cluster& cluster, Experiment& experiment, bool archive, std::int64_t at_ms) {
  if (!IsTerminal(experiment.state) || experiment.archived == archive) return;
  experiment.archived = archive;
  cluster.outbox.experiments.insert(experiment.id);
  Log(cluster, at_ms, archive ? "experiment_archived" : "experiment_unarchived",
      "experiment " + ToString(experiment.id), experiment.config.name);
}

template <class T>
void Take(std::optional<T>& setting, const std::optional<T>& asked, const char* name,
          std::string& text) {
  if (!asked) return;
  setting = asked;
  text += (text.empty() ? "" : ", ") + std::string(name) + " " + Json(*asked).Dump();
}

// Whether a trial of an ended experiment runs again when that is continued.
bool Reopens(const Experiment& experiment, const Trial& trial, bool completed) {
  if (completed) return trial.state == TrialState::kCompleted;
  if (EndedWell(trial.state)) return false;
  return !experiment.configurations.at(trial.configuration_no).invalid;
}

// Where it started may have been deleted since.
void PinStartAgain(Cluster& cluster, Trial& trial) {
  if (trial.last_checkpoint || trial.start_name.empty()) return;
  const auto parent = cluster.trials.find(trial.parent);
  if (parent != cluster.trials.end() &&
      parent->second.checkpoints.contains(trial.start_checkpoint)) {
    return Pin(cluster, trial.start_name);
  }
  trial.start_checkpoint = CheckpointId();
  trial.start_name.clear();
  trial.start_sha256.clear();
}

void Reopen(Cluster& cluster, Experiment& experiment, Trial& trial, std::int64_t at_ms) {
  if (EndedWell(trial.state)) --experiment.good_trials;
  ++experiment.open_trials;
  trial.state = TrialState::kQueued;
  trial.stop = StopReason::kNone;
  trial.restarts = trial.losses = 0;
  trial.ended_at_ms = 0;
  trial.finished = false;
  trial.message.clear();
  PinStartAgain(cluster, trial);
  const bool decided = experiment.configurations.at(trial.configuration_no).closed;
  if (decided) {
    // The searcher takes it for ended and will say nothing more about it.
    trial.held = false;
    trial.run_until = 0;
    trial.verdict.clear();
  }
  Log(cluster, at_ms, "trial_continued", "trial " + TrialName(trial),
      trial.last_checkpoint ? "from its last checkpoint" : "from the start");
  WaitAgain(cluster, trial, at_ms);
  if (!trial.verdict.empty()) RequestStop(cluster, trial.id, StopReason::kSearcher, at_ms);
}

}  // namespace

void OnAction(Cluster& cluster, const ActionRequested& event) {
  const auto it = cluster.experiments.find(event.experiment);
  if (it == cluster.experiments.end()) return;
  Experiment& experiment = it->second;
  if (event.action == Action::kArchive || event.action == Action::kUnarchive) {
    return Archive(cluster, experiment, event.action == Action::kArchive, event.at_ms);
  }
  if (IsTerminal(experiment.state)) return;
  cluster.touched.insert(experiment.id);
  if (event.action == Action::kPause) return Pause(cluster, experiment, event.at_ms);
  if (event.action == Action::kResume) return Resume(cluster, experiment, event.at_ms);
  const bool kill = event.action == Action::kKill;
  const StopReason reason = kill ? StopReason::kKill : StopReason::kCancel;
  if (event.trial) {
    const auto trial = cluster.trials.find(event.trial);
    if (trial == cluster.trials.end() || trial->second.experiment != experiment.id) return;
    return RequestStop(cluster, event.trial, reason, event.at_ms);
  }
  if (experiment.state != ExperimentState::kStopping) {
    SetExperimentState(cluster, experiment, ExperimentState::kStopping, event.at_ms);
  }
  StopAll(cluster, experiment, reason, event.at_ms);
}

void OnSettingsChanged(Cluster& cluster, const ExperimentSettingsChanged& event) {
  const auto it = cluster.experiments.find(event.experiment);
  // One whose document could not be read has nothing to change.
  if (it == cluster.experiments.end() || !it->second.searcher) return;
  Experiment& experiment = it->second;
  ExperimentSettings& settings = experiment.settings;
  std::string text;
  Take(settings.priority, event.priority, "priority", text);
  Take(settings.weight, event.weight, "weight", text);
  Take(settings.max_slots, event.max_slots, "max_slots", text);
  Take(settings.save_experiment_best, event.save_experiment_best, "save_experiment_best", text);
  Take(settings.save_trial_best, event.save_trial_best, "save_trial_best", text);
  Take(settings.save_trial_latest, event.save_trial_latest, "save_trial_latest", text);
  if (text.empty()) return;
  TUTTI_CHECK(ReadDocument(experiment).ok(), "a document that was read cannot be read again");
  OnResourcesChanged(cluster, experiment, event.at_ms);
  cluster.outbox.experiments.insert(experiment.id);
  Log(cluster, event.at_ms, "settings_changed", "experiment " + ToString(experiment.id), text);
  const bool retention =
      event.save_experiment_best || event.save_trial_best || event.save_trial_latest;
  if (!retention) return;
  for (const TrialId id : experiment.trials) ApplyRetention(cluster, cluster.trials.at(id));
}

void OnContinued(Cluster& cluster, const ExperimentContinued& event) {
  const auto it = cluster.experiments.find(event.experiment);
  if (it == cluster.experiments.end()) return;
  Experiment& experiment = it->second;
  if (!IsTerminal(experiment.state) || !experiment.searcher) return;
  Json before = std::exchange(experiment.canonical, event.canonical);
  if (!ReadDocument(experiment).ok()) {
    experiment.canonical = std::move(before);
    TUTTI_CHECK(ReadDocument(experiment).ok(), "a document that was read cannot be read again");
    return;
  }
  const bool completed = experiment.state == ExperimentState::kCompleted;
  experiment.state = ExperimentState::kActive;
  experiment.ended_at_ms = 0;
  experiment.message.clear();
  experiment.archived = false;
  if (const auto& warm = experiment.config.training.warm_start) Pin(cluster, warm->name);
  cluster.outbox.experiments.insert(experiment.id);
  cluster.touched.insert(experiment.id);
  Log(cluster, event.at_ms, "experiment_continued", "experiment " + ToString(experiment.id),
      experiment.config.name);
  for (auto& [no, configuration] : experiment.configurations) configuration.document.clear();
  for (const TrialId id : experiment.trials) {
    Trial& trial = cluster.trials.at(id);
    if (Reopens(experiment, trial, completed)) Reopen(cluster, experiment, trial, event.at_ms);
  }
  ReopenEnsembles(cluster, experiment, event.at_ms);
  // What happened while the experiment was being cancelled.
  for (auto& [no, configuration] : experiment.configurations) {
    FeedConfiguration(cluster, experiment, configuration);
    if (HasEnded(cluster, configuration)) CloseConfiguration(cluster, experiment, configuration);
  }
}

}  // namespace tutti::engine
