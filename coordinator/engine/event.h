#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "experiments/core/enum_table.h"
#include "experiments/core/ids.h"
#include "experiments/core/json.h"

// Facts, in the past tense: all that the engine ever learns. Time comes only as data: at_ms is the
// coordinator's wall clock, Unix milliseconds, for display and for timers.

namespace tutti::engine {

struct ExperimentSubmitted {
  std::int64_t at_ms = 0;
  ExperimentId experiment;  // chosen by the event loop: newest + 1
  Json canonical;           // validated
};

enum class Action { kPause, kResume, kCancel, kKill, kArchive, kUnarchive };
inline constexpr EnumTable<Action, 6> kActionNames{{{{Action::kPause, "pause"},
                                                     {Action::kResume, "resume"},
                                                     {Action::kCancel, "cancel"},
                                                     {Action::kKill, "kill"},
                                                     {Action::kArchive, "archive"},
                                                     {Action::kUnarchive, "unarchive"}}}};
// Somebody asked; the service has checked that the ids exist and the state allows it.
struct ActionRequested {
  std::int64_t at_ms = 0;
  Action action = Action::kCancel;
  ExperimentId experiment;
  TrialId trial;  // none: the whole experiment (only kCancel and kKill may name a trial)
};
// Somebody changed what may be changed of an open experiment. Absent: as it was.
struct ExperimentSettingsChanged {
  std::int64_t at_ms = 0;
  ExperimentId experiment;
  std::optional<std::int64_t> priority;
  std::optional<double> weight;
  std::optional<std::int64_t> max_slots;  // 0: no limit
  std::optional<std::int64_t> save_experiment_best, save_trial_best, save_trial_latest;
};
// An experiment that had ended goes on. ERROR, CANCELLED: its trials that did not end well are open
// again, from their last checkpoints and with all of max_restarts. COMPLETED (only `single`): the
// document asks for more.
struct ExperimentContinued {
  std::int64_t at_ms = 0;
  ExperimentId experiment;
  Json canonical;  // the document from here on; differs in lengths and in how it is run, only
};

struct NodeSlot {
  std::int64_t index = 0;
  std::string kind;  // "cpu" | "cuda"
  std::int64_t memory_bytes = 0;  // that its processes may use; 0: unknown
  friend bool operator==(const NodeSlot&, const NodeSlot&) = default;
};
// A worker opened a session, for the first time or again (then with the same id).
struct NodeJoined {
  std::int64_t at_ms = 0;
  NodeId node;
  std::string name;
  std::string pool;
  std::vector<NodeSlot> slots;
  std::map<std::string, std::string> datasets;  // name -> sha256
  std::map<std::string, std::string> labels = {};
  bool spans_nodes = false;  // it can take part in gangs over several nodes
};
// What runs there, when it differs from the last such report. An allocation that is desired but
// missing from the first report after a NodeJoined is gone.
struct NodeReported {
  std::int64_t at_ms = 0;
  NodeId node;
  struct Allocation {
    AllocationId allocation;
    enum class State { kStarting, kReady, kStopping, kExited } state = State::kStarting;
    std::string message;
    // Most memory that one of its attempts has used, in coarse steps so that it changes rarely.
    std::int64_t peak_memory_bytes = 0;  // 0: unknown
    friend bool operator==(const Allocation&, const Allocation&) = default;
  };
  std::vector<Allocation> allocations;
};
// The session ended; the node's slots are not given away yet.
struct NodeUnreachable {
  std::int64_t at_ms = 0;
  NodeId node;
};
// No contact for lost_after: its attempts are LOST and their fences raised.
struct NodeLost {
  std::int64_t at_ms = 0;
  NodeId node;
};
// Somebody wants the node emptied (no new work; `now`: what runs there checkpoints and moves), or
// used again.
struct NodeDrainRequested {
  std::int64_t at_ms = 0;
  NodeId node;
  bool drain = true;
  bool now = false;
};

// The reports below passed the sequence check of their attempt (fence and seq fit).
struct AttemptStarted {
  std::int64_t at_ms = 0;
  AttemptId attempt;
  std::int64_t parameters = 0;
};
// A validation: metrics by "<split>_<name>".
struct MetricReported {
  std::int64_t at_ms = 0;
  AttemptId attempt;
  std::int64_t epoch = 0;
  std::int64_t step = 0;
  std::map<std::string, double> metrics;
  std::int64_t time = 0;  // in the experiment's searcher.time_metric
};
struct CheckpointCommitted {
  std::int64_t at_ms = 0;
  AttemptId attempt;
  CheckpointId checkpoint;  // chosen by the event loop
  std::string name;         // directory below the checkpoint root
  std::string sha256;
  std::int64_t epoch = 0;
  std::int64_t step = 0;
  std::int64_t bytes = 0;
  std::optional<double> metric;
};
// kHeld: trained to run_until and committed a checkpoint there.
enum class Outcome { kCompleted, kPreempted, kFinished, kKilled, kError, kLost, kHeld };
inline constexpr EnumTable<Outcome, 7> kOutcomeNames{{{{Outcome::kCompleted, "completed"},
                                                       {Outcome::kPreempted, "preempted"},
                                                       {Outcome::kFinished, "finished"},
                                                       {Outcome::kKilled, "killed"},
                                                       {Outcome::kError, "error"},
                                                       {Outcome::kLost, "lost"},
                                                       {Outcome::kHeld, "held"}}}};
// kInvalidHp: the trainer cannot train with these values.
enum class FailureClass { kNone, kUser, kOom, kNan, kHang, kInfra, kInvalidHp };
inline constexpr EnumTable<FailureClass, 7> kFailureClassNames{{{{FailureClass::kNone, ""},
                                                                 {FailureClass::kUser, "USER"},
                                                                 {FailureClass::kOom, "OOM"},
                                                                 {FailureClass::kNan, "NAN"},
                                                                 {FailureClass::kHang, "HANG"},
                                                                 {FailureClass::kInfra, "INFRA"},
                                                                 {FailureClass::kInvalidHp,
                                                                  "INVALID_HP"}}}};
struct AttemptExited {
  std::int64_t at_ms = 0;
  AttemptId attempt;
  Outcome outcome = Outcome::kCompleted;
  FailureClass failure = FailureClass::kNone;
  std::string message;
};

// A trained network of an ensemble: a trial's best checkpoint, or one of its others by name.
struct EnsembleMember {
  TrialId trial;
  std::string checkpoint_name;  // "": the trial's best
  friend bool operator==(const EnsembleMember&, const EnsembleMember&) = default;
};
// Somebody asked for an ensemble of trials that have ended (`tutti ensemble create`), or for one
// that has ended to be evaluated again with another spec (`tutti ensemble evaluate`).
struct EnsembleRequested {
  std::int64_t at_ms = 0;
  EnsembleId ensemble;  // new: engine.next_ensemble(); of a known one, name and members are ignored
                        // and the fields of spec replace those that it has
  std::string name;
  Json spec;  // the ensemble section: {"members": …, "combine": …, "min_members": …, "weights"?}
  std::vector<EnsembleMember> members;  // empty: spec.members is a query, the evaluator finds them
};
// What became of an EvaluateEnsemble.
struct EnsembleEvaluated {
  std::int64_t at_ms = 0;
  EnsembleId ensemble;
  bool ok = false;
  std::string message;                  // why not
  std::vector<EnsembleMember> members;  // that were combined; empty: those of the order
};

// Somebody waits for an evaluation of a trial's checkpoint. What it is about (pictures) is in the
// coordinator's memory only; such a task is cancelled when the coordinator starts again.
struct TaskRequested {
  std::int64_t at_ms = 0;
  TaskId task;  // chosen by the event loop: engine.next_task()
  TrialId trial;
  std::string checkpoint_name;
  std::string checkpoint_sha256;
  std::string config;  // canonical document as text; "": the trial's own
  Json work;           // task_json: {"kind": "predict" | "evaluate", …}
};
// Nobody waits for it any more, or its input is gone.
struct TaskCancelled {
  std::int64_t at_ms = 0;
  TaskId task;
};

// Journaled only when it changes something.
struct Tick {
  std::int64_t at_ms = 0;
};

using Event = std::variant<ExperimentSubmitted, ActionRequested, NodeJoined, NodeReported,
                           NodeUnreachable, NodeLost, AttemptStarted, MetricReported,
                           CheckpointCommitted, AttemptExited, Tick, EnsembleRequested,
                           EnsembleEvaluated, TaskRequested, TaskCancelled,
                           ExperimentSettingsChanged, ExperimentContinued, NodeDrainRequested>;

// The journal's form. EventFromJson(ToJson(e)) == e for every event.
Json ToJson(const Event& event);
Result<Event> EventFromJson(const Json& json);
std::string_view EventName(const Event& event);

}  // namespace tutti::engine
