#pragma once

#include <string>

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/event.h"

// Committed checkpoints: which is best, which is last, which are deleted.

namespace tutti::engine {

void OnCheckpointCommitted(Cluster& cluster, const CheckpointCommitted& event);

// Deletes what nobody keeps: a checkpoint stays if it is among the trial's save_trial_best best or
// save_trial_latest latest, among the experiment's save_experiment_best best, or the one from which
// an unfinished trial would resume; or if it is pinned. Runs after a newer one is committed, at the
// trial's end, and when a pin is taken away.
void ApplyRetention(Cluster& cluster, Trial& trial);

// Keeps the checkpoint with this name until as many Unpin: a task or an experiment with a warm
// start needs its files. `owner`: its trial if that is known, else it is looked for.
void Pin(Cluster& cluster, const std::string& name);
void Unpin(Cluster& cluster, const std::string& name, TrialId owner);

}  // namespace tutti::engine
