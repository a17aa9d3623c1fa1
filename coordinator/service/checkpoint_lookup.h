#pragma once

#include <cstdint>
#include <string>

#include "experiments/core/checkpoint_reference.h"
#include "experiments/core/ids.h"
#include "experiments/core/result.h"
#include "storage/read_store.h"

// What the database knows of a checkpoint that somebody has named.

namespace tutti {

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
