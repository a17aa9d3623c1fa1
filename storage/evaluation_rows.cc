#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "experiments/core/sha256.h"
#include "storage/report_rows.h"

namespace tutti::storage {
namespace {

// Splits are shared: the id of the one with these items and labels, made if it is new.
Result<std::int64_t> SplitId(Database& db, const EvaluationRecord& record) {
  const std::string sha256 = Sha256Hex(record.items_and_labels);
  TUTTI_ASSIGN_OR_RETURN(const auto known,
                         db.Int("SELECT split_id FROM splits WHERE sha256 = ?", sha256));
  if (known) return *known;
  TUTTI_RETURN_IF_ERROR(
      db.Run("INSERT INTO splits (sha256, n) VALUES (?, ?)", sha256, record.metrics.n));
  const std::int64_t split = db.LastInsertId();
  for (std::size_t i = 0; i < record.items.size(); ++i) {
    TUTTI_RETURN_IF_ERROR(
        db.Run("INSERT INTO split_items (split_id, position, item, label) VALUES (?, ?, ?, ?)",
               split, static_cast<std::int64_t>(i), record.items[i], record.labels[i]));
  }
  return split;
}

// Numbers that are not finite become NULL, and their names are collected.
class Scalars {
 public:
  // Of a split without labels there are no numbers, and none is missing.
  explicit Scalars(bool labelled) : labelled_(labelled) {}
  std::optional<double> Value(const char* name, const std::optional<double>& value) {
    if (!labelled_) return std::nullopt;
    if (!value || std::isfinite(*value)) return value;
    named_.Set(name, std::isnan(*value) ? "nan" : *value > 0 ? "inf" : "-inf");
    return std::nullopt;
  }
  std::optional<std::string> Named() const {
    return named_.is_null() ? std::nullopt : std::optional<std::string>(named_.Dump());
  }

 private:
  bool labelled_;
  Json named_;
};

Result<std::int64_t> WriteHead(Database& db, const StoredReport& report,
                               const EvaluationRecord& record,
                               const std::optional<std::int64_t>& split) {
  const EvaluationMetrics& m = record.metrics;
  Scalars s(m.labelled);
  const auto accuracy = s.Value("accuracy", m.accuracy);
  const auto loss = s.Value("loss", m.loss);
  const auto macro_auc = s.Value("macro_auc", m.macro_auc);
  const auto micro_auc = s.Value("micro_auc", m.micro_auc);
  const auto macro_ap = s.Value("macro_ap", m.macro_ap);
  const auto micro_ap = s.Value("micro_ap", m.micro_ap);
  const auto macro_precision = s.Value("macro_precision", m.macro_precision);
  const auto macro_recall = s.Value("macro_recall", m.macro_recall);
  const auto macro_f1 = s.Value("macro_f1", m.macro_f1);
  const auto ece = s.Value("ece", m.ece);
  const auto brier = s.Value("brier", m.brier);
  TUTTI_RETURN_IF_ERROR(db.Run(R"(
      INSERT INTO evaluations (attempt_id, seq, at_ms, split, epoch, step, checkpoint_name,
        split_id, n, classes, accuracy, loss, macro_auc, micro_auc, macro_ap, micro_ap,
        macro_precision, macro_recall, macro_f1, ece, brier, nonfinite, dataset, labelled)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
                               report.attempt.value, report.seq, report.at_ms, record.split,
                               record.epoch, record.step, record.checkpoint, split, m.n, m.classes,
                               accuracy, loss, macro_auc, micro_auc, macro_ap, micro_ap,
                               macro_precision, macro_recall, macro_f1, ece, brier, s.Named(),
                               record.dataset, m.labelled));
  return db.LastInsertId();
}

// Lists come from programs that we did not write: of a class that is there twice the first stays.
Status WriteClasses(Database& db, std::int64_t evaluation, const EvaluationMetrics& m) {
  for (const ClassMetrics& c : m.per_class) {
    TUTTI_RETURN_IF_ERROR(db.Run(R"(
        INSERT INTO class_metrics (evaluation_id, class, precision_value, recall, f1, support, auc,
          ap)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (evaluation_id, class) DO NOTHING)",
                                 evaluation, c.class_index, c.precision, c.recall, c.f1, c.support,
                                 c.auc, c.average_precision));
  }
  for (std::size_t cell = 0; cell < m.confusion.size(); ++cell) {
    if (m.confusion[cell] == 0) continue;
    const auto at = static_cast<std::int64_t>(cell);
    TUTTI_RETURN_IF_ERROR(db.Run(R"(
        INSERT INTO confusion (evaluation_id, true_class, predicted_class, n)
        VALUES (?, ?, ?, ?))",
                                 evaluation, at / m.classes, at % m.classes, m.confusion[cell]));
  }
  return Ok{};
}

Status WriteCurves(Database& db, std::int64_t evaluation, const char* kind,
                   const std::vector<Curve>& curves) {
  for (const Curve& curve : curves) {
    for (std::size_t i = 0; i < curve.points.size(); ++i) {
      const CurvePoint& point = curve.points[i];
      TUTTI_RETURN_IF_ERROR(db.Run(R"(
          INSERT INTO curve_points (evaluation_id, curve, class, i, x, y, threshold)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (evaluation_id, curve, class, i) DO NOTHING)",
                                   evaluation, kind, curve.class_index,
                                   static_cast<std::int64_t>(i), point.x, point.y,
                                   point.threshold));
    }
  }
  return Ok{};
}

Status WritePredictions(Database& db, std::int64_t evaluation, const EvaluationRecord& record) {
  const auto row = static_cast<std::size_t>(record.metrics.classes) * sizeof(float);
  const std::string_view logits = record.logits;
  for (std::size_t i = 0; i < record.items.size(); ++i) {
    TUTTI_RETURN_IF_ERROR(
        db.Run("INSERT INTO predictions (evaluation_id, position, logits) VALUES (?, ?, ?)",
               evaluation, static_cast<std::int64_t>(i), Blob{logits.substr(i * row, row)}));
  }
  return Ok{};
}

// The views count classes with the table `ordinals`.
Status GrowOrdinals(Database& db, std::int64_t classes) {
  TUTTI_ASSIGN_OR_RETURN(const auto have, db.Int("SELECT max(k) + 1 FROM ordinals"));
  for (std::int64_t k = have.value_or(0); k < classes; ++k) {
    TUTTI_RETURN_IF_ERROR(db.Run("INSERT INTO ordinals (k) VALUES (?)", k));
  }
  return Ok{};
}

}  // namespace

Status WriteEvaluation(Database& db, const StoredReport& report, const EvaluationRecord& record) {
  std::optional<std::int64_t> split;
  if (!record.items.empty()) {
    TUTTI_ASSIGN_OR_RETURN(split, SplitId(db, record));
  }
  TUTTI_RETURN_IF_ERROR(GrowOrdinals(db, record.metrics.classes));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t evaluation, WriteHead(db, report, record, split));
  TUTTI_RETURN_IF_ERROR(WriteClasses(db, evaluation, record.metrics));
  TUTTI_RETURN_IF_ERROR(WriteCurves(db, evaluation, "roc", record.metrics.roc));
  TUTTI_RETURN_IF_ERROR(WriteCurves(db, evaluation, "pr", record.metrics.pr));
  return WritePredictions(db, evaluation, record);
}

}  // namespace tutti::storage
