#pragma once

#include <string>
#include <vector>

#include "cli/plan_time.h"
#include "coordinator/simulation/scenario.h"
#include "experiments/core/config/experiment_config.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

namespace tutti::cli {

// What one experiment will do, before anything runs: configurations, trials, lengths, brackets and
// rungs, how long it would take, and each architecture's layer table with parameters and FLOPs.
struct Plan {
  std::string text;
  Json json;
  bool impossible = false;  // its gang is larger than the nodes
};

// Where it would run, and what is known of its speed. Pure.
struct PlanBasis {
  std::vector<simulation::NodeSpec> nodes;  // not empty
  bool known = false;              // they were given or are the running cluster; else one was made up
  std::optional<UnitTime> unit;    // from history or by hand; nothing: from FLOPs if that goes
};
Result<Plan> MakePlan(const ExperimentConfig& config, const PlanBasis& basis);

}  // namespace tutti::cli
