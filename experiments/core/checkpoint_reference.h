#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "experiments/core/result.h"

// How people name a checkpoint: "12.3@best".

namespace tutti {

struct CheckpointReference {
  std::int64_t experiment = 0;
  std::int64_t trial_no = 0;     // from 1
  std::string which = "best";    // "best" | "last" | "e17"
  std::string trial_text() const {  // "12.3"
    return std::to_string(experiment) + "." + std::to_string(trial_no);
  }
};

// "best", "last", or "e17": after epoch 17.
bool IsCheckpointName(std::string_view which);

// 17 of "e17"; 0 of every other text.
std::int64_t CheckpointEpoch(std::string_view which);

// "12.3" (its best), "12.3@best", "12.3@last", "12.3@e17". kInvalidArgument.
Result<CheckpointReference> ParseCheckpointReference(std::string_view text);

}  // namespace tutti
