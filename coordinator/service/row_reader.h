#pragma once

#include <cstdint>
#include <string>

#include "experiments/core/ids.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// Rows of the documented views for Get and List, as objects by column name; what is committed.
// Blocks on the disk. Thread-safe.

namespace tutti {

struct ServiceContext;

// trial_no 0: the row of v_experiments, else of v_trials. kNotFound.
Result<Json> ReadRow(ServiceContext& context, std::int64_t experiment, std::int64_t trial_no);
// The newest 10,000.
Result<Json> ReadExperiments(ServiceContext& context);
// kNotFound if there is no such experiment.
Result<Json> ReadTrials(ServiceContext& context, std::int64_t experiment);

struct FoundCheckpoint {
  TrialId trial;
  std::string name;  // directory below the checkpoint root
  std::string sha256;
};
// The checkpoint of a trial that `which` means: "best" (also ""), "last", or "e17", the newest that is
// kept of epoch 17. kNotFound names what is kept; kInvalidArgument: none of these forms.
Result<FoundCheckpoint> FindCheckpoint(ServiceContext& context, std::int64_t experiment,
                                       std::int64_t trial_no, const std::string& which);

}  // namespace tutti
