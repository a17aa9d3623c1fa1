#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "coordinator/engine/event.h"
#include "experiments/core/enum_table.h"
#include "experiments/core/ids.h"
#include "experiments/core/json.h"

// Imperatives that Engine::Apply returns. The first group are projections: rows that the writer
// stores in the same transaction as the event (storage/run_store.h). The second group leaves the
// process, after that transaction has committed.

namespace tutti::engine {

struct PersistExperiment {
  ExperimentId experiment;
  std::string name;
  std::string state;  // ACTIVE, PAUSED, STOPPING, COMPLETED, CANCELLED, ERROR
  std::string metric;
  bool smaller_is_better = true;
  std::optional<double> best_value;
  std::int64_t created_at_ms = 0;
  std::int64_t ended_at_ms = 0;  // 0: not yet
  std::string message;           // why it is in ERROR
  bool archived = false;
  // As they are now; ExperimentSettingsChanged changes them.
  std::int64_t priority = 42;
  double weight = 1;
  std::optional<std::int64_t> max_slots;
  std::int64_t save_experiment_best = 0, save_trial_best = 1, save_trial_latest = 1;
  std::int64_t held_ms = 0;  // slot time for which its held trials did not train
};
struct PersistTrial {
  TrialId trial;
  ExperimentId experiment;
  std::int64_t trial_no = 0;
  std::int64_t configuration_no = 0;
  std::int64_t replicate_no = 0;
  // QUEUED, RUNNING, HELD, PAUSED, STOPPING, COMPLETED, STOPPED, CANCELLED, ERROR
  std::string state;
  std::uint64_t seed = 0;
  Json hparams;  // object of dotted paths
  std::int64_t parameters = 0;
  std::int64_t restarts = 0;
  std::optional<double> best_value, last_value;
  std::int64_t best_epoch = 0;
  CheckpointId best_checkpoint, last_checkpoint;
  std::int64_t started_at_ms = 0, ended_at_ms = 0;
  std::string message;         // why it ended as it did: "rung 1: 9th of 16, top 4 kept"
  TrialId parent;              // none: began from scratch; else from that trial's last checkpoint
  std::int64_t flops = 0;      // forward, of one item; 0: unknown
  std::int64_t time_done = 0;  // in time_metric, of its newest validation
  std::int64_t run_until = 0;  // in time_metric: where it is held for a decision; 0: its end
  std::string infeasible;      // which constraint its best validation violates; "": none
};
struct PersistAttempt {
  AttemptId attempt;
  TrialId trial;
  AllocationId allocation;
  std::int64_t fence = 0;
  std::string state;  // ASSIGNED, RUNNING, COMPLETED, PREEMPTED, STOPPED, ERROR, LOST, HELD
  CheckpointId resumed_from;
  std::int64_t started_at_ms = 0, ended_at_ms = 0;
  std::int64_t slots = 0;
  std::string failure;  // class
  std::string message;
  std::string kind;  // "train" | "evaluate"
  NodeId node;       // of rank 0; none: its gang is gone, as before
  // Of a gang over several nodes: all of it, by rank. Empty: only `node`.
  struct Part {
    NodeId node;
    std::vector<std::int64_t> slots;
  };
  std::vector<Part> parts;
};
struct PersistNode {
  NodeId node;
  std::string name;
  std::string pool;
  std::string state;  // ONLINE, UNREACHABLE, LOST
  std::int64_t slots = 0;
  bool draining = false;  // gets no new work
  std::map<std::string, std::string> labels;
};
// Checkpoint rows come from the reports; the engine changes their state as retention decides.
struct PersistCheckpointState {
  CheckpointId checkpoint;
  std::string state;  // COMMITTED, DELETING
};
// An ensemble with all its members, as they are now (earlier rows of it are replaced).
struct PersistEnsemble {
  EnsembleId ensemble;
  ExperimentId experiment;            // none: asked for by `tutti ensemble create`
  std::int64_t configuration_no = 0;  // 0: not of one configuration
  std::string name;
  std::string combine;
  std::string state;  // FORMING, EVALUATING, COMPLETED, FAILED
  std::int64_t min_members = 0;
  std::string message;  // why it FAILED
  std::int64_t created_at_ms = 0;
  std::int64_t ended_at_ms = 0;  // 0: not yet
  struct Member {
    std::int64_t position = 0;  // from 0
    TrialId trial;
    std::string checkpoint_name;  // "": the trial's best
  };
  std::vector<Member> members;
  struct LeftOut {
    TrialId trial;
    std::string reason;
  };
  std::vector<LeftOut> left_out;
};
// A line of v_events.
struct LogEvent {
  std::int64_t at_ms = 0;
  // "trial_created", "placed", "decision" (of the searcher, about a trial), "searcher_closed", …
  std::string kind;
  std::string subject;  // "experiment 3", "trial 3.2", "node 1"
  std::string detail;
};

struct AttemptOrder {
  AttemptId attempt;
  ExperimentId experiment;
  TrialId trial;
  std::int64_t trial_no = 0;
  std::int64_t fence = 0;
  std::uint64_t seed = 0;
  std::string config;  // the trial's canonical document, as text
  std::string hparams;  // the sampled values, an object of dotted paths, as text
  // In time_metric: train to here with a validation and a checkpoint there, then end as "held".
  // 0, or the trial's own end or more: to its end. May change while the attempt runs.
  std::int64_t run_until = 0;
  std::string resume_from;
  std::string resume_sha256;
  // Weights of another checkpoint: of every task, of training from scratch with a warm start, and
  // the trial's best of one that resumes from another and evaluates it at its end.
  std::string weights_from;
  std::string weights_sha256;
  TaskId task_id;    // none: training
  std::string task;  // the task's JSON as text; "": training
  enum class Stop { kRun, kCheckpoint, kKill, kFinish } stop = Stop::kRun;
};
inline constexpr EnumTable<AttemptOrder::Stop, 4> kStopOrderNames{
    {{{AttemptOrder::Stop::kRun, "run"},
      {AttemptOrder::Stop::kCheckpoint, "checkpoint"},
      {AttemptOrder::Stop::kKill, "kill"},
      {AttemptOrder::Stop::kFinish, "finish"}}}};
struct AllocationOrder {
  AllocationId allocation;
  std::vector<std::int64_t> slots;     // of this node
  std::int64_t world_size = 0;         // of all parts
  std::vector<AttemptOrder> attempts;  // the running one and the next ones
  std::int64_t first_rank = 0;         // of this node's slots
  bool leader = true;                  // starts the gang's processes
  struct Part {
    NodeId node;
    std::string name;
    std::vector<std::int64_t> slots;
  };
  std::vector<Part> parts;  // by rank; empty: only this node
};
// The whole desired state of a node, as of this event.
struct SetDesired {
  NodeId node;
  std::vector<AllocationOrder> allocations;
};
// Remove a checkpoint's files; its row is DELETING in the same transaction.
struct DeleteCheckpoint {
  CheckpointId checkpoint;
  std::string name;
};
// The experiment reached a terminal state (waiters wake up).
struct ExperimentEnded {
  ExperimentId experiment;
};

// Combine the members' stored predictions and answer with EnsembleEvaluated. Ordered again by
// Engine::OpenEvaluations after a restart.
struct EvaluateEnsemble {
  EnsembleId ensemble;
  Json spec;                            // the ensemble section
  std::vector<EnsembleMember> members;  // by position; empty: spec.members is a query
};
// Whoever waits for the task may be told. Its output, if any, came with its attempt's reports.
struct TaskEnded {
  TaskId task;
  bool ok = false;
  std::string message;  // why not
};

using Command = std::variant<PersistExperiment, PersistTrial, PersistAttempt, PersistNode,
                             PersistCheckpointState, LogEvent, SetDesired, DeleteCheckpoint,
                             ExperimentEnded, PersistEnsemble, EvaluateEnsemble, TaskEnded>;

Json ToJson(const Command& command);

}  // namespace tutti::engine
