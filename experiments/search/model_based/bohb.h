#pragma once

#include <memory>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/result.h"
#include "experiments/search/sampler.h"

namespace tutti::search {

// The sampler of searcher bohb (Falkner, Klein, Hutter, "BOHB: robust and efficient hyperparameter
// optimization at scale", 2018): SuggestByTpe from the results at the longest time that has enough
// of them (startup_trials; 0: axes + 3), and every third configuration at random, as are all while
// no time has enough. Results of earlier experiments count as results at searcher.max_time.
// Configurations without a result yet count as bad ones, as do invalid ones for ever.
// Errors: what CheckDimension finds.
Result<std::unique_ptr<Sampler>> MakeBohbSampler(const ExperimentConfig& config);

}  // namespace tutti::search
