#pragma once

#include <cstdint>

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/event.h"

// Experiments: submission, what people ask for, the dialogue with the searcher, the end.

namespace tutti::engine {

void OnSubmitted(Cluster& cluster, const ExperimentSubmitted& event);
void OnAction(Cluster& cluster, const ActionRequested& event);
void OnSettingsChanged(Cluster& cluster, const ExperimentSettingsChanged& event);
void OnContinued(Cluster& cluster, const ExperimentContinued& event);

// Tells the searcher every epoch that all replicates which still count have reported: the mean of
// their values. A replicate counts while it runs, and after its end for the epochs it reported.
void FeedConfiguration(Cluster& cluster, Experiment& experiment, Configuration& configuration);

// The trial is terminal: counts it, and closes its configuration if it was the last replicate.
void OnTrialEnded(Cluster& cluster, const Trial& trial);

// Lets the searchers of touched experiments act until none has anything to say, and ends the
// experiments in which nothing is left to do.
void SettleExperiments(Cluster& cluster, std::int64_t at_ms);

// Gangs of the experiment need this many slots; slots_per_trial 0 means one.
std::int64_t WorldSize(const ExperimentConfig& config);

}  // namespace tutti::engine
