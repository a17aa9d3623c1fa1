#pragma once

#include <cstdint>
#include <string>

#include "cli/database.h"
#include "experiments/core/result.h"

namespace tutti::cli {

struct CheckpointId {
  std::int64_t experiment = 0;
  std::int64_t trial_no = 0;
  std::string checkpoint = "best";  // "best", "last" or "e17"
  // "12.3@best"
  std::string text() const {
    return std::to_string(experiment) + "." + std::to_string(trial_no) + "@" + checkpoint;
  }
};

// "12.3@best", "12.3@last", "12.3@e17"; without "@…" the best. "12" and "last" mean the
// experiment's best trial by its metric. kInvalidArgument: none of these; kNotFound: no such
// experiment or trial, or no trial of it has a result. Whether the checkpoint exists is the
// coordinator's to say.
Result<CheckpointId> ParseCheckpointId(Database& database, const std::string& text);

}  // namespace tutti::cli
