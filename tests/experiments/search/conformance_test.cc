// Goal: every searcher keeps the contract of searcher.h whatever happens to its configurations:
// numbers without gaps, one end, nobody is held for ever, limits kept, unknown events ignored, and a
// restored searcher goes on as if nothing had happened. Method: whole games in a miniature engine
// (play.h) with random orders of events, crashes, invalid configurations and restarts, over all
// searchers.

#include <gtest/gtest.h>

#include "experiments/search/listed.h"
#include "tests/experiments/search/play.h"

namespace tutti::search {
namespace {

class AnySearcher : public testing::TestWithParam<std::string> {};

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
    const ExperimentConfig config = SmallExperiment(GetParam());
    const Played played = Play(config, seed % 4 == 0 ? World{seed, seed} : Rough(seed));
    ASSERT_FALSE(played.stuck);
    EXPECT_FALSE(played.configurations.empty());
    EXPECT_LE(played.running_max, config.searcher.max_concurrent_trials);
    if (GetParam() != "grid" && GetParam() != "pbt") {
      EXPECT_LE(played.valid, config.searcher.max_trials);
    }
  }
}

TEST_P(AnySearcher, GoesOnAfterARestartAsIfNothingHadHappened) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const ExperimentConfig config = SmallExperiment(GetParam());
    World world = Rough(seed);
    world.restart = 1e-300;  // draws from the order's stream as the other does, and never fires
    const Played reference = Play(config, world);
    world.restart = 0.5;
    ExpectSameLines(Play(config, world).log, reference.log);
  }
}

TEST_P(AnySearcher, IgnoresWhatItDoesNotKnow) {
  auto searcher = MakeSearcher(SmallExperiment(GetParam())).value();
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
  const ExperimentConfig config = SmallExperiment(GetParam());
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
    if (other == GetParam()) continue;
    EXPECT_FALSE(RestoreSearcher(SmallExperiment(other), good).ok()) << other;
  }
}

TEST_P(AnySearcher, GivesUpWhenNothingCanBeTrained) {
  World world;
  world.invalid = 1;
  const Played played = Play(SmallExperiment(GetParam()), world);
  ASSERT_FALSE(played.stuck);
  EXPECT_EQ(played.valid, 0);
  EXPECT_LE(std::ssize(played.configurations), 120);
}

TEST_P(AnySearcher, EndsWhenEverythingCrashes) {
  World world;
  world.crash = 1;
  const Played played = Play(SmallExperiment(GetParam()), world);
  ASSERT_FALSE(played.stuck);
  EXPECT_FALSE(played.configurations.empty());
}

INSTANTIATE_TEST_SUITE_P(All, AnySearcher, testing::ValuesIn(SearcherNames()),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace tutti::search
