// Goal: what a file says arrives in the typed configuration: recipes, searches, programs, sampled
// values, documents of older versions. Method: short documents, parsed, and read once more from their
// canonical form.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "experiments/spec/spec.h"

namespace tutti::spec {
namespace {

constexpr std::string_view kMinimal =
    "name: x\n"
    "data: {dataset: mnist}\n"
    "model: {preset: mnist_cnn}\n"
    "training: {epochs: 2}\n";

ParseOutcome Parse(std::string_view text, const std::vector<std::string>& sets = {}) {
  ParseOptions options;
  options.file_name = "a.yaml";
  options.base_dir = "/home/me/experiments";
  options.override_base_dir = "/work/here";
  for (const std::string& set : sets) options.overrides.push_back(ParseOverride(set).value());
  return ParseExperiments(text, options);
}

std::vector<std::string> Formatted(const ParseOutcome& outcome) {
  std::vector<std::string> lines;
  for (const Diagnostic& diagnostic : outcome.diagnostics) {
    lines.push_back(FormatDiagnostic(diagnostic));
  }
  return lines;
}

Json Canonical(std::string_view text, const std::vector<std::string>& sets = {}) {
  ParseOutcome outcome = Parse(text, sets);
  EXPECT_TRUE(outcome.ok) << ::testing::PrintToString(Formatted(outcome));
  return outcome.ok ? std::move(outcome.experiments[0].canonical) : Json();
}

TEST(Hparams, OfATrialReplaceFieldsParentsFirst) {
  const Json canonical = Canonical(kMinimal);
  const Json trial = ApplyHparams(
      canonical, Json::MakeObject({{"model", Json::MakeObject({{"preset", "two_block_cnn"}})},
                                   {"model.dropout", 0.25},
                                   {"training.optimizer.lr", 0.1}}));
  EXPECT_EQ(trial["model"].Dump(), R"({"preset":"two_block_cnn","dropout":0.25})");
  const auto config = ReadExperimentConfig(trial);
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->training.optimizer.lr, 0.1);
  EXPECT_EQ(config->training.batch_size, 128);
}

TEST(Config, HoldsEverySectionOfARecipe) {
  const std::string text =
      "name: x\n"
      "data: {dataset: mnist, augment: {rotate: 10, shift: 0.1, zoom: 0.2, shear: 3, erase: 0.5}}\n"
      "model: {preset: cnn3}\n"
      "training:\n"
      "  epochs: 9\n"
      "  schedule: {name: multi_step, milestones: [3, 6], gamma: 0.5,\n"
      "             warmup: {epochs: 0.5, factor: 0.1}}\n"
      "  gradient: {clip_norm: 2, accumulate: 4}\n"
      "  ema: 0.99\n"
      "  early_stopping: {patience: 3, min_delta: 0.01}\n"
      "  freeze: [features.0.*]\n"
      "  warm_start: {checkpoint: 4.1@e7, weights: [features.*]}\n"
      "ensemble: {members: {snapshots: 3}, combine: weighted, weights: [1, 2, 3],\n"
      "           min_members: 3}\n";
  const ParseOutcome outcome = Parse(text, {"training.early_stopping.patience=2"});
  ASSERT_TRUE(outcome.ok) << ::testing::PrintToString(Formatted(outcome));
  const ExperimentConfig& config = outcome.experiments[0].config;
  EXPECT_EQ(config.data.augment.rotate, 10);
  EXPECT_EQ(config.data.augment.shift, 0.1);
  EXPECT_EQ(config.data.augment.zoom, 0.2);
  EXPECT_EQ(config.data.augment.shear, 3);
  EXPECT_EQ(config.data.augment.erase, 0.5);
  EXPECT_EQ(config.data.augment.erase_area, 0.1);
  const TrainingConfig& training = config.training;
  EXPECT_EQ(training.schedule.name, "multi_step");
  EXPECT_EQ(training.schedule.milestones, (std::vector<std::int64_t>{3, 6}));
  EXPECT_EQ(training.schedule.gamma, 0.5);
  EXPECT_EQ(training.schedule.warmup_epochs, 0.5);
  EXPECT_EQ(training.schedule.warmup_factor, 0.1);
  EXPECT_EQ(training.clip_norm, 2.0);
  EXPECT_EQ(training.accumulate, 4);
  EXPECT_EQ(training.ema_decay, 0.99);
  ASSERT_TRUE(training.early_stopping.has_value());
  EXPECT_EQ(training.early_stopping->patience, 2);
  EXPECT_EQ(training.early_stopping->min_delta, 0.01);
  EXPECT_EQ(training.freeze, (std::vector<std::string>{"features.0.*"}));
  ASSERT_TRUE(training.warm_start.has_value());
  EXPECT_EQ(training.warm_start->checkpoint, "4.1@e7");
  EXPECT_EQ(training.warm_start->name, "");
  ASSERT_TRUE(config.ensemble.has_value());
  EXPECT_EQ(config.ensemble->members, "snapshots");
  EXPECT_EQ(config.ensemble->count, 3);
  EXPECT_EQ(config.ensemble->weights, (std::vector<double>{1, 2, 3}));
}

TEST(Config, HoldsEveryPartOfASearch) {
  const ParseOutcome outcome = Parse(
      "name: x\ndata: {dataset: mnist}\nmodel: {preset: mnist_cnn}\n"
      "hyperparameters:\n"
      "  training.optimizer.name: {type: categorical, vals: [adam, sgd]}\n"
      "  training.optimizer.momentum: {type: double, minval: 0, maxval: 0.9,\n"
      "                                when: {training.optimizer.name: sgd}}\n"
      "searcher: {name: bohb, metric: validation_accuracy, smaller_is_better: false,\n"
      "           max_trials: 20, max_time: 900, time_metric: batches, divisor: 3, max_rungs: 4,\n"
      "           startup_trials: 7, deterministic: true, learn_from: [3],\n"
      "           observations: [{hparams: {a: 1}, value: 0.5}],\n"
      "           stop: [{patience: {validations: 4, min_delta: 0.1, grace_time: 90}},\n"
      "                  {median: {grace_time: 30, min_trials: 6}}],\n"
      "           constraints: [{metric: flops, max: 1.0e+7}, {metric: validation_loss, min: 0.1}]}\n"
      "min_validation_period: 100\n"
      "resources: {packing: 3, node_labels: {zone: a}}\n");
  ASSERT_TRUE(outcome.ok) << ::testing::PrintToString(Formatted(outcome));
  const ExperimentConfig& config = outcome.experiments[0].config;
  const SearcherConfig& searcher = config.searcher;
  EXPECT_EQ(searcher.time_metric, "batches");
  EXPECT_EQ(searcher.max_time, 900);
  EXPECT_EQ(config.training.max_batches, 900);
  EXPECT_EQ(config.min_validation_period, 100);
  EXPECT_EQ(searcher.max_concurrent_trials, 16);
  EXPECT_EQ(searcher.divisor, 3);
  EXPECT_EQ(searcher.max_rungs, 4);
  EXPECT_EQ(searcher.startup_trials, 7);
  EXPECT_TRUE(searcher.deterministic);
  EXPECT_EQ(searcher.learn_from, (std::vector<std::int64_t>{3}));
  ASSERT_EQ(searcher.observations.size(), 1u);
  EXPECT_EQ(searcher.observations[0].hparams.Dump(), R"({"a":1})");
  EXPECT_EQ(searcher.observations[0].value, 0.5);
  ASSERT_EQ(searcher.stop.size(), 2u);
  EXPECT_EQ(searcher.stop[0].rule, "patience");
  EXPECT_EQ(searcher.stop[0].patience, 4);
  EXPECT_EQ(searcher.stop[0].min_delta, 0.1);
  EXPECT_EQ(searcher.stop[0].grace_time, 90);
  EXPECT_EQ(searcher.stop[1].rule, "median");
  EXPECT_EQ(searcher.stop[1].min_trials, 6);
  EXPECT_EQ(searcher.stop[1].grace_time, 30);
  ASSERT_EQ(searcher.constraints.size(), 2u);
  EXPECT_EQ(searcher.constraints[0].max, 1e7);
  EXPECT_FALSE(searcher.constraints[0].min.has_value());
  EXPECT_EQ(searcher.constraints[1].min, 0.1);
  ASSERT_EQ(config.hyperparameters.size(), 2u);
  ASSERT_EQ(config.hyperparameters[1].when.size(), 1u);
  EXPECT_EQ(config.hyperparameters[1].when[0].path, "training.optimizer.name");
  EXPECT_EQ(config.hyperparameters[1].when[0].values, (std::vector<Json>{"sgd"}));
  EXPECT_EQ(config.resources.max_per_slot, 3);
  EXPECT_EQ(config.resources.node_labels.at("zone"), "a");
}

TEST(Config, HoldsAProgramAndItsSurroundings) {
  const ParseOutcome outcome =
      Parse("name: x\nentrypoint: [bin/train, --fast]\nenvironment: {A: b}\n"
            "hyperparameters: {lr: 0.1, learning_rate: 0.2, name: y}\n"
            "searcher: {name: single, metric: validation_score, time_metric: steps,\n"
            "           smaller_is_better: false}\n");
  ASSERT_TRUE(outcome.ok) << ::testing::PrintToString(Formatted(outcome));
  const ExperimentConfig& config = outcome.experiments[0].config;
  EXPECT_EQ(config.entrypoint,
            (std::vector<std::string>{"/home/me/experiments/bin/train", "--fast"}));
  EXPECT_EQ(config.working_directory, "/home/me/experiments");
  EXPECT_EQ(config.environment.at("A"), "b");
  EXPECT_EQ(config.searcher.time_metric, "steps");
  EXPECT_EQ(config.searcher.max_time, 0);
  // Determined's names are not translated: the program is the one to know them.
  ASSERT_EQ(config.hyperparameters.size(), 3u);
  EXPECT_EQ(config.hyperparameters[1].path, "learning_rate");
  EXPECT_EQ(Canonical("name: x\nentrypoint: a\nworking_directory: ../w\n"
                      "searcher: {name: single, metric: validation_loss}\n",
                      {"working_directory=here"})["working_directory"],
            Json("/work/here/here"));
}

// The engine journals documents; those of an older version have none of the newer sections.
TEST(Config, ReadsDocumentsOfBeforeTheNewerSections) {
  Json document = Canonical(kMinimal);
  document.Find("data")->Erase("augment");
  Json& training = *document.Find("training");
  for (const char* section : {"gradient", "freeze"}) training.Erase(section);
  training.Set("schedule", Json::MakeObject({{"name", "constant"}}));
  const auto config = ReadExperimentConfig(document);
  ASSERT_TRUE(config.ok()) << config.error().ToString();
  EXPECT_FALSE(config->data.augment.any());
  EXPECT_EQ(config->training.accumulate, 1);
  EXPECT_EQ(config->training.schedule.name, "constant");
  EXPECT_FALSE(config->training.ema_decay || config->training.warm_start || config->ensemble);
  // It can be submitted again, too.
  EXPECT_TRUE(ValidateCanonical(document).ok());
}

TEST(Config, ValuesOfASearchedScheduleCanAllBeRead) {
  std::string text(kMinimal);
  text +=
      "searcher: {name: grid}\n"
      "hyperparameters:\n"
      "  training.schedule.name: {type: categorical, vals: [cosine, linear, one_cycle, plateau]}\n"
      "  training.ema: {type: categorical, vals: [null, {decay: 0.9}]}\n";
  const Json canonical = Canonical(text);
  for (const Json& name :
       canonical["hyperparameters"]["training.schedule.name"]["vals"].AsArray()) {
    for (const Json& ema : canonical["hyperparameters"]["training.ema"]["vals"].AsArray()) {
      const auto config = ReadExperimentConfig(ApplyHparams(
          canonical,
          Json::MakeObject({{"training.schedule.name", name}, {"training.ema", ema}})));
      ASSERT_TRUE(config.ok()) << config.error().ToString();
      EXPECT_EQ(config->training.schedule.name, name.AsString());
      EXPECT_EQ(config->training.ema_decay.has_value(), !ema.is_null());
    }
  }
}

}  // namespace
}  // namespace tutti::spec
