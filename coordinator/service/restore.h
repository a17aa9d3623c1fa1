#pragma once

#include <vector>

#include "coordinator/engine/engine.h"
#include "storage/run_store.h"

namespace tutti {

struct Restored {
  engine::Engine engine;
  // Files whose removal was decided since the snapshot; a crash may have come before it.
  std::vector<engine::DeleteCheckpoint> deletions;
};

// The engine as of the last commit: newest snapshot, then replay. kFailedPrecondition: the journal
// was written by an engine version that this one does not replay; kDataLoss: it cannot be read.
Result<Restored> RestoreEngine(const storage::RunStore::Journal& journal,
                               const engine::EngineSettings& settings);

}  // namespace tutti
