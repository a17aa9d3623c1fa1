#pragma once

#include "experiments/core/rng.h"
#include "experiments/search/model_based/gaussian_process.h"
#include "experiments/search/model_based/unit_space.h"

namespace tutti::search {

// A point as GaussianProcess takes it: a number that is off at 0.5, a choice that is off at -1.
std::vector<double> Features(const UnitSpace& space, const Point& point);

// Where the expected improvement over `best` (smaller is better) is largest, as a canonical point:
// `around` are good points to look near, best first. Depends on nothing but its arguments.
struct Found {
  Point point;
  double log_improvement = 0;
};
Found LargestImprovement(const UnitSpace& space, const GaussianProcess& process, double best,
                         const std::vector<Point>& around, const Rng& stream);

}  // namespace tutti::search
