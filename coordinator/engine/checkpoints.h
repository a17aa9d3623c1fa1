#pragma once

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/event.h"

// Committed checkpoints: which is best, which is last, which are deleted.

namespace tutti::engine {

void OnCheckpointCommitted(Cluster& cluster, const CheckpointCommitted& event);

// Deletes what nobody keeps: a checkpoint stays if it is among the trial's save_trial_best best or
// save_trial_latest latest, among the experiment's save_experiment_best best, or the one from which
// an unfinished trial would resume. Runs after a newer one is committed and at the trial's end.
void ApplyRetention(Cluster& cluster, Trial& trial);

}  // namespace tutti::engine
