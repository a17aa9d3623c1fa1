#include "coordinator/engine/ensembles.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "coordinator/engine/dialogue.h"
#include "coordinator/engine/score.h"
#include "experiments/core/check.h"

namespace tutti::engine {
namespace {

constexpr std::int64_t kDefaultMinMembers = 2;

std::string Subject(const Ensemble& ensemble) { return "ensemble " + ToString(ensemble.id); }

bool Asks(const Experiment& experiment, std::string_view members) {
  return experiment.config.ensemble && experiment.config.ensemble->members == members;
}

void SetState(Cluster& cluster, Ensemble& ensemble, EnsembleState state, std::int64_t at_ms) {
  TUTTI_CHECK(kEnsembleTransitions.Allows(ensemble.state, state),
              "illegal transition of an ensemble");
  const bool was_open = ensemble.is_open();
  ensemble.state = state;
  ensemble.ended_at_ms = ensemble.is_open() ? 0 : at_ms;
  cluster.outbox.ensembles.insert(ensemble.id);
  Log(cluster, at_ms, "ensemble_state", Subject(ensemble),
      std::string(kEnsembleStateNames.Name(state)) +
          (ensemble.message.empty() ? "" : ": " + ensemble.message));
  if (!ensemble.experiment) return;
  Experiment& experiment = cluster.experiments.at(ensemble.experiment);
  experiment.open_ensembles += (ensemble.is_open() ? 1 : 0) - (was_open ? 1 : 0);
  cluster.touched.insert(experiment.id);
}

void Fail(Cluster& cluster, Ensemble& ensemble, std::string why, std::int64_t at_ms) {
  ensemble.message = std::move(why);
  SetState(cluster, ensemble, EnsembleState::kFailed, at_ms);
}

void Evaluate(Cluster& cluster, Ensemble& ensemble, std::int64_t at_ms) {
  ensemble.message.clear();
  SetState(cluster, ensemble, EnsembleState::kEvaluating, at_ms);
  cluster.outbox.evaluations.insert(ensemble.id);
}

// A new ensemble of an experiment, FORMING.
Ensemble& Announce(Cluster& cluster, Experiment& experiment, std::string name,
                   std::int64_t at_ms) {
  const EnsembleId id(cluster.next_ensemble++);
  Ensemble& ensemble = cluster.ensembles[id];
  ensemble.id = id;
  ensemble.experiment = experiment.id;
  ensemble.name = std::move(name);
  if (const Json* spec = experiment.canonical.Find("ensemble")) ensemble.spec = *spec;
  ensemble.combine = experiment.config.ensemble->combine;
  ensemble.min_members = experiment.config.ensemble->min_members;
  ensemble.created_at_ms = at_ms;
  experiment.ensembles.push_back(id);
  ++experiment.open_ensembles;
  cluster.outbox.ensembles.insert(id);
  return ensemble;
}

// Why the trial cannot be a member; empty if it can.
std::string WhyNot(const Experiment& experiment, const Trial& trial) {
  if (trial.state != TrialState::kCompleted && trial.state != TrialState::kStopped) {
    return std::string(kTrialStateNames.Name(trial.state)) +
           (trial.message.empty() ? "" : ": " + trial.message);
  }
  if (trial.state == TrialState::kStopped && !trial.finished) {
    return "was stopped without an evaluation" +
           (trial.message.empty() ? std::string() : ": " + trial.message);
  }
  if (trial.best_value) return {};
  return "reported no finite " + experiment.config.searcher.metric;
}

// Splits the trials into members and those that are left out, in their order.
void TakeMembers(const Cluster& cluster, Ensemble& ensemble, const std::vector<TrialId>& trials) {
  const Experiment& experiment = cluster.experiments.at(ensemble.experiment);
  for (const TrialId id : trials) {
    std::string why = WhyNot(experiment, cluster.trials.at(id));
    if (why.empty()) {
      ensemble.members.push_back({id, ""});
    } else {
      ensemble.left_out.push_back({id, std::move(why)});
    }
  }
}

// The first `count` members by best value; equals by trial.
void KeepBest(const Cluster& cluster, Ensemble& ensemble, std::int64_t count) {
  const Experiment& experiment = cluster.experiments.at(ensemble.experiment);
  const auto score = [&](const EnsembleMember& member) {
    return Score::Of(cluster.trials.at(member.trial).best_value,
                     experiment.config.searcher.smaller_is_better);
  };
  std::stable_sort(
      ensemble.members.begin(), ensemble.members.end(),
      [&](const EnsembleMember& a, const EnsembleMember& b) { return score(a) < score(b); });
  const auto kept = static_cast<std::size_t>(std::max<std::int64_t>(count, 0));
  if (ensemble.members.size() > kept) ensemble.members.resize(kept);
}

void TakeSnapshots(const Cluster& cluster, Ensemble& ensemble, const Trial& trial) {
  const Experiment& experiment = cluster.ExperimentOf(trial);
  std::string why = WhyNot(experiment, trial);
  if (!why.empty()) {
    ensemble.left_out.push_back({trial.id, std::move(why)});
    return;
  }
  for (const std::int64_t epoch : trial.snapshot_epochs) {
    const auto it = trial.snapshots.find(epoch);
    if (it != trial.snapshots.end()) {
      ensemble.members.push_back({trial.id, it->second});
    } else {
      ensemble.left_out.push_back(
          {trial.id, "has no checkpoint of epoch " + std::to_string(epoch)});
    }
  }
}

// The members are known: evaluates them if there are enough.
void Form(Cluster& cluster, Ensemble& ensemble, std::int64_t at_ms) {
  const auto found = static_cast<std::int64_t>(ensemble.members.size());
  if (found >= ensemble.min_members) return Evaluate(cluster, ensemble, at_ms);
  std::string why = std::to_string(found) + (found == 1 ? " member is" : " members are") +
                    " left and min_members is " + std::to_string(ensemble.min_members);
  if (!ensemble.left_out.empty()) {
    const PersistEnsemble::LeftOut& first = ensemble.left_out.front();
    why += "; trial " + TrialName(cluster.trials.at(first.trial)) + ": " + first.reason;
  }
  Fail(cluster, ensemble, std::move(why), at_ms);
}

// Its document says how many; a trial may vary it.
std::int64_t EpochsOf(const Experiment& experiment, const Trial& trial) {
  const Json& hparams = experiment.configurations.at(trial.configuration_no).hparams;
  const Json* varied = hparams.is_object() ? hparams.Find("training.epochs") : nullptr;
  if (varied != nullptr && varied->is_int()) return varied->AsInt();
  return experiment.config.training.epochs;
}

}  // namespace

std::set<std::int64_t> SnapshotEpochs(std::int64_t epochs, std::int64_t count) {
  std::set<std::int64_t> list;
  for (std::int64_t i = 1; i <= count; ++i) {
    const std::int64_t epoch = (2 * i * epochs + count) / (2 * count);
    if (epoch >= 1) list.insert(epoch);
  }
  return list;
}

void OnEnsembleRequested(Cluster& cluster, const EnsembleRequested& event) {
  const auto [it, fresh] = cluster.ensembles.try_emplace(event.ensemble);
  Ensemble& ensemble = it->second;
  if (!fresh && ensemble.is_open()) return;
  cluster.next_ensemble = std::max(cluster.next_ensemble, event.ensemble.value + 1);
  if (fresh) {
    ensemble.id = event.ensemble;
    ensemble.name = event.name;
    ensemble.members = event.members;
    ensemble.created_at_ms = event.at_ms;
    ensemble.combine = "mean_probability";
    ensemble.min_members = kDefaultMinMembers;
  }
  if (!ensemble.spec.is_object()) ensemble.spec = Json::MakeObject();
  if (event.spec.is_object()) {
    for (const auto& [key, value] : event.spec.AsObject()) ensemble.spec.Set(key, value);
  }
  if (auto combine = ensemble.spec.GetString("combine")) ensemble.combine = *combine;
  if (auto least = ensemble.spec.GetInt("min_members")) ensemble.min_members = *least;
  ensemble.spec.Set("combine", ensemble.combine);
  ensemble.spec.Set("min_members", ensemble.min_members);
  for (const EnsembleMember& member : ensemble.members) {
    if (cluster.trials.contains(member.trial)) continue;
    ensemble.members.clear();
    return Fail(cluster, ensemble, "there is no trial with id " + ToString(member.trial),
                event.at_ms);
  }
  Evaluate(cluster, ensemble, event.at_ms);
}

void OnEnsembleEvaluated(Cluster& cluster, const EnsembleEvaluated& event) {
  const auto it = cluster.ensembles.find(event.ensemble);
  // Cancelled meanwhile, or answered twice.
  if (it == cluster.ensembles.end() || it->second.state != EnsembleState::kEvaluating) return;
  Ensemble& ensemble = it->second;
  ensemble.message = event.message;
  const bool known = std::all_of(
      event.members.begin(), event.members.end(),
      [&cluster](const EnsembleMember& m) { return cluster.trials.contains(m.trial); });
  if (!event.members.empty() && known) ensemble.members = event.members;
  ensemble.evaluated = ensemble.evaluated || event.ok;
  SetState(cluster, ensemble,
           ensemble.evaluated ? EnsembleState::kCompleted : EnsembleState::kFailed, event.at_ms);
}

void AnnounceForExperiment(Cluster& cluster, Experiment& experiment, std::int64_t at_ms) {
  if (!Asks(experiment, "all") && !Asks(experiment, "best") && !Asks(experiment, "query")) return;
  Announce(cluster, experiment, experiment.config.name, at_ms);
}

void AnnounceForConfiguration(Cluster& cluster, Experiment& experiment,
                              Configuration& configuration, std::int64_t at_ms) {
  if (!Asks(experiment, "replicates")) return;
  Ensemble& ensemble = Announce(
      cluster, experiment,
      experiment.config.name + ", configuration " + std::to_string(configuration.no), at_ms);
  ensemble.configuration_no = configuration.no;
  configuration.ensemble = ensemble.id;
}

void AnnounceForTrial(Cluster& cluster, Trial& trial, std::int64_t at_ms) {
  Experiment& experiment = cluster.ExperimentOf(trial);
  if (!Asks(experiment, "snapshots")) return;
  Ensemble& ensemble = Announce(
      cluster, experiment, experiment.config.name + ", snapshots of " + TrialName(trial), at_ms);
  ensemble.trial = trial.id;
  LinkSnapshots(cluster, trial, ensemble.id);
}

void LinkSnapshots(const Cluster& cluster, Trial& trial, EnsembleId ensemble) {
  const Experiment& experiment = cluster.ExperimentOf(trial);
  trial.ensemble = ensemble;
  if (!experiment.config.ensemble) return;
  trial.snapshot_epochs =
      SnapshotEpochs(EpochsOf(experiment, trial), experiment.config.ensemble->count);
}

void FormAfterTrial(Cluster& cluster, const Trial& trial, bool configuration_closed,
                    std::int64_t at_ms) {
  const Experiment& experiment = cluster.ExperimentOf(trial);
  // What is being cancelled is not evaluated; its end fails what is open.
  if (experiment.state == ExperimentState::kStopping) return;
  if (trial.ensemble) {
    Ensemble& ensemble = cluster.ensembles.at(trial.ensemble);
    TakeSnapshots(cluster, ensemble, trial);
    Form(cluster, ensemble, at_ms);
  }
  const Configuration& configuration = experiment.configurations.at(trial.configuration_no);
  if (!configuration_closed || !configuration.ensemble) return;
  Ensemble& ensemble = cluster.ensembles.at(configuration.ensemble);
  TakeMembers(cluster, ensemble, configuration.trials);
  Form(cluster, ensemble, at_ms);
}

void FormAfterAllTrials(Cluster& cluster, Experiment& experiment, std::int64_t at_ms) {
  for (const EnsembleId id : experiment.ensembles) {
    Ensemble& ensemble = cluster.ensembles.at(id);
    if (ensemble.state != EnsembleState::kForming) continue;
    if (Asks(experiment, "query")) {
      Evaluate(cluster, ensemble, at_ms);
      continue;
    }
    TakeMembers(cluster, ensemble, experiment.trials);
    if (Asks(experiment, "best")) KeepBest(cluster, ensemble, experiment.config.ensemble->count);
    Form(cluster, ensemble, at_ms);
  }
}

void ReopenEnsembles(Cluster& cluster, Experiment& experiment, std::int64_t at_ms) {
  for (const EnsembleId id : experiment.ensembles) {
    Ensemble& ensemble = cluster.ensembles.at(id);
    if (ensemble.state != EnsembleState::kFailed) continue;
    ensemble.members.clear();
    ensemble.left_out.clear();
    ensemble.message.clear();
    SetState(cluster, ensemble, EnsembleState::kForming, at_ms);
    if (ensemble.trial) {
      const Trial& trial = cluster.trials.at(ensemble.trial);
      if (!IsTerminal(trial.state)) continue;
      TakeSnapshots(cluster, ensemble, trial);
      Form(cluster, ensemble, at_ms);
    } else if (ensemble.configuration_no != 0) {
      const Configuration& configuration =
          experiment.configurations.at(ensemble.configuration_no);
      if (!HasEnded(cluster, configuration)) continue;
      TakeMembers(cluster, ensemble, configuration.trials);
      Form(cluster, ensemble, at_ms);
    }
  }
}

void FailOpenEnsembles(Cluster& cluster, Experiment& experiment, const std::string& why,
                       std::int64_t at_ms) {
  for (const EnsembleId id : experiment.ensembles) {
    Ensemble& ensemble = cluster.ensembles.at(id);
    if (ensemble.is_open()) Fail(cluster, ensemble, why, at_ms);
  }
}

std::optional<std::string> WhyAnEnsembleFailed(const Cluster& cluster,
                                               const Experiment& experiment) {
  for (const EnsembleId id : experiment.ensembles) {
    const Ensemble& ensemble = cluster.ensembles.at(id);
    if (ensemble.state != EnsembleState::kFailed) continue;
    return Subject(ensemble) + " (" + ensemble.name + "): " + ensemble.message;
  }
  return std::nullopt;
}

void NoteSnapshot(const Experiment& experiment, Trial& trial, const Checkpoint& checkpoint) {
  if (!Asks(experiment, "snapshots")) return;
  // An epoch that was trained again after a loss counts as it was trained last.
  if (trial.snapshot_epochs.contains(checkpoint.epoch)) {
    trial.snapshots[checkpoint.epoch] = checkpoint.name;
  }
}

}  // namespace tutti::engine
