#pragma once

#include <string>

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/event.h"

// What the end of an attempt that trains means for its trial: the table in attempts.h.

namespace tutti::engine {

struct Ending {
  Outcome outcome = Outcome::kCompleted;
  FailureClass failure = FailureClass::kNone;
  const std::string& message;
  bool started = false;
  bool prolonged = false;  // Attempt::prolonged
};
void MoveOn(Cluster& cluster, Trial& trial, const Ending& end, std::int64_t at_ms);

// The searcher stops a trial that has no attempt: STOPPED, or an evaluation of its best checkpoint
// first.
void StopWaiting(Cluster& cluster, Trial& trial, std::int64_t at_ms);

}  // namespace tutti::engine
