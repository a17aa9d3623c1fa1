#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

namespace tutti::trainer {

// Whether a trial has stopped getting better.
struct EarlyStopping {
  std::optional<double> best;   // of the searcher's metric
  std::int64_t best_epoch = 0;  // from 1; 0 = none measured
  bool stopped = false;

  // After a measured epoch: better is better by more than min_delta (NaN never is), and an epoch
  // that is `patience` or more epochs behind the best one is the last.
  void EndEpoch(const EarlyStoppingConfig& config, bool smaller_is_better, std::int64_t epoch,
                double metric);

  Json ToJson() const;
  static Result<EarlyStopping> FromJson(const Json& json);
};

}  // namespace tutti::trainer
