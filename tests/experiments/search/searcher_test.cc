// Goal: single, random and grid propose what they say, in any order of results and after any
// restart. Method: whole searches played in random orders of completion, and tables of proposals.
// (What all searchers must keep to is in conformance_test.cc.)

#include "experiments/search/searcher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "experiments/core/rng.h"
#include "experiments/search/listed.h"

namespace tutti::search {
namespace {

SearchDimension Categorical(const std::string& path, std::vector<Json> vals) {
  SearchDimension d;
  d.path = path;
  d.type = SpaceType::kCategorical;
  d.vals = std::move(vals);
  return d;
}

SearchDimension LogRate() {
  SearchDimension d;
  d.path = "training.optimizer.lr";
  d.type = SpaceType::kLog;
  d.minval = -4;
  d.maxval = -1;
  d.count = 4;
  return d;
}

ExperimentConfig Config(const std::string& searcher, std::int64_t max_trials,
                        std::int64_t max_concurrent) {
  ExperimentConfig config;
  config.searcher.name = searcher;
  config.searcher.metric = "validation_loss";
  config.searcher.max_trials = max_trials;
  config.searcher.max_concurrent_trials = max_concurrent;
  config.experiment_seed = 42;
  config.hyperparameters = {Categorical("model", {"a", "b", "c"}), LogRate()};
  return config;
}

// Plays a whole search; `seed` decides the order in which open configurations close. Restores the
// searcher from its own snapshot after every event if `restart`.
struct Proposed {
  std::map<std::int64_t, Json> configurations;
  std::int64_t open_max = 0;
  int closes = 0;
};
Proposed Propose(const ExperimentConfig& config, std::uint64_t seed, bool restart) {
  Rng rng(seed);
  Proposed played;
  std::set<std::int64_t> open;
  auto searcher = MakeSearcher(config).value();
  SearchEvent event = Started{};
  while (true) {
    for (const SearchAction& action : searcher->OnEvent(event)) {
      if (const auto* create = std::get_if<CreateTrial>(&action)) {
        const Proposal& p = create->proposal;
        EXPECT_EQ(p.configuration_no, std::ssize(played.configurations) + 1);
        EXPECT_TRUE(played.configurations.emplace(p.configuration_no, p.hparams).second);
        EXPECT_EQ(played.closes, 0) << "created after it closed";
        open.insert(p.configuration_no);
      } else if (std::holds_alternative<SearchClosed>(action)) {
        ++played.closes;
      }
    }
    played.open_max = std::max<std::int64_t>(played.open_max, std::ssize(open));
    EXPECT_EQ(searcher->created() - searcher->closed(), std::ssize(open));
    if (restart) {
      const Json snapshot = Json::Parse(searcher->Snapshot().Dump()).value();
      searcher = RestoreSearcher(config, snapshot).value();
    }
    if (open.empty()) break;
    const auto at = std::next(open.begin(), static_cast<std::ptrdiff_t>(rng.Below(open.size())));
    EXPECT_TRUE(searcher->OnEvent(MetricReported{*at, 1, 0.5, {}, true}).empty());
    event = TrialClosed{*at, rng.Below(2) == 0, 0.5};
    open.erase(at);
  }
  EXPECT_EQ(searcher->created(), searcher->expected_configurations());
  return played;
}

class ListedKind : public testing::TestWithParam<std::string> {};

TEST_P(ListedKind, GivesTheSameConfigurationsInAnyOrderAndAfterAnyRestart) {
  for (const std::int64_t concurrent : {0, 1, 3, 100}) {
    const ExperimentConfig config = Config(GetParam(), 12, concurrent);
    const Proposed reference = Propose(config, 1, false);
    EXPECT_EQ(reference.closes, 1);
    EXPECT_FALSE(reference.configurations.empty());
    EXPECT_LE(reference.open_max, concurrent > 0 ? concurrent : kMaxOpenConfigurations);
    for (std::uint64_t seed = 2; seed < 6; ++seed) {
      const Proposed other = Propose(config, seed, seed % 2 == 0);
      EXPECT_EQ(other.configurations, reference.configurations);
      EXPECT_EQ(other.closes, 1);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, ListedKind, testing::Values("single", "random", "grid", "sobol"),
                         [](const auto& test) { return test.param; });

TEST(Single, RunsTheFileAsItIs) {
  ExperimentConfig config = Config("single", 50, 0);
  config.hyperparameters.clear();
  const Proposed played = Propose(config, 1, false);
  ASSERT_EQ(played.configurations.size(), 1u);
  EXPECT_EQ(played.configurations.at(1), Json::MakeObject());
}

TEST(Random, CreatesMaxTrialsConfigurationsThatDiffer) {
  const Proposed played = Propose(Config("random", 30, 4), 1, false);
  ASSERT_EQ(played.configurations.size(), 30u);
  std::set<std::string> rates;
  for (const auto& [number, hparams] : played.configurations) {
    EXPECT_EQ(hparams.size(), 2u);
    rates.insert(hparams["training.optimizer.lr"].Dump());
  }
  EXPECT_EQ(rates.size(), 30u);
}

TEST(Random, MoreTrialsKeepTheFirstOnes) {
  const Proposed few = Propose(Config("random", 5, 0), 1, false);
  const Proposed many = Propose(Config("random", 50, 7), 9, true);
  for (const auto& [number, hparams] : few.configurations) {
    EXPECT_EQ(many.configurations.at(number), hparams);
  }
}

TEST(Random, GoesOnFromASnapshotOfAnOlderVersion) {
  const ExperimentConfig config = Config("random", 5, 2);
  auto restored = RestoreSearcher(config, Json::Parse(R"({"searcher": "random", "total": 5,
      "started": true, "created": 4, "open": [1, 4]})").value());
  ASSERT_TRUE(restored.ok()) << restored.error().ToString();
  const auto actions = (*restored)->OnEvent(TrialClosed{4, true, 0.5});
  ASSERT_EQ(actions.size(), 1u);
  EXPECT_EQ(std::get<CreateTrial>(actions[0]).proposal.configuration_no, 5);
  restored = RestoreSearcher(config, Json::Parse(R"({"searcher": "random", "total": 5,
      "started": true, "created": 5, "open": [1]})").value());
  ASSERT_TRUE(restored.ok()) << restored.error().ToString();
  EXPECT_TRUE((*restored)->OnEvent(TrialClosed{1, true, 0.5}).empty()) << "closed already";
}

TEST(Grid, IsTheWholeProductWithTheLastAxisFastest) {
  const Proposed played = Propose(Config("grid", 1, 0), 1, false);
  ASSERT_EQ(played.configurations.size(), 12u);
  EXPECT_EQ(played.configurations.at(1).Dump(), R"({"model":"a","training.optimizer.lr":1e-04})");
  EXPECT_EQ(played.configurations.at(2).Dump(), R"({"model":"a","training.optimizer.lr":0.001})");
  EXPECT_EQ(played.configurations.at(5).Dump(), R"({"model":"b","training.optimizer.lr":1e-04})");
  EXPECT_EQ(played.configurations.at(12).Dump(), R"({"model":"c","training.optimizer.lr":0.1})");
}

TEST(Grid, AMillionPointsOpenAWindowAtATime) {
  ExperimentConfig config = Config("grid", 1, 0);
  config.hyperparameters.clear();
  for (const char* path : {"x", "y"}) {
    SearchDimension axis;
    axis.path = path;
    axis.type = SpaceType::kInt;
    axis.minval = 1;
    axis.maxval = 1000;
    config.hyperparameters.push_back(axis);
  }
  auto searcher = MakeSearcher(config).value();
  EXPECT_EQ(searcher->expected_configurations(), 1'000'000);
  EXPECT_EQ(std::ssize(searcher->OnEvent(Started{})), kMaxOpenConfigurations);
  const auto next = searcher->OnEvent(TrialClosed{17, true, 0.5});
  ASSERT_EQ(next.size(), 1u);
  EXPECT_EQ(std::get<CreateTrial>(next[0]).proposal.hparams.Dump(), R"({"x":2,"y":25})");
}

TEST(Grid, TooManyPointsAreAnErrorThatNamesTheAxis) {
  ExperimentConfig config = Config("grid", 1, 0);
  for (const char* path : {"x", "y", "z"}) {
    SearchDimension axis;
    axis.path = path;
    axis.type = SpaceType::kInt;
    axis.minval = 0;
    axis.maxval = 99'999;
    config.hyperparameters.push_back(axis);
  }
  const auto searcher = MakeSearcher(config);
  ASSERT_FALSE(searcher.ok());
  EXPECT_NE(searcher.error().ToString().find("axis y with 100000"), std::string::npos)
      << searcher.error().ToString();
}

TEST(MakeSearcher, RefusesWhatItCannotSearch) {
  EXPECT_NE(MakeSearcher(Config("bayes", 3, 0)).error().ToString().find("single, random, grid"),
            std::string::npos);
  EXPECT_FALSE(MakeSearcher(Config("random", 0, 0)).ok());
  EXPECT_FALSE(MakeSearcher(Config("random", 3, -1)).ok());
  ExperimentConfig no_count = Config("grid", 1, 0);
  no_count.hyperparameters[1].count.reset();
  EXPECT_NE(MakeSearcher(no_count).error().ToString().find("training.optimizer.lr"),
            std::string::npos);
  no_count.searcher.name = "random";
  EXPECT_TRUE(MakeSearcher(no_count).ok());
  no_count.hyperparameters[0].vals.clear();
  EXPECT_FALSE(MakeSearcher(no_count).ok());
}

}  // namespace
}  // namespace tutti::search
