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
  Status SetUp();
  Status ReportStarted();
  // Trains from state_'s position to the end of its epoch, or until a stop. Returns the stop.
  Result<StopRequest> TrainEpoch();
  // One optimiser step on the global batch `step_in_epoch` of the epoch's order.
  Result<StopRequest> Step(const std::vector<std::int64_t>& order);
  // Sums gradients and step words over the gang while or after Backward runs.
  Status SumGradients();
  Status SumReadyGradients(std::int64_t from);
  Status EndEpoch(double seconds);
  Status KeepBest(const Json& metrics);
  Status Save(bool best, bool final);
  // The checkpoint of a stop or of the last epoch, unless it is there already.
  Status SaveLast();
  Status EvaluateBest();
  Status EvaluateSplit(Split split, const std::string& checkpoint);
  StopRequest PollStop();
  void DumpGradients();
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
  std::unique_ptr<SideStream> side_stream_;
  TrainingState state_;
  // The best weights and buffers so far, so that the final evaluation reads no file.
  std::vector<at::Tensor> best_tensors_;
  std::int64_t best_tensors_step_ = -1;
  std::int64_t resumed_step_ = 0;
  std::int64_t resumed_epoch_ = 0;
  std::int64_t steps_per_epoch_ = 0;
  std::int64_t saved_step_ = -1;    // step of the newest checkpoint of this attempt
  std::int64_t sent_down_to_ = 0;   // flat offset from which gradients are already being summed
  double allreduce_seconds_ = 0;    // of this epoch, host communicator only
  bool started_ = false;
  bool failed_nan_ = false;
  std::optional<double> last_loss_;  // mean over the newest global batch
};

}  // namespace tutti::trainer
