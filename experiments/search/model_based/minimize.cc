#include "experiments/search/model_based/minimize.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>
#include <utility>

namespace tutti::search {
namespace {

using Vector = std::vector<double>;

constexpr std::size_t kPairs = 8;
constexpr int kMaxHalvings = 25;
constexpr double kArmijo = 1e-4;

double Dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// The last steps and changes of the gradient, and the quasi-Newton direction that they give.
class Curvature {
 public:
  void Add(Vector step, Vector change) {
    const double product = Dot(step, change);
    if (product <= 1e-12 * Dot(change, change)) return;  // no positive curvature to learn
    pairs_.push_back({std::move(step), std::move(change), 1 / product});
    if (pairs_.size() > kPairs) pairs_.pop_front();
  }
  void Forget() { pairs_.clear(); }
  bool empty() const { return pairs_.empty(); }

  // -H g, with H the approximate inverse of the Hessian.
  Vector Direction(Vector q) const {
    std::vector<double> alphas(pairs_.size());
    for (std::size_t i = pairs_.size(); i-- > 0;) {
      alphas[i] = pairs_[i].rho * Dot(pairs_[i].step, q);
      for (std::size_t k = 0; k < q.size(); ++k) q[k] -= alphas[i] * pairs_[i].change[k];
    }
    if (!pairs_.empty()) {
      const Pair& last = pairs_.back();
      const double scale = 1 / (last.rho * Dot(last.change, last.change));
      for (double& value : q) value *= scale;
    }
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const double beta = pairs_[i].rho * Dot(pairs_[i].change, q);
      for (std::size_t k = 0; k < q.size(); ++k) q[k] += (alphas[i] - beta) * pairs_[i].step[k];
    }
    for (double& value : q) value = -value;
    return q;
  }

 private:
  struct Pair {
    Vector step, change;
    double rho;
  };
  std::deque<Pair> pairs_;
};

}  // namespace

Minimum MinimizeInBox(const SmoothFunction& function, Vector x, const Vector& low,
                      const Vector& high, std::int64_t max_iterations, double tolerance) {
  const std::size_t n = x.size();
  Vector gradient(n);
  double value = function(x, gradient);
  Curvature curvature;
  for (std::int64_t iteration = 0; iteration < max_iterations; ++iteration) {
    Vector reduced(gradient);
    double steepest = 0;
    for (std::size_t k = 0; k < n; ++k) {
      const bool held = (x[k] <= low[k] && gradient[k] > 0) || (x[k] >= high[k] && gradient[k] < 0);
      if (held) reduced[k] = 0;
      steepest = std::max(steepest, std::abs(reduced[k]));
    }
    if (steepest <= tolerance) break;
    Vector direction = curvature.Direction(reduced);
    for (std::size_t k = 0; k < n; ++k) direction[k] = reduced[k] == 0 ? 0 : direction[k];
    if (Dot(direction, reduced) >= 0) {
      curvature.Forget();
      direction = curvature.Direction(reduced);
    }
    double t = curvature.empty() ? std::min(1.0, 0.1 / steepest) : 1.0;
    Vector next(n), next_gradient(n), step(n);
    double next_value = value;
    bool found = false;
    for (int halving = 0; halving < kMaxHalvings && !found; ++halving, t *= 0.4) {
      for (std::size_t k = 0; k < n; ++k) {
        next[k] = std::clamp(x[k] + t * direction[k], low[k], high[k]);
        step[k] = next[k] - x[k];
      }
      next_value = function(next, next_gradient);
      found = std::isfinite(next_value) &&
              next_value <= value + kArmijo * std::min(0.0, Dot(gradient, step));
    }
    if (!found || next_value >= value) break;
    Vector change(n);
    for (std::size_t k = 0; k < n; ++k) change[k] = next_gradient[k] - gradient[k];
    const double gain = value - next_value;
    x = next;
    value = next_value;
    gradient = next_gradient;
    curvature.Add(std::move(step), std::move(change));
    if (gain <= 1e-12 * (1 + std::abs(value))) break;
  }
  return {std::move(x), value};
}

}  // namespace tutti::search
