#pragma once

#include <string>
#include <vector>

// From values to places on an axis, and the values worth labelling.

namespace tutti::report {

// Round numbers (1, 2 or 5 times a power of ten) from lo to hi, about `count` of them, ascending.
// Never empty: one number (lo, or 0 if it is not finite) where lo == hi or a bound is not finite.
std::vector<double> NiceTicks(double lo, double hi, int count);

// Whole powers of ten in [lo, hi]; with fewer than two of them also 2 and 5 times those.
// REQUIRES: 0 < lo <= hi.
std::vector<double> LogTicks(double lo, double hi);

// Labels with as many decimals as their smallest step needs; 1e-05 below 1e-4 and 2e+06 above 1e6.
std::vector<std::string> TickLabels(const std::vector<double>& ticks);

// A linear or logarithmic map from [lo, hi] to [from, to]; a range without extent maps to the
// middle.
struct Scale {
  double lo = 0, hi = 1;
  double from = 0, to = 1;
  bool logarithmic = false;  // REQUIRES: lo > 0
  double operator()(double value) const;
};

// The smallest and largest finite value, widened to round numbers; [0, 1] without any.
struct Range {
  double lo = 0, hi = 1;
};
Range RangeOf(const std::vector<double>& values);
// Widened to the outer ticks.
Range Rounded(Range range, int ticks);

}  // namespace tutti::report
