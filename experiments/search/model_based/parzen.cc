#include "experiments/search/model_based/parzen.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "experiments/core/check.h"

namespace tutti::search {
namespace {

// Mass of the standard normal between a and b, without cancellation in the upper tail.
double NormalMass(double a, double b) {
  constexpr double kRoot = std::numbers::sqrt2 / 2;
  if (a > 0) return 0.5 * (std::erfc(a * kRoot) - std::erfc(b * kRoot));
  return 0.5 * (std::erfc(-b * kRoot) - std::erfc(-a * kRoot));
}

constexpr double kLeastWidth = 0.7;
const double kLogRootTwoPi = 0.5 * std::log(2 * std::numbers::pi);

// Widths of kernels at the given places, in their order.
std::vector<double> Widths(const std::vector<double>& places) {
  const std::size_t n = places.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return places[i] < places[j]; });
  const double least = kLeastWidth / std::min(100.0, static_cast<double>(n) + 2);
  std::vector<double> widths(n);
  for (std::size_t k = 0; k < n; ++k) {
    const double here = places[order[k]];
    const double left = k > 0 ? here - places[order[k - 1]] : (n > 1 ? 0 : here);
    const double right = k + 1 < n ? places[order[k + 1]] - here : (n > 1 ? 0 : 1 - here);
    widths[order[k]] = std::clamp(std::max(left, right), least, 1.0);
  }
  return widths;
}

}  // namespace

ParzenEstimator::ParzenEstimator(std::vector<Axis> axes, const std::vector<Point>& points,
                                 const std::vector<double>& weights)
    : axes_(std::move(axes)) {
  TUTTI_CHECK(points.size() == weights.size(), "a weight per point");
  const double total = std::accumulate(weights.begin(), weights.end(), 1.0);
  double sum = 0;
  for (std::size_t k = 0; k <= points.size(); ++k) {
    const double weight = (k < points.size() ? weights[k] : 1.0) / total;
    sum += weight;
    cumulative_.push_back(sum);
    log_weights_.push_back(std::log(weight));
  }
  normals_.resize(axes_.size());
  choices_.resize(axes_.size());
  centres_.resize(axes_.size());
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    if (axes_[a].categorical) {
      AddChoices(a, points);
    } else {
      AddNumbers(a, points);
    }
  }
}

void ParzenEstimator::AddNumbers(std::size_t axis, const std::vector<Point>& points) {
  std::vector<double> places;
  for (const Point& point : points) places.push_back(point[axis]);
  std::vector<double> widths = Widths(places);
  places.push_back(0.5);
  widths.push_back(1.0);
  for (std::size_t k = 0; k < places.size(); ++k) {
    const double mass = NormalMass(-places[k] / widths[k], (1 - places[k]) / widths[k]);
    normals_[axis].push_back(
        {places[k], widths[k], std::log(mass), kLogRootTwoPi + std::log(widths[k] * mass)});
  }
}

void ParzenEstimator::AddChoices(std::size_t axis, const std::vector<Point>& points) {
  const auto levels = static_cast<std::size_t>(axes_[axis].levels);
  const double n = static_cast<double>(points.size()) + 1;
  const double spread = 1 / n;  // the prior's weight, divided over the kernels
  const double total = static_cast<double>(levels) * spread + 1;
  choices_[axis].assign(levels + 1, std::vector<double>(levels, std::log(spread / total)));
  for (std::size_t c = 0; c < levels; ++c) choices_[axis][c][c] = std::log((1 + spread) / total);
  choices_[axis][levels].assign(levels, -std::log(static_cast<double>(levels)));
  for (const Point& point : points) {
    centres_[axis].push_back(static_cast<std::size_t>(point[axis]));
  }
  centres_[axis].push_back(levels);
}

Point ParzenEstimator::Sample(Rng& rng) const {
  const double u = rng.Uniform();
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), u);
  const std::size_t k = std::min<std::size_t>(
      static_cast<std::size_t>(found - cumulative_.begin()), kernels() - 1);
  Point point(axes_.size());
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    if (axes_[a].categorical) {
      double left = rng.Uniform();
      const std::vector<double>& row = choices_[a][centres_[a][k]];
      std::size_t c = 0;
      while (c + 1 < row.size() && (left -= std::exp(row[c])) >= 0) ++c;
      point[a] = static_cast<double>(c);
      continue;
    }
    const Normal& normal = normals_[a][k];
    // The centre lies in [0, 1] and the width is at most 1: at least a third is accepted.
    do {
      point[a] = normal.mean + normal.width * rng.Normal();
    } while (point[a] < 0 || point[a] > 1);
    if (axes_[a].levels > 0) {
      const auto levels = static_cast<double>(axes_[a].levels);
      point[a] = (std::min(std::floor(point[a] * levels), levels - 1) + 0.5) / levels;
    }
  }
  return point;
}

double ParzenEstimator::LogDensity(const Point& point) const {
  std::vector<double> logs(log_weights_);
  for (std::size_t a = 0; a < axes_.size(); ++a) {
    const double x = point[a];
    if (axes_[a].categorical) {
      const auto c = static_cast<std::size_t>(x);
      for (std::size_t k = 0; k < kernels(); ++k) logs[k] += choices_[a][centres_[a][k]][c];
    } else if (axes_[a].levels > 0) {
      const double half = 0.5 / static_cast<double>(axes_[a].levels);
      for (std::size_t k = 0; k < kernels(); ++k) {
        const Normal& n = normals_[a][k];
        const double mass =
            NormalMass((x - half - n.mean) / n.width, (x + half - n.mean) / n.width);
        logs[k] += std::log(std::max(mass, 1e-300)) - n.log_mass;
      }
    } else {
      for (std::size_t k = 0; k < kernels(); ++k) {
        const Normal& n = normals_[a][k];
        const double z = (x - n.mean) / n.width;
        logs[k] -= 0.5 * z * z + n.log_scale;
      }
    }
  }
  const double top = *std::max_element(logs.begin(), logs.end());
  double sum = 0;
  for (const double value : logs) sum += std::exp(value - top);
  return top + std::log(sum);
}

}  // namespace tutti::search
