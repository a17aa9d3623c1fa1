// Goal: every model-based searcher proposes only configurations of its space, goes on after a
// restart as if nothing had happened, uses what earlier experiments have learned, and cannot be
// put off by crashes, NaN and constraints. Method: whole searches in random orders over a space with
// every kind of dimension; simple functions whose best choice is known. (The contract that all
// searchers share is tested in tests/experiments/search/conformance_test.cc.)

#include "experiments/search/model_based/model_searcher.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "experiments/search/model_based/model_based.h"
#include "experiments/search/sample.h"
#include "tests/experiments/search/model_based/spaces.h"

namespace tutti::search {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

ExperimentConfig Config(const std::string& searcher, std::int64_t max_trials) {
  ExperimentConfig config = Experiment(searcher, MixedSpace(), max_trials, 3);
  config.searcher.max_time = 9;
  config.searcher.divisor = 3;
  config.searcher.population_size = 8;
  if (searcher == "nsga2") {
    config.searcher.objectives = {{"validation_loss", true}, {"parameters", true}};
  }
  return config;
}

// A loss that likes se_resnet, a learning rate of 0.01 and batches of 18; about 0 … 4.
double Loss(const Json& hparams) {
  double loss = hparams["model"] == Preset("se_resnet") ? 0 : 1;
  loss += std::abs(std::log10(hparams["training.optimizer.lr"].AsDouble()) + 2);
  loss += 0.3 * std::abs(hparams["training.batch_size"].AsDouble() - 18);
  if (const Json* dropout = hparams.Find("model.dropout")) loss += dropout->AsDouble() / 2;
  return loss;
}

struct Game {
  std::vector<std::string> actions;  // as text, in order
  std::map<std::int64_t, Json> configurations;
};

std::string Text(const SearchAction& action) {
  if (const auto* create = std::get_if<CreateTrial>(&action)) {
    return "create " + create->proposal.hparams.Dump() + " until " +
           std::to_string(create->run_until);
  }
  if (const auto* go_on = std::get_if<ContinueTrial>(&action)) {
    return "continue " + std::to_string(go_on->configuration_no);
  }
  if (const auto* stop = std::get_if<StopTrial>(&action)) return "stop " + stop->reason;
  if (const auto* explain = std::get_if<Explain>(&action)) return "explain " + explain->text;
  return "closed";
}

// Open configurations report at every time up to their run_until and close, in an order that `seed`
// decides; with `trouble` some crash, are invalid, infeasible or NaN.
Game Play(const ExperimentConfig& config, std::uint64_t seed, bool trouble, bool restart) {
  Game game;
  auto searcher = MakeModelSearcher(config).value();
  Rng rng(seed);
  struct Open {
    std::int64_t time = 0, until = 0;
    bool stopped = false;
  };
  std::map<std::int64_t, Open> open;
  const auto feed = [&](const SearchEvent& event) {
    for (const SearchAction& action : searcher->OnEvent(event)) {
      game.actions.push_back(Text(action));
      if (const auto* create = std::get_if<CreateTrial>(&action)) {
        const std::int64_t no = create->proposal.configuration_no;
        game.configurations[no] = create->proposal.hparams;
        open[no].until = create->run_until > 0 ? create->run_until : config.searcher.max_time;
      } else if (const auto* more = std::get_if<ContinueTrial>(&action)) {
        open[more->configuration_no].until =
            more->run_until > 0 ? more->run_until : config.searcher.max_time;
      } else if (const auto* stop = std::get_if<StopTrial>(&action)) {
        open[stop->configuration_no].stopped = true;
      }
    }
    if (!restart) return;
    const Json snapshot = Json::Parse(searcher->Snapshot().Dump()).value();
    searcher = RestoreModelSearcher(config, snapshot).value();
  };
  feed(Started{});
  for (int step = 0; step < 20000 && !open.empty(); ++step) {
    const auto at = std::next(open.begin(), static_cast<std::ptrdiff_t>(rng.Below(open.size())));
    const std::int64_t no = at->first;
    Open& trial = at->second;
    const double chance = trouble ? rng.Uniform() : 1;
    const double loss = Loss(game.configurations[no]);
    if (trial.stopped || trial.time >= config.searcher.max_time || chance < 0.05) {
      const bool ok = trial.time > 0 && chance >= 0.05;
      open.erase(at);
      feed(TrialClosed{no, ok, ok ? std::optional(loss) : std::nullopt});
    } else if (trial.time == 0 && chance < 0.1) {
      open.erase(at);
      feed(ConfigurationInvalid{no});
    } else if (trial.time < trial.until) {
      ++trial.time;
      const double value = chance < 0.15 ? kNaN : loss + 1 / static_cast<double>(trial.time);
      const bool feasible = !trouble || no % 5 != 0;
      feed(MetricReported{no, trial.time, value, {{"parameters", 100 - 10 * loss}}, feasible});
    }
  }
  EXPECT_TRUE(open.empty()) << "it never ended";
  EXPECT_EQ(game.actions.back(), "closed");
  return game;
}

class AnyModel : public testing::TestWithParam<std::string> {};

TEST_P(AnyModel, GoesOnAfterARestartAsIfNothingHadHappened) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const ExperimentConfig config = Config(GetParam(), 30);
    const Game reference = Play(config, seed, true, false);
    EXPECT_GE(reference.configurations.size(), 25u);
    EXPECT_EQ(Play(config, seed, true, true).actions, reference.actions) << "seed " << seed;
  }
}

