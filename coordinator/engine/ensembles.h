#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/event.h"

// Ensembles: who becomes a member, when they are evaluated, and what that means for the experiment.
//
//   members      one ensemble per   formed when                members
//   replicates   configuration      its replicates have ended  those that ended well
//   snapshots    trial              the trial has ended        checkpoints at fixed epochs
//   all          experiment         all trials have ended      those that ended well
//   best         experiment         all trials have ended      the first `count` by best value
//   query        experiment         all trials have ended      whom the evaluator finds
//
// A trial ended well if it COMPLETED or was STOPPED by the searcher and has a finite best value.
// Whoever did not is left out with the reason; fewer than min_members fail the ensemble.

namespace tutti::engine {

void OnEnsembleRequested(Cluster& cluster, const EnsembleRequested& event);
void OnEnsembleEvaluated(Cluster& cluster, const EnsembleEvaluated& event);

// The ensembles that the experiment's document asks for, as far as they can be known: after its
// submission, after a configuration and after a trial was created. Nothing if it asks for none.
void AnnounceForExperiment(Cluster& cluster, Experiment& experiment, std::int64_t at_ms);
void AnnounceForConfiguration(Cluster& cluster, Experiment& experiment,
                              Configuration& configuration, std::int64_t at_ms);
void AnnounceForTrial(Cluster& cluster, Trial& trial, std::int64_t at_ms);

// What a trial needs to know of the ensemble of its snapshots; derived.
void LinkSnapshots(const Cluster& cluster, Trial& trial, EnsembleId ensemble);

// A trial has ended; `configuration_closed`: as the last of its configuration.
void FormAfterTrial(Cluster& cluster, const Trial& trial, bool configuration_closed,
                    std::int64_t at_ms);
// All trials have ended and no other will come.
void FormAfterAllTrials(Cluster& cluster, Experiment& experiment, std::int64_t at_ms);

// The experiment goes on: its ensembles that failed wait for their members again, or are formed at
// once if these have ended.
void ReopenEnsembles(Cluster& cluster, Experiment& experiment, std::int64_t at_ms);

// Ends every ensemble of the experiment that has not ended, as FAILED.
void FailOpenEnsembles(Cluster& cluster, Experiment& experiment, const std::string& why,
                       std::int64_t at_ms);
// "ensemble 3 (name): why" of the first ensemble of the experiment that FAILED.
std::optional<std::string> WhyAnEnsembleFailed(const Cluster& cluster,
                                               const Experiment& experiment);

// Remembers a checkpoint of a trial that is to be a member of the trial's snapshots.
void NoteSnapshot(const Experiment& experiment, Trial& trial, const Checkpoint& checkpoint);

// The epochs of `count` snapshots of a training of `epochs`: round(i * epochs / count), i = 1 …
std::set<std::int64_t> SnapshotEpochs(std::int64_t epochs, std::int64_t count);

}  // namespace tutti::engine
