#include "experiments/core/config/experiment_config.h"

#include <utility>

namespace tutti {
namespace {

// Reads fields by dotted path and remembers the first problem, so that the readers below stay
// plain lists of fields.
class Reader {
 public:
  explicit Reader(const Json& document) : document_(document) {}

  const Json* Optional(std::string_view path) const {
    const Json* found = document_.FindPath(path);
    return found == nullptr || found->is_null() ? nullptr : found;
  }
  const Json* Required(std::string_view path, bool (Json::*is)() const, std::string_view type) {
    return Typed(Optional(path), path, is, type, true);
  }
  void Read(std::string_view path, std::string& out) {
    if (const Json* json = Required(path, &Json::is_string, "a string")) out = json->AsString();
  }
  void Read(std::string_view path, std::int64_t& out) {
    if (const Json* json = Required(path, &Json::is_int, "an integer")) out = json->AsInt();
  }
  void Read(std::string_view path, double& out) {
    if (const Json* json = Required(path, &Json::is_number, "a number")) out = json->AsDouble();
  }
  void Read(std::string_view path, bool& out) {
    if (const Json* json = Required(path, &Json::is_bool, "a bool")) out = json->AsBool();
  }
  void Read(std::string_view path, std::optional<double>& out) {
    if (const Json* json = Typed(Optional(path), path, &Json::is_number, "a number", false)) {
      out = json->AsDouble();
    }
  }
  void Read(std::string_view path, std::optional<std::int64_t>& out) {
    if (const Json* json = Typed(Optional(path), path, &Json::is_int, "an integer", false)) {
      out = json->AsInt();
    }
  }
  void Read(std::string_view path, std::vector<std::string>& out) {
    const Json* list = Required(path, &Json::is_array, "a list of strings");
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if (!(*list)[i].is_string()) return Fail(path, "expected a list of strings");
      out.push_back((*list)[i].AsString());
    }
  }
  void Read(std::string_view path, std::vector<double>& out) {
    const Json* list = Required(path, &Json::is_array, "a list of numbers");
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if (!(*list)[i].is_number()) return Fail(path, "expected a list of numbers");
      out.push_back((*list)[i].AsDouble());
    }
  }
  void Read(std::string_view path, std::vector<std::int64_t>& out) {
    const Json* list = Required(path, &Json::is_array, "a list of integers");
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      if (!(*list)[i].is_int()) return Fail(path, "expected a list of integers");
      out.push_back((*list)[i].AsInt());
    }
  }
  // A string out of an enum's table.
  template <class E, std::size_t N>
  void Read(std::string_view path, const EnumTable<E, N>& names, E& out) {
    std::string text;
    Read(path, text);
    if (failed()) return;
    if (const auto value = names.Parse(text)) {
      out = *value;
    } else {
      Fail(path, "is '" + text + "', expected " + names.Choices());
    }
  }

  void Fail(std::string_view path, const std::string& what) {
    if (message_.empty()) message_ = "canonical configuration: " + std::string(path) + " " + what;
  }
  bool failed() const { return !message_.empty(); }
  const std::string& message() const { return message_; }

 private:
  const Json* Typed(const Json* found, std::string_view path, bool (Json::*is)() const,
                    std::string_view type, bool required) {
    if (found == nullptr) {
      if (required) Fail(path, "is missing, expected " + std::string(type));
      return nullptr;
    }
    if ((found->*is)()) return found;
    Fail(path, "is " + std::string(found->TypeName()) + ", expected " + std::string(type));
    return nullptr;
  }

  const Json& document_;
  std::string message_;
};

// The sections that came with later versions may be missing altogether, as in the documents of
// experiments that an older version journaled: what they describe is then off.
void ReadAugment(Reader& in, AugmentConfig& augment) {
  if (in.Optional("data.augment") == nullptr) return;
  in.Read("data.augment.rotate", augment.rotate);
  in.Read("data.augment.shift", augment.shift);
  in.Read("data.augment.zoom", augment.zoom);
  in.Read("data.augment.shear", augment.shear);
  in.Read("data.augment.erase", augment.erase);
  in.Read("data.augment.erase_area", augment.erase_area);
}

