#pragma once

#include "experiments/core/config/search_space.h"
#include "experiments/core/json.h"
#include "experiments/core/rng.h"

// How population-based training changes the values of a member that it copies.

namespace tutti::search {

struct ExploreOptions {
  double perturb_factor = 0.2;        // numbers are multiplied by 1 - this or 1 + this
  double resample_probability = 0.2;  // of a dimension: drawn anew instead
};

// Values near those of `parent` (an object of dotted paths, parents first). Each dimension alone:
// with resample_probability a new random value, else numbers are multiplied by one of the two
// factors with equal probability and kept within their bounds (integers rounded away from the old
// value), and choices and constants stay. A dimension that the parent does not have, but whose
// conditions now hold, is drawn; one whose conditions do not hold any more is left out. What may
// vary at all without the parent's weights being of no use is the file's check, not ours. (Jaderberg
// et al., "Population Based Training of Neural Networks", 2017, section 3; the arithmetic is
// Determined's, master/pkg/searcher/pbt.go.) REQUIRES: every dimension is checked.
Json Explore(const SearchSpace& space, const Json& parent, const ExploreOptions& options,
             const Rng& stream);

}  // namespace tutti::search
