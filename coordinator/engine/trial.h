#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "coordinator/engine/command.h"
#include "experiments/core/enum_table.h"
#include "experiments/core/ids.h"
#include "experiments/core/state_table.h"

namespace tutti::engine {

//            submit                      started
//   PAUSED <--------> QUEUED -----------------------------> RUNNING
//     |      resume   | ^  ^  lost, preempted, retry           | |  trained to run_until
//     |               | |  +-----------------------------------+ +----------> HELD
//     |               | +------------+   stop requested        |   ContinueTrial: QUEUED
//     |               |              |      (any reason)       v   StopTrial: STOPPED, or QUEUED
//     |<------------- | ---------- STOPPING <------------------+     for a last evaluation
//     v               v              v                         v   pause: PAUSED
//   CANCELLED | STOPPED (by the searcher) | COMPLETED | ERROR           (terminal, absorb)
//
// A trial with an assigned attempt stays QUEUED until the attempt reports that it has started. One
// that is HELD has given up its slots and waits for its searcher's decision. ExperimentContinued
// opens ended trials again (the only way out of a terminal state).
enum class TrialState {
  kQueued,
  kRunning,
  kPaused,
  kStopping,
  kCompleted,
  kStopped,
  kCancelled,
  kError,
  kHeld
};
inline constexpr EnumTable<TrialState, 9> kTrialStateNames{
    {{{TrialState::kQueued, "QUEUED"},
      {TrialState::kRunning, "RUNNING"},
      {TrialState::kPaused, "PAUSED"},
      {TrialState::kStopping, "STOPPING"},
      {TrialState::kCompleted, "COMPLETED"},
      {TrialState::kStopped, "STOPPED"},
      {TrialState::kCancelled, "CANCELLED"},
      {TrialState::kError, "ERROR"},
      {TrialState::kHeld, "HELD"}}}};
inline constexpr StateTable<TrialState, 31> kTrialTransitions{
    {{{TrialState::kQueued, TrialState::kRunning},
      {TrialState::kQueued, TrialState::kPaused},
      {TrialState::kQueued, TrialState::kStopping},
      {TrialState::kQueued, TrialState::kCompleted},
      {TrialState::kQueued, TrialState::kStopped},
      {TrialState::kQueued, TrialState::kCancelled},
      {TrialState::kQueued, TrialState::kError},
      {TrialState::kRunning, TrialState::kQueued},
      {TrialState::kRunning, TrialState::kStopping},
      {TrialState::kRunning, TrialState::kCompleted},
      {TrialState::kRunning, TrialState::kStopped},
      {TrialState::kRunning, TrialState::kError},
      {TrialState::kPaused, TrialState::kQueued},
      {TrialState::kPaused, TrialState::kStopped},
      {TrialState::kPaused, TrialState::kCancelled},
      {TrialState::kStopping, TrialState::kQueued},
      {TrialState::kStopping, TrialState::kPaused},
      {TrialState::kStopping, TrialState::kCompleted},
      {TrialState::kStopping, TrialState::kStopped},
      {TrialState::kStopping, TrialState::kCancelled},
      {TrialState::kStopping, TrialState::kError},
      {TrialState::kQueued, TrialState::kHeld},
      {TrialState::kRunning, TrialState::kHeld},
      {TrialState::kStopping, TrialState::kHeld},
      {TrialState::kHeld, TrialState::kQueued},
      {TrialState::kHeld, TrialState::kPaused},
      {TrialState::kHeld, TrialState::kStopped},
      {TrialState::kHeld, TrialState::kCancelled},
      {TrialState::kHeld, TrialState::kError},
      {TrialState::kPaused, TrialState::kHeld},
      {TrialState::kPaused, TrialState::kError}}}};

// Why a live attempt was told to stop. A later reason replaces a weaker one (the order of the
// enumerators), never a stronger one.
// kInvalid: another replicate has shown that the configuration cannot be trained.
enum class StopReason { kNone, kPause, kSearcher, kCancel, kKill, kInvalid };
inline constexpr EnumTable<StopReason, 6> kStopReasonNames{{{{StopReason::kNone, "none"},
                                                             {StopReason::kPause, "pause"},
                                                             {StopReason::kSearcher, "searcher"},
                                                             {StopReason::kCancel, "cancel"},
                                                             {StopReason::kKill, "kill"},
                                                             {StopReason::kInvalid,
                                                              "invalid"}}}};

// A committed checkpoint that is still kept.
struct Checkpoint {
  CheckpointId id;
  std::string name;
  std::string sha256;
  std::int64_t epoch = 0;
  std::int64_t step = 0;
  std::optional<double> metric;
};

struct Trial {
  TrialId id;
  ExperimentId experiment;
  std::int64_t trial_no = 0;
  std::int64_t configuration_no = 0;
  std::int64_t replicate_no = 0;
  TrialState state = TrialState::kQueued;
  StopReason stop = StopReason::kNone;
  std::uint64_t seed = 0;
  std::int64_t parameters = 0;
  std::int64_t flops = 0;     // forward, of one item; 0: unknown
  std::int64_t restarts = 0;  // failures paid from max_restarts
  std::int64_t losses = 0;    // nodes lost under it since its last validation
  std::int64_t fence = 0;     // of the newest attempt
  std::optional<double> best_value, last_value;
  std::int64_t best_epoch = 0;
  std::int64_t epochs_done = 0;   // of the newest validation
  std::int64_t time_done = 0;     // of the newest validation, in searcher.time_metric
  std::int64_t metric_time = 0;   // newest time whose searcher metric is known
  std::int64_t run_until = 0;     // in time_metric: where it is held; 0: its end
  // It has come to run_until and its searcher has not decided yet; HELD, or PAUSED meanwhile.
  bool held = false;
  TrialId parent;                      // whose checkpoint it starts from
  CheckpointId start_checkpoint;       // that one; pinned until it has one of its own
  std::string start_name, start_sha256;
  std::string verdict;     // of the searcher that stops it; becomes its message
  bool finished = false;   // an attempt of it ended as completed or finished: it is evaluated
  std::string infeasible;  // which constraint its best validation violates
  CheckpointId best_checkpoint, last_checkpoint;
  std::map<CheckpointId, Checkpoint> checkpoints;
  AttemptId attempt;  // the live one that trains
  std::map<std::int64_t, std::string> snapshots;  // epoch -> checkpoint name; may be deleted since
  std::int64_t started_at_ms = 0, ended_at_ms = 0;
  std::string preempted;  // who took its gang away last; "": nobody, or it has begun again
  std::int64_t preempted_at_ms = 0;
  std::string message;

