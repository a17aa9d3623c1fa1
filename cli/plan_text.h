#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

namespace tutti::cli {

// What one experiment will do, before anything runs: configurations, trials, epochs, and each
// architecture's layer table with parameters and FLOPs.
struct Plan {
  std::string text;
  Json json;
  bool impossible = false;  // its gang is larger than `slots`
};

// `slots`: slots of the running cluster; nullopt if none runs. Pure.
Result<Plan> MakePlan(const ExperimentConfig& config, std::optional<std::int64_t> slots);

}  // namespace tutti::cli
