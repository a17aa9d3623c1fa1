#pragma once

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/event.h"

// What people ask of an experiment after they have submitted it. Requests that its state does not
// allow change nothing; the service has told whoever asked.

namespace tutti::engine {

void OnAction(Cluster& cluster, const ActionRequested& event);

// Priority, weight and max_slots count from the next placement on; what the new retention does not
// keep is deleted at once, also of experiments that have ended.
void OnSettingsChanged(Cluster& cluster, const ExperimentSettingsChanged& event);

// Trials are open again from their last checkpoints, with all of max_restarts. Their searcher is
// asked again about those whose end it has not heard; the others go to their ends. Ensembles that
// failed are formed again.
void OnContinued(Cluster& cluster, const ExperimentContinued& event);

}  // namespace tutti::engine