  // Derived.
  std::set<std::int64_t> snapshot_epochs;  // empty without an ensemble of snapshots
  EnsembleId ensemble;                     // of its snapshots
};

// ASSIGNED -> RUNNING -> a terminal state; ASSIGNED may also end directly (it never started).
enum class AttemptState {
  kAssigned,
  kRunning,
  kCompleted,
  kPreempted,
  kStopped,
  kError,
  kLost,
  kHeld
};
inline constexpr EnumTable<AttemptState, 8> kAttemptStateNames{
    {{{AttemptState::kAssigned, "ASSIGNED"},
      {AttemptState::kRunning, "RUNNING"},
      {AttemptState::kCompleted, "COMPLETED"},
      {AttemptState::kPreempted, "PREEMPTED"},
      {AttemptState::kStopped, "STOPPED"},
      {AttemptState::kError, "ERROR"},
      {AttemptState::kLost, "LOST"},
      {AttemptState::kHeld, "HELD"}}}};
inline constexpr StateTable<AttemptState, 13> kAttemptTransitions{
    {{{AttemptState::kAssigned, AttemptState::kRunning},
      {AttemptState::kAssigned, AttemptState::kCompleted},
      {AttemptState::kAssigned, AttemptState::kPreempted},
      {AttemptState::kAssigned, AttemptState::kStopped},
      {AttemptState::kAssigned, AttemptState::kError},
      {AttemptState::kAssigned, AttemptState::kLost},
      {AttemptState::kRunning, AttemptState::kCompleted},
      {AttemptState::kRunning, AttemptState::kPreempted},
      {AttemptState::kRunning, AttemptState::kStopped},
      {AttemptState::kRunning, AttemptState::kError},
      {AttemptState::kRunning, AttemptState::kLost},
      {AttemptState::kAssigned, AttemptState::kHeld},
      {AttemptState::kRunning, AttemptState::kHeld}}}};

// A live attempt; ended ones are only rows. One with a task evaluates and leaves its trial alone.
struct Attempt {
  AttemptId id;
  TrialId trial;
  AllocationId allocation;
  std::int64_t fence = 0;
  AttemptState state = AttemptState::kAssigned;
  AttemptOrder::Stop stop = AttemptOrder::Stop::kRun;
  CheckpointId resumed_from;
  std::string resume_name, resume_sha256;
  bool prolonged = false;  // run_until was raised while it ran: it may end at the old one
  std::string weights_name, weights_sha256;  // see AttemptOrder
  TaskId task;
  std::int64_t started_at_ms = 0;
  std::int64_t slots = 0;
  // Derived.
  std::string config;   // the trial's or the task's document as text
  std::string hparams;  // of the trial, as text
};

}  // namespace tutti::engine
