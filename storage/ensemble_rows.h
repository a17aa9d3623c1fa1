#pragma once

#include <cstdint>
#include <optional>

#include "coordinator/engine/command.h"
#include "experiments/core/result.h"
#include "storage/database.h"
#include "storage/ensemble_result.h"

// Rows of ensembles, within the writer's transaction.

namespace tutti::storage {

// 0 means "none" in commands and is NULL in rows.
inline std::optional<std::int64_t> OrNull(std::int64_t value) {
  return value == 0 ? std::nullopt : std::optional<std::int64_t>(value);
}

// The ensemble, its members and those left out, as they are now. What was evaluated stays.
Status WriteEnsemble(Database& db, const engine::PersistEnsemble& ensemble);

// Replaces everything that was evaluated of the ensemble before.
Status WriteEnsembleResult(Database& db, const EnsembleResult& result);

}  // namespace tutti::storage
