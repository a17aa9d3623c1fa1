#pragma once

#include <memory>
#include <string>
#include <vector>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "experiments/search/searcher.h"

// Searchers that choose the next configuration by a model of the results so far, or by a plan of
// the whole space. MakeSearcher and RestoreSearcher dispatch to these.

namespace tutti::search {

// The names that the two functions below know.
std::vector<std::string> ModelSearcherNames();

// The searcher that `config.searcher.name` asks for. REQUIRES: it is one of ModelSearcherNames().
// Errors: max_trials below 1, a dimension that CheckDimension refuses (named by its path).
Result<std::unique_ptr<Searcher>> MakeModelSearcher(const ExperimentConfig& config);

// Behaves from here on exactly as the searcher that made the snapshot. kDataLoss if the snapshot
// does not fit the configuration.
Result<std::unique_ptr<Searcher>> RestoreModelSearcher(const ExperimentConfig& config,
                                                       const Json& snapshot);

}  // namespace tutti::search
