#pragma once

#include <cstdint>
#include <string>

#include "experiments/core/ids.h"
#include "experiments/core/result.h"
#include "storage/read_store.h"

// How people name a checkpoint, and what the database knows of it.

namespace tutti {

struct CheckpointReference {
  std::int64_t experiment = 0;
  std::int64_t trial_no = 0;     // from 1
  std::string which = "best";    // "best" | "last" | "e17"
  std::string trial_text() const {  // "12.3"
    return std::to_string(experiment) + "." + std::to_string(trial_no);
  }
};

// "12.3", "12.3@best", "12.3@last", "12.3@e17". kInvalidArgument.
Result<CheckpointReference> ParseCheckpointReference(const std::string& text);

// kNotFound.
Result<TrialId> LookUpTrial(storage::ReadStore& store, const CheckpointReference& reference);

struct KnownCheckpoint {
  TrialId trial;
  CheckpointId id;
  std::string name;
  std::string sha256;
  std::int64_t epoch = 0;
  bool kept = false;  // its files exist, as far as is committed
};
// Of several of one epoch (it was trained again after a loss) the newest. kNotFound: no such trial,
// or no such checkpoint, with those that are kept.
Result<KnownCheckpoint> LookUpCheckpoint(storage::ReadStore& store,
                                         const CheckpointReference& reference);

// The same, but kNotFound also for one whose files are gone.
Result<KnownCheckpoint> LookUpKeptCheckpoint(storage::ReadStore& store,
                                             const CheckpointReference& reference);

}  // namespace tutti
