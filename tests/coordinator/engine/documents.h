#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "experiments/core/json.h"

namespace tutti::engine {

// What tests vary in an experiment; the rest is a small valid document.
struct DocumentOptions {
  std::string name = "sweep";
  std::string searcher = "random";  // single | random
  std::int64_t trials = 1;          // configurations
  std::int64_t concurrent = 0;
  std::int64_t replicates = 1;
  std::int64_t slots_per_trial = 1;
  std::optional<std::int64_t> max_slots = std::nullopt;
  std::int64_t priority = 42;
  std::string pool = "default";
  std::int64_t max_restarts = 5;
  std::int64_t save_experiment_best = 0;
  std::int64_t save_trial_best = 1;
  std::int64_t save_trial_latest = 1;
  std::int64_t seed = 7;
  std::int64_t epochs = 3;
  std::string members = "";  // of an ensemble: "all" or {"best": 2} …; "" = no ensemble
  std::int64_t min_members = 2;
  double weight = 1;
  std::map<std::string, std::string> labels = {};  // resources.node_labels
  bool single_node = false;
  std::int64_t max_per_slot = 1;
  std::string warm_start = "";  // name of a checkpoint; its hash is "sha-" + name
};

// A canonical document, as experiments/spec would make it. The metric is validation_loss, smaller
// is better; hyperparameters vary training.optimizer.lr.
Json Document(const DocumentOptions& options);

}  // namespace tutti::engine
