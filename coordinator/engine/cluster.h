#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "coordinator/engine/command.h"
#include "coordinator/engine/engine.h"
#include "coordinator/engine/ensemble.h"
#include "coordinator/engine/experiment.h"
#include "coordinator/engine/node.h"
#include "coordinator/engine/pool.h"
#include "coordinator/engine/task.h"
#include "coordinator/engine/trial.h"

// All state of the engine in one place. The functions of the other files take it by reference;
// what an event changes is noted in the outbox and becomes commands at the end of the event.

namespace tutti::engine {

// Which rows and desired states this event has changed. Each is emitted once, as it is at the end.
struct Outbox {
  std::set<ExperimentId> experiments;
  std::set<TrialId> trials;
  std::set<NodeId> nodes;
  std::set<EnsembleId> ensembles;
  std::map<AttemptId, PersistAttempt> attempts;
  std::vector<Command> checkpoint_states;
  std::vector<Command> log;
  std::set<NodeId> desired;
  std::vector<Command> deletions;
  std::set<EnsembleId> evaluations;  // to be ordered, if they are still wanted
  std::vector<Command> ended;        // experiments and tasks
};

struct Cluster {
  EngineSettings settings;
  std::map<ExperimentId, Experiment> experiments;
  std::map<TrialId, Trial> trials;
  std::map<AttemptId, Attempt> attempts;  // live ones
  std::map<AllocationId, Allocation> allocations;
  std::map<NodeId, Node> nodes;
  std::map<EnsembleId, Ensemble> ensembles;
  std::map<TaskId, Task> tasks;  // that have not ended
  std::int64_t next_trial = 1, next_attempt = 1, next_allocation = 1;
  std::int64_t next_ensemble = 1, next_task = 1, next_turn = 1;

  // Derived.
  std::map<std::string, Pool> pools;
  std::map<NodeId, NodeEntries> entries;
  std::map<AllocationId, GangEntries> gang_entries;
  std::int64_t passes = 0;  // of placement
  // Checkpoints that are needed whatever retention says, by name: how many tasks and experiments
  // with a warm start need them.
  std::map<std::string, std::int64_t> pins;

  std::set<ExperimentId> holding;  // that have HELD trials

  // Empty between events.
  std::set<std::string> dirty_pools;      // placement may have changed
  std::set<ExperimentId> touched;         // to be settled
  Outbox outbox;

  Experiment& ExperimentOf(const Trial& trial) { return experiments.at(trial.experiment); }
  const Experiment& ExperimentOf(const Trial& trial) const {
    return experiments.at(trial.experiment);
  }
};

inline bool IsTerminal(TrialState state) { return kTrialTransitions.IsTerminal(state); }
inline bool EndedWell(TrialState state) {
  return state == TrialState::kCompleted || state == TrialState::kStopped;
}
inline bool IsTerminal(ExperimentState state) { return kExperimentTransitions.IsTerminal(state); }

// "3.2": how people name a trial.
std::string TrialName(const Trial& trial);

// A line of v_events.
void Log(Cluster& cluster, std::int64_t at_ms, std::string kind, std::string subject,
         std::string detail);

// Rows as they are now.
PersistExperiment ExperimentRow(const Experiment& experiment);
PersistTrial TrialRow(const Cluster& cluster, const Trial& trial);
PersistAttempt AttemptRow(const Attempt& attempt);
PersistEnsemble EnsembleRow(const Ensemble& ensemble);
EvaluateEnsemble EvaluationOrder(const Ensemble& ensemble);
// What the node should run: every gang that is not released, in order of id.
SetDesired DesiredState(const Cluster& cluster, NodeId node);

// Empties the outbox: rows first, parents before children, then what leaves the process.
std::vector<Command> TakeCommands(Cluster& cluster);

}  // namespace tutti::engine
