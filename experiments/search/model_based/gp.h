#pragma once

#include <cstdint>
#include <memory>

#include "experiments/search/model_based/proposer.h"
#include "experiments/search/model_based/unit_space.h"

namespace tutti::search {

// Results that a Gaussian process is made of at most: half of them the best, half the newest.
inline constexpr std::size_t kMaxGpResults = 256;

// Searcher gp: the configuration with the largest expected improvement under a GaussianProcess.
// - Costs are ranked feasible first: infeasible, crashed and NaN results count as the worst
//   feasible one. Far outliers are cut, then costs are standardised.
// - Open configurations are believed to turn out as expected, so that proposals side by side keep
//   apart.
// - A number that is switched off stands in the middle of its axis, a choice that is off is one
//   more choice.
// - The improvement is searched from random points, from points around the best results, by
//   MinimizeInBox over the numbers and by exchange of integers and choices.
// Configurations before `startup` results are known (default 10, results of earlier experiments
// count) are scrambled Sobol points.
std::unique_ptr<Proposer> MakeGp(const UnitSpace& space, std::uint64_t seed, std::int64_t startup);

}  // namespace tutti::search
