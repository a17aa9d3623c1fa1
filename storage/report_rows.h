#pragma once

#include "experiments/core/result.h"
#include "storage/database.h"
#include "storage/report_record.h"
#include "storage/run_store.h"

// Rows of one accepted report, within the writer's transaction.

namespace tutti::storage {

// REQUIRES: the report's attempt has a row.
Status WriteReportRows(Database& db, const StoredReport& report, const ReportRecord& record);

// evaluation_rows.cc: the evaluation with classes, confusion, curves, and its split and predictions
// if it has a payload.
Status WriteEvaluation(Database& db, const StoredReport& report, const EvaluationRecord& record);

}  // namespace tutti::storage
