#include "storage/report_rows.h"

#include <cmath>
#include <optional>
#include <string>

#include "experiments/core/sha256.h"

namespace tutti::storage {
namespace {

std::optional<double> Finite(double value) {
  return std::isfinite(value) ? std::optional<double>(value) : std::nullopt;
}
std::optional<double> Finite(const std::optional<double>& value) {
  return value ? Finite(*value) : std::nullopt;
}
// The name of a value that SQLite cannot hold as a finite number.
std::optional<std::string> Nonfinite(double value) {
  if (std::isfinite(value)) return std::nullopt;
  if (std::isnan(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

Result<std::int64_t> TrialOf(Database& db, AttemptId attempt) {
  TUTTI_ASSIGN_OR_RETURN(
      const auto trial, db.Int("SELECT trial_id FROM attempts WHERE attempt_id = ?", attempt.value));
  if (!trial) return Internal("attempt " + ToString(attempt) + " has no row");
  return *trial;
}

// What older attempts reported after the point of resumption is no longer canonical.
Status RebuildSummary(Database& db, std::int64_t trial) {
  TUTTI_RETURN_IF_ERROR(db.Run("DELETE FROM metric_summary WHERE trial_id = ?", trial));
  TUTTI_RETURN_IF_ERROR(db.Run(R"(
      WITH canonical AS (
        SELECT trial_id, split, name, epoch, value FROM v_epochs WHERE trial_id = ?
      )
      INSERT INTO metric_summary (trial_id, split, name, last_epoch, last_value, min_epoch,
        min_value, max_epoch, max_value)
      SELECT c.trial_id, c.split, c.name, max(c.epoch),
        (SELECT l.value FROM canonical AS l WHERE l.split = c.split AND l.name = c.name
          ORDER BY l.epoch DESC LIMIT 1),
        (SELECT l.epoch FROM canonical AS l WHERE l.split = c.split AND l.name = c.name
          AND l.value IS NOT NULL ORDER BY l.value, l.epoch LIMIT 1),
        min(c.value),
        (SELECT l.epoch FROM canonical AS l WHERE l.split = c.split AND l.name = c.name
          AND l.value IS NOT NULL ORDER BY l.value DESC, l.epoch LIMIT 1),
        max(c.value)
      FROM canonical AS c
      GROUP BY c.trial_id, c.split, c.name)",
                               trial));
  return Ok{};
}

// Data sets are shared: the key of this description, stored if it is new.
Result<std::optional<std::string>> StoreData(Database& db, const std::optional<std::string>& data) {
  if (!data) return std::optional<std::string>();
  const std::string sha256 = Sha256Hex(*data);
  TUTTI_RETURN_IF_ERROR(db.Run(R"(
      INSERT INTO data_statistics (sha256, text)
      VALUES (?, ?)
      ON CONFLICT (sha256) DO NOTHING)",
                               sha256, *data));
  return std::optional<std::string>(sha256);
}

Status WriteStarted(Database& db, const StoredReport& report, const StartedRecord& record) {
  TUTTI_ASSIGN_OR_RETURN(const auto data, StoreData(db, record.data));
  TUTTI_RETURN_IF_ERROR(db.Run(R"(
      UPDATE attempts
      SET resumed_from_step = ?, resumed_from_epoch = ?, parameters = ?, flops = ?, device = ?,
        precision_name = ?, first_step_ms = ?, items = ?, class_names = ?, data_sha256 = ?
      WHERE attempt_id = ?)",
                               record.resumed_from_step, record.resumed_from_epoch,
                               record.parameters, record.flops, record.device, record.precision,
                               Finite(record.first_step_ms), record.items, record.class_names, data,
                               report.attempt.value));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t trial, TrialOf(db, report.attempt));
  return RebuildSummary(db, trial);
}

Status Summarize(Database& db, std::int64_t trial, std::int64_t epoch,
                 const EpochRecord::Metric& metric) {
  const auto value = Finite(metric.value);
  TUTTI_RETURN_IF_ERROR(db.Run(R"(
      INSERT INTO metric_summary (trial_id, split, name, last_epoch, last_value, min_epoch,
        min_value, max_epoch, max_value)
      VALUES (?1, ?2, ?3, ?4, ?5, iif(?5 IS NULL, NULL, ?4), ?5,
        iif(?5 IS NULL, NULL, ?4), ?5)
      ON CONFLICT (trial_id, split, name) DO UPDATE SET
        last_epoch = excluded.last_epoch,
        last_value = excluded.last_value,
        min_epoch = CASE WHEN min_value IS NULL OR excluded.min_value < min_value
          THEN excluded.min_epoch ELSE min_epoch END,
        min_value = CASE WHEN min_value IS NULL OR excluded.min_value < min_value
          THEN excluded.min_value ELSE min_value END,
        max_epoch = CASE WHEN max_value IS NULL OR excluded.max_value > max_value
          THEN excluded.max_epoch ELSE max_epoch END,
        max_value = CASE WHEN max_value IS NULL OR excluded.max_value > max_value
          THEN excluded.max_value ELSE max_value END)",
                               trial, metric.split, metric.name, epoch, value));
  return Ok{};
}

