#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "worker/comm/communicator.h"
#include "worker/trainer/attempt.h"
#include "worker/trainer/device.h"
#include "worker/trainer/network.h"
#include "worker/trainer/optimizer.h"
#include "worker/trainer/precision.h"
#include "worker/trainer/telemetry.h"
#include "worker/trainer/training_data.h"
#include "worker/trainer/training_state.h"
#include "worker/trainer/weight_average.h"

namespace tutti::trainer {

// What outlives an attempt in a warm process.
struct GangContext {
  c10::Device device{c10::kCPU};
  comm::Communicator* host = nullptr;    // all ranks, host memory
  comm::Communicator* device_comm = nullptr;  // sums gradients; == host on a CPU
  DataCache* data = nullptr;
};

// One attempt on one rank, from the order to the last record. Runs in inference mode: gradients
// are the modules' own (module.h). Every rank of the gang runs the same steps; rank 0 reports.
class TrainingRun {
 public:
  TrainingRun(const AttemptOrder& order, const GangContext& gang, Link& link);

  // Trains, evaluates, reports everything but `done`.
  Result<AttemptEnd> Run();

 private:
  // The batches [begin, end) of an epoch that make one optimiser step.
  struct BatchGroup {
    std::int64_t begin = 0;
    std::int64_t end = 0;
    std::int64_t items = 0;
  };

  // training_run.cc: an attempt from its order to its end.
  Status SetUp();
  Status SetUpNetwork();
  Status WarmStart();
  Status ReportStarted();
  // Trains from state_'s position to the next mark or the end of its epoch, or until a stop, and
  // reports what is due there. Returns the stop.
  Result<StopRequest> TrainEpoch();
  // The `epoch` record, with a validation if one is due, and what follows from it.
  Status Report();
  Result<Json> Validate();
  // The end of an attempt that was asked to stop; nothing: it goes on.
  Result<std::optional<AttemptEnd>> Stopped(StopRequest stop);

  // resuming.cc: from a checkpoint of this trial, or of the one that it goes on from.
  Status Resume();
  // Lets go of what of a parent's training is not the child's own. True: the position in the epoch is
  // another, since batches have another size.
  bool Inherit();
  // The sums of an unfinished group, if there is one.
  Status RestoreAccumulated(const at::Tensor& parts);

  // training_time.cc: where a training is, in searcher.time_metric.
  bool in_batches() const { return order_.config.training.max_batches > 0; }
  std::int64_t Length() const;
  // How long it has trained: whole epochs, or batches.
  std::int64_t Time() const { return in_batches() ? state_.step : state_.epoch - 1; }
  // The batch of this epoch before which to stop: the epoch's end, a validation, the end.
  std::int64_t NextMark() const;
  // After the last batch before a mark.
  bool ReportIsDue() const;
  // A validation that the file asks for, whatever the searcher does.
  bool ValidationIsRegular() const;
  // Whether it is to wait here for the searcher's decision.
  Result<bool> Holds();
  Result<StopRequest> AgreedStop();
  // Rank 0's word, on every rank.
  Result<std::int64_t> Agreed(std::int64_t mine);

  // training_step.cc: one batch, and what an optimiser step makes of its group.
  // Forward and backward on the global batch `step_in_epoch` of the epoch's order; an optimiser
  // step if it is the last of its group.
  Result<StopRequest> Step(const std::vector<std::int64_t>& order);
  BatchGroup GroupOf(std::int64_t step_in_epoch) const;
  // Keeps the gradients for the group's last batch and sums the step words over the gang.
  Status Accumulate();
  // Sums the group's gradients and the step words over the gang, while or after Backward runs.
  Status SumGradients();
  Status SumReadyGradients(std::int64_t from);
  Status SumOverGang(at::Tensor& numbers);
  // `update`: number of optimiser steps before this one.
  void Update(std::int64_t update);
  // The sums of an unfinished group of all ranks, on every rank; undefined between groups.
  Result<at::Tensor> GatherAccumulated();
  void DumpGradients();

  // best_checkpoint.cc: what is kept of a training, and its evaluations.
  // What a measured epoch means for the best weights, the rate and the end of the training; saves.
  // Only a regular validation moves the rate and the end.
  Status KeepBest(const Json& metrics, bool regular);
  Status Save(bool best, bool final);
  // The checkpoint of a stop or of the last epoch, unless it is there already.
  Status SaveLast();
  Status EvaluateBest();
  // Epochs whose weights are members of an ensemble of snapshots.
  bool IsSnapshotEpoch(std::int64_t epoch) const;
  Status TakeSnapshot();
  Status EvaluateSnapshot();
  // The network's present weights on all splits of the configuration.
  Status EvaluateSplits(std::int64_t epoch, std::int64_t step, const std::string& checkpoint);
  Status EvaluateSplit(Split split, std::int64_t epoch, std::int64_t step,
                       const std::string& checkpoint);
  // Into the store and out of it again; nothing without training.ema.
  void ExchangeAverage();
  bool is_over() const { return Time() >= Length() || state_.early_stopping.stopped; }

  StopRequest PollStop();
  bool is_reporter() const { return gang_.host->rank() == 0; }
  Json Header(const char* type) const;

  const AttemptOrder& order_;
  const GangContext gang_;
  Link& link_;
  Telemetry telemetry_;

  ResolvedPrecision precision_;
  std::shared_ptr<const TrainingData> data_;
  std::optional<Augmentation> augmentation_;  // of training images
  std::unique_ptr<Network> network_;
  std::optional<Optimizer> optimizer_;
  std::optional<WeightAverage> average_;
  std::unique_ptr<SideStream> side_stream_;
  TrainingState state_;
  ScheduleSpan span_;
  double lr_ = 0;            // of the newest optimiser step
  at::Tensor accumulated_;   // flat: this rank's gradients of the group so far; with accumulate > 1
  bool group_is_open_ = false;  // accumulated_ belongs to the group of the batch in progress
  // Flat values and buffers of the best evaluated weights so far, so that the final evaluation
  // reads no file.
  std::vector<at::Tensor> best_tensors_;
  std::int64_t best_tensors_step_ = -1;
  std::int64_t resumed_step_ = 0;
  std::int64_t resumed_time_ = 0;
  std::int64_t steps_per_epoch_ = 0;
  std::int64_t saved_step_ = -1;    // step of the newest checkpoint of this attempt
  std::int64_t evaluated_step_ = -1;  // step of the weights that were evaluated last
  std::int64_t sent_down_to_ = 0;   // flat offset from which gradients are already being summed
  // Since the last report, in this attempt.
  double seconds_ = 0;
  double allreduce_seconds_ = 0;  // host communicator only
  std::int64_t steps_taken_ = 0;
  bool started_ = false;
  bool failed_nan_ = false;
  bool invalid_hp_ = false;  // setting up failed because of sampled values
  std::int64_t run_until_ = 0;  // the newest known
  std::optional<double> last_loss_;  // mean over the newest global batch
};

}  // namespace tutti::trainer
