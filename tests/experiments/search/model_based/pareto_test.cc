// Goal: fronts and crowding distances are what their definitions say, and nsga2 comes near a known
// front. Method: random results against brute force; two objectives whose front is a line.

#include "experiments/search/model_based/pareto.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/core/rng.h"
#include "experiments/search/model_based/model_based.h"
#include "tests/experiments/search/model_based/spaces.h"

namespace tutti::search {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Few distinct values, so that ties are frequent.
std::vector<Costs> RandomResults(Rng& rng) {
  std::vector<Costs> results(1 + rng.Below(40));
  const std::size_t objectives = 1 + rng.Below(3);
  for (Costs& result : results) {
    for (std::size_t m = 0; m < objectives; ++m) {
      result.values.push_back(rng.Below(20) == 0 ? kInfinity : static_cast<double>(rng.Below(6)));
    }
    result.feasible = rng.Below(4) != 0;
  }
  return results;
}

// By the definition, without Dominates.
bool Beats(const Costs& a, const Costs& b) {
  if (a.feasible && !b.feasible) return true;
  if (!a.feasible && b.feasible) return false;
  int worse = 0;
  int better = 0;
  for (std::size_t m = 0; m < a.values.size(); ++m) {
    worse += a.values[m] > b.values[m];
    better += a.values[m] < b.values[m];
  }
  return worse == 0 && better > 0;
}

TEST(Pareto, FrontsAreWhatPeelingByBruteForceGives) {
  Rng rng(1);
  for (int round = 0; round < 500; ++round) {
    const std::vector<Costs> results = RandomResults(rng);
    std::vector<std::size_t> expected(results.size(), results.size());
    for (std::size_t number = 0, left = results.size(); left > 0; ++number) {
      std::vector<std::size_t> front;
      for (std::size_t i = 0; i < results.size(); ++i) {
        if (expected[i] < number) continue;
        bool beaten = false;
        for (std::size_t j = 0; j < results.size(); ++j) {
          beaten = beaten || (expected[j] >= number && Beats(results[j], results[i]));
        }
        if (!beaten) front.push_back(i);
      }
      ASSERT_FALSE(front.empty());
      for (const std::size_t i : front) expected[i] = number;
      left -= front.size();
      if (number == 0) {
        EXPECT_EQ(ParetoFront(results), front);
      }
    }
    EXPECT_EQ(FrontNumbers(results), expected);
  }
}

TEST(Pareto, CrowdingIsTheRelativeDistanceOfTheNeighbours) {
  const std::vector<Costs> front = {{{0, 10}}, {{1, 6}}, {{2, 5}}, {{10, 0}}};
  const std::vector<double> distances = CrowdingDistances(front);
  EXPECT_EQ(distances[0], kInfinity);
  EXPECT_EQ(distances[3], kInfinity);
  EXPECT_DOUBLE_EQ(distances[1], 2.0 / 10 + 5.0 / 10);
  EXPECT_DOUBLE_EQ(distances[2], 9.0 / 10 + 6.0 / 10);
  EXPECT_TRUE(CrowdingDistances({}).empty());
}

TEST(Pareto, AConstantObjectiveSaysNothingAboutTheMiddle) {
  const auto distances = CrowdingDistances({{{1, 3}}, {{1, 2}}, {{1, 1}}, {{1, 0}}});
  EXPECT_DOUBLE_EQ(distances[1] + distances[2], 4.0 / 3);
}

// Two objectives of ZDT1 (Zitzler, Deb, Thiele 2000) with 5 variables: the front is
// f2 = 1 - sqrt(f1), where all variables but the first are 0.
double DistanceToFront(const std::string& searcher, std::uint64_t seed) {
  SearchSpace space;
  for (int i = 0; i < 5; ++i) space.push_back(Real("x" + std::to_string(i), 0, 1));
  ExperimentConfig config = Experiment(searcher, space, 600, 10);
  config.experiment_seed = seed;
  config.searcher.metric = "validation_a";
  config.searcher.objectives = {{"validation_a", true}, {"validation_b", false}};
  config.searcher.population_size = 20;
  auto made = MakeModelSearcher(config).value();
  std::vector<Proposal> open;
  SearchEvent event = Started{};
  double last = 0;
  for (int n = 0;; ++n) {
    for (const SearchAction& action : made->OnEvent(event)) {
      if (const auto* create = std::get_if<CreateTrial>(&action)) open.push_back(create->proposal);
    }
    if (open.empty()) return last / 100;
    double rest = 0;
    for (int i = 1; i < 5; ++i) {
      rest += open.front().hparams["x" + std::to_string(i)].AsDouble() / 4;
    }
    const double a = open.front().hparams["x0"].AsDouble();
    const double g = 1 + 9 * rest;
    if (n >= 500) last += g - 1;
    const double b = g * (1 - std::sqrt(a / g));
    const std::int64_t no = open.front().configuration_no;
    made->OnEvent(MetricReported{no, 1, a, {{"validation_b", -b}}, true});
    event = TrialClosed{no, true, a};
    open.erase(open.begin());
  }
}

TEST(Nsga2, ComesNearAKnownFront) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const double random = DistanceToFront("sobol", seed);
    EXPECT_NEAR(random, 4.5, 0.5);
    EXPECT_LT(DistanceToFront("nsga2", seed), 0.5);
  }
}

}  // namespace
}  // namespace tutti::search
