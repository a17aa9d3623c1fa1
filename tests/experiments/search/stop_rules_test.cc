// Goal: patience and the median rule stop whom they should, never before grace_time nor at the end,
// and get along with searchers that stop trials themselves. Method: traces worked out by hand.

#include "experiments/search/stop_rules.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/experiments/search/play.h"

namespace tutti::search {
namespace {

using Lines = std::vector<std::string>;

StopRuleConfig Patience(std::int64_t validations, double min_delta = 0, std::int64_t grace = 0) {
  StopRuleConfig rule;
  rule.rule = "patience";
  rule.patience = validations;
  rule.min_delta = min_delta;
  rule.grace_time = grace;
  return rule;
}

StopRuleConfig Median(std::int64_t min_trials, std::int64_t grace = 0) {
  StopRuleConfig rule;
  rule.rule = "median";
  rule.min_trials = min_trials;
  rule.grace_time = grace;
  return rule;
}

ExperimentConfig Random(std::vector<StopRuleConfig> rules) {
  ExperimentConfig config;
  config.searcher.name = "random";
  config.searcher.max_trials = 6;
  config.searcher.max_time = 10;
  config.searcher.stop = std::move(rules);
  return config;
}

Lines Report(Searcher& searcher, std::int64_t number, std::int64_t time, double value) {
  return ActionTexts(searcher.OnEvent(MetricReported{number, time, value, {}, true}));
}

TEST(Patience, StopsAfterSoManyValidationsWithoutProgress) {
  auto searcher = MakeSearcher(Random({Patience(2, 0.1)})).value();
  searcher->OnEvent(Started{});
  EXPECT_EQ(searcher->NextDecision(1), 3) << "the first can only be progress";
  EXPECT_EQ(Report(*searcher, 1, 1, 1.0), Lines{});
  EXPECT_EQ(Report(*searcher, 1, 2, 0.95), Lines{}) << "not enough: 1";
  EXPECT_EQ(searcher->NextDecision(1), 3);
  EXPECT_EQ(Report(*searcher, 1, 3, 0.85), Lines{}) << "better than 1.0 by more than 0.1";
  EXPECT_EQ(searcher->NextDecision(1), 5);
  EXPECT_EQ(Report(*searcher, 1, 4, 0.9), Lines{});
  EXPECT_EQ(Report(*searcher, 1, 5, std::nan("")),
            (Lines{"stop 1: patience: none better than 0.85 in 2 validations"}));
  EXPECT_EQ(Report(*searcher, 1, 6, 0.9), Lines{}) << "told already";
}

TEST(Patience, WaitsForGraceTimeAndIgnoresTheEnd) {
  auto searcher = MakeSearcher(Random({Patience(1, 0, 4)})).value();
  searcher->OnEvent(Started{});
  EXPECT_EQ(searcher->NextDecision(1), 4);
  EXPECT_EQ(Report(*searcher, 1, 2, 0.1), Lines{});
  EXPECT_EQ(Report(*searcher, 1, 3, 0.2), Lines{});
  EXPECT_EQ(Report(*searcher, 1, 4, 0.2),
            (Lines{"stop 1: patience: none better than 0.1 in 2 validations"}));
  Report(*searcher, 2, 9, 0.1);
  EXPECT_EQ(searcher->NextDecision(2), 0) << "the next validation is the end";
  EXPECT_EQ(Report(*searcher, 2, 10, 0.2), Lines{});
}

TEST(Patience, KnowsMetricsThatGrow) {
  ExperimentConfig config = Random({Patience(1)});
  config.searcher.smaller_is_better = false;
  auto searcher = MakeSearcher(config).value();
  searcher->OnEvent(Started{});
  EXPECT_EQ(Report(*searcher, 1, 1, 0.8), Lines{});
  EXPECT_EQ(Report(*searcher, 1, 2, 0.9), Lines{});
  EXPECT_EQ(Report(*searcher, 1, 3, 0.9),
            (Lines{"stop 1: patience: none better than 0.9 in 1 validations"}));
}

TEST(Median, StopsWhoseBestIsWorseThanTheMedianOfTheAverages) {
  auto searcher = MakeSearcher(Random({Median(3)})).value();
  searcher->OnEvent(Started{});
  // Averages at time 2: 0.3, 0.5, 0.7.
  for (const auto& [number, value] : {std::pair{1, 0.4}, {2, 0.6}, {3, 0.8}}) {
    Report(*searcher, number, 1, value);
    Report(*searcher, number, 2, value - 0.2);
  }
  EXPECT_EQ(Report(*searcher, 4, 1, 0.55), Lines{}) << "averages at 1: 0.4 0.6 0.8";
  EXPECT_EQ(Report(*searcher, 4, 2, 0.9), Lines{Lines{
      "stop 4: median: best 0.55 at 1 is worse than 0.5, the median average of 3 others at 2"}});
  // 4 has come as far and counts: averages at 2: 0.3 0.5 0.7 0.725, median 0.6.
  EXPECT_EQ(Report(*searcher, 5, 2, 0.6), Lines{}) << "not strictly worse";
  EXPECT_EQ(Report(*searcher, 6, 3, 0.9), Lines{}) << "no three others have come to 3";
}

TEST(Median, WaitsForGraceTime) {
  auto searcher = MakeSearcher(Random({Median(1, 3)})).value();
  searcher->OnEvent(Started{});
  for (std::int64_t time = 1; time <= 3; ++time) Report(*searcher, 1, time, 0.1);
  EXPECT_EQ(Report(*searcher, 2, 2, 0.9), Lines{});
  EXPECT_EQ(searcher->NextDecision(2), 3);
  EXPECT_EQ(Report(*searcher, 2, 3, 0.9).size(), 1u);
}

TEST(StopRules, TheSearcherInsideGoesOnWithoutTheStoppedOne) {
  ExperimentConfig config = Random({Patience(1)});
  config.searcher.name = "hyperband";
  config.searcher.divisor = 3;
  config.searcher.max_time = 9;
  config.searcher.max_rungs = 2;  // rungs 3, 9
  config.searcher.max_trials = 3;
  config.searcher.max_concurrent_trials = 3;
  auto searcher = MakeSearcher(config).value();
  searcher->OnEvent(Started{});
  Report(*searcher, 1, 1, 0.1);
  EXPECT_EQ(Report(*searcher, 1, 2, 0.1).size(), 1u) << "stopped by patience";
  searcher->OnEvent(TrialClosed{1, true, 0.1});
  Report(*searcher, 2, 3, 0.2);
  EXPECT_EQ(Report(*searcher, 3, 3, 0.3),
            (Lines{"stop 2: bracket 0, rung 0: 2nd of 3, top 1 kept",
                   "stop 3: bracket 0, rung 0: 3rd of 3, top 1 kept"}));
}

TEST(StopRules, RefuseWhatIsOutOfRange) {
  StopRuleConfig unknown;
  unknown.rule = "hope";
  for (const StopRuleConfig& rule :
       {unknown, Patience(0), Patience(1, -1), Patience(1, 0, -1), Median(0), Median(1, -1)}) {
    EXPECT_FALSE(MakeSearcher(Random({rule})).ok()) << rule.rule;
  }
}

}  // namespace
}  // namespace tutti::search
