#pragma once

#include <cstdint>

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

// The decision log of a trial, or (trial_no 0) the newest 100 lines of an experiment with its
// trials; oldest first: "at", "subject", "text".
Result<Json> ReadDecisions(ServiceContext& context, std::int64_t experiment,
                           std::int64_t trial_no);

}  // namespace tutti
