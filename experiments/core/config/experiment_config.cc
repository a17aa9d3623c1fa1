#include "experiments/core/config/experiment_config.h"

#include <utility>

#include "experiments/core/config/document_reader.h"
#include "experiments/core/config/search_config.h"

namespace tutti {
namespace {

// The sections that came with later versions may be missing altogether, as in the documents of
// experiments that an older version journaled: what they describe is then off.
void ReadAugment(DocumentReader& in, AugmentConfig& augment) {
  if (in.Optional("data.augment") == nullptr) return;
  in.Read("data.augment.rotate", augment.rotate);
  in.Read("data.augment.shift", augment.shift);
  in.Read("data.augment.zoom", augment.zoom);
  in.Read("data.augment.shear", augment.shear);
  in.Read("data.augment.erase", augment.erase);
  in.Read("data.augment.erase_area", augment.erase_area);
}

void ReadData(DocumentReader& in, DataConfig& data) {
  in.Read("data.dataset", data.dataset);
  in.Read("data.root", data.root);
  const Json* options = in.Required("data.options", &Json::is_object, "a map");
  if (options != nullptr) data.options = *options;
  ReadAugment(in, data.augment);
  in.Read("data.splits.validation", data.validation_fraction);
  in.Read("data.splits.train", data.train_fraction);
  in.Read("data.splits.test", data.test_fraction);
  in.Read("data.subset", data.subset);
  in.Read("data.classes", data.classes);
  const Json* normalize = in.Optional("data.normalize");
  if (normalize != nullptr && normalize->is_object()) {
    data.normalize = true;
    in.Read("data.normalize.mean", data.mean);
    in.Read("data.normalize.std", data.std);
  } else if (normalize == nullptr || *normalize != Json("scale")) {
    in.Fail("data.normalize", "expected \"scale\" or a map of mean and std");
  }
  const Json* seed = in.Optional("data.split_seed");
  if (seed != nullptr && *seed == Json("per_trial")) {
    data.split_per_trial = true;
  } else {
    std::int64_t value = 0;
    in.Read("data.split_seed", value);
    data.split_seed = static_cast<std::uint64_t>(value);
  }
}

void ReadSchedule(DocumentReader& in, ScheduleConfig& schedule) {
  in.Read("training.schedule.name", schedule.name);
  if (in.Optional("training.schedule.warmup") == nullptr) return;  // of an older version
  in.Read("training.schedule.every.epochs", schedule.every_epochs);
  in.Read("training.schedule.gamma", schedule.gamma);
  in.Read("training.schedule.milestones", schedule.milestones);
  in.Read("training.schedule.min_lr", schedule.min_lr);
  in.Read("training.schedule.cycles", schedule.cycles);
  in.Read("training.schedule.end_factor", schedule.end_factor);
  in.Read("training.schedule.start_fraction", schedule.start_fraction);
  in.Read("training.schedule.div_factor", schedule.div_factor);
  in.Read("training.schedule.final_div_factor", schedule.final_div_factor);
  in.Read("training.schedule.factor", schedule.factor);
  in.Read("training.schedule.patience", schedule.patience);
  in.Read("training.schedule.min_delta", schedule.min_delta);
  in.Read("training.schedule.warmup.epochs", schedule.warmup_epochs);
  in.Read("training.schedule.warmup.factor", schedule.warmup_factor);
}

// Averaging, early stopping, freezing and warm starts.
void ReadTrainingExtras(DocumentReader& in, TrainingConfig& training) {
  in.Read("training.gradient.clip_norm", training.clip_norm);
  if (in.Optional("training.gradient") != nullptr) {
    in.Read("training.gradient.accumulate", training.accumulate);
  }
  in.Read("training.ema.decay", training.ema_decay);
  if (in.Optional("training.early_stopping") != nullptr) {
    EarlyStoppingConfig stopping;
    in.Read("training.early_stopping.patience", stopping.patience);
    in.Read("training.early_stopping.min_delta", stopping.min_delta);
    training.early_stopping = stopping;
  }
  if (in.Optional("training.freeze") != nullptr) in.Read("training.freeze", training.freeze);
  if (in.Optional("training.warm_start") == nullptr) return;
  WarmStartConfig start;
  in.Read("training.warm_start.checkpoint", start.checkpoint);
  in.Read("training.warm_start.weights", start.weights);
  // The coordinator adds these when the experiment is submitted.
  if (in.Optional("training.warm_start.name") != nullptr) {
    in.Read("training.warm_start.name", start.name);
    in.Read("training.warm_start.sha256", start.sha256);
  }
  training.warm_start = std::move(start);
}

void ReadTraining(DocumentReader& in, TrainingConfig& training) {
  if (in.Has("training.max_batches")) {
    in.Read("training.max_batches", training.max_batches);
  } else {
    in.Read("training.epochs", training.epochs);
  }
  in.Read("training.batch_size", training.batch_size);
  OptimizerConfig& optimizer = training.optimizer;
  in.Read("training.optimizer.name", optimizer.name);
  in.Read("training.optimizer.lr", optimizer.lr);
  const Json* betas = in.Required("training.optimizer.betas", &Json::is_array, "a list");
  if (betas != nullptr && betas->size() == 2 && (*betas)[0].is_number() &&
      (*betas)[1].is_number()) {
    optimizer.beta1 = (*betas)[0].AsDouble();
    optimizer.beta2 = (*betas)[1].AsDouble();
  } else {
    in.Fail("training.optimizer.betas", "expected two numbers");
  }
  in.Read("training.optimizer.eps", optimizer.eps);
  in.Read("training.optimizer.weight_decay", optimizer.weight_decay);
  in.Read("training.optimizer.momentum", optimizer.momentum);
  in.Read("training.optimizer.nesterov", optimizer.nesterov);
  ReadSchedule(in, training.schedule);
  ReadTrainingExtras(in, training);
  in.Read("training.loss.label_smoothing", training.label_smoothing);
  in.Read("training.precision", kPrecisionNames, training.precision);
  std::string on_nan;
  in.Read("training.on_nan", on_nan);
  training.stop_on_nan = on_nan == "stop";
}

// `members` is the word all, or a map with one of replicates, best, snapshots and query.
void ReadEnsemble(DocumentReader& in, std::optional<EnsembleConfig>& out) {
  if (in.Optional("ensemble") == nullptr) return;
  EnsembleConfig ensemble;
  const Json* members = in.Optional("ensemble.members");
  if (members != nullptr && *members == Json("all")) {
    ensemble.members = "all";
  } else {
    for (const char* kind : {"replicates", "best", "snapshots", "query"}) {
      const std::string path = std::string("ensemble.members.") + kind;
      if (in.Optional(path) == nullptr) continue;
      if (!ensemble.members.empty()) in.Fail("ensemble.members", "has two kinds of members");
      ensemble.members = kind;
      if (ensemble.members == "query") {
        in.Read(path, ensemble.query);
      } else {
        in.Read(path, ensemble.count);
      }
    }
    if (ensemble.members.empty()) {
      in.Fail("ensemble.members", "expected all, or replicates, best, snapshots or query");
    }
  }
  in.Read("ensemble.combine", ensemble.combine);
  in.Read("ensemble.weights", ensemble.weights);
  in.Read("ensemble.min_members", ensemble.min_members);
  out = std::move(ensemble);
}

void ReadResources(DocumentReader& in, ExperimentConfig& config) {
  ResourcesConfig& resources = config.resources;
  in.Read("resources.slots_per_trial", resources.slots_per_trial);
  in.Read("resources.max_slots", resources.max_slots);
  in.Read("resources.priority", resources.priority);
  in.Read("resources.weight", resources.weight);
  in.Read("resources.resource_pool", resources.resource_pool);
  in.Read("resources.is_single_node", resources.is_single_node);
  in.ReadIf("resources.node_labels", resources.node_labels);
  in.ReadIf("resources.packing.max_per_slot", resources.max_per_slot);
  CheckpointStorageConfig& storage = config.checkpoint_storage;
  in.Read("checkpoint_storage.type", storage.type);
  in.Read("checkpoint_storage.host_path", storage.host_path);
  in.Read("checkpoint_storage.save_experiment_best", storage.save_experiment_best);
  in.Read("checkpoint_storage.save_trial_best", storage.save_trial_best);
  in.Read("checkpoint_storage.save_trial_latest", storage.save_trial_latest);
}

void ReadEvaluation(DocumentReader& in, EvaluationConfig& evaluation) {
  std::vector<std::string> splits;
  in.Read("evaluation.splits", splits);
  for (const std::string& name : splits) {
    const auto split = kSplitNames.Parse(name);
    if (!split) return in.Fail("evaluation.splits", "holds '" + name + "'");
    evaluation.splits.push_back(*split);
  }
  in.Read("evaluation.predictions", evaluation.predictions);
  in.Read("evaluation.curves", evaluation.curves);
}

// In batches where they are given so. A validation "every epoch" of a trial whose length counts
// batches is 0: its trainer knows how many an epoch has.
void ReadPeriods(DocumentReader& in, ExperimentConfig& config) {
  if (in.Has("min_validation_period.batches")) {
    in.Read("min_validation_period.batches", config.min_validation_period);
  } else {
    in.Read("min_validation_period.epochs", config.min_validation_period);
    if (config.searcher.time_metric == "batches") config.min_validation_period = 0;
  }
  if (in.Has("min_checkpoint_period.batches")) {
    in.Read("min_checkpoint_period.batches", config.min_checkpoint_period);
  } else {
    in.Read("min_checkpoint_period.epochs", config.min_checkpoint_period);
  }
}

}  // namespace

Result<ExperimentConfig> ReadExperimentConfig(const Json& canonical) {
  DocumentReader in(canonical);
  ExperimentConfig config;
  in.Read("name", config.name);
  in.Read("description", config.description);
  in.Read("labels", config.labels);
  if (in.Has("entrypoint")) {
    in.Read("entrypoint", config.entrypoint);
    in.Read("working_directory", config.working_directory);
    in.ReadIf("environment", config.environment);
  } else {
    ReadData(in, config.data);
    const Json* model = in.Required("model", &Json::is_object, "a map");
    if (model != nullptr) config.model = *model;
    ReadTraining(in, config.training);
  }
  ReadSearchSpace(in, config.hyperparameters);
  ReadSearcher(in, config.training, config.searcher);
  in.Read("replicates", config.replicates);
  ReadEnsemble(in, config.ensemble);
  ReadEvaluation(in, config.evaluation);
  ReadResources(in, config);
  in.Read("checkpoint_policy", config.checkpoint_policy);
  ReadPeriods(in, config);
  in.Read("max_restarts", config.max_restarts);
  std::int64_t seed = 0;
  in.Read("reproducibility.experiment_seed", seed);
  config.experiment_seed = static_cast<std::uint64_t>(seed);
  in.Read("reproducibility.deterministic", config.deterministic);
  if (in.failed()) return InvalidArgument(in.message());
  config.canonical = canonical;
  return config;
}

Json ApplyHparams(const Json& canonical, const Json& hparams) {
  Json document = canonical;
  // What the search learns from can be long, and no trainer needs it.
  if (Json* searcher = document.Find("searcher"); searcher != nullptr && searcher->is_object()) {
    searcher->Erase("observations");
  }
  if (!hparams.is_object()) return document;
  if (document.Find("entrypoint") != nullptr) {
    document.Set("hparams", hparams);
    return document;
  }
  for (const auto& [path, value] : hparams.AsObject()) document.SetPath(path, value);
  return document;
}

}  // namespace tutti
