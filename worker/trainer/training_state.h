#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "worker/checkpoint/checkpoint_directory.h"
#include "worker/trainer/network.h"
#include "worker/trainer/optimizer.h"

// Where a training is: everything, beside weights and optimiser state, that a resumed attempt needs
// to go on with the same bits. Order, dropout and initial weights are functions of (seed, epoch,
// index), so positions are enough.

namespace tutti::trainer {

struct TrainingState {
  std::int64_t epoch = 1;          // in progress, from 1; epochs + 1 when all are done
  std::int64_t step_in_epoch = 0;  // steps done of it
  std::int64_t step = 0;           // optimiser steps done in all
  // Sums over the steps done of this epoch.
  double loss_sum = 0;
  double correct = 0;
  double count = 0;
  // Best validation so far, over all attempts of the trial, and the checkpoint that holds it.
  std::optional<double> best_value;
  std::int64_t best_epoch = 0;
  std::int64_t best_step = 0;
  std::string best_checkpoint;
  std::string best_sha256;
  std::string newest_checkpoint;  // committed by this attempt or resumed from; "" = none

  Json ToJson() const;
  static Result<TrainingState> FromJson(const Json& json);
};

// Writes weights, optimiser state and `state` as a checkpoint. `state.epoch` in the manifest is the
// number of whole epochs done. Errors: those of CheckpointWriter.
Result<checkpoint::Committed> SaveCheckpoint(const std::string& root,
                                             const checkpoint::CheckpointId& id, int world_size,
                                             Network& network, Optimizer& optimizer,
                                             const TrainingState& state);

// Loads it all back. kDataLoss if the tensors do not fit the model (names the tensor and both
// shapes).
Result<TrainingState> LoadTraining(const std::string& root, const std::string& name,
                                   const std::string& sha256, Network& network,
                                   Optimizer& optimizer);

// Weights only, for an evaluation.
Status LoadWeights(const std::string& root, const std::string& name, const std::string& sha256,
                   Network& network);

// The model's tensors (parameters and buffers) as safetensors in memory, for --dump-gradients too.
Result<std::string> EncodeGradients(Network& network);

}  // namespace tutti::trainer
