#pragma once

#include "coordinator/engine/command.h"
#include "experiments/core/result.h"
#include "storage/database.h"

namespace tutti::storage {

// The row of a projection (Persist…, LogEvent, DeleteCheckpoint's state), within the writer's
// transaction. Commands that only leave the process change nothing.
Status WriteProjection(Database& db, std::int64_t at_ms, const engine::Command& command);

}  // namespace tutti::storage
