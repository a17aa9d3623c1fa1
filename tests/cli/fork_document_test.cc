// Goal: a fork is the trial that it starts from, as one experiment file that says only what was
// given, and it is valid for another data set. Method: documents made by spec, forked, and read by
// spec again.

#include "cli/fork_document.h"

#include <gtest/gtest.h>

#include "cli/output.h"
#include "experiments/spec/spec.h"

namespace tutti::cli {
namespace {

constexpr std::string_view kParent =
    "name: parent\n"
    "data: {dataset: glyphs, options: {train: 500, classes: 10}, classes: [1, 2, 3]}\n"
    "model: {preset: mnist_cnn, width: 16}\n"
    "training: {batch_size: 32, optimizer: {name: sgd}, warm_start: 1.1@best,\n"
    "           freeze: ['features.*'],\n"
    "           schedule: {name: step, every: 2}}\n"
    "searcher: {name: grid, metric: validation_accuracy, smaller_is_better: false, max_time: 4}\n"
    "hyperparameters:\n"
    "  learning_rate: {type: categorical, vals: [0.1, 0.2]}\n"
    "  model.dropout: {type: categorical, vals: [0.1, 0.2]}\n"
    "ensemble: {members: 3}\n";

spec::ParseOutcome Parse(const std::string& text, const std::vector<std::string>& sets = {}) {
  spec::ParseOptions options;
  options.file_name = "fork";
  options.base_dir = "/";
  for (const std::string& set : sets) {
    options.overrides.push_back(spec::ParseOverride(set).value());
  }
  spec::ParseOutcome outcome = spec::ParseExperiments(text, options);
  for (const spec::Diagnostic& diagnostic : outcome.diagnostics) {
    ADD_FAILURE() << spec::FormatDiagnostic(diagnostic) << "\n" << text;
  }
  return outcome;
}

Json Fork(const ForkPlan& plan) {
  const spec::ParseOutcome parent = Parse(std::string(kParent));
  return ForkDocument(parent.experiments[0].canonical, parent.experiments[0].provenance,
                      Json::MakeObject({{"training.optimizer.lr", 0.2}, {"model.dropout", 0.1}}),
                      plan);
}

TEST(ForkDocument, IsTheTrialWithoutSearchReplicatesAndEnsemble) {
  ForkPlan plan;
  plan.checkpoint = "7.2@best";
  const auto outcome = Parse(ToYaml(Fork(plan)));
  ASSERT_EQ(outcome.experiments.size(), 1u);
  const ExperimentConfig& config = outcome.experiments[0].config;
  EXPECT_EQ(config.name, "parent-fork");
  EXPECT_EQ(config.searcher.name, "single");
  EXPECT_EQ(config.searcher.metric, "validation_accuracy");
  EXPECT_EQ(config.replicates, 1);
  EXPECT_FALSE(config.ensemble.has_value());
  EXPECT_TRUE(config.hyperparameters.empty());
  EXPECT_EQ(config.training.optimizer.lr, 0.2);
  EXPECT_EQ(config.model["dropout"], Json(0.1));
  EXPECT_EQ(config.model["width"], Json(16));
  EXPECT_EQ(config.training.epochs, 4);
  EXPECT_EQ(config.training.schedule.every_epochs, 2);
  EXPECT_EQ(config.data.classes, (std::vector<std::int64_t>{1, 2, 3}));
  ASSERT_TRUE(config.training.warm_start.has_value());
  EXPECT_EQ(config.training.warm_start->checkpoint, "7.2@best");
  EXPECT_EQ(config.training.warm_start->weights, (std::vector<std::string>{"*"}));
  EXPECT_TRUE(config.training.freeze.empty()) << "the parent's own freezing is not inherited";
}

TEST(ForkDocument, WritesOnlyWhatWasGiven) {
  ForkPlan plan;
  plan.checkpoint = "7.2@e3";
  plan.name = "child";
  plan.warm_start = {"features.*"};
  plan.freeze = {"features.0.*"};
  EXPECT_EQ(Fork(plan).Dump(2), R"({
  "name": "child",
  "description": "Started from 7.2@e3.",
  "data": {
    "dataset": "glyphs",
    "options": {
      "train": 500,
      "classes": 10
    },
    "classes": [
      1,
      2,
      3
    ]
  },
  "model": {
    "preset": "mnist_cnn",
    "width": 16,
    "dropout": 0.1
  },
  "training": {
    "epochs": 4,
    "batch_size": 32,
    "optimizer": {
      "name": "sgd",
      "lr": 0.2
    },
    "schedule": {
      "name": "step",
      "every": {
        "epochs": 2
      }
    },
    "warm_start": {
      "checkpoint": "7.2@e3",
      "weights": [
        "features.*"
      ]
    },
    "freeze": [
      "features.0.*"
    ]
  },
  "searcher": {
    "metric": "validation_accuracy",
    "smaller_is_better": false
  }
})");
}

TEST(ForkDocument, LeavesTheOptionsOfAnotherDataSetBehind) {
  ForkPlan plan;
  plan.checkpoint = "7.2@best";
  plan.warm_start = {"features.*"};
  plan.other_dataset = true;
  const auto outcome = Parse(ToYaml(Fork(plan)), {"data.dataset=emnist/letters"});
  ASSERT_EQ(outcome.experiments.size(), 1u);
  EXPECT_EQ(outcome.experiments[0].config.data.dataset, "emnist/letters");
  EXPECT_TRUE(outcome.experiments[0].config.data.classes.empty());
}

// Whatever the search was, the fork is one trial of its length.
TEST(ForkDocument, LeavesEverySearchBehind) {
  const std::string model = "name: parent\ndata: {dataset: mnist}\nmodel: {preset: mnist_cnn}\n"
                            "hyperparameters: {learning_rate: {type: log, minval: -4, maxval: "
                            "-1}}\n";
  const std::vector<std::string> searches{
      "{name: adaptive_asha, max_trials: 16, max_time: 8, mode: aggressive, deterministic: true}",
      "{name: pbt, num_rounds: 4, round_time: 2, truncate_fraction: 0.5}",
      "{name: tpe, max_trials: 9, max_time: 8, learn_from: [1], stop: [{patience: 3}],\n"
      "           constraints: [{metric: parameters, max: 1000}], startup_trials: 4}",
      "{name: nsga2, max_trials: 60, max_time: 8, metrics: [validation_loss, flops]}"};
  ForkPlan plan;
  plan.checkpoint = "7.2@best";
  for (const std::string& search : searches) {
    SCOPED_TRACE(search);
    const spec::ParseOutcome parent = Parse(model + "searcher: " + search + "\n");
    ASSERT_EQ(parent.experiments.size(), 1u);
    const Json fork = ForkDocument(parent.experiments[0].canonical,
                                   parent.experiments[0].provenance,
                                   Json::MakeObject({{"training.optimizer.lr", 0.2}}), plan);
    const auto outcome = Parse(ToYaml(fork));
    ASSERT_EQ(outcome.experiments.size(), 1u);
    EXPECT_EQ(outcome.experiments[0].config.searcher.name, "single");
    EXPECT_EQ(outcome.experiments[0].config.training.epochs, 8);
    EXPECT_TRUE(outcome.experiments[0].config.searcher.constraints.empty());
  }
}

TEST(ForkDocument, KeepsALengthInBatches) {
  ForkPlan plan;
  plan.checkpoint = "7.2@best";
  const spec::ParseOutcome parent =
      Parse("name: parent\ndata: {dataset: mnist}\nmodel: {preset: mnist_cnn}\n"
            "searcher: {name: single, time_metric: batches, max_time: 300}\n"
            "min_validation_period: 100\n");
  ASSERT_EQ(parent.experiments.size(), 1u);
  const Json fork = ForkDocument(parent.experiments[0].canonical, parent.experiments[0].provenance,
                                 Json::MakeObject(), plan);
  const auto outcome = Parse(ToYaml(fork));
  ASSERT_EQ(outcome.experiments.size(), 1u);
  EXPECT_EQ(outcome.experiments[0].config.training.max_batches, 300);
  EXPECT_EQ(outcome.experiments[0].config.searcher.max_time, 300);
  EXPECT_EQ(outcome.experiments[0].config.min_validation_period, 100);
}

}  // namespace
}  // namespace tutti::cli
