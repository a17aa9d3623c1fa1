#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/database.h"
#include "dashboards/report/report_data.h"

// Evaluations for a report: their stored numbers, or the same numbers computed again from the
// stored logits.

namespace tutti::cli {

// Where the numbers come from: kStored reads them, kRecomputed derives them from logits and epochs
// and never looks at a stored metric where it can do without.
enum class Numbers { kStored, kRecomputed };

// Logits, labels and items of an evaluation, in the order of its split; empty if none are stored.
Result<report::PredictionData> ReadPredictions(Database& database, std::int64_t evaluation_id);

// Evaluations of a trial's best checkpoint (the latest of each split and data set), with
// predictions. `unverified` gets a line for each whose numbers could not be recomputed.
Result<std::vector<report::EvaluatedSplit>> ReadEvaluations(Database& database,
                                                            std::int64_t trial_id,
                                                            Numbers numbers,
                                                            std::vector<std::string>& unverified);

// The accuracy of a trial's best checkpoint on its own test split, from the stored logits; nullopt
// without such an evaluation.
Result<std::optional<double>> RecomputedTestAccuracy(Database& database, std::int64_t trial_id,
                                                     std::vector<std::string>& unverified);

}  // namespace tutti::cli
