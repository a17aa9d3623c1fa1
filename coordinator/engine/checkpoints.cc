#include "coordinator/engine/checkpoints.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "coordinator/engine/ensembles.h"
#include "coordinator/engine/score.h"

namespace tutti::engine {
namespace {

using Ranked = std::pair<Score, CheckpointId>;

Ranked Rank(const Experiment& experiment, const Checkpoint& checkpoint) {
  return {Score::Of(checkpoint.metric, experiment.config.searcher.smaller_is_better),
          checkpoint.id};
}

// The first `n`, or all if there are fewer.
template <class Range>
auto FirstN(const Range& range, std::int64_t n) {
  auto end = range.begin();
  for (std::int64_t i = 0; i < n && end != range.end(); ++i) ++end;
  return end;
}

std::set<CheckpointId> Kept(const Cluster& cluster, const Trial& trial) {
  const Experiment& experiment = cluster.ExperimentOf(trial);
  const CheckpointStorageConfig& storage = experiment.config.checkpoint_storage;
  std::vector<Ranked> ranked;
  for (const auto& [id, checkpoint] : trial.checkpoints) {
    ranked.push_back(Rank(experiment, checkpoint));
  }
  std::sort(ranked.begin(), ranked.end());
  std::set<CheckpointId> kept;
  for (auto it = ranked.begin(); it != FirstN(ranked, storage.save_trial_best); ++it) {
    kept.insert(it->second);
  }
  auto newest = trial.checkpoints.rbegin();
  for (std::int64_t i = 0; i < storage.save_trial_latest && newest != trial.checkpoints.rend();
       ++i, ++newest) {
    kept.insert(newest->first);
  }
  const auto end = FirstN(experiment.ranking, storage.save_experiment_best);
  for (auto it = experiment.ranking.begin(); it != end; ++it) kept.insert(it->second);
  if (!IsTerminal(trial.state)) kept.insert(trial.last_checkpoint);
  if (cluster.pins.empty()) return kept;
  for (const auto& [id, checkpoint] : trial.checkpoints) {
    if (cluster.pins.contains(checkpoint.name)) kept.insert(id);
  }
  return kept;
}

// best_checkpoint and last_checkpoint follow from what is kept.
void UpdatePointers(const Experiment& experiment, Trial& trial) {
  trial.best_checkpoint = trial.last_checkpoint = CheckpointId();
  std::optional<Ranked> best;
  for (const auto& [id, checkpoint] : trial.checkpoints) {
    const Ranked ranked = Rank(experiment, checkpoint);
    if (!best || ranked < *best) best = ranked;
  }
  if (!best) return;
  trial.best_checkpoint = best->second;
  trial.last_checkpoint = trial.checkpoints.rbegin()->first;
}

std::vector<CheckpointId> BestOfExperiment(const Experiment& experiment) {
  std::vector<CheckpointId> best;
  const auto end = FirstN(experiment.ranking,
                          experiment.config.checkpoint_storage.save_experiment_best);
  for (auto it = experiment.ranking.begin(); it != end; ++it) best.push_back(it->second);
  return best;
}

}  // namespace

void OnCheckpointCommitted(Cluster& cluster, const CheckpointCommitted& event) {
  const auto it = cluster.attempts.find(event.attempt);
  if (it == cluster.attempts.end()) return;
  cluster.allocations.at(it->second.allocation).seen = true;
  if (it->second.task) return;
  Trial& trial = cluster.trials.at(it->second.trial);
  Experiment& experiment = cluster.ExperimentOf(trial);
  if (experiment.checkpoint_owner.contains(event.checkpoint)) return;
  const Checkpoint checkpoint{event.checkpoint, event.name, event.sha256,
                              event.epoch,      event.step, event.metric};
  const std::vector<CheckpointId> best_before = BestOfExperiment(experiment);
  const bool first = !trial.last_checkpoint;
  trial.checkpoints.emplace(checkpoint.id, checkpoint);
  experiment.ranking.insert(Rank(experiment, checkpoint));
  experiment.checkpoint_owner[checkpoint.id] = trial.id;
  NoteSnapshot(experiment, trial, checkpoint);
  UpdatePointers(experiment, trial);
  cluster.outbox.trials.insert(trial.id);
  cluster.outbox.checkpoint_states.push_back(PersistCheckpointState{checkpoint.id, "COMMITTED"});
  ApplyRetention(cluster, trial);
  // From here on it resumes from its own.
  if (first && !trial.start_name.empty()) Unpin(cluster, trial.start_name, trial.parent);
  // Whoever was pushed out of the experiment's best may have lost its only reason to stay.
  for (const CheckpointId id : best_before) {
    const auto owner = experiment.checkpoint_owner.find(id);
    if (owner != experiment.checkpoint_owner.end() && owner->second != trial.id) {
      ApplyRetention(cluster, cluster.trials.at(owner->second));
    }
  }
}

void ApplyRetention(Cluster& cluster, Trial& trial) {
  if (trial.checkpoints.empty()) return;
  Experiment& experiment = cluster.ExperimentOf(trial);
  const std::set<CheckpointId> kept = Kept(cluster, trial);
  bool deleted = false;
  for (auto it = trial.checkpoints.begin(); it != trial.checkpoints.end();) {
    if (kept.contains(it->first)) {
      ++it;
      continue;
    }
    const Checkpoint& checkpoint = it->second;
    cluster.outbox.checkpoint_states.push_back(PersistCheckpointState{checkpoint.id, "DELETING"});
    cluster.outbox.deletions.push_back(DeleteCheckpoint{checkpoint.id, checkpoint.name});
    experiment.ranking.erase(Rank(experiment, checkpoint));
    experiment.checkpoint_owner.erase(checkpoint.id);
    it = trial.checkpoints.erase(it);
    deleted = true;
  }
  if (!deleted) return;
  UpdatePointers(experiment, trial);
  cluster.outbox.trials.insert(trial.id);
}

void Pin(Cluster& cluster, const std::string& name) {
  if (!name.empty()) ++cluster.pins[name];
}

void Unpin(Cluster& cluster, const std::string& name, TrialId owner) {
  const auto it = cluster.pins.find(name);
  if (it == cluster.pins.end()) return;
  if (--it->second > 0) return;
  cluster.pins.erase(it);
  if (owner) return ApplyRetention(cluster, cluster.trials.at(owner));
  for (auto& [id, trial] : cluster.trials) {
    const bool has = std::any_of(trial.checkpoints.begin(), trial.checkpoints.end(),
                                 [&name](const auto& entry) { return entry.second.name == name; });
    if (has) return ApplyRetention(cluster, trial);
  }
}

}  // namespace tutti::engine