void ReadData(Reader& in, DataConfig& data) {
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

void ReadSchedule(Reader& in, ScheduleConfig& schedule) {
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
void ReadTrainingExtras(Reader& in, TrainingConfig& training) {
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

void ReadTraining(Reader& in, TrainingConfig& training) {
  in.Read("training.epochs", training.epochs);
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

void ReadSpace(Reader& in, const Json& canonical, SearchSpace& space) {
  const Json* spaces = in.Required("hyperparameters", &Json::is_object, "a map");
  if (spaces == nullptr) return;
  for (const auto& [path, json] : canonical["hyperparameters"].AsObject()) {
    const std::string where = "hyperparameters." + path;
    const Json* type = json.Find("type");
    const auto known = type != nullptr && type->is_string()
                           ? kSpaceTypeNames.Parse(type->AsString())
                           : std::nullopt;
    if (!known) return in.Fail(where, "has no type " + kSpaceTypeNames.Choices());
    SearchDimension dimension;
    dimension.path = path;
    dimension.type = *known;
    const auto number = [&](const char* key, double& out) {
      const Json* found = json.Find(key);
      if (found == nullptr || !found->is_number()) {
        return in.Fail(where, std::string("needs the number ") + key);
      }
      out = found->AsDouble();
    };
    if (*known == SpaceType::kConst) {
      if (json.Find("val") == nullptr) return in.Fail(where, "needs val");
      dimension.value = json["val"];
    } else if (*known == SpaceType::kCategorical) {
      const Json* vals = json.Find("vals");
      if (vals == nullptr || !vals->is_array() || vals->size() == 0) {
        return in.Fail(where, "needs a list vals");
      }
      dimension.vals = vals->AsArray();
    } else {
      number("minval", dimension.minval);
      number("maxval", dimension.maxval);
      if (*known == SpaceType::kLog) number("base", dimension.base);
      if (const Json* count = json.Find("count"); count != nullptr && count->is_int()) {
        dimension.count = count->AsInt();
      }
    }
    space.push_back(std::move(dimension));
  }
}

// `members` is the word all, or a map with one of replicates, best, snapshots and query.
void ReadEnsemble(Reader& in, std::optional<EnsembleConfig>& out) {
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

void ReadResources(Reader& in, ExperimentConfig& config) {
  ResourcesConfig& resources = config.resources;
  in.Read("resources.slots_per_trial", resources.slots_per_trial);
  in.Read("resources.max_slots", resources.max_slots);
  in.Read("resources.priority", resources.priority);
  in.Read("resources.weight", resources.weight);
  in.Read("resources.resource_pool", resources.resource_pool);
  in.Read("resources.is_single_node", resources.is_single_node);
  CheckpointStorageConfig& storage = config.checkpoint_storage;
  in.Read("checkpoint_storage.type", storage.type);
  in.Read("checkpoint_storage.host_path", storage.host_path);
  in.Read("checkpoint_storage.save_experiment_best", storage.save_experiment_best);
  in.Read("checkpoint_storage.save_trial_best", storage.save_trial_best);
  in.Read("checkpoint_storage.save_trial_latest", storage.save_trial_latest);
}

void ReadEvaluation(Reader& in, EvaluationConfig& evaluation) {
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

}  // namespace

Result<ExperimentConfig> ReadExperimentConfig(const Json& canonical) {
  Reader in(canonical);
  ExperimentConfig config;
  in.Read("name", config.name);
  in.Read("description", config.description);
  in.Read("labels", config.labels);
  ReadData(in, config.data);
  const Json* model = in.Required("model", &Json::is_object, "a map");
  if (model != nullptr) config.model = *model;
  ReadTraining(in, config.training);
  ReadSpace(in, canonical, config.hyperparameters);
  in.Read("searcher.name", config.searcher.name);
  in.Read("searcher.metric", config.searcher.metric);
  in.Read("searcher.smaller_is_better", config.searcher.smaller_is_better);
  in.Read("searcher.max_trials", config.searcher.max_trials);
  in.Read("searcher.max_concurrent_trials", config.searcher.max_concurrent_trials);
  in.Read("replicates", config.replicates);
  ReadEnsemble(in, config.ensemble);
  ReadEvaluation(in, config.evaluation);
  ReadResources(in, config);
  in.Read("checkpoint_policy", config.checkpoint_policy);
  in.Read("min_validation_period.epochs", config.min_validation_period);
  in.Read("min_checkpoint_period.epochs", config.min_checkpoint_period);
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
  if (!hparams.is_object()) return document;
  for (const auto& [path, value] : hparams.AsObject()) document.SetPath(path, value);
  return document;
}

}  // namespace tutti
