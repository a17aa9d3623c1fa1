#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "experiments/core/config/task_spec.h"
#include "worker/trainer/attempt.h"
#include "worker/trainer/task_networks.h"
#include "worker/trainer/training_run.h"

// A task (docs/records.md): what somebody wants to know of a trained network. Runs in a gang of one
// rank, in inference mode, between the trainings of a warm trainer.

namespace tutti::trainer {

class EvaluationTask {
 public:
  // REQUIRES: order.task is set; all four outlive the task.
  EvaluationTask(const AttemptOrder& order, const GangContext& gang, TaskNetworks& networks,
                 Link& link);

  // Sends everything but `done`. What cannot be done (a task, data or weights that do not fit) is a
  // `result` with the error: the trainer is as good as before. Torch's exceptions pass through.
  AttemptEnd Run();

 private:
  // What one pass over pictures gives.
  struct Outputs {
    std::vector<float> logits;        // [n, classes]
    std::vector<LayerOutput> layers;  // of all pictures, fp32, on the CPU
  };

  Status Perform();
  Status Predict();
  Status EvaluateSplits();
  Result<Json> EvaluateSplit(Split split);

  Status Open(const Shape& input);
  void ReportStarted();
  // The pictures of the task: those that came with it, or items of a split.
  Status TakeInput();
  Status TakeItems();
  Status LoadData(std::span<const Split> splits);
  // The data's classes and shape must be those that the network was made for.
  Status CheckFits() const;
  Result<Outputs> Forward(const TrainingData& data, const SplitData& pictures);
  void SendResult(const Outputs& outputs, const TrainingData& data, const SplitData& pictures);
  Json ResultHeader() const;
  // Between batches: tells that it goes on, and throws Stopped if it shall not.
  void Alive();

  const AttemptOrder& order_;
  const GangContext& gang_;
  TaskNetworks& networks_;
  Link& link_;
  TaskSpec spec_;
  TaskNetwork* open_ = nullptr;
  std::shared_ptr<const TrainingData> data_;  // shared with the cache
  TrainingData pictures_data_;                // of pictures that came with the task
  SplitData pictures_;
  std::int64_t batches_ = 0;
  std::chrono::steady_clock::time_point told_;
};

}  // namespace tutti::trainer
