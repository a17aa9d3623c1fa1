// Goal: async_halving and adaptive_asha decide what Determined's rules say. Method: traces of
// decisions worked out by hand (the state of the rungs stands beside each step); the golden tables
// of brackets are in brackets_test.cc, the contract of all searchers in conformance_test.cc.

#include "experiments/search/asha.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/experiments/search/play.h"

namespace tutti::search {
namespace {

using Lines = std::vector<std::string>;

ExperimentConfig Halving() {
  ExperimentConfig config;
  config.searcher.name = "async_halving";
  config.searcher.num_rungs = 3;
  config.searcher.divisor = 3;
  config.searcher.max_time = 9;  // rungs at 1, 3, 9
  config.searcher.max_trials = 6;
  config.searcher.max_concurrent_trials = 3;
  return config;
}

std::string Created(int number) {
  return "create " + std::to_string(number) + " {} until 0 parent 0";
}

class Trace {
 public:
  explicit Trace(const ExperimentConfig& config) : searcher_(MakeSearcher(config).value()) {}
  Lines Feed(const SearchEvent& event) { return ActionTexts(searcher_->OnEvent(event)); }
  Lines Report(std::int64_t number, std::int64_t time, double value, bool feasible = true) {
    return Feed(MetricReported{number, time, value, {}, feasible});
  }
  Searcher& searcher() { return *searcher_; }

