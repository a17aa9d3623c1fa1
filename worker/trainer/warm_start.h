#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/core/result.h"
#include "worker/trainer/network.h"

namespace tutti::trainer {

// Copies the parameters and buffers whose names match one of the patterns from a checkpoint's
// evaluated weights (its average, if it has one) into the network, converting to its type. Returns
// how many tensors were copied. kInvalidArgument, and nothing copied, if a pattern matches nothing
// in the network, or a tensor that one matches is missing in the checkpoint or has another shape
// there: names the tensor, both shapes and the patterns whose tensors all fit. Else errors of
// LoadCheckpoint.
Result<std::int64_t> LoadMatchingWeights(const std::string& root, const std::string& name,
                                         const std::string& sha256,
                                         const std::vector<std::string>& patterns,
                                         Network& network);

}  // namespace tutti::trainer
