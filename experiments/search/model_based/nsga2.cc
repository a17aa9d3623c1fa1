#include "experiments/search/model_based/nsga2.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "experiments/search/model_based/pareto.h"
#include "experiments/search/model_based/startup.h"

namespace tutti::search {
namespace {

constexpr std::int64_t kDefaultPopulation = 50;
constexpr double kCrossoverRate = 0.9;
constexpr double kCrossoverIndex = 15;
constexpr double kMutationIndex = 20;
constexpr int kAttempts = 10;  // at a child that does not exist yet

struct Member {
  Point point;
  Costs costs;
  std::size_t front = 0;
  double crowding = 0;
};

// Earlier front, then more alone.
bool Fitter(const Member& a, const Member& b) {
  return a.front != b.front ? a.front < b.front : a.crowding > b.crowding;
}

// Sets front and crowding of all.
void Rank(std::vector<Member>& members) {
  std::vector<Costs> costs;
  for (const Member& member : members) costs.push_back(member.costs);
  const std::vector<std::size_t> numbers = FrontNumbers(costs);
  const std::size_t fronts =
      numbers.empty() ? 0 : *std::max_element(numbers.begin(), numbers.end()) + 1;
  for (std::size_t number = 0; number < fronts; ++number) {
    std::vector<std::size_t> who;
    std::vector<Costs> front;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (numbers[i] != number) continue;
      who.push_back(i);
      front.push_back(costs[i]);
    }
    const std::vector<double> crowding = CrowdingDistances(front);
    for (std::size_t k = 0; k < who.size(); ++k) {
      members[who[k]].front = number;
      members[who[k]].crowding = crowding[k];
    }
  }
}

// One of the two values that simulated binary crossover makes of a < b, within [0, 1] (Deb and
// Agrawal 1995, with bounds as in Deb's own program: the distribution is cut at the nearer one).
double Cross(double a, double b, Rng& rng) {
  if (a > b) std::swap(a, b);
  const double u = rng.Uniform();
  const bool lower = rng.Uniform() < 0.5;
  if (b - a < 1e-14) return a;
  const double room = lower ? a : 1 - b;
  const double beta = 1 + 2 * room / (b - a);
  const double alpha = 2 - std::pow(beta, -(kCrossoverIndex + 1));
  const double spread = u <= 1 / alpha
                            ? std::pow(u * alpha, 1 / (kCrossoverIndex + 1))
                            : std::pow(1 / (2 - u * alpha), 1 / (kCrossoverIndex + 1));
  const double child = 0.5 * (a + b + (lower ? -spread : spread) * (b - a));
  return std::clamp(child, 0.0, 1.0);
}

// Polynomial mutation within [0, 1].
double Mutate(double x, Rng& rng) {
  const double u = rng.Uniform();
  const double power = 1 / (kMutationIndex + 1);
  const double away = u < 0.5
      ? std::pow(2 * u + (1 - 2 * u) * std::pow(1 - x, kMutationIndex + 1), power) - 1
      : 1 - std::pow(2 * (1 - u) + 2 * (u - 0.5) * std::pow(x, kMutationIndex + 1), power);
  return std::clamp(x + away, 0.0, 1.0);
}

class Nsga2Proposer final : public Proposer {
 public:
  Nsga2Proposer(const UnitSpace& space, std::uint64_t seed, std::int64_t population)
      : space_(space), seed_(seed), size_(population > 0 ? population : kDefaultPopulation) {}

  Proposal Propose(const History& history) override {
    const std::int64_t no = std::ssize(history.trials) + 1;
    Learn(history);
    if (members_.empty() || no <= size_ || space_.size() == 0) {
      return StartupPoint(space_, seed_, no);
    }
    Rng rng = Rng(seed_).Split("nsga2", {static_cast<std::uint64_t>(no)});
    Point child = Child(rng);
    for (int i = 0; i < kAttempts && Exists(child, history); ++i) child = Child(rng);
    return {std::move(child), "child of generation " + std::to_string(generation_)};
  }

  std::int64_t window() const override { return size_; }

 private:
  static Member MemberOf(const Tried& tried) {
    Costs costs{tried.objectives, tried.feasible};
    if (costs.values.empty()) costs.values = {tried.cost};
    return {tried.point, std::move(costs), 0, 0};
  }

  // Brings the population up to date with what has closed.
  void Learn(const History& history) {
    const auto size = static_cast<std::size_t>(size_);
    while (history.closed.size() - learned_ >= size) {
      for (std::size_t i = 0; i < size; ++i) {
        const std::int64_t number = history.closed[learned_ + i];
        members_.push_back(MemberOf(history.trials[static_cast<std::size_t>(number - 1)]));
      }
      learned_ += size;
      ++generation_;
      Rank(members_);
      std::stable_sort(members_.begin(), members_.end(), Fitter);
      members_.resize(size);
    }
  }

  const Member& Tournament(Rng& rng) const {
    const Member& a = members_[static_cast<std::size_t>(rng.Below(members_.size()))];
    const Member& b = members_[static_cast<std::size_t>(rng.Below(members_.size()))];
    return Fitter(b, a) ? b : a;
  }

  Point Child(Rng& rng) const {
    const Point& mother = Tournament(rng).point;
    const Point& father = Tournament(rng).point;
    const bool crosses = rng.Uniform() < kCrossoverRate;
    Point child = mother;
    for (std::size_t a = 0; a < space_.size(); ++a) {
      const Axis& axis = space_.axes()[a];
      const auto random = [&] {
        return axis.categorical
                   ? static_cast<double>(rng.Below(static_cast<std::uint64_t>(axis.levels)))
                   : rng.Uniform();
      };
      const bool mutates = rng.Uniform() < 1.0 / static_cast<double>(space_.size());
      const bool swaps = crosses && rng.Uniform() < 0.5;
      if (std::isnan(child[a])) child[a] = std::isnan(father[a]) ? random() : father[a];
      if (swaps && !std::isnan(father[a])) {
        child[a] = axis.categorical ? father[a] : Cross(child[a], father[a], rng);
      }
      if (mutates) child[a] = axis.categorical ? random() : Mutate(child[a], rng);
    }
    return space_.Canonical(std::move(child));
  }

  static bool Same(const Point& a, const Point& b) {
    return std::equal(a.begin(), a.end(), b.begin(), [](double x, double y) {
      return x == y || (std::isnan(x) && std::isnan(y));
    });
  }
  bool Exists(const Point& point, const History& history) const {
    const auto same = [&](const auto& other) { return Same(other.point, point); };
    return std::any_of(members_.begin(), members_.end(), same) ||
           std::any_of(history.trials.begin(), history.trials.end(), same);
  }

  UnitSpace space_;
  std::uint64_t seed_;
  std::int64_t size_;
  std::vector<Member> members_;  // the population, fittest first
  std::size_t learned_ = 0;      // of history.closed
  std::int64_t generation_ = 0;
};

}  // namespace

std::unique_ptr<Proposer> MakeNsga2(const UnitSpace& space, std::uint64_t seed,
                                    std::int64_t population) {
  return std::make_unique<Nsga2Proposer>(space, seed, population);
}

}  // namespace tutti::search