Status WriteEpoch(Database& db, const StoredReport& report, const EpochRecord& record) {
  TUTTI_ASSIGN_OR_RETURN(
      const auto again,
      db.Int("SELECT 1 FROM epochs WHERE attempt_id = ? AND epoch = ? LIMIT 1",
             report.attempt.value, record.epoch));
  TUTTI_RETURN_IF_ERROR(db.Run(R"(
      INSERT INTO epochs (attempt_id, seq, epoch, step, at_ms, lr, seconds, images_per_second,
        step_ms, allreduce_share)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
                               report.attempt.value, report.seq, record.epoch, record.step,
                               report.at_ms, Finite(record.lr), Finite(record.seconds),
                               Finite(record.images_per_second), Finite(record.step_ms),
                               Finite(record.allreduce_share)));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t trial, TrialOf(db, report.attempt));
  for (const EpochRecord::Metric& metric : record.metrics) {
    TUTTI_RETURN_IF_ERROR(db.Run(R"(
        INSERT INTO metrics (attempt_id, seq, split, name, value, nonfinite)
        VALUES (?, ?, ?, ?, ?, ?))",
                                 report.attempt.value, report.seq, metric.split, metric.name,
                                 Finite(metric.value), Nonfinite(metric.value)));
    if (!again) TUTTI_RETURN_IF_ERROR(Summarize(db, trial, record.epoch, metric));
  }
  // A second report of one epoch replaces the first in v_epochs, so in the summary too.
  return again ? RebuildSummary(db, trial) : Status(Ok{});
}

Status WriteSteps(Database& db, const StoredReport& report, const StepsRecord& record) {
  for (const StepsRecord::Step& step : record.steps) {
    const std::optional<std::string> nonfinite =
        step.loss ? Nonfinite(*step.loss) : std::optional<std::string>();
    // Telemetry: of a step that is there twice the first row stays.
    TUTTI_RETURN_IF_ERROR(db.Run(R"(
        INSERT INTO steps (attempt_id, step, loss, loss_nonfinite, lr)
        VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (attempt_id, step) DO NOTHING)",
                                 report.attempt.value, step.step, Finite(step.loss), nonfinite,
                                 Finite(step.lr)));
  }
  return Ok{};
}

Status WriteCheckpoint(Database& db, const StoredReport& report, const CheckpointRecord& record) {
  if (!report.checkpoint) {
    return Internal("a checkpoint record of attempt " + ToString(report.attempt) +
                    " came without a checkpoint id");
  }
  TUTTI_RETURN_IF_ERROR(db.Run(R"(
      INSERT INTO checkpoints (checkpoint_id, attempt_id, name, epoch, step, bytes, sha256,
        metric_value, is_best, is_final, state, at_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'COMMITTED', ?))",
                               report.checkpoint.value, report.attempt.value, record.name,
                               record.epoch, record.step, record.bytes, record.sha256,
                               Finite(record.metric), record.best, record.final, report.at_ms));
  return Ok{};
}

Status WriteExit(Database& db, const StoredReport& report, const ExitRecord& record) {
  TUTTI_RETURN_IF_ERROR(db.Run(R"(
      UPDATE attempts
      SET exit_outcome = ?, exit_class = ?, exit_message = ?, exit_code = ?, exit_signal = ?
      WHERE attempt_id = ?)",
                               record.outcome, record.failure, record.message, record.exit_code,
                               record.signal, report.attempt.value));
  return Ok{};
}

struct RowWriter {
  Database& db;
  const StoredReport& report;
  Status operator()(const StartedRecord& r) const { return WriteStarted(db, report, r); }
  Status operator()(const EpochRecord& r) const { return WriteEpoch(db, report, r); }
  Status operator()(const StepsRecord& r) const { return WriteSteps(db, report, r); }
  Status operator()(const CheckpointRecord& r) const { return WriteCheckpoint(db, report, r); }
  Status operator()(const EvaluationRecord& r) const { return WriteEvaluation(db, report, r); }
  Status operator()(const ExitRecord& r) const { return WriteExit(db, report, r); }
  Status operator()(const TaskResultRecord&) const { return Ok{}; }
};

}  // namespace

Status WriteReportRows(Database& db, const StoredReport& report, const ReportRecord& record) {
  return std::visit(RowWriter{db, report}, record);
}

}  // namespace tutti::storage
