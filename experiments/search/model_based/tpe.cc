#include "experiments/search/model_based/tpe.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "experiments/search/model_based/parzen.h"
#include "experiments/search/model_based/startup.h"

namespace tutti::search {
namespace {

constexpr std::int64_t kCandidates = 64;
constexpr std::size_t kMaxGood = 25;
constexpr std::size_t kFullWeight = 25;
constexpr std::int64_t kWindow = 8;

bool SameConditions(const SearchDimension& a, const SearchDimension& b) {
  if (a.when.size() != b.when.size()) return false;
  for (std::size_t i = 0; i < a.when.size(); ++i) {
    if (a.when[i].path != b.when[i].path || a.when[i].values != b.when[i].values) return false;
  }
  return true;
}

// Axes by their conditions, in the order of their first axis: every group is either on or off as a
// whole.
std::vector<std::vector<std::size_t>> Groups(const UnitSpace& space) {
  std::vector<std::vector<std::size_t>> groups;
  const auto dimension = [&](std::size_t axis) -> const SearchDimension& {
    return space.dimensions()[space.axes()[axis].dimension];
  };
  for (std::size_t a = 0; a < space.size(); ++a) {
    const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& members) {
      return SameConditions(dimension(members.front()), dimension(a));
    });
    if (group == groups.end()) {
      groups.push_back({a});
    } else {
      group->push_back(a);
    }
  }
  return groups;
}

// Weights by age, oldest first: all alike up to 25, beyond that the older ones on a ramp.
std::vector<double> Weights(std::size_t n) {
  std::vector<double> weights(n, 1.0);
  if (n <= kFullWeight) return weights;
  const std::size_t ramp = n - kFullWeight;
  const double first = 1.0 / static_cast<double>(n);
  for (std::size_t i = 0; i < ramp; ++i) {
    const double t = ramp == 1 ? 0 : static_cast<double>(i) / static_cast<double>(ramp - 1);
    weights[i] = first + (1 - first) * t;
  }
  return weights;
}

// Which of the results are good.
std::vector<bool> GoodOnes(const std::vector<Scored>& results) {
  std::vector<std::size_t> order(results.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    if (results[i].feasible != results[j].feasible) return results[i].feasible;
    return results[i].cost < results[j].cost;
  });
  const std::size_t tenth = (results.size() + 9) / 10;
  std::vector<bool> good(results.size(), false);
  for (std::size_t k = 0; k < std::min(tenth, kMaxGood); ++k) good[order[k]] = true;
  return good;
}

// The coordinates of one group, if the point has them all.
bool Take(const Point& point, const std::vector<std::size_t>& group, Point& part) {
  part.clear();
  for (const std::size_t axis : group) {
    if (std::isnan(point[axis])) return false;
    part.push_back(point[axis]);
  }
  return true;
}

Point BestOfDraws(const std::vector<Axis>& axes, const std::vector<Point>& good,
                  const std::vector<Point>& bad, Rng rng) {
  const ParzenEstimator l(axes, good, Weights(good.size()));
  const ParzenEstimator g(axes, bad, Weights(bad.size()));
  Point best;
  double best_ratio = -std::numeric_limits<double>::infinity();
  for (std::int64_t i = 0; i < kCandidates; ++i) {
    Point point = l.Sample(rng);
    const double ratio = l.LogDensity(point) - g.LogDensity(point);
    if (best.empty() || ratio > best_ratio) {
      best_ratio = ratio;
      best = std::move(point);
    }
  }
  return best;
}

class TpeProposer final : public Proposer {
 public:
  TpeProposer(const UnitSpace& space, std::uint64_t seed, std::int64_t startup)
      : space_(space), seed_(seed), startup_(startup > 0 ? startup : 10) {}

  Proposal Propose(const History& history) override {
    const std::int64_t no = std::ssize(history.trials) + 1;
    const std::vector<const Tried*> known = history.Known();
    if (std::ssize(known) < startup_) return StartupPoint(space_, seed_, no);
    std::vector<Scored> results;
    for (const Tried* tried : known) results.push_back({tried->point, tried->cost, tried->feasible});
    const Rng stream = Rng(seed_).Split("tpe", {static_cast<std::uint64_t>(no)});
    TpeChoice choice = SuggestByTpe(space_, results, history.Pending(), stream);
    return {std::move(choice.point), "like the " + std::to_string(choice.good) + " best of " +
                                         std::to_string(known.size()) + ", unlike the others"};
  }

  std::int64_t window() const override { return kWindow; }

 private:
  UnitSpace space_;
  std::uint64_t seed_;
  std::int64_t startup_;
};

}  // namespace

TpeChoice SuggestByTpe(const UnitSpace& space, const std::vector<Scored>& results,
                       const std::vector<Point>& pending, const Rng& stream) {
  const std::vector<bool> good = GoodOnes(results);
  TpeChoice choice;
  choice.good = std::count(good.begin(), good.end(), true);
  choice.point.assign(space.size(), std::numeric_limits<double>::quiet_NaN());
  for (const std::vector<std::size_t>& group : Groups(space)) {
    if (!space.Active(choice.point)[group.front()]) continue;
    std::vector<Axis> axes;
    for (const std::size_t axis : group) axes.push_back(space.axes()[axis]);
    std::vector<Point> near;
    std::vector<Point> far;
    Point part;
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (Take(results[i].point, group, part)) (good[i] ? near : far).push_back(part);
    }
    for (const Point& point : pending) {
      if (Take(point, group, part)) far.push_back(part);
    }
    const Point chosen = BestOfDraws(axes, near, far, stream.Split("group", {group.front()}));
    for (std::size_t k = 0; k < group.size(); ++k) choice.point[group[k]] = chosen[k];
  }
  return choice;
}

std::unique_ptr<Proposer> MakeTpe(const UnitSpace& space, std::uint64_t seed,
                                  std::int64_t startup) {
  return std::make_unique<TpeProposer>(space, seed, startup);
}

}  // namespace tutti::search
