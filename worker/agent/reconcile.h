#pragma once

#include <vector>

#include "worker/agent/desired_state.h"

// Desired against actual, as a pure function: the same two states give the same actions, and
// applying them again and again reaches a state in which there is nothing left to do.

namespace tutti::worker {

struct Action {
  enum class Kind {
    kStart,        // launch the gang of a desired allocation
    kQueue,        // give the attempt to the gang; a gang that has ended answers with its exit
    kStopAttempt,  // ask the attempt to end, `how`
    kRunUntil,     // tell the attempt where it is to be held now
    kStopGang,     // nobody wants the allocation any more
    kForget,       // it is gone, nobody wants it and every report is committed
  } kind = Kind::kStart;
  AllocationId allocation;
  AttemptId attempt;  // kQueue, kStopAttempt, kRunUntil
  StopHow how = StopHow::kNone;
  friend bool operator==(const Action&, const Action&) = default;
};

// Guarantees, each with a property test:
// - a gang is started at most once per allocation id, only when it has something to do (or is the
//   part of a gang that another node leads), and only when nothing that is no longer wanted holds
//   one of its slots (a slot is held until its gang is kExited). Gangs that are wanted on one slot
//   at the same time share it: packing;
// - an attempt is queued at most once;
// - an allocation with reports to commit is never forgotten;
// - an attempt that is running and no longer desired is killed, not left alone.
std::vector<Action> Reconcile(const DesiredState& desired,
                              const std::vector<ActualAllocation>& actual);

}  // namespace tutti::worker
