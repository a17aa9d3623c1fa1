// Goal: every searcher keeps the contract of searcher.h whatever happens to its configurations:
// numbers without gaps, one end, nobody is held for ever, limits kept, unknown events ignored, and
// a restored searcher goes on as if nothing had happened. Method: whole games in a miniature engine
// (play.h) with random orders of events, crashes, invalid configurations and restarts, over all
// searchers.

#include <gtest/gtest.h>

#include <array>
#include <tuple>

#include "experiments/search/listed.h"
#include "tests/experiments/search/play.h"

namespace tutti::search {
namespace {

// A searcher, and what is wrapped around it.
enum class Around { kNothing, kRules, kOrder, kRulesAndOrder };

class AnySearcher : public testing::TestWithParam<std::tuple<std::string, Around>> {
 protected:
  static ExperimentConfig Experiment(const std::string& name = std::get<0>(GetParam())) {
    ExperimentConfig config = SmallExperiment(name);
    const Around around = std::get<1>(GetParam());
    if (around == Around::kRules || around == Around::kRulesAndOrder) {
      StopRuleConfig patience;
      patience.rule = "patience";
      patience.patience = 2;
      patience.min_delta = 0.05;
      StopRuleConfig median;
      median.rule = "median";
      median.grace_time = 2;
      median.min_trials = 3;
      config.searcher.stop = {patience, median};
    }
    config.searcher.deterministic = around == Around::kOrder || around == Around::kRulesAndOrder;
    return config;
  }
};

World Rough(std::uint64_t seed) {
  World world;
  world.seed = seed;
  world.fate = seed / 2;
  world.crash = 0.15;
  world.invalid = 0.1;
  world.late_invalid = 0.05;
  world.ends_early = 0.1;
  world.nan = 0.05;
  world.infeasible = 0.1;
  world.stop_lag = 0.3;
  return world;
}

TEST_P(AnySearcher, EndsOnceInAnyOrderAndKeepsItsLimits) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const ExperimentConfig config = Experiment();
    const Played played = Play(config, seed % 4 == 0 ? World{seed, seed} : Rough(seed));
    ASSERT_FALSE(played.stuck);
    EXPECT_FALSE(played.configurations.empty());
    EXPECT_LE(played.running_max, config.searcher.max_concurrent_trials);
    const std::string& name = config.searcher.name;
    if (name != "grid" && name != "pbt") {
      EXPECT_LE(played.valid, config.searcher.max_trials);
    }
  }
}

TEST_P(AnySearcher, GoesOnAfterARestartAsIfNothingHadHappened) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const ExperimentConfig config = Experiment();
    World world = Rough(seed);
    world.restart = 1e-300;  // draws from the order's stream as the other does, and never fires
    const Played reference = Play(config, world);
    world.restart = 0.5;
    ExpectSameLines(Play(config, world).log, reference.log);
  }
}

TEST_P(AnySearcher, IgnoresWhatItDoesNotKnow) {
  auto searcher = MakeSearcher(Experiment()).value();
  EXPECT_TRUE(searcher->OnEvent(TrialClosed{1, true, 0.5}).empty()) << "before the start";
  EXPECT_TRUE(searcher->OnEvent(MetricReported{1, 1, 0.5, {}, true}).empty());
  EXPECT_TRUE(searcher->OnEvent(ConfigurationInvalid{1}).empty());
  EXPECT_FALSE(searcher->OnEvent(Started{}).empty());
  const Json before = searcher->Snapshot();
  EXPECT_TRUE(searcher->OnEvent(Started{}).empty()) << "started twice";
  EXPECT_TRUE(searcher->OnEvent(TrialClosed{99, true, 0.5}).empty());
  EXPECT_TRUE(searcher->OnEvent(TrialClosed{0, true, 0.5}).empty());
  EXPECT_TRUE(searcher->OnEvent(MetricReported{99, 1, 0.5, {}, true}).empty());
  EXPECT_TRUE(searcher->OnEvent(ConfigurationInvalid{99}).empty());
  EXPECT_EQ(searcher->Snapshot().Dump(), before.Dump());
  searcher->OnEvent(TrialClosed{1, true, 0.5});
  const Json after = searcher->Snapshot();
  EXPECT_TRUE(searcher->OnEvent(TrialClosed{1, true, 0.5}).empty()) << "closed twice";
  EXPECT_TRUE(searcher->OnEvent(MetricReported{1, 2, 0.5, {}, true}).empty()) << "after its end";
  EXPECT_TRUE(searcher->OnEvent(ConfigurationInvalid{1}).empty());
  EXPECT_EQ(searcher->Snapshot().Dump(), after.Dump());
}

