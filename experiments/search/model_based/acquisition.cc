#include "experiments/search/model_based/acquisition.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "experiments/search/model_based/expected_improvement.h"
#include "experiments/search/model_based/minimize.h"

namespace tutti::search {
namespace {

constexpr int kRandomStarts = 400;
constexpr int kNearStarts = 50;   // around each of the good points
constexpr std::size_t kClimbs = 6;
constexpr int kClimbIterations = 60;
constexpr int kExchangeRounds = 3;
constexpr std::int64_t kAllLevels = 16;  // axes of up to so many levels try them all

class Climber {
 public:
  Climber(const UnitSpace& space, const GaussianProcess& process, double best)
      : space_(space), process_(process), best_(best) {}

  // `point` is canonical.
  Found At(Point point) const {
    const double value = Improvement(Features(space_, point), nullptr);
    return {std::move(point), value};
  }

  // Moves the numbers that are on uphill, the rest as it is. On axes scaled by their lengths, so
  // that all directions curve alike.
  Found ClimbNumbers(const Found& from) const {
    std::vector<std::size_t> moving;
    std::vector<double> unit;
    for (std::size_t a = 0; a < space_.size(); ++a) {
      if (space_.axes()[a].categorical || std::isnan(from.point[a])) continue;
      moving.push_back(a);
      const double length = std::exp(-0.5 * process_.kernel().log_inverse_squares[a]);
      unit.push_back(std::clamp(length, 1e-3, 1e3));
    }
    if (moving.empty()) return from;
    std::vector<double> features = Features(space_, from.point);
    std::vector<double> start, high;
    for (std::size_t k = 0; k < moving.size(); ++k) {
      start.push_back(from.point[moving[k]] / unit[k]);
      high.push_back(1 / unit[k]);
    }
    const auto downhill = [&](const std::vector<double>& x, std::vector<double>& gradient) {
      std::vector<double> slope;
      for (std::size_t k = 0; k < moving.size(); ++k) features[moving[k]] = x[k] * unit[k];
      const double value = Improvement(features, &slope);
      for (std::size_t k = 0; k < moving.size(); ++k) gradient[k] = -slope[moving[k]] * unit[k];
      return -value;
    };
    const std::vector<double> low(moving.size(), 0.0);
    for (std::size_t k = 0; k < start.size(); ++k) start[k] = std::min(start[k], high[k]);
    const Minimum minimum =
        MinimizeInBox(downhill, std::move(start), low, high, kClimbIterations, 1e-4);
    Point point = from.point;
    for (std::size_t k = 0; k < moving.size(); ++k) point[moving[k]] = minimum.x[k] * unit[k];
    Found found = At(space_.Canonical(std::move(point)));  // integers back into their cells
    return found.log_improvement > from.log_improvement ? found : from;
  }

  // Tries the other levels of each integer and choice that is on, one axis after the other.
  Found ExchangeLevels(Found from) const {
    for (std::size_t a = 0; a < space_.size(); ++a) {
      const Axis& axis = space_.axes()[a];
      if (axis.levels == 0 || std::isnan(from.point[a])) continue;
      const auto levels = static_cast<double>(axis.levels);
      const double here = axis.categorical ? from.point[a] : std::floor(from.point[a] * levels);
      Found best = from;
      const auto attempt = [&](double level) {
        if (level < 0 || level >= levels || level == here) return;
        Point point = from.point;
        point[a] = axis.categorical ? level : (level + 0.5) / levels;
        Found found = At(space_.Canonical(std::move(point)));
        if (found.log_improvement > best.log_improvement) best = std::move(found);
      };
      if (axis.levels <= kAllLevels) {
        for (double level = 0; level < levels; ++level) attempt(level);
      } else {
        for (const double step : {1.0, 2.0, 4.0, 8.0, levels / 4}) {
          attempt(here - std::floor(step));
          attempt(here + std::floor(step));
        }
      }
      from = std::move(best);
    }
    return from;
  }

