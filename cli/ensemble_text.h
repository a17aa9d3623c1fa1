#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/database.h"
#include "experiments/core/json.h"

// What is stored of an ensemble, for people and for programs.

namespace tutti::cli {

// "4", or `last` for the newest. kInvalidArgument: neither; kNotFound.
Result<std::int64_t> ParseEnsemble(Database& database, const std::string& text);

// The ensembles of an experiment, in order of their ids.
Result<std::vector<std::int64_t>> EnsemblesOf(Database& database, std::int64_t experiment);

// Members with their weights, alone and left out; the ensemble against its best and its mean member
// on each split, `test` last; with `details` also the other combiners and the diversity of each
// pair. kNotFound: no such ensemble.
Result<std::string> EnsembleText(Database& database, std::int64_t ensemble, bool details,
                                 int max_width);

// The same as an object: the ensemble's columns, and lists `members`, `evaluations`, `ablation`,
// `pairs`, `weights` with the columns of their views.
Result<Json> EnsembleJson(Database& database, std::int64_t ensemble);

}  // namespace tutti::cli
