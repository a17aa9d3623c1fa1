#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/engine/engine.h"
#include "tests/coordinator/engine/documents.h"

namespace tutti::engine {

// An engine and the world as its commands have made it, for tests that tell a story event by
// event. Every Apply is followed by an audit.
class Stage {
 public:
  explicit Stage(EngineSettings settings = {}) : engine(settings) {}

  std::vector<Command> Apply(const Event& event);

  // Events in short form; each happens one second after the last.
  ExperimentId Submit(const DocumentOptions& options);
  NodeId Join(const std::string& name, std::int64_t slots, const std::string& pool = "default");
  NodeId Rejoin(NodeId node, std::int64_t slots, const std::string& pool = "default");
  void Act(Action action, ExperimentId experiment, TrialId trial = TrialId());
  void Start(AttemptId attempt);
  void Metric(AttemptId attempt, std::int64_t epoch, double loss);
  CheckpointId Commit(AttemptId attempt, std::int64_t epoch, std::optional<double> metric);
  void Exit(AttemptId attempt, Outcome outcome, FailureClass failure = FailureClass::kNone,
            const std::string& message = "");
  // Trains to the end: started, one metric, completed.
  void Complete(AttemptId attempt, double loss = 0.5);
  void Evaluated(EnsembleId ensemble, bool ok, const std::string& message = "");
  // Asks for a task on a checkpoint named c<N> of the trial.
  TaskId Ask(TrialId trial, const std::string& checkpoint_name, const std::string& config = "");
  // The attempt that the task has now; none if it waits or has ended.
  AttemptId AttemptOf(TaskId task) const;
  // The node reports exactly its desired gangs, as READY.
  void ReportDesired(NodeId node);
  void Report(NodeId node, std::vector<NodeReported::Allocation> allocations);

  // The attempts that should run now (the front ones), and those assigned ahead.
  std::vector<AttemptId> Running() const;
  std::vector<AttemptId> Ahead() const;
  // The order for an attempt in some desired state.
  std::optional<AttemptOrder> OrderOf(AttemptId attempt) const;
  AllocationId GangOf(AttemptId attempt) const;
  std::vector<AllocationOrder> Gangs(NodeId node) const;
  std::vector<std::string> TrialStates(ExperimentId experiment) const;
  std::string State(ExperimentId experiment) const { return experiments.at(experiment).state; }

  Engine engine;
  std::int64_t now_ms = 1'000'000;
  std::int64_t next_experiment = 1, next_node = 1, next_checkpoint = 1;
  std::map<ExperimentId, PersistExperiment> experiments;
  std::map<TrialId, PersistTrial> trials;
  std::map<AttemptId, PersistAttempt> attempts;
  std::map<NodeId, PersistNode> nodes;
  std::map<NodeId, std::vector<AllocationOrder>> desired;
  std::set<std::string> checkpoints;  // directories that exist
  std::set<ExperimentId> ended;
  std::map<EnsembleId, PersistEnsemble> ensembles;
  std::vector<EvaluateEnsemble> evaluations;  // ordered, oldest first
  std::map<TaskId, TaskEnded> tasks_ended;

 private:
  void Take(const Command& command);
};

}  // namespace tutti::engine
