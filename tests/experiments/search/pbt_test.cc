// Goal: population-based training compares in rounds, copies the best over the worst, and changes
// values within their bounds. Method: a trace worked out by hand, and Explore over many streams.

#include "experiments/search/pbt.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "tests/experiments/search/play.h"

namespace tutti::search {
namespace {

using Lines = std::vector<std::string>;

ExperimentConfig Population() {
  ExperimentConfig config;
  config.searcher.name = "pbt";
  config.searcher.population_size = 4;
  config.searcher.num_rounds = 3;
  config.searcher.round_time = 2;
  config.searcher.max_time = 6;
  config.searcher.truncate_fraction = 0.25;
  return config;
}

Lines Report(Searcher& searcher, std::int64_t number, std::int64_t time, double value) {
  return ActionTexts(searcher.OnEvent(MetricReported{number, time, value, {}, true}));
}

TEST(Pbt, ReplacesTheWorstByCopiesOfTheBest) {
  auto searcher = MakeSearcher(Population()).value();
  EXPECT_EQ(searcher->expected_configurations(), 4 + 2 * 1);
  EXPECT_EQ(ActionTexts(searcher->OnEvent(Started{})),
            (Lines{"create 1 {} until 2 parent 0", "create 2 {} until 2 parent 0",
                   "create 3 {} until 2 parent 0", "create 4 {} until 2 parent 0"}));
  EXPECT_EQ(Report(*searcher, 1, 1, 0.9), Lines{}) << "within the round";
  EXPECT_EQ(Report(*searcher, 1, 2, 0.4), Lines{});
  EXPECT_EQ(Report(*searcher, 2, 2, 0.1), Lines{});
  EXPECT_EQ(Report(*searcher, 3, 2, 0.3), Lines{});
  EXPECT_EQ(Report(*searcher, 4, 2, 0.2),
            (Lines{"explain 2: round 1 of 3: 1st of 4, goes on",
                   "explain 4: round 1 of 3: 2nd of 4, goes on",
                   "explain 3: round 1 of 3: 3rd of 4, goes on",
                   "stop 1: round 1 of 3: 4th of 4, replaced by a copy of configuration 2",
                   "create 5 {} until 4 parent 2", "continue 2 until 4", "continue 4 until 4",
                   "continue 3 until 4"}));
  EXPECT_TRUE(searcher->OnEvent(TrialClosed{1, true, 0.4}).empty()) << "it was replaced";
  // Beside the worst, who crashed is replaced too.
  EXPECT_EQ(ActionTexts(searcher->OnEvent(TrialClosed{3, false, 0.3})), Lines{});
  Report(*searcher, 2, 4, 0.15);
  Report(*searcher, 5, 4, 0.05);
  EXPECT_EQ(Report(*searcher, 4, 4, 0.18),
            (Lines{"explain 5: round 2 of 3: 1st of 4, goes on",
                   "explain 2: round 2 of 3: 2nd of 4, goes on",
                   "explain 4: round 2 of 3: 3rd of 4, goes on", "create 6 {} until 0 parent 5",
                   "continue 5 until 0", "continue 2 until 0", "continue 4 until 0"}))
      << "the crashed one was the worst; the last round is the end";
  for (const std::int64_t number : {2, 4, 5}) {
    EXPECT_TRUE(searcher->OnEvent(TrialClosed{number, true, 0.1}).empty());
  }
  EXPECT_EQ(ActionTexts(searcher->OnEvent(TrialClosed{6, true, 0.1})), Lines{"close"});
}

TEST(Pbt, StopsAllWhenTheRoundsEndBeforeTheTime) {
  ExperimentConfig config = Population();
  config.searcher.num_rounds = 1;
  config.searcher.population_size = 2;
  auto searcher = MakeSearcher(config).value();
  searcher->OnEvent(Started{});
  Report(*searcher, 1, 2, 0.4);
  EXPECT_EQ(Report(*searcher, 2, 2, 0.5),
            (Lines{"stop 1: round 1 of 1: trained to the end",
                   "stop 2: round 1 of 1: trained to the end", "close"}));
}

TEST(Pbt, CreatesChildrenBeforeTheirParentsGoOnEvenWithFewSlots) {
  ExperimentConfig config = SmallExperiment("pbt");
  config.searcher.max_concurrent_trials = 1;
  config.searcher.truncate_fraction = 0.5;
  const Played played = Play(config, World{});
  ASSERT_EQ(std::ssize(played.configurations), 4 + 2 * 2);
  for (const auto& [number, c] : played.configurations) {
    if (c.parent != 0) {
      EXPECT_TRUE(c.started_at == 3 || c.started_at == 6) << number << " at " << c.started_at;
    }
  }
}

TEST(Pbt, RefusesWhatIsOutOfRange) {
  const std::vector<std::pair<std::string, std::function<void(SearcherConfig&)>>> cases = {
      {"population_size is 1", [](SearcherConfig& s) { s.population_size = 1; }},
      {"num_rounds is 0", [](SearcherConfig& s) { s.num_rounds = 0; }},
      {"round_time is 0", [](SearcherConfig& s) { s.round_time = 0; }},
      {"truncate_fraction is 0.6", [](SearcherConfig& s) { s.truncate_fraction = 0.6; }},
      {"perturb_factor is 2", [](SearcherConfig& s) { s.perturb_factor = 2; }},
      {"resample_probability is -1", [](SearcherConfig& s) { s.resample_probability = -1; }},
      {"3 rounds of 2 are longer", [](SearcherConfig& s) { s.max_time = 5; }},
  };
  for (const auto& [what, change] : cases) {
    ExperimentConfig config = Population();
    change(config.searcher);
    const auto made = MakeSearcher(config);
    ASSERT_FALSE(made.ok()) << what;
    EXPECT_NE(made.error().ToString().find(what), std::string::npos) << made.error().ToString();
  }
}

SearchDimension Number(const std::string& path, SpaceType type, double lo, double hi) {
  SearchDimension d;
  d.path = path;
  d.type = type;
  d.minval = lo;
  d.maxval = hi;
  return d;
}

TEST(Explore, MultipliesNumbersAndStaysWithinBounds) {
  const SearchSpace space = {Number("lr", SpaceType::kLog, -4, -1),
                             Number("model.dropout", SpaceType::kDouble, 0, 0.5),
                             Number("batch", SpaceType::kInt, 10, 100)};
  const Json parent =
      Json::MakeObject({{"lr", 0.01}, {"model.dropout", 0.45}, {"batch", std::int64_t{33}}});
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Json child = Explore(space, parent, {0.2, 0}, Rng(seed));
    EXPECT_TRUE(std::abs(child["lr"].AsDouble() - 0.008) < 1e-12 ||
                std::abs(child["lr"].AsDouble() - 0.012) < 1e-12);
    // 0.54 is beyond the bound.
    EXPECT_TRUE(std::abs(child["model.dropout"].AsDouble() - 0.36) < 1e-12 ||
                child["model.dropout"].AsDouble() == 0.5);
    EXPECT_TRUE(child["batch"] == Json(26) || child["batch"] == Json(40)) << child.Dump();
    seen.insert(child.Dump());
  }
  EXPECT_EQ(seen.size(), 8u) << "each of the three goes either way";
}

TEST(Explore, ResamplesAsOftenAsItIsTold) {
  const SearchSpace space = {Number("x", SpaceType::kDouble, 0, 1)};
  const Json parent = Json::MakeObject({{"x", 0.5}});
  int resampled = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const double x = Explore(space, parent, {0.2, 0.3}, Rng(seed))["x"].AsDouble();
    if (std::abs(x - 0.4) > 1e-12 && std::abs(x - 0.6) > 1e-12) ++resampled;
  }
  EXPECT_NEAR(resampled, 300, 60);
}

TEST(Explore, FollowsConditions) {
  SearchDimension optimizer;
  optimizer.path = "training.optimizer";
  optimizer.type = SpaceType::kCategorical;
  optimizer.vals = {"sgd", "adam"};
  SearchDimension momentum = Number("training.momentum", SpaceType::kDouble, 0.1, 0.9);
  momentum.when = {{"training.optimizer", {"sgd"}}};
  const SearchSpace space = {optimizer, momentum};
  const Json parent = Json::MakeObject({{"training.optimizer", "adam"}});
  std::set<std::string> optimizers;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const Json child = Explore(space, parent, {0.2, 1}, Rng(seed));
    optimizers.insert(child["training.optimizer"].AsString());
    EXPECT_EQ(child.Find("training.momentum") != nullptr,
              child["training.optimizer"] == Json("sgd"));
  }
  EXPECT_EQ(optimizers.size(), 2u);
}

}  // namespace
}  // namespace tutti::search
