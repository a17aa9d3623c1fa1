#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/database.h"

// Experiments with several metrics (searcher.metrics): what their trials reached in each, and which
// nobody beats in all of them.

namespace tutti::cli {

struct Objective {
  std::string metric;  // "validation_accuracy", "parameters", "flops", …
  bool smaller_is_better = true;
};

// Empty: the experiment has one metric.
Result<std::vector<Objective>> ReadObjectives(Database& database, std::int64_t experiment);

using ObjectiveValues = std::vector<std::optional<double>>;  // by objective; absent: not reported

// Of each trial, by trial_id: as validated at its best epoch.
Result<std::map<std::int64_t, ObjectiveValues>> ReadObjectiveValues(
    Database& database, std::int64_t experiment, const std::vector<Objective>& objectives);

// Which of the results are on the Pareto front, by their place. Those without a value of each
// objective are not; infeasible ones only if nothing is feasible.
struct ObjectiveResult {
  ObjectiveValues values;
  bool feasible = true;
};
std::vector<bool> OnParetoFront(const std::vector<ObjectiveResult>& results,
                                const std::vector<Objective>& objectives);

}  // namespace tutti::cli
