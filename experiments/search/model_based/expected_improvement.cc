#include "experiments/search/model_based/expected_improvement.h"

#include <cmath>
#include <numbers>

namespace tutti::search {
namespace {

// Below this, z Phi(z) + phi(z) loses its digits to cancellation and then underflows.
constexpr double kTail = -25;

}  // namespace

LogImprovement LogExpectedImprovement(double mean, double deviation, double best) {
  const double z = (best - mean) / deviation;
  const double log_density = -0.5 * z * z - 0.5 * std::log(2 * std::numbers::pi);
  double log_h = 0;
  double ratio = 0;  // Phi(z) / h(z), the derivative of log h
  if (z > kTail) {
    const double cumulative = 0.5 * std::erfc(-z / std::numbers::sqrt2);
    const double h = z * cumulative + std::exp(log_density);
    log_h = std::log(h);
    ratio = cumulative / h;
  } else {
    // Asymptotic series of Mills' ratio in t = 1 / z^2; the first term left out is below 1e-9.
    const double t = 1 / (z * z);
    const double tail = 1 - 3 * t + 15 * t * t - 105 * t * t * t;  // h = phi / z^2 * tail
    const double mills = 1 - t + 3 * t * t - 15 * t * t * t;       // Phi = phi / -z * mills
    log_h = log_density + std::log(t) + std::log(tail);
    ratio = -z * mills / tail;
  }
  return {std::log(deviation) + log_h, -ratio / deviation, (1 - z * ratio) / deviation};
}

}  // namespace tutti::search
