#pragma once

#include "coordinator/engine/command.h"
#include "experiments/core/result.h"
#include "storage/database.h"
#include "storage/ensemble_result.h"

// Rows of ensembles, within the writer's transaction.

namespace tutti::storage {

// The ensemble, its members and those left out, as they are now. What was evaluated stays.
Status WriteEnsemble(Database& db, const engine::PersistEnsemble& ensemble);

// Replaces everything that was evaluated of the ensemble before.
Status WriteEnsembleResult(Database& db, const EnsembleResult& result);

}  // namespace tutti::storage
