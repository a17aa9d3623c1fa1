// Goal: with searcher.deterministic the searcher inside hears the same in every run, and nobody
// trains past a decision. Method: a trace worked out by hand, and games in random orders. (That the
// trial tables are equal for every searcher is in conformance_test.cc.)

#include "experiments/search/deterministic.h"

#include <gtest/gtest.h>

#include "tests/experiments/search/play.h"

namespace tutti::search {
namespace {

using Lines = std::vector<std::string>;

ExperimentConfig Halving() {
  ExperimentConfig config;
  config.searcher.name = "async_halving";
  config.searcher.num_rungs = 2;
  config.searcher.divisor = 3;
  config.searcher.max_time = 9;  // rungs at 3, 9
  config.searcher.max_trials = 4;
  config.searcher.max_concurrent_trials = 3;
  config.searcher.deterministic = true;
  return config;
}

Lines Report(Searcher& searcher, std::int64_t number, std::int64_t time, double value) {
  return ActionTexts(searcher.OnEvent(MetricReported{number, time, value, {}, true}));
}

TEST(DeterministicOrder, HoldsEachAtItsDecisionAndDecidesWhenTheLastHasCome) {
  auto searcher = MakeSearcher(Halving()).value();
  EXPECT_EQ(ActionTexts(searcher->OnEvent(Started{})),
            (Lines{"create 1 {} until 3 parent 0", "create 2 {} until 3 parent 0",
                   "create 3 {} until 3 parent 0"}));
  EXPECT_EQ(Report(*searcher, 3, 3, 0.1), Lines{});
  EXPECT_EQ(Report(*searcher, 2, 3, 0.2), Lines{});
  EXPECT_EQ(Report(*searcher, 1, 2, 0.9), Lines{}) << "on its way";
  // Fed as 1, 2, 3, though 3 was first: 1 goes on before it, then each better one.
  EXPECT_EQ(Report(*searcher, 1, 3, 0.3),
            (Lines{"explain 1: rung 0: 1st of 1, goes on", "explain 2: rung 0: 1st of 2, goes on",
                   "explain 3: rung 0: 1st of 3, goes on", "continue 1 until 0",
                   "continue 2 until 0", "continue 3 until 0"}));
  EXPECT_EQ(Report(*searcher, 1, 9, 0.3), Lines{});
  searcher->OnEvent(TrialClosed{1, true, 0.3});
  searcher->OnEvent(TrialClosed{3, false, std::nullopt});
  EXPECT_EQ(searcher->closed(), 2) << "they count although the searcher inside has not heard";
  // By time: 3 (crashed after 3), then 2 (ended after 3), then 1 at 9.
  EXPECT_EQ(ActionTexts(searcher->OnEvent(TrialClosed{2, true, 0.2})),
            (Lines{"create 4 {} until 3 parent 0",
                   "explain 3: rung 1: crashed, counts as the worst of 1",
                   "explain 1: rung 1: 1st of 2, complete"}));
}

TEST(DeterministicOrder, WhatComesAfterADeliveryIsFedAtTheNextBarrier) {
  // 1 reports at its rung and ends at once; whether its end is here when 2 and 3 come is chance.
  const auto play = [](bool early) {
    auto searcher = MakeSearcher(Halving()).value();
    searcher->OnEvent(Started{});
    Report(*searcher, 1, 3, 0.3);
    if (early) searcher->OnEvent(TrialClosed{1, true, 0.3});
    Report(*searcher, 2, 3, 0.2);
    Lines lines = Report(*searcher, 3, 3, 0.4);
    if (!early) {
      for (const std::string& line : ActionTexts(searcher->OnEvent(TrialClosed{1, true, 0.3}))) {
        lines.push_back(line);
      }
    }
    std::erase(lines, "continue 1 until 0");  // to nobody, or to one that ends anyway
    return lines;
  };
  EXPECT_EQ(play(true), play(false));
}

TEST(DeterministicOrder, CostsNothingWhereTheOrderPlaysNoRole) {
  for (const std::string name : {"single", "random", "grid", "sobol"}) {
    ExperimentConfig config = SmallExperiment(name);
    const Json plain = MakeSearcher(config).value()->Snapshot();
    config.searcher.deterministic = true;
    EXPECT_EQ(MakeSearcher(config).value()->Snapshot(), plain) << name;
  }
}

TEST(DeterministicOrder, WithoutItTheOrderDoesPlayARole) {
  // Else the promise of conformance_test.cc would be empty.
  const ExperimentConfig config = SmallExperiment("adaptive_asha");
  World world;
  const std::vector<std::string> reference = Play(config, world).Table();
  bool differs = false;
  for (world.seed = 2; world.seed < 12; ++world.seed) {
    differs = differs || Play(config, world).Table() != reference;
  }
  EXPECT_TRUE(differs);
}

TEST(DeterministicOrder, LimitsSearchersThatWouldStartEverything) {
  ExperimentConfig config = SmallExperiment("tpe");
  config.searcher.max_trials = 100;
  config.searcher.max_concurrent_trials = 0;
  config.searcher.deterministic = true;
  EXPECT_LE(std::ssize(MakeSearcher(config).value()->OnEvent(Started{})),
            kDefaultConcurrentInOrder);
}

}  // namespace
}  // namespace tutti::search
