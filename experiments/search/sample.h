#pragma once

#include <cstdint>
#include <vector>

#include "experiments/core/config/search_space.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "experiments/core/rng.h"

// Points of a search space: random ones, and the points of a grid.

namespace tutti::search {

// Ok, or what is wrong with a dimension, named by its path: bounds in the wrong order or not
// finite, a log base that is not above 0 or is 1, loguniform bounds that are not above 0, no vals,
// a count below 1.
Status CheckDimension(const SearchDimension& dimension);

// One value, uniform over the dimension: int over the integers minval … maxval, double in
// [minval, maxval], log base^u with u in [minval, maxval], loguniform exp(u) between the logarithms
// of the bounds. `count` plays no role. REQUIRES: CheckDimension is ok.
Json SampleDimension(const SearchDimension& dimension, Rng& rng);

// Whether every condition of the dimension's `when` holds under `hparams` (an object of dotted
// paths, parents first): a path has the value that the last of them to set it gave it, be it as a
// member of a map; one that none sets (its own condition does not hold) fails. Numbers compare by
// value, 1 equal to 1.0.
bool ConditionsHold(const SearchDimension& dimension, const Json& hparams);

// Configuration `configuration_no` (from 1) of a random search: an object of dotted paths, parents
// first, without those whose conditions do not hold. It depends on nothing but its arguments, and
// the value of a path depends on no other dimension, so that adding one keeps the rest. REQUIRES:
// every dimension is checked.
Json SampleConfiguration(const SearchSpace& space, std::uint64_t experiment_seed,
                         std::int64_t configuration_no);

// The points of one axis of a grid: const its value, categorical all of vals, numbers `count`
// evenly spaced points including both bounds (log and loguniform: in the exponent), with count 1
// the midpoint. An int range with fewer values than count, or without count, gives the whole range.
// Errors: what CheckDimension finds; no count where it is needed; more than 1,000,000 points.
Result<std::vector<Json>> GridPoints(const SearchDimension& dimension);

// Drives initial weights, order, dropout and augmentation of one trial. In 0 … 2^53 - 1, so that
// JSON and SQLite hold it exactly.
std::uint64_t TrialSeed(std::uint64_t experiment_seed, std::int64_t configuration_no,
                        std::int64_t replicate_no);

}  // namespace tutti::search
