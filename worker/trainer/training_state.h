#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "worker/checkpoint/checkpoint_directory.h"
#include "worker/trainer/early_stopping.h"
#include "worker/trainer/network.h"
#include "worker/trainer/optimizer.h"
#include "worker/trainer/schedule.h"
#include "worker/trainer/weight_average.h"

// Where a training is: everything, beside weights and optimiser state, that a resumed attempt needs
// to go on with the same bits. Order, dropout and initial weights are functions of (seed, epoch,
// index), and the learning rate of the position, so positions are enough.

namespace tutti::trainer {

struct TrainingState {
  std::int64_t epoch = 1;          // in progress, from 1; epochs + 1 when all are done
  std::int64_t step_in_epoch = 0;  // batches done of it
  // Batches done in all; an optimiser step takes `accumulate` of them.
  std::int64_t step = 0;
  // Sums over the steps done since the last report of the training split.
  double loss_sum = 0;
  double correct = 0;
  double count = 0;
  // Of the attempt that wrote it: a batch of another size has another position in the epoch. 0: not
  // known (of an earlier version).
  std::int64_t batch_size = 0;
  // Best validation so far, over all attempts of the trial, and the checkpoint that holds it.
  std::optional<double> best_value;
  std::int64_t best_epoch = 0;
  std::int64_t best_step = 0;
  std::string best_checkpoint;
  std::string best_sha256;
  std::string newest_checkpoint;  // committed by this attempt or resumed from; "" = none
  PlateauState plateau;
  EarlyStopping early_stopping;

  Json ToJson() const;
  static Result<TrainingState> FromJson(const Json& json);
};

// The numbers of a training.
struct Trained {
  Network* network = nullptr;
  Optimizer* optimizer = nullptr;
  WeightAverage* average = nullptr;  // nullptr: none is kept
  std::vector<std::string> class_names;  // of the network's outputs; for the manifest
  // In the middle of an accumulation group: [world size, flat size], each rank's sum so far, on the
  // host. Else undefined.
  at::Tensor accumulated;
};

// Writes them and `state` as a checkpoint: model.safetensors holds the weights that are evaluated
// (the average, if there is one). `time`: how long it has trained, in searcher.time_metric.
// Errors: those of CheckpointWriter.
Result<checkpoint::Committed> SaveCheckpoint(const std::string& root,
                                             const checkpoint::CheckpointId& id, int world_size,
                                             const Trained& trained, const TrainingState& state,
                                             std::int64_t time);

// Loads it all back; `accumulated` has as many rows as the gang that wrote it had ranks. kDataLoss
// if the tensors do not fit the model (names the tensor and both shapes), or if the network that
// they are of had other outputs than trained.class_names.
Result<TrainingState> LoadTraining(const std::string& root, const std::string& name,
                                   const std::string& sha256, Trained& trained);

// Only the weights that are evaluated.
Status LoadWeights(const std::string& root, const std::string& name, const std::string& sha256,
                   Network& network);

// All gradients as safetensors in memory.
Result<std::string> EncodeGradients(Network& network);

}  // namespace tutti::trainer
