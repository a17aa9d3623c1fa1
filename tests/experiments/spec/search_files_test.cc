// Goal: the experiment files about searching ask for what their comments say. Method: parses the
// shipped files.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "experiments/models/graph.h"
#include "experiments/spec/dataset_facts.h"
#include "experiments/spec/spec.h"

namespace tutti::spec {
namespace {

ExperimentConfig Shipped(const std::string& name) {
  std::ifstream in(std::string(TUTTI_SOURCE_DIR "/experiments/") + name + ".yaml");
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  ParseOptions options;
  options.file_name = name;
  options.base_dir = "/base";
  ParseOutcome outcome = ParseExperiments(text, options);
  for (const Diagnostic& diagnostic : outcome.diagnostics) {
    ADD_FAILURE() << FormatDiagnostic(diagnostic);
  }
  EXPECT_EQ(outcome.experiments.size(), 1u);
  return outcome.ok ? outcome.experiments[0].config : ExperimentConfig();
}

Graph GraphOf(const ExperimentConfig& config) {
  const auto input = FindModelInput(config.canonical["data"]);
  EXPECT_TRUE(input.has_value());
  return BuildGraph(config.model, input->shape, input->classes).value();
}

// The files about searching do what their comments say.
TEST(SearchFiles, AskForTheSearchesThatTheyShow) {
  const ExperimentConfig asha = Shipped("asha_mnist");
  EXPECT_EQ(asha.searcher.name, "adaptive_asha");
  EXPECT_EQ(asha.searcher.max_time, 4);
  EXPECT_EQ(asha.training.epochs, 4);
  EXPECT_EQ(asha.hyperparameters.size(), 3u);
  const ExperimentConfig deterministic = Shipped("deterministic_asha");
  EXPECT_TRUE(deterministic.searcher.deterministic);
  EXPECT_EQ(deterministic.searcher.num_rungs, 3);
  const ExperimentConfig pbt = Shipped("pbt_mnist");
  EXPECT_EQ(pbt.searcher.population_size, 8);
  EXPECT_EQ(pbt.training.epochs, pbt.searcher.num_rounds * pbt.searcher.round_time);
  const ExperimentConfig nsga2 = Shipped("nsga2_mnist");
  ASSERT_EQ(nsga2.searcher.objectives.size(), 3u);
  EXPECT_EQ(nsga2.searcher.objectives[0].metric, nsga2.searcher.metric);
  EXPECT_FALSE(nsga2.searcher.smaller_is_better);
  EXPECT_EQ(nsga2.searcher.max_trials, 3 * nsga2.searcher.population_size);
}

TEST(SearchFiles, TpeHasAConditionAStopRuleAndAConstraintThatBinds) {
  const ExperimentConfig config = Shipped("tpe_mnist");
  ASSERT_EQ(config.hyperparameters.size(), 5u);
  const SearchDimension& momentum = config.hyperparameters.back();
  ASSERT_EQ(momentum.when.size(), 1u);
  EXPECT_EQ(momentum.when[0].path, "training.optimizer.name");
  EXPECT_EQ(momentum.when[0].values, (std::vector<Json>{"sgd"}));
  ASSERT_EQ(config.searcher.stop.size(), 1u);
  EXPECT_EQ(config.searcher.stop[0].rule, "patience");
  ASSERT_EQ(config.searcher.constraints.size(), 1u);
  const double most = config.searcher.constraints[0].max.value();
  const auto parameters = [&](int width, int hidden) {
    ExperimentConfig trial = config;
    trial.model.Set("width", width);
    trial.model.Set("hidden", hidden);
    return static_cast<double>(GraphOf(trial).parameters);
  };
  EXPECT_LT(parameters(8, 32), most);
  EXPECT_GT(parameters(32, 128), most);
}

}  // namespace
}  // namespace tutti::spec
