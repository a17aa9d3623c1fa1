#pragma once

#include <cstdint>

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/event.h"

// Experiments: how they begin, go on and end. (What people ask for is in lifecycle.h, the dialogue
// with the searcher in dialogue.h.)

namespace tutti::engine {

void OnSubmitted(Cluster& cluster, const ExperimentSubmitted& event);
// The trial is terminal: counts it, and closes its configuration if it was the last replicate.
void OnTrialEnded(Cluster& cluster, const Trial& trial);

// Lets the searchers of touched experiments act until none has anything to say, and ends the
// experiments in which nothing is left to do.
void SettleExperiments(Cluster& cluster, std::int64_t at_ms);

// Reads the document, with the settings that were changed since.
Status ReadDocument(Experiment& experiment);

// Moves the experiment on. REQUIRES: the transition is legal.
void SetExperimentState(Cluster& cluster, Experiment& experiment, ExperimentState state,
                        std::int64_t at_ms);

// Gangs of the experiment need this many slots; slots_per_trial 0 means one.
std::int64_t WorldSize(const ExperimentConfig& config);

}  // namespace tutti::engine
