#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <utility>
#include <vector>

#include "experiments/core/result.h"
#include "worker/checkpoint/checkpoint_directory.h"
#include "worker/checkpoint/safetensors.h"
#include "worker/trainer/parameters.h"

// Tensors in the safetensors files of a checkpoint.

namespace tutti::trainer {

inline constexpr char kModelFile[] = "model.safetensors";

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

// Parameters, then buffers: what model.safetensors holds, under PyTorch's names. The store's own
// memory.
NamedTensors ModelTensors(ParameterStore& store);

Result<checkpoint::FileEntry> WriteTensors(checkpoint::CheckpointWriter& writer,
                                           const std::string& file, const NamedTensors& tensors);
// A whole safetensors file in memory.
Result<std::string> EncodeTensors(const NamedTensors& tensors);

// Reads and verifies a checkpoint. Errors: those of checkpoint::LoadCheckpoint.
Result<checkpoint::LoadedCheckpoint> OpenCheckpoint(const std::string& root,
                                                    const std::string& name,
                                                    const std::string& sha256);
// Its file; kDataLoss if there is none of that name.
Result<const std::string*> FileOf(const checkpoint::LoadedCheckpoint& loaded,
                                  const std::string& file);

// Copies every tensor of the file into the tensor of its name. kDataLoss, and nothing copied, if
// one is missing or left over, or if shapes differ (names the tensor and both).
Status ReadTensors(const std::string& bytes, const std::string& file, NamedTensors tensors);
// A tensor over the parsed file's memory.
at::Tensor TensorOf(const checkpoint::TensorView& view);
// "[8, 1, 3, 3]"
std::string ShapeOf(const std::vector<std::int64_t>& sizes);

}  // namespace tutti::trainer
