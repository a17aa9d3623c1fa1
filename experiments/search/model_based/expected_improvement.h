#pragma once

namespace tutti::search {

// The logarithm of E[max(0, best - f)] for a normal f, and its derivatives: finite and accurate
// even where the improvement itself underflows (Ament et al., "Unexpected improvements to expected
// improvement", 2023). With z = (best - mean) / deviation it is
//   log(deviation) + log(z Phi(z) + phi(z)).
struct LogImprovement {
  double value = 0;
  double by_mean = 0;
  double by_deviation = 0;
};

// REQUIRES: deviation > 0.
LogImprovement LogExpectedImprovement(double mean, double deviation, double best);

}  // namespace tutti::search