TEST_P(AnySearcher, RefusesADamagedOrForeignSnapshot) {
  const ExperimentConfig config = Experiment();
  auto searcher = MakeSearcher(config).value();
  searcher->OnEvent(Started{});
  searcher->OnEvent(MetricReported{1, 3, 0.5, {{"parameters", 10.0}}, true});
  searcher->OnEvent(TrialClosed{1, true, 0.5});
  const Json good = searcher->Snapshot();
  const auto restored = RestoreSearcher(config, good);
  ASSERT_TRUE(restored.ok()) << restored.error().ToString();
  for (const auto& [key, value] : good.AsObject()) {
    for (const Json& wrong : {Json(), Json("no"), Json(-7), Json::MakeArray({-1})}) {
      Json damaged = good;
      if (wrong.is_null()) {
        damaged.Erase(key);
      } else {
        damaged.Set(key, wrong);
      }
      const auto refused = RestoreSearcher(config, damaged);
      ASSERT_FALSE(refused.ok()) << key << " = " << wrong.Dump();
      EXPECT_EQ(refused.error().code(), ErrorCode::kDataLoss) << key;
    }
  }
  EXPECT_FALSE(RestoreSearcher(config, Json()).ok());
  EXPECT_FALSE(RestoreSearcher(config, Json::MakeArray()).ok());
  for (const std::string& other : SearcherNames()) {
    if (other == config.searcher.name) continue;
    EXPECT_FALSE(RestoreSearcher(Experiment(other), good).ok()) << other;
  }
}

TEST_P(AnySearcher, GivesUpWhenNothingCanBeTrained) {
  World world;
  world.invalid = 1;
  const Played played = Play(Experiment(), world);
  ASSERT_FALSE(played.stuck);
  EXPECT_EQ(played.valid, 0);
  EXPECT_LE(std::ssize(played.configurations), 120);
}

TEST_P(AnySearcher, EndsWhenEverythingCrashes) {
  World world;
  world.crash = 1;
  const Played played = Play(Experiment(), world);
  ASSERT_FALSE(played.stuck);
  EXPECT_FALSE(played.configurations.empty());
}

class AnySearcherInOrder : public AnySearcher {};

TEST_P(AnySearcherInOrder, GivesTheSameTrialTableWhateverArrivesFirst) {
  const ExperimentConfig config = Experiment();
  for (std::uint64_t fate = 1; fate <= 3; ++fate) {
    World world = Rough(1);
    world.fate = fate;
    const std::vector<std::string> reference = Play(config, world).Table();
    for (std::uint64_t seed = 2; seed <= 7; ++seed) {
      SCOPED_TRACE("fate " + std::to_string(fate) + " seed " + std::to_string(seed));
      world.seed = seed;
      world.restart = seed % 2 == 0 ? 0.2 : 0;
      ExpectSameLines(Play(config, world).Table(), reference);
    }
  }
}

std::string NameOf(const testing::TestParamInfo<AnySearcher::ParamType>& test) {
  constexpr std::array kSuffix = {"", "_stop_rules", "_in_order", "_stop_rules_in_order"};
  return std::get<0>(test.param) + kSuffix[static_cast<std::size_t>(std::get<1>(test.param))];
}

INSTANTIATE_TEST_SUITE_P(All, AnySearcher,
                         testing::Combine(testing::ValuesIn(SearcherNames()),
                                          testing::Values(Around::kNothing, Around::kRules,
                                                          Around::kOrder, Around::kRulesAndOrder)),
                         NameOf);

INSTANTIATE_TEST_SUITE_P(All, AnySearcherInOrder,
                         testing::Combine(testing::ValuesIn(SearcherNames()),
                                          testing::Values(Around::kOrder,
                                                          Around::kRulesAndOrder)),
                         NameOf);

}  // namespace
}  // namespace tutti::search
