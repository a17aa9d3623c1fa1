#pragma once

#include <cstdint>
#include <vector>

#include "coordinator/engine/cluster.h"

// The dialogue with an experiment's searcher: what it hears of its configurations, and how its
// wishes become trials that run, wait and stop.

namespace tutti::engine {

// Whether the searcher hears and acts: while its experiment is ACTIVE or PAUSED.
bool Listens(const Experiment& experiment);

// Carries out what the searcher wants. Trials are created first, so that one that stops may still
// be a parent.
void Obey(Cluster& cluster, Experiment& experiment,
          const std::vector<search::SearchAction>& actions, std::int64_t at_ms);

// Tells the searcher every time that all replicates which still count have reported: the means of
// their values. A replicate counts while it runs, and after its end for the times it reported.
void FeedConfiguration(Cluster& cluster, Experiment& experiment, Configuration& configuration);

// Whether no trial of the configuration runs or waits.
bool HasEnded(const Cluster& cluster, const Configuration& configuration);

// Tells the searcher, once, that the configuration has ended or that it is invalid.
// REQUIRES: HasEnded.
void CloseConfiguration(Cluster& cluster, Experiment& experiment, Configuration& configuration);

// The trainer has refused the trial's values: ends all replicates with ERROR. REQUIRES: the trial
// has no attempt.
void Invalidate(Cluster& cluster, Trial& trial, const std::string& why, std::int64_t at_ms);

// The trial has come to run_until: it waits for the decision, or goes on if that came meanwhile
// (`prolonged`: the attempt that ended may not have heard of it).
void Hold(Cluster& cluster, Trial& trial, bool prolonged, std::int64_t at_ms);

// Accounts for slots that are idle while experiments wait for decisions. After every event, when
// placement is done.
void CountIdleSlots(Cluster& cluster, std::int64_t at_ms);

}  // namespace tutti::engine
