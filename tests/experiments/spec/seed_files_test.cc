// Goal: the five seeds' experiment files say what the seeds say: layer shapes, parameters,
// schedule, epochs, splits and the ensemble. Method: parses the shipped files and compares them with the
// numbers of the seed documents (shared/seeds, summed up in the files' comments).

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "experiments/models/graph.h"
#include "experiments/spec/dataset_facts.h"
#include "experiments/spec/spec.h"

namespace tutti::spec {
namespace {

ExperimentConfig Shipped(const std::string& name, const std::vector<std::string>& sets = {}) {
  std::ifstream in(std::string(TUTTI_SOURCE_DIR "/experiments/") + name + ".yaml");
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  ParseOptions options;
  options.file_name = name;
  options.base_dir = "/base";
  options.override_base_dir = "/work";
  for (const std::string& set : sets) options.overrides.push_back(ParseOverride(set).value());
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

// The shapes after the convolutions, poolings and dense layers of `graph`.
std::vector<std::string> Shapes(const Graph& graph, const std::string& kinds) {
  std::vector<std::string> shapes;
  for (const Layer& layer : graph.layers) {
    if (kinds.find(layer.kind) != std::string::npos) shapes.push_back(ShapeText(layer.out));
  }
  return shapes;
}

TEST(SeedFiles, EmnistSeResnetHasAllPartsOfSeed000) {
  const ExperimentConfig config = Shipped("emnist_se_resnet");
  EXPECT_EQ(config.data.dataset, "emnist/digits");
  EXPECT_GT(config.data.augment.rotate, 0);
  EXPECT_GT(config.data.augment.shift, 0);
  EXPECT_GT(config.data.augment.zoom, 0);
  const Graph graph = GraphOf(config);
  int residuals = 0;
  for (const Layer& layer : graph.layers) {
    if (layer.kind != "residual") continue;
    ++residuals;
    const auto has = [&](const char* kind) {
      return std::any_of(layer.layers.begin(), layer.layers.end(),
                         [&](const Layer& inner) { return inner.kind == kind; });
    };
    EXPECT_TRUE(has("conv") && has("batch_norm") && has("squeeze_excite")) << layer.name;
  }
  EXPECT_EQ(residuals, 2);
  EXPECT_EQ(graph.layers.back().out, (Shape{10}));
  EXPECT_EQ(Shipped("emnist_se_resnet", {"data.dataset=mnist"}).data.dataset, "mnist");
}

TEST(SeedFiles, Emnist36Cnn3IsSeed001) {
  const ExperimentConfig config = Shipped("emnist36_cnn3", {"data.root=data"});
  EXPECT_EQ(config.data.root, "/work/data");
  const Graph graph = GraphOf(config);
  EXPECT_EQ(graph.classes, 36);
  EXPECT_EQ(Shapes(graph, "conv"), (std::vector<std::string>{"32x28x28", "64x14x14", "128x7x7"}));
  EXPECT_EQ(Shapes(graph, "max_pool flatten linear"),
            (std::vector<std::string>{"32x14x14", "64x7x7", "128x3x3", "1152", "256", "128",
                                      "36"}));
  EXPECT_EQ(graph.parameters, 425'380);
  EXPECT_EQ(config.data.train_fraction, 0.7);
  EXPECT_EQ(config.data.validation_fraction, 0.2);
  EXPECT_EQ(config.data.test_fraction, 0.1);
  EXPECT_EQ(config.training.epochs, 20);
  EXPECT_EQ(config.training.optimizer.name, "adam");
  EXPECT_EQ(config.training.optimizer.lr, 1e-3);
  EXPECT_EQ(config.training.schedule.name, "step");
  EXPECT_EQ(config.training.schedule.every_epochs, 5);
  EXPECT_EQ(config.training.schedule.gamma, 0.1);
  EXPECT_EQ(config.searcher.metric, "validation_accuracy");
}

TEST(SeedFiles, Emnist36Cnn3TakesBalancedToo) {
  const ExperimentConfig config =
      Shipped("emnist36_cnn3", {"data.dataset=emnist/balanced", "data.options=null"});
  EXPECT_EQ(GraphOf(config).classes, 47);
}

TEST(SeedFiles, MnistCnnIsSeed002) {
  const ExperimentConfig config = Shipped("mnist_cnn");
  EXPECT_EQ(GraphOf(config).parameters, 225'034);
  EXPECT_EQ(config.training.epochs, 5);
  EXPECT_EQ(config.training.batch_size, 128);
  EXPECT_EQ(config.data.validation_fraction, 0.1);
  EXPECT_EQ(config.training.schedule.name, "constant");
}

TEST(SeedFiles, KaggleEnsembleIsSeed003) {
  const ExperimentConfig config = Shipped("kaggle_ensemble");
  const Graph graph = GraphOf(config);
  EXPECT_EQ(Shapes(graph, "conv"),
            (std::vector<std::string>{"32x26x26", "32x24x24", "32x12x12", "64x10x10"}));
  EXPECT_EQ(Shapes(graph, "flatten linear"), (std::vector<std::string>{"6400", "10"}));
  std::vector<std::string> kinds;
  for (const Layer& layer : graph.layers) {
    kinds.push_back(layer.kind);
    if (layer.kind == "conv") {
      EXPECT_EQ(layer.init, "he_normal");
    }
    if (layer.kind == "dropout") {
      EXPECT_EQ(layer.p, 0.3);
    }
  }
  EXPECT_EQ(kinds, (std::vector<std::string>{
                       "conv", "batch_norm", "relu", "conv", "batch_norm", "relu", "conv",
                       "batch_norm", "relu", "dropout", "conv", "batch_norm", "relu", "flatten",
                       "dropout", "linear"}));
  EXPECT_EQ(graph.layers[6].kernel, 5);
  EXPECT_EQ(graph.layers[6].stride, 2);
  EXPECT_TRUE(graph.layers[6].padding.same);
  EXPECT_EQ(config.training.epochs, 10);
  EXPECT_EQ(config.training.batch_size, 64);
  EXPECT_EQ(config.training.optimizer.lr, 1e-3);
  EXPECT_EQ(config.training.schedule.name, "exponential");
  EXPECT_EQ(config.training.schedule.gamma, 0.95);
  EXPECT_TRUE(config.data.split_per_trial);
  EXPECT_EQ(config.data.augment.rotate, 10);
  EXPECT_EQ(config.data.augment.zoom, 0.1);
  EXPECT_EQ(config.data.augment.shift, 0.1);
  EXPECT_EQ(config.replicates, 3);
  ASSERT_TRUE(config.ensemble.has_value());
  EXPECT_EQ(config.ensemble->members, "replicates");
  EXPECT_EQ(config.ensemble->count, 3);
  EXPECT_EQ(config.ensemble->combine, "mean_probability");
  EXPECT_EQ(config.ensemble->min_members, 2);
}

TEST(SeedFiles, KaggleEnsembleReadsKagglesFilesByItsComment) {
  const ExperimentConfig config = Shipped(
      "kaggle_ensemble", {"data.dataset=csv", "data.root=kaggle",
                          "data.options={train: train.csv, test: test.csv, class_names: ['0', '1', "
                          "'2', '3', '4', '5', '6', '7', '8', '9']}"});
  EXPECT_EQ(GraphOf(config).classes, 10);
  EXPECT_EQ(config.evaluation.splits, (std::vector<Split>{Split::kValidation, Split::kTest}));
}

TEST(SeedFiles, TwoBlockCnnIsSeed004) {
  const ExperimentConfig config = Shipped("two_block_cnn");
  const Graph graph = GraphOf(config);
  EXPECT_EQ(graph.parameters, 467'818);
  EXPECT_EQ(Shapes(graph, "conv max_pool"),
            (std::vector<std::string>{"32x28x28", "32x28x28", "32x14x14", "64x14x14", "64x14x14",
                                      "64x7x7"}));
  EXPECT_EQ(GraphOf(Shipped("two_block_cnn", {"data.dataset=emnist/letters"})).classes, 26);
}

}  // namespace
}  // namespace tutti::spec
