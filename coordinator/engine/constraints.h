#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coordinator/engine/experiment.h"

// Which configurations may be trained, and which validations keep to the constraints.

namespace tutti::engine {

// The metrics beside the searcher's own that its objectives and constraints name.
std::vector<std::string> WatchedMetrics(const SearcherConfig& searcher);

// Fills in the cost of the configuration as far as its document tells it. Why it is excluded: a
// constraint on parameters or FLOPs, or a model that cannot be built; empty: it is not.
std::string FindCost(const Experiment& experiment, Configuration& configuration);

// "validation_macro_f1 0.81 is below 0.9": the first constraint that these values violate; empty:
// none. A metric without a value violates nothing, NaN violates everything. `values` are by metric.
std::string WhyInfeasible(const SearcherConfig& searcher,
                          const std::map<std::string, double>& values);

}  // namespace tutti::engine
