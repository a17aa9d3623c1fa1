#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "experiments/core/result.h"
#include "experiments/models/graph.h"

// All trainable numbers of a model in one flat buffer and all their gradients in another, so that
// an allreduce needs no copies and the optimiser is one call. Every tensor starts 64-byte aligned.

namespace tutti::trainer {

struct Parameter {
  std::string name;  // "0.weight": layer path, then the role; PyTorch's names for a Sequential
  Shape shape;
  std::int64_t offset = 0;  // in elements of the flat buffers
  bool trained = true;      // false: the optimiser leaves it as it is
  // Views, valid after Allocate(). `value` is what the optimiser changes, `compute` what layers
  // multiply with (value itself, or its bf16 copy), `gradient` is written by Backward.
  at::Tensor value;
  at::Tensor compute;
  at::Tensor gradient;
};

// Consecutive elements of the flat buffers.
struct FlatRange {
  std::int64_t offset = 0;
  std::int64_t size = 0;
};

// A number that training changes without a gradient: a running mean. Those of the master type
// become views of one flat buffer in Allocate().
struct ModelBuffer {
  std::string name;
  at::Tensor value;
};

// Numbers that every rank contributes to with each step, carried behind the gradients in the same
// allreduce. Elements of the flat gradient from ParameterStore::extra_offset() on.
enum class StepWord : int { kStop, kLoss, kCorrect, kCount };
inline constexpr std::int64_t kStepWords = 32;  // a full cache line in every type

class ParameterStore {
 public:
  // `master`: fp32 or fp64, type of values and gradients. `compute`: type that layers work in.
  ParameterStore(at::Device device, at::ScalarType master, at::ScalarType compute);

  // The pointer stays valid. REQUIRES: before Allocate().
  Parameter* Declare(std::string name, Shape shape);
  ModelBuffer* DeclareBuffer(std::string name, at::Tensor initial);
  // Makes the flat buffers, zeroed.
  void Allocate();
  // Parameters whose names match one of the glob patterns are not trained.
  void Freeze(const std::vector<std::string>& patterns);

  // Copies values to the compute type; call after every change of values. No-op if they are one.
  void RefreshCompute();

  at::Device device() const { return device_; }
  at::ScalarType master_type() const { return master_; }
  at::ScalarType compute_type() const { return compute_; }
  std::deque<Parameter>& parameters() { return parameters_; }
  std::deque<ModelBuffer>& buffers() { return buffers_; }
  at::Tensor& values() { return values_; }
  at::Tensor& buffer_values() { return buffer_values_; }  // all buffers of the master type
  at::Tensor& gradients() { return gradients_; }          // without the step words
  at::Tensor& gradients_and_words() { return everything_; }
  at::Tensor& words() { return words_; }
  // Elements of the flat value buffer, with the padding between tensors.
  std::int64_t flat_size() const { return size_; }
  // The trained parts of the flat buffers: as few ranges as hold all trained parameters (with the
  // padding between them) and no frozen one.
  std::vector<FlatRange> trained_ranges() const;
  // Numbers of all parameters, without padding.
  std::int64_t count() const;

 private:
  at::Device device_;
  at::ScalarType master_;
  at::ScalarType compute_;
  std::deque<Parameter> parameters_;
  std::deque<ModelBuffer> buffers_;
  std::int64_t size_ = 0;
  at::Tensor values_, buffer_values_, compute_values_, everything_, gradients_, words_;
};

}  // namespace tutti::trainer
