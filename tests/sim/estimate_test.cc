// Goal: what `tutti plan` says of time, brackets and sizes follows from the arithmetic of the
// search and of the machines.
// Method: small experiments whose makespan can be computed by hand; bracket tables worked out from
// the published rules (EXPERIMENT_YAML.md); text and JSON of MakePlan.

#include <gtest/gtest.h>

#include <string>

#include "cli/plan_text.h"
#include "coordinator/simulation/estimate.h"
#include "experiments/core/config/experiment_config.h"
#include "tests/sim/scenario_file.h"

namespace tutti::simulation {
namespace {

Json Canonical(const std::string& document) {
  auto parsed = Json::Parse(document);
  EXPECT_TRUE(parsed.ok()) << parsed.error().ToString();
  auto canonical = CanonicalOf(*parsed);
  EXPECT_TRUE(canonical.ok()) << canonical.error().ToString();
  return *canonical;
}
RunEstimate Estimate(const std::string& document, const std::string& nodes, std::int64_t unit_ms) {
  auto run = EstimateRun(Canonical(document), ParseNodes(nodes).value(), unit_ms, 1);
  EXPECT_TRUE(run.ok()) << run.error().ToString();
  return *run;
}

TEST(ParseNodes, ReadsCountsAndSlots) {
  const auto nodes = ParseNodes("2x8,1x4");
  ASSERT_TRUE(nodes.ok());
  ASSERT_EQ(nodes->size(), 3u);
  EXPECT_EQ((*nodes)[0].slots, 8);
  EXPECT_EQ((*nodes)[2].slots, 4);
  EXPECT_EQ((*nodes)[2].name, "n3");
  for (const char* bad :
       {"", "8", "x8", "8x", "0x8", "8x0", "2x8,", "-1x8", "2x8;1x4", "20000x1"}) {
    EXPECT_FALSE(ParseNodes(bad).ok()) << bad;
  }
}

TEST(EstimateRun, IsTheSumOfRoundsOnFewSlots) {
  const std::string document =
      R"({"training": {"epochs": 3}, "searcher": {"name": "random", "max_trials": 4}})";
  // Two rounds of two trials, 30 s each, with a little for starting and evaluating.
  const RunEstimate two = Estimate(document, "1x2", 10'000);
  EXPECT_GE(two.makespan_ms, 60'000);
  EXPECT_LE(two.makespan_ms, 66'000);
  EXPECT_GE(two.slot_ms, 120'000);
  EXPECT_LE(two.slot_ms, 132'000);
  EXPECT_EQ(two.trials, 4);
  EXPECT_EQ(two.units, 12);
  EXPECT_EQ(two.states.at("COMPLETED"), 4);
  const RunEstimate four = Estimate(document, "2x2", 10'000);
  EXPECT_LE(four.makespan_ms, 34'000);
  EXPECT_EQ(four.units, 12);
}

TEST(EstimateRun, OfASearchThatStopsTrialsTrainsLess) {
  const RunEstimate asha = Estimate(
      R"({"searcher": {"name": "adaptive_asha", "max_trials": 32, "max_time": 16,
          "metric": "validation_loss"},
          "hyperparameters": {
            "training.optimizer.lr": {"type": "log", "minval": -4, "maxval": -1}}})",
      "2x4", 60'000);
  EXPECT_EQ(asha.configurations, 32);
  EXPECT_LT(asha.units, 32 * 16 / 2);
  EXPECT_GT(asha.states.at("STOPPED"), 16);
}

TEST(EstimateRun, RefusesWhatWouldTakeTooLong) {
  const auto run = EstimateRun(
      Canonical(R"({"training": {"epochs": 10000},
                    "searcher": {"name": "random", "max_trials": 9999}})"),
      ParseNodes("1x8").value(), 1'000, 1);
  ASSERT_FALSE(run.ok());
  EXPECT_NE(run.error().ToString().find("too large"), std::string::npos);
}

// max_trials 64, max_time 64, divisor 4: R = min(5, 3 + 1, 3 + 1) = 4, standard: 4, 3 and 2 rungs;
// weights 64/4, 16/3 and 4/2; of 64 trials floor(43.88), floor(14.62), floor(5.48), and 2 that are
// left go to the first.
TEST(Plan, PrintsBracketsAndRungs) {
  const auto config = ReadExperimentConfig(Canonical(
      R"({"searcher": {"name": "adaptive_asha", "max_trials": 64, "max_time": 64, "divisor": 4,
          "metric": "validation_loss"}})"));
  ASSERT_TRUE(config.ok()) << config.error().ToString();
  cli::PlanBasis basis;
  basis.nodes = ParseNodes("2x8").value();
  basis.known = true;
  basis.unit = cli::UnitTime{10, "as given"};
  const auto plan = cli::MakePlan(*config, basis);
  ASSERT_TRUE(plan.ok()) << plan.error().ToString();
  const Json& brackets = plan->json["brackets"];
  ASSERT_EQ(brackets.size(), 3u);
  EXPECT_EQ(brackets[0].Dump(), R"({"rungs":[1,4,16,64],"trials":45,"max_concurrent":6})");
  EXPECT_EQ(brackets[1].Dump(), R"({"rungs":[4,16,64],"trials":14,"max_concurrent":5})");
  EXPECT_EQ(brackets[2].Dump(), R"({"rungs":[16,64],"trials":5,"max_concurrent":5})");
  EXPECT_NE(plan->text.find("45 x 1, 11 x 4, 2 x 16, 1 x 64"), std::string::npos) << plan->text;
  EXPECT_EQ(plan->json["estimate"]["trials"].AsInt(), 64);
  EXPECT_EQ(plan->json["estimate"]["slots"].AsInt(), 16);
  EXPECT_NE(plan->text.find("slot-hours"), std::string::npos) << plan->text;
}

TEST(Plan, SaysWhatTheRangeOfSizesIsAndThatItsTimeIsAGuess) {
  const auto config = ReadExperimentConfig(Canonical(
      R"({"model": {"preset": "two_block_cnn"},
          "searcher": {"name": "random", "max_trials": 8},
          "hyperparameters": {"model.width": {"type": "int", "minval": 8, "maxval": 32}}})"));
  ASSERT_TRUE(config.ok()) << config.error().ToString();
  cli::PlanBasis basis;
  basis.nodes = ParseNodes("1x4").value();
  const auto plan = cli::MakePlan(*config, basis);
  ASSERT_TRUE(plan.ok()) << plan.error().ToString();
  EXPECT_LT(plan->json["parameters"][0].AsInt(), plan->json["parameters"][1].AsInt());
  EXPECT_LT(plan->json["flops"][0].AsInt(), plan->json["flops"][1].AsInt());
  EXPECT_NE(plan->text.find("a guess from FLOPs"), std::string::npos) << plan->text;
  EXPECT_EQ(plan->json["brackets"].size(), 0u);
}

TEST(Plan, OfAGangThatIsTooLargeIsImpossible) {
  const auto config = ReadExperimentConfig(
      Canonical(R"({"searcher": {"name": "single"}, "resources": {"slots_per_trial": 9}})"));
  ASSERT_TRUE(config.ok());
  cli::PlanBasis basis;
  basis.nodes = ParseNodes("2x4").value();
  basis.known = true;
  const auto plan = cli::MakePlan(*config, basis);
  ASSERT_TRUE(plan.ok());
  EXPECT_TRUE(plan->impossible);
  EXPECT_TRUE(plan->json["estimate"].is_null());
}

}  // namespace
}  // namespace tutti::simulation
