#include "cli/report_evaluations.h"

#include <algorithm>

#include "cli/report_query.h"

namespace tutti::cli {
namespace {

// Of the best checkpoint (or, if none is kept, of the best epoch), the trial's own data and others.
std::string EvaluationIds(bool has_dataset, const std::string& condition) {
  const std::string dataset = has_dataset ? "coalesce(v.dataset, '')" : "''";
  return "SELECT max(v.evaluation_id), v.split, " + dataset +
         " AS data FROM v_evaluations AS v JOIN v_trials AS t ON t.trial_id = v.trial_id "
         "LEFT JOIN v_checkpoints AS c ON c.trial_id = v.trial_id AND c.is_best = 1 "
         "WHERE v.trial_id = ?1 AND (v.checkpoint_path = c.path OR (c.path IS NULL AND v.epoch = "
         "t.best_epoch))" + condition + " GROUP BY v.split, data ORDER BY data, v.split";
}

Result<bool> KnowsDatasets(Database& database) { return HasView(database, "v_ensembles"); }

Status ReadPerClass(Database& database, report::EvaluatedSplit& e) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      database.Query("SELECT class, label, precision, recall, f1, support, auc, ap "
                     "FROM v_per_class WHERE evaluation_id = ?1 ORDER BY class",
                     Json::MakeArray({e.evaluation_id})));
  for (const auto& row : rows.rows) {
    e.labels.push_back(TextOf(row[1]));
    ClassMetrics c;
    c.class_index = IntOr0(row[0]);
    c.precision = DoubleOrNan(row[2]);
    c.recall = DoubleOrNan(row[3]);
    c.f1 = DoubleOrNan(row[4]);
    c.support = IntOr0(row[5]);
    c.auc = MaybeDouble(row[6]);
    c.average_precision = MaybeDouble(row[7]);
    e.metrics.per_class.push_back(c);
  }
  return Ok{};
}

Status ReadConfusion(Database& database, report::EvaluatedSplit& e) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      database.Query("SELECT true_class, predicted_class, n FROM v_confusion "
                     "WHERE evaluation_id = ?1 AND n > 0 ORDER BY true_class, predicted_class",
                     Json::MakeArray({e.evaluation_id})));
  const std::int64_t k = e.metrics.classes;
  e.metrics.confusion.assign(static_cast<std::size_t>(k * k), 0);
  for (const auto& row : rows.rows) {
    const std::int64_t at = IntOr0(row[0]) * k + IntOr0(row[1]);
    if (at < 0 || at >= k * k) return DataLoss("a confusion cell outside of the classes");
    e.metrics.confusion[static_cast<std::size_t>(at)] = IntOr0(row[2]);
  }
  return Ok{};
}

// ROC or PR points of all classes; metrics orders them as classes, then micro, then macro.
Result<std::vector<Curve>> ReadCurves(Database& database, std::int64_t evaluation_id, bool roc) {
  const std::string columns =
      roc ? "class, fpr, tpr FROM v_roc" : "class, recall, precision FROM v_pr";
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      database.Query("SELECT " + columns + " WHERE evaluation_id = ?1 "
                     "ORDER BY class < 0, abs(class), i",
                     Json::MakeArray({evaluation_id})));
  std::vector<Curve> curves;
  for (const auto& row : rows.rows) {
    const std::int64_t k = IntOr0(row[0]);
    if (curves.empty() || curves.back().class_index != k) curves.push_back({k, {}});
    curves.back().points.push_back({DoubleOrNan(row[1]), DoubleOrNan(row[2]), 0});
  }
  return curves;
}

Status ReadStoredMetrics(Database& database, report::EvaluatedSplit& e) {
  TUTTI_ASSIGN_OR_RETURN(
      const std::vector<Json> row,
      OneRow(database,
             "SELECT n, classes, accuracy, loss, macro_auc, micro_auc, macro_ap, micro_ap, "
             "macro_precision, macro_recall, macro_f1, ece, brier FROM v_evaluations "
             "WHERE evaluation_id = ?1",
             Json::MakeArray({e.evaluation_id})));
  EvaluationMetrics& m = e.metrics;
  m.n = IntOr0(row[0]);
  m.classes = IntOr0(row[1]);
  m.accuracy = DoubleOrNan(row[2]);
  m.loss = DoubleOrNan(row[3]);
  m.macro_auc = MaybeDouble(row[4]);
  m.micro_auc = MaybeDouble(row[5]);
  m.macro_ap = MaybeDouble(row[6]);
  m.micro_ap = MaybeDouble(row[7]);
  m.macro_precision = DoubleOrNan(row[8]);
  m.macro_recall = DoubleOrNan(row[9]);
  m.macro_f1 = DoubleOrNan(row[10]);
  m.ece = DoubleOrNan(row[11]);
  m.brier = DoubleOrNan(row[12]);
  TUTTI_RETURN_IF_ERROR(ReadPerClass(database, e));
  TUTTI_RETURN_IF_ERROR(ReadConfusion(database, e));
  TUTTI_ASSIGN_OR_RETURN(m.roc, ReadCurves(database, e.evaluation_id, true));
  TUTTI_ASSIGN_OR_RETURN(m.pr, ReadCurves(database, e.evaluation_id, false));
  return Ok{};
}

