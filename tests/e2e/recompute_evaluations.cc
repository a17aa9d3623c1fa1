// Goal: every number in v_evaluations, v_per_class and the views of ensembles equals its
// recomputation from the stored logits, exactly. Method: reads a database file, computes
// experiments/metrics again for each evaluation and ensemble and compares bit by bit.
// Usage: recompute_evaluations FILE; exit 1 on a difference.
#include <cstdio>
#include <string>
#include <vector>

#include "experiments/metrics/evaluation.h"
#include "storage/stored_predictions.h"
#include "tests/e2e/recompute.h"

namespace tutti {
namespace {

// row: evaluation_id, n, classes, labelled, then the numbers of v_evaluations.
Status CompareEvaluation(storage::ReadStore& store, const storage::Row& row,
                         Comparison& comparison) {
  const std::string name = "evaluation " + row[0].Dump();
  const std::int64_t classes = row[2].AsInt();
  TUTTI_ASSIGN_OR_RETURN(const storage::StoredPredictions logits,
                         storage::LoadPredictions(ReadAll(store), row[0].AsInt()));
  TUTTI_ASSIGN_OR_RETURN(const EvaluationMetrics metrics,
                         Evaluate(logits.logits, logits.labels, classes, false));
  comparison.Number(name + " labelled", row[3], metrics.labelled ? 1 : 0);
  if (!metrics.labelled) return Ok{};
  comparison.Number(name + " n", row[1], static_cast<double>(metrics.n));
  comparison.Number(name + " accuracy", row[4], metrics.accuracy);
  comparison.Number(name + " loss", row[5], metrics.loss);
  comparison.Number(name + " macro_auc", row[6], metrics.macro_auc);
  comparison.Number(name + " macro_ap", row[7], metrics.macro_ap);
  comparison.Number(name + " macro_f1", row[8], metrics.macro_f1);
  comparison.Number(name + " ece", row[9], metrics.ece);
  comparison.Number(name + " brier", row[10], metrics.brier);
  TUTTI_ASSIGN_OR_RETURN(
      const storage::Table per_class,
      store.Query("SELECT class, precision, recall, f1, support, auc, ap FROM v_per_class "
                  "WHERE evaluation_id = ?1 ORDER BY class",
                  {row[0]}));
  if (per_class.rows.size() != metrics.per_class.size()) {
    return DataLoss(name + ": " + std::to_string(per_class.rows.size()) + " class rows");
  }
  for (std::size_t c = 0; c < per_class.rows.size(); ++c) {
    const ClassMetrics& m = metrics.per_class[c];
    const auto& stored = per_class.rows[c];
    const std::string at = name + " class " + std::to_string(c) + " ";
    comparison.Number(at + "precision", stored[1], m.precision);
    comparison.Number(at + "recall", stored[2], m.recall);
    comparison.Number(at + "f1", stored[3], m.f1);
    comparison.Number(at + "support", stored[4], static_cast<double>(m.support));
    comparison.Number(at + "auc", stored[5], m.auc);
    comparison.Number(at + "ap", stored[6], m.average_precision);
  }
  return Ok{};
}

Status Run(const char* path) {
  TUTTI_ASSIGN_OR_RETURN(auto store, storage::ReadStore::Open(path));
  TUTTI_ASSIGN_OR_RETURN(
      const storage::Table ids,
      store->Query("SELECT evaluation_id FROM v_evaluations WHERE has_predictions = 1 "
                   "ORDER BY evaluation_id"));
  Comparison comparison;
  for (const storage::Row& id : ids.rows) {
    TUTTI_ASSIGN_OR_RETURN(
        const storage::Table found,
        store->Query("SELECT evaluation_id, n, classes, labelled, accuracy, loss, macro_auc, "
                     "macro_ap, macro_f1, ece, brier FROM v_evaluations "
                     "WHERE evaluation_id = ?1",
                     {id[0]}));
    if (found.rows.size() != 1) return DataLoss("an evaluation that is gone");
    TUTTI_RETURN_IF_ERROR(CompareEvaluation(*store, found.rows[0], comparison));
  }
  TUTTI_ASSIGN_OR_RETURN(const std::size_t ensembles, CompareEnsembles(*store, comparison));
  std::printf("%zu evaluations and %zu ensembles, %d numbers recomputed from the stored logits, "
              "%d differ\n",
              ids.rows.size(), ensembles, comparison.numbers(), comparison.differences());
  if (comparison.numbers() == 0) return NotFound("there is no evaluation in the database");
  if (comparison.differences() > 0) return DataLoss("numbers differ");
  return Ok{};
}

}  // namespace
}  // namespace tutti

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: recompute_evaluations FILE\n");
    return 2;
  }
  const tutti::Status done = tutti::Run(argv[1]);
  if (!done) std::fprintf(stderr, "%s\n", done.error().ToString().c_str());
  return done ? 0 : 1;
}
