#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/result.h"

namespace tutti::trainer {

struct ResolvedPrecision {
  at::ScalarType master = at::kFloat;
  at::ScalarType compute = at::kFloat;
  std::string name;  // "fp32", "fp64" or "bf16": what is recorded
};

// `auto`: bf16 where the hardware multiplies bf16 faster than fp32, else fp32. On a CPU by its
// features (AMX or AVX512_BF16: measured 1.9 times fp32's speed in convolutions), on a GPU by its
// compute capability; never by a measurement, so that equal machines always decide alike.
// kInvalidArgument: fp16.
Result<ResolvedPrecision> ResolvePrecision(Precision precision, at::Device device);

}  // namespace tutti::trainer