std::string Unverified(std::int64_t evaluation_id) {
  return "evaluation " + std::to_string(evaluation_id) +
         " has no stored predictions: its numbers were compared with the stored ones";
}

Result<report::EvaluatedSplit> ReadEvaluation(Database& database, std::int64_t id, Numbers numbers,
                                              std::vector<std::string>& unverified) {
  TUTTI_ASSIGN_OR_RETURN(
      const std::vector<Json> row,
      OneRow(database,
             "SELECT trial, checkpoint, split, epoch, classes, (SELECT count(*) FROM v_roc AS r "
             "WHERE r.evaluation_id = v.evaluation_id) FROM v_evaluations AS v "
             "WHERE evaluation_id = ?1",
             Json::MakeArray({id})));
  report::EvaluatedSplit e;
  e.evaluation_id = id;
  e.trial = TextOf(row[0]);
  e.checkpoint = TextOf(row[1]);
  e.split = TextOf(row[2]);
  e.epoch = IntOr0(row[3]);
  TUTTI_ASSIGN_OR_RETURN(e.predictions, ReadPredictions(database, id));
  TUTTI_RETURN_IF_ERROR(ReadStoredMetrics(database, e));
  if (numbers == Numbers::kStored || e.metrics.per_class.empty()) return e;
  if (e.predictions.labels.empty()) {
    unverified.push_back(Unverified(id));
    return e;
  }
  // An evaluation that stored no curves (evaluation.curves: false) shows none.
  const bool curves = IntOr0(row[5]) > 0;
  TUTTI_ASSIGN_OR_RETURN(
      e.metrics, Evaluate(e.predictions.logits, e.predictions.labels, IntOr0(row[4]), curves));
  return e;
}

}  // namespace

Result<report::PredictionData> ReadPredictions(Database& database, std::int64_t evaluation_id) {
  report::PredictionData all;
  auto stored = storage::LoadPredictions(QueryOf(database), evaluation_id);
  if (!stored) {
    if (stored.error().code() == ErrorCode::kNotFound) return all;  // none were kept
    return stored.error();
  }
  all.logits = std::move(stored->logits);
  all.labels = std::move(stored->labels);
  all.items.assign(stored->items.begin(), stored->items.end());
  return all;
}

Result<std::vector<report::EvaluatedSplit>> ReadEvaluations(Database& database,
                                                            std::int64_t trial_id,
                                                            Numbers numbers,
                                                            std::vector<std::string>& unverified) {
  TUTTI_ASSIGN_OR_RETURN(const bool datasets, KnowsDatasets(database));
  TUTTI_ASSIGN_OR_RETURN(
      const Table ids,
      database.Query(EvaluationIds(datasets, ""), Json::MakeArray({trial_id})));
  std::vector<report::EvaluatedSplit> evaluations;
  for (const auto& row : ids.rows) {
    TUTTI_ASSIGN_OR_RETURN(auto e, ReadEvaluation(database, IntOr0(row[0]), numbers, unverified));
    e.dataset = TextOf(row[2]);
    evaluations.push_back(std::move(e));
  }
  return evaluations;
}

Result<std::optional<double>> RecomputedTestAccuracy(Database& database, std::int64_t trial_id,
                                                     std::vector<std::string>& unverified) {
  TUTTI_ASSIGN_OR_RETURN(const bool datasets, KnowsDatasets(database));
  const std::string own = datasets ? " AND v.dataset IS NULL" : "";
  TUTTI_ASSIGN_OR_RETURN(const Table ids,
                         database.Query(EvaluationIds(datasets, " AND v.split = 'test'" + own),
                                        Json::MakeArray({trial_id})));
  if (ids.rows.empty()) return std::optional<double>();
  const std::int64_t id = IntOr0(ids.rows[0][0]);
  TUTTI_ASSIGN_OR_RETURN(const std::vector<Json> row,
                         OneRow(database,
                                "SELECT classes, accuracy FROM v_evaluations "
                                "WHERE evaluation_id = ?1",
                                Json::MakeArray({id})));
  TUTTI_ASSIGN_OR_RETURN(const report::PredictionData predictions, ReadPredictions(database, id));
  if (predictions.labels.empty()) {
    unverified.push_back(Unverified(id));
    return MaybeDouble(row[1]);
  }
  const auto labelled = [](std::int32_t label) { return label >= 0; };
  if (!std::all_of(predictions.labels.begin(), predictions.labels.end(), labelled)) {
    return std::optional<double>();
  }
  TUTTI_ASSIGN_OR_RETURN(
      const EvaluationMetrics metrics,
      Evaluate(predictions.logits, predictions.labels, IntOr0(row[0]), false));
  return std::optional<double>(metrics.accuracy);
}

}  // namespace tutti::cli
