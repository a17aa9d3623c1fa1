#pragma once

#include <string>
#include <utility>
#include <vector>

#include "experiments/core/config/experiment_config.h"

// Dimensions and experiments that the tests of this folder share.

namespace tutti::search {

inline SearchDimension Real(std::string path, double minval, double maxval,
                            SpaceType type = SpaceType::kDouble) {
  SearchDimension d;
  d.path = std::move(path);
  d.type = type;
  d.minval = minval;
  d.maxval = maxval;
  return d;
}

inline SearchDimension Choices(std::string path, std::vector<Json> vals) {
  SearchDimension d;
  d.path = std::move(path);
  d.type = SpaceType::kCategorical;
  d.vals = std::move(vals);
  return d;
}

inline SearchDimension When(SearchDimension d, std::string path, std::vector<Json> values) {
  d.when.push_back({std::move(path), std::move(values)});
  return d;
}

inline Json Preset(const std::string& name) { return Json::MakeObject({{"preset", name}}); }

// Every kind of dimension: a choice of maps, one that only one of them switches on, one that hangs
// on that in turn, numbers of all scales, and a constant.
inline SearchSpace MixedSpace() {
  SearchDimension constant;
  constant.path = "data.subset";
  constant.value = 6000;
  return {Choices("model", {Preset("cnn3"), Preset("se_resnet"), Preset("mlp")}),
          When(Choices("model.pooling", {"max", "average"}), "model.preset", {"cnn3", "se_resnet"}),
          When(Real("model.dropout", 0.2, 0.6), "model.pooling", {"max"}),
          Real("training.batch_size", 16, 19, SpaceType::kInt),
          Real("training.optimizer.lr", -4, -1, SpaceType::kLog),
          Real("training.optimizer.weight_decay", 1e-6, 1e-2, SpaceType::kLogUniform),
          std::move(constant)};
}

inline ExperimentConfig Experiment(std::string searcher, SearchSpace space,
                                   std::int64_t max_trials, std::int64_t max_concurrent) {
  ExperimentConfig config;
  config.searcher.name = std::move(searcher);
  config.searcher.metric = "validation_loss";
  config.searcher.max_trials = max_trials;
  config.searcher.max_concurrent_trials = max_concurrent;
  config.experiment_seed = 42;
  config.hyperparameters = std::move(space);
  return config;
}

}  // namespace tutti::search