TEST_P(AnyModel, ProposesOnlyValuesOfItsSpaceAndNoneThatIsSwitchedOff) {
  const ExperimentConfig config = Config(GetParam(), 60);
  const UnitSpace space = UnitSpace::Make(config.hyperparameters).value();
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    for (const auto& [no, hparams] : Play(config, seed, false, false).configurations) {
      EXPECT_TRUE(space.IsComplete(space.Encode(hparams))) << hparams.Dump();
      Json so_far = Json::MakeObject();
      std::size_t present = 0;
      for (const SearchDimension& d : config.hyperparameters) {
        const Json* value = hparams.Find(d.path);
        EXPECT_EQ(value != nullptr, ConditionsHold(d, so_far)) << d.path << " " << hparams.Dump();
        if (value != nullptr) so_far.Set(d.path, *value);
        present += value != nullptr;
      }
      EXPECT_EQ(present, hparams.size());
    }
  }
}

TEST_P(AnyModel, AnotherSeedGivesOtherConfigurations) {
  ExperimentConfig config = Config(GetParam(), 5);
  const Game a = Play(config, 1, false, false);
  EXPECT_EQ(a.actions, Play(config, 1, false, false).actions);
  config.experiment_seed = 43;
  EXPECT_NE(a.configurations, Play(config, 1, false, false).configurations);
}

TEST_P(AnyModel, SearchesASpaceWithoutDimensions) {
  ExperimentConfig config = Config(GetParam(), 12);
  config.hyperparameters = {config.hyperparameters.back()};  // the constant
  auto searcher = MakeModelSearcher(config).value();
  std::int64_t created = 0;
  std::vector<SearchAction> actions = searcher->OnEvent(Started{});
  for (std::int64_t no = 1; no <= 12; ++no) {
    for (const SearchAction& action : actions) {
      if (const auto* create = std::get_if<CreateTrial>(&action)) {
        ++created;
        EXPECT_EQ(create->proposal.hparams.Dump(), R"({"data.subset":6000})");
      }
    }
    actions = searcher->OnEvent(TrialClosed{no, true, 0.5});
  }
  EXPECT_GE(created, 3);
}

INSTANTIATE_TEST_SUITE_P(All, AnyModel, testing::ValuesIn(ModelSearcherNames()),
                         [](const auto& test) { return test.param; });

