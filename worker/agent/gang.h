#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/core/record.h"
#include "experiments/core/state_table.h"
#include "worker/agent/desired_state.h"
#include "worker/agent/progress_watch.h"

// The processes of one allocation and the attempts that they run one after the other.

namespace tutti::worker {

// How an attempt ended: the fields of its `exit` record.
struct AttemptEnd {
  std::string outcome;  // completed, preempted, finished, killed, error
  std::string failure;  // class of an error: USER, OOM, NAN, HANG, INFRA; else ""
  std::string message;
  int exit_code = 0;
  int signal = 0;
  // Of processes that have ended with it; 0: unknown. Not in the record.
  std::int64_t peak_memory_bytes = 0;
};

inline constexpr StateTable<GangState, 6> kGangTransitions{
    {{{GangState::kStarting, GangState::kReady},
      {GangState::kStarting, GangState::kStopping},
      {GangState::kStarting, GangState::kExited},
      {GangState::kReady, GangState::kStopping},
      {GangState::kReady, GangState::kExited},
      {GangState::kStopping, GangState::kExited}}}};

// What a gang does to the world. Implemented by the agent, and by the tests.
class GangHost {
 public:
  virtual ~GangHost() = default;
  virtual void SendToRank(AllocationId gang, int rank, const Record& record) = 0;
  // TERM, `grace`, KILL; grace 0: KILL.
  virtual void StopProcesses(AllocationId gang, std::chrono::milliseconds grace) = 0;
  // The `run` record of an attempt (paths are the host's business).
  virtual Record RunRecord(const DesiredAttempt& attempt) = 0;
  // A numbered report of a trainer (result or telemetry), in order.
  virtual void OnReport(AllocationId gang, AttemptId attempt, Record&& record) = 0;
  virtual void OnProgress(AttemptId attempt, const Json& header) = 0;
  virtual void OnLog(AttemptId attempt, const std::string& text) = 0;
  // The last report of an attempt. Called exactly once per attempt that was queued, also by a gang
  // that does not lead.
  virtual void OnEnd(AllocationId gang, const DesiredAttempt& attempt, const AttemptEnd& end) = 0;
};

// How the leader's process ended, as the launcher saw it.
struct ProcessEnd {
  int exit_code = 0;
  int signal = 0;
  bool sent_kill = false;  // the launcher had sent KILL
  bool oom_kill = false;   // the kernel's out-of-memory killer was active meanwhile
};
// Class and message of an end that no `done` record explains. Codes above 128 are what mpirun and
// shells make of a rank's signal.
AttemptEnd ClassifyEnd(const ProcessEnd& end);

class Gang {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Limits {
    SectionLimits sections;
    std::chrono::milliseconds grace{5000};     // TERM to KILL
    std::chrono::milliseconds shutdown{3000};  // an idle trainer ends by itself after `shutdown`
    std::chrono::milliseconds stop_reply{10'000};  // `stop kill` must be answered within it
    std::chrono::milliseconds last_words{1000};    // after an error, before TERM
  };

  // `now`: when it was launched. `outlives_errors`: an attempt that ends in an error leaves the
  // processes as good as before (tutti-entrypoint, whose program died).
  Gang(DesiredAllocation order, Limits limits, GangHost& host, Time now,
       bool outlives_errors = false);

  AllocationId id() const { return order_.allocation; }
  GangState state() const { return state_; }
  const std::vector<int>& slots() const { return order_.slots; }
  // Whether it reports of its attempts: of a gang over several nodes only one part does.
  bool leads() const { return order_.leader; }
  const DesiredAllocation& order() const { return order_; }
  const std::string& message() const { return message_; }
  // Attempt whose output the processes write now; none while idle.
  AttemptId running() const;
  std::vector<ActualAttempt> attempts() const;

  // From Reconcile. An attempt that is not `prepared` (its checkpoint is still being fetched) waits
  // for Prepared, and those behind it wait too. One that does not fit needs a gang with another
  // program: when its turn comes this one ends, and it is given back.
  void Queue(const DesiredAttempt& attempt, bool prepared, Time now, bool fits = true);
  void Prepared(AttemptId attempt, Time now);
  // Ends an attempt that has not begun, and never will.
  void Refuse(AttemptId attempt, const AttemptEnd& end);
  void StopAttempt(AttemptId attempt, StopHow how, Time now);
  // Where it is to be held; known before it begins, and told to one that runs.
  void SetRunUntil(AttemptId attempt, std::int64_t run_until);
  // Ends the gang: nobody wants it any more, or the worker stops. The running attempt ends as
  // `cause` says, queued ones are given back (preempted).
  void Stop(const AttemptEnd& cause, Time now);
  // The coordinator knows of its end; drops it from attempts().
  void ForgetEnded(AttemptId attempt);

  // From the trainer link. OnHello: false refuses the connection.
  bool OnHello(int rank, Time now);
  void OnRecord(int rank, Record&& record, Time now);
  void OnRankClosed(int rank, const std::string& why, Time now);
  // From the launcher.
  void OnLaunchFailed(const std::string& why);
  void OnLeaderExited();
  void OnStuck(const std::string& pids);
  void OnGone(const ProcessEnd& end);

  void OnTick(Time now);

 private:
  struct Attempt {
    DesiredAttempt order;
    ActualAttempt::Phase phase = ActualAttempt::Phase::kQueued;
    bool prepared = true;
    bool fits = true;
    StopHow stop_sent = StopHow::kNone;
    std::optional<Time> kill_deadline;  // a trainer that ignores `stop kill` gets TERM then
    std::vector<std::optional<AttemptEnd>> done;  // per rank
  };

  void SetState(GangState state);
  Attempt* Running();
  Attempt* Find(AttemptId attempt);
  void StartNext(Time now);
  void OnDone(Attempt& attempt, int rank, const Record& record, Time now);
  void End(Attempt& attempt, const AttemptEnd& end);
  void EndQueued();
  // The gang is over: `cause` explains the running attempt unless a `done` record does.
  // TERM after `wait`, unless it ends by itself.
  void Fail(const AttemptEnd& cause, std::chrono::milliseconds wait, Time now);
  void Terminate();
  void SendToAll(const Record& record);
  void SendStop(Attempt& attempt, StopHow how);

  DesiredAllocation order_;
  Limits limits_;
  GangHost& host_;
  GangState state_ = GangState::kStarting;
  std::string message_;
  const bool outlives_errors_;
  // By place: rank - first_rank. A gang over several nodes has only this node's ranks here.
  std::vector<bool> connected_;
  std::vector<Attempt> attempts_;
  std::optional<AttemptEnd> cause_;
  std::string note_;  // what was seen before the end, e.g. a closed connection
  bool term_sent_ = false;
  std::optional<Time> term_at_;  // after `shutdown`, or after a closed connection
  ProgressWatch watch_;
};

}  // namespace tutti::worker
