#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/engine/command.h"
#include "coordinator/engine/event.h"
#include "experiments/core/result.h"

// The pure state machine that decides everything: single-threaded, total, deterministic. The same
// events give the same commands, on any machine, which is what restart by replay rests on.

namespace tutti::engine {

// Raised whenever the same events may give other commands, or the snapshot gets a field.
inline constexpr int kEngineVersion = 3;
// Events of versions from this one on are replayed. Version 3 shares slots by weight and preempts,
// so what version 2 did with its events would not come out again.
inline constexpr int kOldestEngineVersion = 3;
inline constexpr bool CanReplay(std::int64_t version) {
  return version >= kOldestEngineVersion && version <= kEngineVersion;
}
// Snapshots of versions from this one on are read: a state is a state, whatever led to it.
inline constexpr int kOldestSnapshotVersion = 1;
inline constexpr bool CanRestore(std::int64_t version) {
  return version >= kOldestSnapshotVersion && version <= kEngineVersion;
}

struct EngineSettings {
  std::int64_t idle_allocation_ms = 60'000;  // how long a warm gang is kept without work
  // Committed attempts per allocation: the running one and the next ones, of trials so short that all
  // together take about a second; else two.
  int attempts_ahead = 32;
};

// What the live views (Get, List, Watch) show of a trial beyond its row.
struct TrialView {
  PersistTrial row;
  AttemptId attempt;             // the live one, if any
  std::int64_t time_done = 0;    // of the last validation, in searcher.time_metric
  std::int64_t max_time = 0;     // 0: nobody knows
  std::optional<double> metric;
  std::string reason;  // why it waits
};
struct ExperimentView {
  PersistExperiment row;
  std::vector<TrialView> trials;
  std::string time_metric;           // searcher.time_metric
  std::int64_t trials_expected = 0;  // 0: unknown
  std::vector<PersistEnsemble> ensembles;
  std::string reason;
};

// A node as List shows it.
struct NodeView {
  std::string state;  // ONLINE, UNREACHABLE, LOST
  std::string pool;
  std::int64_t slots = 0;
  std::int64_t slots_free = 0;  // idle warm gangs count as free
  bool draining = false;
  std::map<std::string, std::string> labels;
};

class Engine {
 public:
  explicit Engine(EngineSettings settings);
  ~Engine();
  Engine(Engine&&) noexcept;
  Engine& operator=(Engine&&) noexcept;

  // A Tick that returns no commands has changed nothing and need not be journaled.
  // REQUIRES: the event's ids exist (the service checks them). Unknown or stale ids of reports are
  // ignored, never a crash.
  std::vector<Command> Apply(const Event& event);

  // Whether the next NodeReported of this node must be applied even if it equals the last one: the
  // node has joined and not yet reported, or it still has to give up the slots of a released gang.
  // Otherwise the event loop may leave out a report that says nothing new.
  //
  // After a NodeJoined of a node that had gangs, its first NodeReported is what brings the
  // SetDesired: until then nobody knows which of them still run.
  bool AwaitsReport(NodeId node) const;

  // Could this experiment ever be placed on the nodes known now? kUnschedulable with the reason,
  // e.g. "needs 4 slots on one node of pool default; the largest node has 2". With no node in the
  // pool it may yet come: Ok.
  Status CheckPlaceable(const Json& canonical) const;

  // Why the experiment, or one of its trials, waits, is held or stops; where it runs or starts; how
  // it ended. Sentences, the most decisive first: "needs 4 slots in pool default; 3 of 8 free",
  // "behind experiment 7 (priority 10)". Empty if there is no such experiment or trial.
  std::vector<std::string> Why(ExperimentId experiment, TrialId trial = TrialId()) const;

  std::optional<ExperimentView> View(ExperimentId experiment) const;
  std::vector<ExperimentId> Experiments() const;
  // As it was submitted or continued; null if there is no such experiment. Valid until Apply.
  const Json* Document(ExperimentId experiment) const;
  std::optional<std::string> NodeState(NodeId node) const;
  std::optional<NodeView> FindNode(NodeId node) const;
  // The ids that the next EnsembleRequested and TaskRequested must have.
  EnsembleId next_ensemble() const;
  TaskId next_task() const;
  // Tasks that have not ended, in order: after a start, the service cancels them.
  std::vector<TaskId> OpenTasks() const;
  // Why a task is not running yet; empty if it runs, nullopt if it has ended.
  std::optional<std::string> WhyTaskWaits(TaskId task) const;
  // The order of every ensemble that is being evaluated: after a start, the service gives them to
  // its evaluator again.
  std::vector<EvaluateEnsemble> OpenEvaluations() const;
  std::optional<PersistEnsemble> FindEnsemble(EnsembleId ensemble) const;

  int slots_total() const;
  int slots_free() const;
  // Trial and fence of a live attempt; nullopt if it is unknown or ended.
  struct LiveAttempt {
    ExperimentId experiment;
    TrialId trial;
    std::int64_t trial_no = 0;
    std::int64_t fence = 0;
    TaskId task;  // none: it trains
    std::string time_metric;  // searcher.time_metric
  };
  std::optional<LiveAttempt> FindLive(AttemptId attempt) const;

  // What is wrong with the state: broken invariants (audit.h), one sentence each. Empty in a
  // working engine; for tests and the simulator.
  std::vector<std::string> Audit() const;

  // The whole state as JSON; Restore(Snapshot()) behaves identically ever after.
  Json Snapshot() const;
  static Result<Engine> Restore(const Json& snapshot, EngineSettings settings);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tutti::engine
