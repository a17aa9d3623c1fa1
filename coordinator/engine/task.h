#pragma once

#include <cstdint>
#include <string>

#include "experiments/core/ids.h"
#include "experiments/core/json.h"

namespace tutti::engine {

//   waits <-----------------> has an attempt ---> gone
//     |    its gang was lost        (ended; a second loss ends it too)
//     +-----> gone (cancelled)
//
// An evaluation of a trial's checkpoint that somebody waits for. It needs one slot of the pool of
// the trial's experiment, whatever that experiment is doing, and never changes the trial.
struct Task {
  TaskId id;
  TrialId trial;
  std::string checkpoint_name, checkpoint_sha256;
  std::string config;  // "": the trial's own document
  Json work;
  AttemptId attempt;  // none: waits
  bool retried = false;
  bool cancelled = false;  // its attempt was told to stop
};

}  // namespace tutti::engine
