#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "experiments/core/enum_table.h"
#include "experiments/core/ids.h"

// What the coordinator wants of this node, and what is there: the two inputs of Reconcile
// (reconcile.h). Plain values; the session (session.h) makes them from protocol messages.

namespace tutti::worker {

// How an attempt is asked to end. The order is severity: a later value replaces an earlier one.
enum class StopHow { kNone, kFinish, kCheckpoint, kKill };
inline constexpr EnumTable<StopHow, 4> kStopHowNames{{{{StopHow::kNone, "none"},
                                                       {StopHow::kFinish, "finish"},
                                                       {StopHow::kCheckpoint, "checkpoint"},
                                                       {StopHow::kKill, "kill"}}}};

struct DesiredAttempt {
  AttemptId attempt;
  ExperimentId experiment;
  TrialId trial;
  std::int64_t trial_no = 0;
  std::int64_t fence = 0;
  std::string config_json;  // the trial's canonical document
  std::uint64_t trial_seed = 0;
  std::string resume_from;  // name below the checkpoint root, "" = scratch
  std::string resume_sha256;
  // A checkpoint whose weights are loaded before the first step, "" = none: a task's, or the warm
  // start of a training.
  std::string weights_from;
  std::string weights_sha256;
  std::int64_t task_id = 0;  // 0 = training
  std::string task;          // JSON object, "" = training
  // A task's pixels; may be null. Shared by the desired state, which repeats itself, and the gang.
  std::shared_ptr<const std::string> input;
  // In the searcher's time_metric: validate and checkpoint there, then end as "held". 0: none.
  std::int64_t run_until = 0;
  StopHow stop = StopHow::kNone;
};

// The share of one node in a gang.
struct AllocationPart {
  std::int64_t node = 0;
  std::string node_name;
  std::vector<int> slots;
};

struct DesiredAllocation {
  AllocationId allocation;
  std::vector<int> slots;  // of this node
  int world_size = 1;
  std::vector<DesiredAttempt> attempts;  // in order; empty: stay warm
  int first_rank = 0;                    // of the first of `slots`
  bool leader = true;  // this node starts the ranks, has rank 0 and reports of the attempts
  std::vector<AllocationPart> parts;     // of a gang over several nodes, in the order of ranks
};

struct DesiredState {
  std::vector<DesiredAllocation> allocations;
};

//   kStarting --every rank said hello--> kReady --asked to end, or failed--> kStopping
//   kStarting --launch failed, asked to end, set-up limit--> kStopping
//   any ------ the last process is gone ------> kExited   (the only state with free slots)
enum class GangState { kStarting, kReady, kStopping, kExited };
inline constexpr EnumTable<GangState, 4> kGangStateNames{{{{GangState::kStarting, "STARTING"},
                                                           {GangState::kReady, "READY"},
                                                           {GangState::kStopping, "STOPPING"},
                                                           {GangState::kExited, "EXITED"}}}};

struct ActualAttempt {
  AttemptId attempt;
  enum class Phase { kQueued, kRunning, kEnded } phase = Phase::kQueued;
  StopHow stop = StopHow::kNone;  // what it was asked already
  std::int64_t run_until = 0;
  friend bool operator==(const ActualAttempt&, const ActualAttempt&) = default;
};

struct ActualAllocation {
  AllocationId allocation;
  GangState state = GangState::kStarting;
  std::vector<int> slots;
  std::vector<ActualAttempt> attempts;
  // Some report of its attempts is not committed yet: it cannot be forgotten.
  bool reports_pending = false;
};

}  // namespace tutti::worker
