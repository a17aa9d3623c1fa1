#pragma once

#include <cstdint>
#include <optional>

#include "experiments/core/json.h"
#include "experiments/core/result.h"

// What a network costs, from its description alone.

namespace tutti::spec {

struct ModelCost {
  std::int64_t parameters = 0;  // trainable
  std::int64_t flops = 0;       // 2 x multiply-accumulate, forward, one item
};

// Of a trial's canonical document. Nothing if that cannot be told before it runs: an entrypoint, or
// a data set that only its files describe. An error: the model does not fit the data set.
Result<std::optional<ModelCost>> FindModelCost(const Json& document);

}  // namespace tutti::spec