// Mean distance of ten proposals from the best place, (0.9, 0.2), with `earlier` results around it.
double Away(const std::string& searcher, int earlier) {
  ExperimentConfig config = Experiment(searcher, {Real("x", 0, 1), Real("y", 0, 1)}, 10, 1);
  const auto distance = [](const Json& hparams) {
    return std::hypot(hparams["x"].AsDouble() - 0.9, hparams["y"].AsDouble() - 0.2);
  };
  for (std::int64_t no = 1; no <= earlier; ++no) {
    Json hparams = SampleConfiguration(config.hyperparameters, 7, no);
    const double value = distance(hparams);
    hparams.Set("training.gone", 3);  // no longer in the space: plays no role
    config.searcher.observations.push_back({std::move(hparams), value});
    // Of no use, since y is missing or outside; as the best result it would mislead.
    config.searcher.observations.push_back({Json::MakeObject({{"x", 0.1}}), -5});
    config.searcher.observations.push_back({Json::MakeObject({{"x", 0.1}, {"y", 7}}), -5});
  }
  auto made = MakeModelSearcher(config).value();
  double sum = 0;
  SearchEvent event = Started{};
  for (std::int64_t no = 1; no <= 10; ++no) {
    double value = 0;
    for (const SearchAction& action : made->OnEvent(event)) {
      if (const auto* create = std::get_if<CreateTrial>(&action)) {
        value = distance(create->proposal.hparams);
      }
    }
    sum += value / 10;
    event = TrialClosed{no, true, value};
  }
  return sum;
}

class Learning : public testing::TestWithParam<std::string> {};

// The share of good configurations grows: the last ten against random ones.
TEST_P(Learning, FindsGoodConfigurationsInAMixedSpace) {
  const ExperimentConfig config = Config(GetParam(), 60);
  double late = 0;
  double random = 0;
  const Game game = Play(config, 1, false, false);
  for (std::int64_t no = 51; no <= 60; ++no) {
    late += Loss(game.configurations.at(no)) / 10;
    random += Loss(SampleConfiguration(config.hyperparameters, 9, no)) / 10;
  }
  EXPECT_LT(late, 0.75 * random);
}

TEST_P(Learning, StartsFromWhatEarlierExperimentsFound) {
  EXPECT_LT(Away(GetParam(), 60), 0.6 * Away(GetParam(), 0));
}

INSTANTIATE_TEST_SUITE_P(All, Learning, testing::Values("tpe", "gp", "cmaes"),
                         [](const auto& test) { return test.param; });

TEST(ModelSearcher, LargerIsBetterIsTheMirrorImage) {
  for (const std::string name : {"tpe", "gp", "cmaes", "nsga2"}) {
    ExperimentConfig config = Experiment(name, {Real("x", 0, 1)}, 30, 1);
    config.searcher.population_size = 6;
    std::vector<std::string> runs[2];
    for (const bool smaller : {true, false}) {
      config.searcher.smaller_is_better = smaller;
      auto searcher = MakeModelSearcher(config).value();
      SearchEvent event = Started{};
      for (std::int64_t no = 1; no <= 30; ++no) {
        double x = 0;
        for (const SearchAction& action : searcher->OnEvent(event)) {
          if (const auto* create = std::get_if<CreateTrial>(&action)) {
            x = create->proposal.hparams["x"].AsDouble();
            runs[smaller].push_back(create->proposal.hparams.Dump());
          }
        }
        const double value = (x - 0.3) * (x - 0.3);
        event = TrialClosed{no, true, smaller ? value : -value};
      }
    }
    EXPECT_EQ(runs[0], runs[1]) << name;
  }
}