 private:
  std::unique_ptr<Searcher> searcher_;
};

TEST(AsyncHalving, DecidesAsWorkedOutByHand) {
  Trace trace(Halving());
  EXPECT_EQ(trace.Feed(Started{}), (Lines{Created(1), Created(2), Created(3)}));
  // rung 0: .5; of 1 the first max(floor(1/3), 1) = 1 go on.
  EXPECT_EQ(trace.Report(1, 1, 0.5), (Lines{"explain 1: rung 0: 1st of 1, goes on"}));
  // rung 0: .4 .5
  EXPECT_EQ(trace.Report(2, 1, 0.4), (Lines{"explain 2: rung 0: 1st of 2, goes on"}));
  // rung 0: .4 .5 .6; the stop makes place for configuration 4.
  EXPECT_EQ(trace.Report(3, 1, 0.6), (Lines{"stop 3: rung 0: 3rd of 3, top 1 kept", Created(4)}));
  EXPECT_EQ(trace.Report(1, 2, 0.45), Lines{}) << "between rungs";
  EXPECT_EQ(trace.Report(3, 2, 0.1), Lines{}) << "stopped already";
  // rung 0: .4(4) .4(2) .5 .6: a tie goes before its equal.
  EXPECT_EQ(trace.Report(4, 1, 0.4), (Lines{"explain 4: rung 0: 1st of 4, goes on"}));
  // rung 1: .3
  EXPECT_EQ(trace.Report(1, 3, 0.3), (Lines{"explain 1: rung 1: 1st of 1, goes on"}));
  // 2 was heading for rung 1: .3 worst
  EXPECT_EQ(trace.Feed(TrialClosed{2, false, 0.4}),
            (Lines{"explain 2: rung 1: crashed, counts as the worst of 2", Created(5)}));
  // One report crosses two rungs. rung 0: .35 .4 .4 .5 .6; rung 1: .3 .35 worst
  EXPECT_EQ(trace.Report(5, 3, 0.35),
            (Lines{"explain 5: rung 0: 1st of 5, goes on", "stop 5: rung 1: 2nd of 3, top 1 kept",
                   Created(6)}));
  EXPECT_EQ(trace.Feed(TrialClosed{5, true, 0.35}), Lines{}) << "its successor exists already";
  // Six exist, 6 does not count: another one.
  EXPECT_EQ(trace.Feed(ConfigurationInvalid{6}), Lines{Created(7)});
  // 4 leaves rung 0: .35 .4 .5 .6
  EXPECT_EQ(trace.Feed(ConfigurationInvalid{4}), Lines{Created(8)});
  // rung 0: .35 .4 .45 .5 .6; 8 - 2 = 6 = max_trials count: no successor.
  EXPECT_EQ(trace.Report(7, 1, 0.45), (Lines{"stop 7: rung 0: 3rd of 5, top 1 kept"}));
  // The top rung is max_time: it ends by itself.
  EXPECT_EQ(trace.Report(1, 9, 0.2), (Lines{"explain 1: rung 2: 1st of 1, complete"}));
  // rung 0: .1 .35 .4 .45 .5 .6: of 6 two go on.
  EXPECT_EQ(trace.Report(8, 1, 0.1), (Lines{"explain 8: rung 0: 1st of 6, goes on"}));
  // NaN is as bad as a crash, and before its equal. rung 1: .3 .35 nan worst
  EXPECT_EQ(trace.Report(8, 3, std::nan("")), (Lines{"stop 8: rung 1: 3rd of 4, top 1 kept"}));
  for (const std::int64_t number : {1, 3, 7}) {
    EXPECT_EQ(trace.Feed(TrialClosed{number, true, 0.2}), Lines{});
  }
  EXPECT_EQ(trace.searcher().expected_configurations(), 8);
  EXPECT_EQ(trace.Feed(TrialClosed{8, true, 0.1}), Lines{"close"});
}

TEST(AsyncHalving, LargerIsBetterWhenTheMetricSaysSo) {
  ExperimentConfig config = Halving();
  config.searcher.smaller_is_better = false;
  Trace trace(config);
  trace.Feed(Started{});
  EXPECT_EQ(trace.Report(1, 1, 0.9), (Lines{"explain 1: rung 0: 1st of 1, goes on"}));
  EXPECT_EQ(trace.Report(2, 1, 0.8), (Lines{"stop 2: rung 0: 2nd of 2, top 1 kept", Created(4)}));
  EXPECT_EQ(trace.Report(3, 1, 0.95), (Lines{"explain 3: rung 0: 1st of 3, goes on"}));
}

TEST(AsyncHalving, WhatViolatesAConstraintIsBehindWhatDoesNotAndBeforeCrashes) {
  Trace trace(Halving());
  trace.Feed(Started{});
  trace.Feed(TrialClosed{1, false, std::nullopt});  // rung 0: crash
  EXPECT_EQ(trace.Report(2, 1, 0.5, false), (Lines{"explain 2: rung 0: 1st of 2, goes on"}));
  EXPECT_EQ(trace.Report(3, 1, 9.5), (Lines{"explain 3: rung 0: 1st of 3, goes on"}));
  EXPECT_EQ(trace.Report(4, 1, 0.1, false),
            (Lines{"stop 4: rung 0: 2nd of 4, top 1 kept", Created(5)}));
}

TEST(AsyncHalving, StopsAnEntrypointAtTheTopSinceItMayNotEndByItself) {
  ExperimentConfig config = Halving();
  config.entrypoint = {"train.sh"};
  Trace trace(config);
  trace.Feed(Started{});
  EXPECT_EQ(trace.Report(1, 9, 0.5),
            (Lines{"explain 1: rung 0: 1st of 1, goes on", "explain 1: rung 1: 1st of 1, goes on",
                   "stop 1: rung 2: 1st of 1, complete", Created(4)}));
}

TEST(AsyncHalving, WhoEndsByItselfMakesPlaceAndStaysInItsRungs) {
  Trace trace(Halving());
  trace.Feed(Started{});
  trace.Report(1, 1, 0.5);
  EXPECT_EQ(trace.Feed(TrialClosed{1, true, 0.5}), Lines{Created(4)});
  EXPECT_EQ(trace.Report(2, 1, 0.6), (Lines{"stop 2: rung 0: 2nd of 2, top 1 kept", Created(5)}));
}

TEST(AsyncHalving, NextDecisionIsTheNextRungAndTheEndAtTheTop) {
  Trace trace(Halving());
  trace.Feed(Started{});
  EXPECT_EQ(trace.searcher().NextDecision(1), 1);
  trace.Report(1, 1, 0.5);
  EXPECT_EQ(trace.searcher().NextDecision(1), 3);
  trace.Report(1, 3, 0.5);
  EXPECT_EQ(trace.searcher().NextDecision(1), 0) << "the top is the end";
  EXPECT_EQ(trace.searcher().NextDecision(99), 0);
}

TEST(AdaptiveAsha, ItsBracketsKnowNothingOfEachOther) {
  // Brackets with rungs 1 3 9 and 3 9; conservative has 9 alone too. 9 trials: weights 3, 3/2, 1
  // of 5.5: 4.9, 2.45, 1.6: 4, 2, 1, and 2 more for the first: 6, 2, 1. Concurrency 1 each.
  ExperimentConfig config = Halving();
  config.searcher.name = "adaptive_asha";
  config.searcher.mode = "conservative";
  config.searcher.max_rungs = 5;
  config.searcher.max_trials = 9;
  Trace trace(config);
  EXPECT_EQ(trace.Feed(Started{}), (Lines{Created(1), Created(2), Created(3)}));
  EXPECT_EQ(trace.searcher().NextDecision(1), 1);
  EXPECT_EQ(trace.searcher().NextDecision(2), 3);
  EXPECT_EQ(trace.searcher().NextDecision(3), 0);
  EXPECT_EQ(trace.Report(1, 1, 0.5), (Lines{"explain 1: bracket 0, rung 0: 1st of 1, goes on"}));
  EXPECT_EQ(trace.Report(2, 3, 0.9), (Lines{"explain 2: bracket 1, rung 0: 1st of 1, goes on"}));
  EXPECT_EQ(trace.Report(3, 3, 0.95), Lines{}) << "its only rung is the end";
  EXPECT_EQ(trace.Report(3, 9, 0.95), (Lines{"explain 3: bracket 2, rung 0: 1st of 1, complete"}))
      << "the bracket's only trial";
  EXPECT_EQ(trace.Report(2, 9, 0.9),
            (Lines{"explain 2: bracket 1, rung 1: 1st of 1, complete", Created(4)}));
  EXPECT_EQ(trace.searcher().NextDecision(4), 3) << "of the same bracket";
  EXPECT_EQ(trace.searcher().expected_configurations(), 9);
}

TEST(AdaptiveAsha, ValuesDependOnTheNumberOnly) {
  const ExperimentConfig config = SmallExperiment("adaptive_asha");
  World one;
  one.crash = 0.2;
  World other = one;
  other.seed = 99;
  const Played a = Play(config, one);
  const Played b = Play(config, other);
  ASSERT_EQ(a.configurations.size(), b.configurations.size());
  for (const auto& [number, c] : a.configurations) {
    EXPECT_EQ(c.hparams, b.configurations.at(number).hparams);
  }
}

TEST(AdaptiveAsha, TrainsFarLessThanAllAndFindsAGoodOne) {
  ExperimentConfig config = SmallExperiment("adaptive_asha");
  config.searcher.max_trials = 200;
  config.searcher.max_time = 81;
  config.searcher.max_rungs = 5;
  config.searcher.mode = "aggressive";
  const Played played = Play(config, World{});
  EXPECT_LT(played.total_time, 200 * 81 / 4);
  double best = 1e9;
  double reached = 1e9;
  for (const auto& [number, c] : played.configurations) {
    best = std::min(best, MetricOf(1, number, 81));
    if (c.time == 81) reached = std::min(reached, MetricOf(1, number, 81));
  }
  EXPECT_LT(reached, best + 0.1);
}

}  // namespace
}  // namespace tutti::search
