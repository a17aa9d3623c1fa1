#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "experiments/core/result.h"
#include "worker/comm/communicator.h"

// The parts a network is made of. Each knows its own gradient; there is no autograd, so that a step
// runs in inference mode, kernels may fuse what autograd would keep apart, and the gradients of the
// last layers are complete, and can be sent, while the first ones are still being computed.

namespace tutti::trainer {

// What a probe saw (Network with NetworkOptions::probe).
struct LayerOutput {
  std::string layer;  // name of the convolution
  std::string kind;   // of the layer whose output it is: "conv", or of the activation behind it
  at::Tensor values;  // [n, channels, height, width]
};

// What one pass over a batch shares with all modules.
struct Pass {
  bool training = false;
  std::int64_t epoch = 1;  // from 1
  // Index of each row's image in its source file (CPU, int64): names its dropout mask.
  std::vector<std::int64_t> items;
  // Sums over the gang for synchronised batch norm; nullptr for one rank.
  comm::Communicator* gang = nullptr;
  // The rank had no item of this batch and runs one that counts for nothing, so that it still takes
  // part in the gang's sums.
  bool empty_shard = false;
  // Where probes put what they see; nullptr: nowhere.
  std::vector<LayerOutput>* outputs = nullptr;
  // Called during Backward: gradients of parameters at flat offsets >= the argument are complete.
  std::function<void(std::int64_t)> gradients_ready;
};

class Module {
 public:
  virtual ~Module() = default;
  // x: [n, channels, height, width] in channels-last memory, or [n, features]. Keeps what Backward
  // needs if pass.training.
  virtual at::Tensor Forward(const at::Tensor& x, const Pass& pass) = 0;
  // Turns the loss's gradient by the output into that by the input (undefined if
  // needs_input_gradient is false) and writes the gradients of the module's parameters.
  // REQUIRES: Forward with pass.training before.
  virtual at::Tensor Backward(const at::Tensor& gradient, const Pass& pass) = 0;
  // Type of the images this module wants; undefined = the network's compute type.
  virtual at::ScalarType input_type(at::ScalarType compute) const { return compute; }

  bool needs_input_gradient = true;
  // Smallest flat offset of its parameters, or -1.
  std::int64_t first_offset = -1;
};

using ModuleList = std::vector<std::unique_ptr<Module>>;

// Failed communication inside a module: thrown, since torch code reports by exception, and caught
// once per attempt.
class CommunicationFailed : public std::exception {
 public:
  explicit CommunicationFailed(Error error) : error_(std::move(error)), text_(error_.ToString()) {}
  const char* what() const noexcept override { return text_.c_str(); }
  const Error& error() const { return error_; }

 private:
  Error error_;
  std::string text_;
};

}  // namespace tutti::trainer
