#include "tests/coordinator/engine/documents.h"

#include "experiments/core/result.h"

namespace tutti::engine {

Json Document(const DocumentOptions& options) {
  Json json = Json::Parse(R"({
    "name": "", "description": "", "labels": [],
    "data": {"dataset": "glyphs", "root": "", "options": {}, "splits": {"validation": 0.1},
             "subset": null, "classes": [], "normalize": "scale", "split_seed": 7},
    "model": {"preset": "mnist_cnn"},
    "training": {"epochs": 3, "batch_size": 32,
                 "optimizer": {"name": "adam", "lr": 0.001, "betas": [0.9, 0.999], "eps": 1e-8,
                               "weight_decay": 0.0, "momentum": 0.0, "nesterov": false},
                 "schedule": {"name": "constant"},
                 "loss": {"name": "cross_entropy", "label_smoothing": 0.0},
                 "precision": "fp32", "on_nan": "stop"},
    "hyperparameters": {"training.optimizer.lr":
                        {"type": "log", "minval": -4.0, "maxval": -1.0, "base": 10.0}},
    "searcher": {"name": "random", "metric": "validation_loss", "smaller_is_better": true,
                 "max_trials": 1, "max_concurrent_trials": 0},
    "replicates": 1,
    "evaluation": {"splits": ["validation"], "predictions": "best", "curves": true},
    "resources": {"slots_per_trial": 1, "max_slots": null, "priority": 42, "weight": 1.0,
                  "resource_pool": "default", "is_single_node": false},
    "checkpoint_storage": {"type": "coordinator", "host_path": "", "save_experiment_best": 0,
                           "save_trial_best": 1, "save_trial_latest": 1},
    "checkpoint_policy": "best",
    "min_validation_period": {"epochs": 1}, "min_checkpoint_period": {"epochs": 0},
    "max_restarts": 5,
    "reproducibility": {"experiment_seed": 7, "deterministic": false}
  })").value();
  json.Set("name", options.name);
  json.SetPath("searcher.name", options.searcher);
  json.SetPath("searcher.max_trials", options.trials);
  json.SetPath("searcher.max_concurrent_trials", options.concurrent);
  json.Set("replicates", options.replicates);
  json.SetPath("resources.slots_per_trial", options.slots_per_trial);
  if (options.max_slots) json.SetPath("resources.max_slots", *options.max_slots);
  json.SetPath("resources.priority", options.priority);
  json.SetPath("resources.weight", options.weight);
  json.SetPath("resources.is_single_node", options.single_node);
  Json labels = Json::MakeObject();
  for (const auto& [name, value] : options.labels) labels.Set(name, value);
  json.SetPath("resources.node_labels", std::move(labels));
  json.SetPath("resources.packing", Json::MakeObject({{"max_per_slot", options.max_per_slot}}));
  json.SetPath("resources.resource_pool", options.pool);
  json.Set("max_restarts", options.max_restarts);
  json.SetPath("checkpoint_storage.save_experiment_best", options.save_experiment_best);
  json.SetPath("checkpoint_storage.save_trial_best", options.save_trial_best);
  json.SetPath("checkpoint_storage.save_trial_latest", options.save_trial_latest);
  json.SetPath("reproducibility.experiment_seed", options.seed);
  json.SetPath("training.epochs", options.epochs);
  if (!options.members.empty()) {
    Json ensemble = Json::MakeObject({{"members", Json::Parse(options.members).value()}});
    ensemble.Set("combine", "mean_probability");
    ensemble.Set("weights", Json::MakeArray());
    ensemble.Set("min_members", options.min_members);
    json.Set("ensemble", std::move(ensemble));
  }
  if (!options.warm_start.empty()) {
    json.SetPath("training.warm_start",
                 Json::MakeObject({{"checkpoint", "1.1@best"},
                                   {"weights", Json::MakeArray({"*"})},
                                   {"name", options.warm_start},
                                   {"sha256", "sha-" + options.warm_start}}));
  }
  return json;
}

}  // namespace tutti::engine
