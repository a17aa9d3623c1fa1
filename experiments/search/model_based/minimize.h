#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace tutti::search {

// Value of a smooth function; writes its gradient (as long as x). A value that is not finite means
// "too far".
using SmoothFunction =
    std::function<double(const std::vector<double>& x, std::vector<double>& gradient)>;

struct Minimum {
  std::vector<double> x;
  double value = 0;
};

// A local minimum within bounds: limited-memory BFGS (Nocedal, Wright, "Numerical optimization",
// algorithm 7.4, 8 pairs) over the axes that are not held at a bound by the gradient, with
// backtracking along the projected direction. Stops when no component of the projected gradient
// exceeds `tolerance`, when a step gains nothing, or after `max_iterations`.
// REQUIRES: low <= start <= high.
Minimum MinimizeInBox(const SmoothFunction& function, std::vector<double> start,
                      const std::vector<double>& low, const std::vector<double>& high,
                      std::int64_t max_iterations, double tolerance);

}  // namespace tutti::search
