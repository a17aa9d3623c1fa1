#pragma once

#include <list>
#include <memory>
#include <string>
#include <vector>

#include "worker/trainer/attempt.h"
#include "worker/trainer/network.h"

// Networks with the weights of checkpoints, kept between tasks: a second question to the same
// network finds it ready.

namespace tutti::trainer {

struct TaskNetwork {
  std::unique_ptr<Network> network;
  // What its outputs mean; "0", "1", … if the checkpoint is of a version that did not say it.
  std::vector<std::string> class_names;
  bool names_known = false;
  std::int64_t epoch = 0, step = 0;  // of the checkpoint
};

// The last few networks. Single-threaded.
class TaskNetworks {
 public:
  // The network of order.config with the evaluated weights of order.weights_from.
  // `probe`: with probes behind its convolutions (network.h). `input` is only used if the checkpoint
  // does not say what its network takes. The pointer is valid until the next call.
  // Errors: those of LoadCheckpoint; kInvalidArgument or kDataLoss if the weights do not fit the
  // model of the configuration (names the tensor and both shapes).
  Result<TaskNetwork*> Get(const AttemptOrder& order, at::Device device, bool probe,
                           const Shape& input);

 private:
  struct Kept {
    std::string key;
    std::unique_ptr<TaskNetwork> network;
  };
  std::list<Kept> kept_;  // newest first
};

}  // namespace tutti::trainer
