#include "experiments/search/model_based/cmaes.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "experiments/search/model_based/evolution_strategy.h"
#include "experiments/search/model_based/startup.h"

namespace tutti::search {
namespace {

using Vector = std::vector<double>;

constexpr double kFirstSigma = 1.0 / 6;

class CmaesProposer final : public Proposer {
 public:
  CmaesProposer(const UnitSpace& space, std::uint64_t seed, std::int64_t startup)
      : space_(space),
        seed_(seed),
        startup_(static_cast<std::size_t>(std::max<std::int64_t>(startup, 0))) {
    for (std::size_t a = 0; a < space_.size(); ++a) {
      const Axis& axis = space_.axes()[a];
      if (axis.categorical) continue;
      numbers_.push_back(a);
      floors_.push_back(axis.levels > 0 ? 0.25 / static_cast<double>(axis.levels) : 0);
    }
  }

  Proposal Propose(const History& history) override {
    const std::int64_t no = std::ssize(history.trials) + 1;
    const Rng stream = Rng(seed_).Split("cmaes", {static_cast<std::uint64_t>(no)});
    Point point = space_.Sample(stream);
    if (numbers_.empty()) return {std::move(point), ""};
    if (history.closed.size() < startup_) {
      Proposal start = StartupPoint(space_, seed_, no);
      FillNumbers(start.point);
      return start;
    }
    Learn(history);
    Rng rng = stream.Split("numbers");
    const Vector drawn = strategy_->Sample(rng);
    for (std::size_t k = 0; k < numbers_.size(); ++k) point[numbers_[k]] = drawn[k];
    return {std::move(point), "generation " + std::to_string(generation_) + ", step size " +
                                  FormatDouble(std::round(strategy_->sigma() * 1e4) / 1e4)};
  }

  // A generation side by side.
  std::int64_t window() const override {
    if (numbers_.empty()) return 8;
    return EvolutionStrategy(Vector(numbers_.size(), 0.5), 1, floors_).population();
  }

 private:
  // Numbers have a coordinate even where they are off.
  void FillNumbers(Point& point) const {
    for (const std::size_t axis : numbers_) {
      if (std::isnan(point[axis])) point[axis] = 0.5;
    }
  }

  Vector Numbers(Point point) const {
    FillNumbers(point);
    Vector numbers;
    for (const std::size_t axis : numbers_) numbers.push_back(point[axis]);
    return numbers;
  }

  // The numbers of the best of `results`, best first.
  std::vector<Vector> Best(std::vector<const Tried*> results, std::size_t count) const {
    std::stable_sort(results.begin(), results.end(),
                     [](const Tried* a, const Tried* b) { return Better(*a, *b); });
    std::vector<Vector> best;
    for (std::size_t i = 0; i < std::min(count, results.size()); ++i) {
      best.push_back(Numbers(results[i]->point));
    }
    return best;
  }

  void Begin(const History& history) {
    std::vector<const Tried*> results;
    for (const Tried& tried : history.earlier) results.push_back(&tried);
    if (!results.empty()) {
      const std::size_t tenth = (results.size() + 9) / 10;
      strategy_ = EvolutionStrategy::Around(Best(std::move(results), tenth), floors_);
      return;
    }
    Vector mean(numbers_.size(), 0.5);
    for (std::size_t i = 0; i < startup_; ++i) {
      results.push_back(&history.trials[static_cast<std::size_t>(history.closed[i] - 1)]);
    }
    if (!results.empty()) mean = Best(std::move(results), 1).front();
    strategy_.emplace(mean, kFirstSigma, floors_);
  }

  // Brings the strategy up to date with what has closed; a new one goes through all of it.
  void Learn(const History& history) {
    if (!strategy_) Begin(history);
    while (history.closed.size() - learned_ >= static_cast<std::size_t>(strategy_->population())) {
      const auto population = static_cast<std::size_t>(strategy_->population());
      std::vector<const Tried*> results;
      for (std::size_t i = 0; i < population; ++i) {
        results.push_back(
            &history.trials[static_cast<std::size_t>(history.closed[learned_ + i] - 1)]);
      }
      strategy_->Tell(Best(std::move(results), population));
      learned_ += population;
      ++generation_;
      if (strategy_->exhausted()) Restart();
    }
  }

  void Restart() {
    const std::int64_t population = 2 * strategy_->population();
    Rng rng = Rng(seed_).Split("cmaes restart", {learned_});
    Vector mean;
    for (std::size_t k = 0; k < numbers_.size(); ++k) mean.push_back(rng.Uniform());
    strategy_.emplace(mean, kFirstSigma, floors_, population);
  }

  UnitSpace space_;
  std::uint64_t seed_;
  std::size_t startup_;
  std::vector<std::size_t> numbers_;  // axes that are no choices
  Vector floors_;
  std::optional<EvolutionStrategy> strategy_;
  std::size_t learned_ = 0;  // of history.closed
  std::int64_t generation_ = 1;
};

}  // namespace

std::unique_ptr<Proposer> MakeCmaes(const UnitSpace& space, std::uint64_t seed,
                                    std::int64_t startup) {
  return std::make_unique<CmaesProposer>(space, seed, startup);
}

}  // namespace tutti::search