 private:
  double Improvement(const std::vector<double>& features, std::vector<double>* gradient) const {
    const auto p = process_.Predict(features, gradient != nullptr);
    const double deviation = std::sqrt(std::max(p.variance, 1e-18));
    const LogImprovement improvement = LogExpectedImprovement(p.mean, deviation, best_);
    if (gradient != nullptr) {
      gradient->resize(features.size());
      for (std::size_t a = 0; a < features.size(); ++a) {
        (*gradient)[a] = improvement.by_mean * p.mean_gradient[a] +
                         improvement.by_deviation * p.variance_gradient[a] / (2 * deviation);
      }
    }
    return improvement.value;
  }

  const UnitSpace& space_;
  const GaussianProcess& process_;
  double best_;
};

// A point near `centre`: numbers moved by a random scale between 0.001 and 0.1 of the range, a
// choice now and then drawn anew.
Point Near(const UnitSpace& space, const Point& centre, Rng& rng) {
  Point point = centre;
  const double scale = std::pow(10.0, rng.Uniform(-3, -1));
  for (std::size_t a = 0; a < space.size(); ++a) {
    const Axis& axis = space.axes()[a];
    if (axis.categorical) {
      if (std::isnan(point[a]) || rng.Uniform() < 0.1) {
        point[a] = static_cast<double>(rng.Below(static_cast<std::uint64_t>(axis.levels)));
      }
    } else {
      if (std::isnan(point[a])) point[a] = rng.Uniform();
      double step = scale * rng.Normal();
      if (axis.levels > 0) step += rng.Normal() / static_cast<double>(axis.levels);  // a cell or so
      point[a] = std::clamp(point[a] + step, 0.0, 1.0);
    }
  }
  return space.Canonical(std::move(point));
}

}  // namespace

std::vector<double> Features(const UnitSpace& space, const Point& point) {
  std::vector<double> features(point);
  for (std::size_t a = 0; a < features.size(); ++a) {
    if (std::isnan(features[a])) features[a] = space.axes()[a].categorical ? -1 : 0.5;
  }
  return features;
}

Found LargestImprovement(const UnitSpace& space, const GaussianProcess& process, double best,
                         const std::vector<Point>& around, const Rng& stream) {
  const Climber climber(space, process, best);
  std::vector<Found> starts;
  for (int i = 0; i < kRandomStarts; ++i) {
    starts.push_back(
        climber.At(space.Sample(stream.Split("start", {static_cast<std::uint64_t>(i)}))));
  }
  Rng rng = stream.Split("near");
  for (const Point& centre : around) {
    for (int i = 0; i < kNearStarts; ++i) starts.push_back(climber.At(Near(space, centre, rng)));
  }
  const auto better = [](const Found& a, const Found& b) {
    return a.log_improvement > b.log_improvement;
  };
  std::stable_sort(starts.begin(), starts.end(), better);
  // The best one, some of the others by chance so that the climbs start at different hills, and
  // the best result itself.
  std::vector<Found> climbs = {starts.front()};
  const double top = starts.front().log_improvement;
  for (std::size_t i = 1; i < starts.size() && climbs.size() < kClimbs - 1; ++i) {
    const double chance = std::exp(0.5 * (starts[i].log_improvement - top));
    if (rng.Uniform() < chance) climbs.push_back(starts[i]);
  }
  if (!around.empty()) climbs.push_back(climber.At(around.front()));
  Found winner = starts.front();
  for (Found& climb : climbs) {
    for (int round = 0; round < kExchangeRounds; ++round) {
      const double before = climb.log_improvement;
      climb = climber.ExchangeLevels(climber.ClimbNumbers(climb));
      if (climb.log_improvement <= before + 1e-9) break;
    }
    if (better(climb, winner)) winner = climb;
  }
  return winner;
}

}  // namespace tutti::search
