#include "coordinator/engine/snapshot_derived.h"

#include <string>

#include "coordinator/engine/attempts.h"
#include "coordinator/engine/checkpoints.h"
#include "coordinator/engine/ensembles.h"
#include "coordinator/engine/queue.h"
#include "coordinator/engine/tasks.h"

namespace tutti::engine {
namespace {

void DeriveEnsembles(Cluster& cluster) {
  for (const auto& [id, ensemble] : cluster.ensembles) {
    if (!ensemble.experiment) continue;
    Experiment& experiment = cluster.experiments.at(ensemble.experiment);
    experiment.ensembles.push_back(id);
    if (ensemble.is_open()) ++experiment.open_ensembles;
    if (ensemble.configuration_no != 0) {
      experiment.configurations.at(ensemble.configuration_no).ensemble = id;
    }
    if (ensemble.trial) LinkSnapshots(cluster, cluster.trials.at(ensemble.trial), id);
  }
}

}  // namespace

Status CheckReferences(const Cluster& cluster) {
  for (const auto& [id, trial] : cluster.trials) {
    const auto it = cluster.experiments.find(trial.experiment);
    if (it == cluster.experiments.end() || !it->second.searcher ||
        !it->second.configurations.contains(trial.configuration_no) ||
        (trial.attempt && !cluster.attempts.contains(trial.attempt)) ||
        (trial.last_checkpoint && !trial.checkpoints.contains(trial.last_checkpoint))) {
      return DataLoss("trial " + ToString(id) + " refers to something that is not there");
    }
  }
  for (const auto& [id, attempt] : cluster.attempts) {
    if (!cluster.trials.contains(attempt.trial) ||
        !cluster.allocations.contains(attempt.allocation) ||
        (attempt.task && !cluster.tasks.contains(attempt.task))) {
      return DataLoss("attempt " + ToString(id) + " refers to something that is not there");
    }
  }
  for (const auto& [id, allocation] : cluster.allocations) {
    bool good = true;
    for (const GangPart* part : allocation.Parts()) {
      good = good && cluster.nodes.contains(part->node);
    }
    for (const AttemptId attempt : allocation.attempts) {
      good = good && cluster.attempts.contains(attempt);
    }
    if (!good) return DataLoss("gang " + ToString(id) + " refers to something that is not there");
  }
  for (const auto& [id, node] : cluster.nodes) {
    for (const AllocationId allocation : node.allocations) {
      if (!cluster.allocations.contains(allocation)) {
        return DataLoss("node " + ToString(id) + " refers to a gang that is not there");
      }
    }
  }
  for (const auto& [id, task] : cluster.tasks) {
    if (!cluster.trials.contains(task.trial) ||
        (task.attempt && !cluster.attempts.contains(task.attempt))) {
      return DataLoss("task " + ToString(id) + " refers to something that is not there");
    }
  }
  for (const auto& [id, ensemble] : cluster.ensembles) {
    const auto it = cluster.experiments.find(ensemble.experiment);
    bool good = !ensemble.experiment || it != cluster.experiments.end();
    good = good && (!ensemble.trial || cluster.trials.contains(ensemble.trial)) &&
           (ensemble.configuration_no == 0 ||
            (it != cluster.experiments.end() &&
             it->second.configurations.contains(ensemble.configuration_no)));
    for (const EnsembleMember& member : ensemble.members) {
      good = good && cluster.trials.contains(member.trial);
    }
    if (!good) {
      return DataLoss("ensemble " + ToString(id) + " refers to something that is not there");
    }
  }
  for (const auto& [id, experiment] : cluster.experiments) {
    for (const TrialId trial : experiment.trials) {
      if (!cluster.trials.contains(trial)) {
        return DataLoss("experiment " + ToString(id) + " refers to a trial that is not there");
      }
    }
  }
  return Ok{};
}

void Derive(Cluster& cluster) {
  for (auto& [id, trial] : cluster.trials) {
    Experiment& experiment = cluster.ExperimentOf(trial);
    if (!IsTerminal(trial.state)) ++experiment.open_trials;
    if (EndedWell(trial.state)) ++experiment.good_trials;
    if (trial.state == TrialState::kHeld) {
      ++experiment.held_trials;
      cluster.holding.insert(experiment.id);
    }
    const bool needs_start = !IsTerminal(trial.state) && !trial.last_checkpoint;
    if (needs_start) Pin(cluster, trial.start_name);
    for (const auto& [checkpoint_id, checkpoint] : trial.checkpoints) {
      experiment.ranking.insert(
          {Score::Of(checkpoint.metric, experiment.config.searcher.smaller_is_better),
           checkpoint_id});
      experiment.checkpoint_owner[checkpoint_id] = id;
    }
    if (trial.state == TrialState::kQueued && !trial.attempt) SetWaiting(cluster, trial, true);
  }
  DeriveEnsembles(cluster);
  for (const auto& [id, task] : cluster.tasks) {
    Pin(cluster, task.checkpoint_name);
    if (!task.attempt) SetTaskWaiting(cluster, task, true);
  }
  for (const auto& [id, experiment] : cluster.experiments) {
    const auto& warm = experiment.config.training.warm_start;
    if (warm && !IsTerminal(experiment.state)) Pin(cluster, warm->name);
  }
  for (auto& [id, attempt] : cluster.attempts) {
    const Trial& trial = cluster.trials.at(attempt.trial);
    attempt.config = DocumentOf(cluster, attempt);
    attempt.hparams = HparamsText(cluster, trial);
  }
  CountAllGangs(cluster);
  for (const auto& [id, node] : cluster.nodes) RefreshNode(cluster, id);
  for (const auto& [id, allocation] : cluster.allocations) RefreshGang(cluster, id);
  // Deriving changes nothing, so there is nothing to emit and nothing to place.
  cluster.outbox = Outbox();
  cluster.dirty_pools.clear();
}

}  // namespace tutti::engine
