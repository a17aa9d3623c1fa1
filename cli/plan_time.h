#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/database.h"
#include "cli/plan_search.h"
#include "coordinator/simulation/scenario.h"
#include "experiments/core/config/experiment_config.h"
#include "experiments/core/json.h"

// How long an experiment would take: seconds of one unit of time_metric, then a simulated run.

namespace tutti::cli {

struct UnitTime {
  double seconds = 0;
  std::string source;  // for people: "from 120 epochs of experiments 3 and 7"
};

// What trials of the same program, or of the same model, data and gang, have taken. Nothing if none
// has run.
std::optional<UnitTime> UnitTimeFromHistory(Database& database, const ExperimentConfig& config);

// A guess from FLOPs, which says so: forward and backward over the training items at an assumed
// speed. Nothing where items or FLOPs are unknown, and for an entrypoint.
std::optional<UnitTime> UnitTimeFromFlops(const ExperimentConfig& config, const SizeRange& sizes);

struct TimePlan {
  std::string text;
  Json json;  // null: no estimate
};
// Runs the experiment in the simulator. `unit` nothing: says what is missing.
TimePlan PlanTime(const ExperimentConfig& config, const std::vector<simulation::NodeSpec>& nodes,
                  const std::optional<UnitTime>& unit);

}  // namespace tutti::cli
