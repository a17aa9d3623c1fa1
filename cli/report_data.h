#pragma once

#include <string>
#include <vector>

#include "cli/database.h"
#include "cli/report_evaluations.h"
#include "dashboards/report/report_data.h"

// A report's data from the results database.

namespace tutti::cli {

struct LoadedReport {
  report::ReportData data;             // without pictures
  std::vector<std::string> unverified; // of kRecomputed: numbers taken from what is stored
};

// Of an experiment, or of one trial (target.trial_no > 0).
Result<LoadedReport> LoadReport(Database& database, const TargetId& target, Numbers numbers);

// Ensembles of an experiment; none in a database of version 1.
Result<std::vector<report::EnsembleData>> ReadEnsembles(Database& database,
                                                        std::int64_t experiment, Numbers numbers,
                                                        std::vector<std::string>& unverified);

// Puts what its members' stored logits say in the place of an ensemble's stored numbers.
Status RecomputeEnsemble(Database& database, report::EnsembleData& e,
                         std::vector<std::string>& unverified);

}  // namespace tutti::cli