TEST(ModelSearcher, InfeasibleResultsRankBehindAllOthers) {
  // Left of 0.5 the values are better, but violate a constraint.
  for (const std::string name : {"tpe", "gp", "cmaes"}) {
    const ExperimentConfig config = Experiment(name, {Real("x", 0, 1), Real("y", 0, 1)}, 60, 1);
    auto searcher = MakeModelSearcher(config).value();
    SearchEvent event = Started{};
    int feasible_late = 0;
    for (std::int64_t no = 1; no <= 60; ++no) {
      double x = 0;
      for (const SearchAction& action : searcher->OnEvent(event)) {
        if (const auto* create = std::get_if<CreateTrial>(&action)) {
          x = create->proposal.hparams["x"].AsDouble();
        }
      }
      feasible_late += no > 40 && x >= 0.5;
      searcher->OnEvent(MetricReported{no, 1, x, {}, x >= 0.5});
      event = TrialClosed{no, true, x};
    }
    EXPECT_GE(feasible_late, 12) << name << " of 20";
  }
}

TEST(ModelSearcher, AnExplodedLossDoesNotHideTheOthers) {
  for (const std::string name : {"tpe", "gp", "cmaes"}) {
    auto searcher =
        MakeModelSearcher(Experiment(name, {Real("x", 0, 1), Real("y", 0, 1)}, 60, 1)).value();
    SearchEvent event = Started{};
    double best = 10;
    for (std::int64_t no = 1; no <= 60; ++no) {
      double x = 0;
      double y = 0;
      for (const SearchAction& action : searcher->OnEvent(event)) {
        if (const auto* create = std::get_if<CreateTrial>(&action)) {
          x = create->proposal.hparams["x"].AsDouble();
          y = create->proposal.hparams["y"].AsDouble();
        }
      }
      double value = std::hypot(x - 0.35, y - 0.4);
      if (x > 0.6) value = x > 0.8 ? 1e300 : 1e9;
      best = std::min(best, value);
      event = TrialClosed{no, true, value};
    }
    EXPECT_LT(best, 0.06) << name;
  }
}

TEST(ModelSearcher, RefusesASnapshotWithAnythingWrongInIt) {
  for (const std::string name : {"tpe", "gp", "cmaes", "nsga2"}) {
    const ExperimentConfig config = Config(name, 30);
    auto searcher = MakeModelSearcher(config).value();
    searcher->OnEvent(Started{});
    searcher->OnEvent(MetricReported{1, 1, 0.5, {}, true});
    searcher->OnEvent(TrialClosed{1, true, 0.5});
    const Json good = searcher->Snapshot();
    ASSERT_TRUE(RestoreModelSearcher(config, good).ok());
    const Json first = good["trials"][0];
    for (const auto& [key, value] : std::vector<std::pair<std::string, Json>>{
             {"point", Json::MakeArray({0, 0})},
             {"point", Json::MakeArray({0, 0, 0, 0, 0, 7})},
             {"point", Json::MakeArray({0.5, 0, 0, 0, 0, 0})},
             {"point", Json::MakeArray({"NaN", 0, 0, 0, 0, 0})},
             {"outcome", "open"}, {"outcome", "better"}, {"reported", 1}, {"feasible", "yes"},
             {"always_feasible", 0}, {"cost", "NaN"}, {"objectives", Json::MakeArray({1, 2, 3})}}) {
      Json trial = first;
      trial.Set(key, value);
      Json bad = good;
      bad.Find("trials")->AsArray()[0] = trial;
      const auto restored = RestoreModelSearcher(config, bad);
      ASSERT_FALSE(restored.ok()) << name << ": " << key << " = " << value.Dump();
      EXPECT_EQ(restored.error().code(), ErrorCode::kDataLoss);
    }
    for (const auto& [key, value] : std::vector<std::pair<std::string, Json>>{
             {"closed", Json::MakeArray({2})}, {"closed", Json::MakeArray({1, 1})},
             {"max_trials", 29}, {"searcher", "sobol"}, {"started", false},
             {"invalid_in_a_row", 1}, {"model", "x"}}) {
      Json bad = good;
      bad.Set(key, value);
      EXPECT_FALSE(RestoreModelSearcher(config, bad).ok()) << name << ": " << key;
    }
  }
}

}  // namespace
}  // namespace tutti::search
