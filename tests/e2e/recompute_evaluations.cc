// Goal: every number in v_evaluations and v_per_class equals its recomputation from the stored
// logits, exactly. Method: reads a database file, computes experiments/metrics again for each
// evaluation and compares bit by bit. Usage: recompute_evaluations FILE; exit 1 on a difference.
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "experiments/core/json.h"
#include "experiments/metrics/evaluation.h"
#include "storage/read_store.h"

namespace tutti {
namespace {

// The bytes of a blob column: x'0a1b…'.
std::vector<unsigned char> BlobBytes(const Json& cell) {
  const std::string& text = cell.AsString();
  std::vector<unsigned char> bytes;
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (std::size_t i = 2; i + 2 < text.size() + 1 && text[i] != '\''; i += 2) {
    bytes.push_back(static_cast<unsigned char>(digit(text[i]) * 16 + digit(text[i + 1])));
  }
  return bytes;
}

template <class T>
std::vector<T> Values(const Json& cell) {
  const auto bytes = BlobBytes(cell);
  std::vector<T> values(bytes.size() / sizeof(T));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

class Comparison {
 public:
  void Number(const std::string& what, const Json& stored, std::optional<double> computed) {
    ++numbers_;
    const bool same = computed ? stored.is_number() && stored.AsDouble() == *computed
                               : stored.is_null();
    if (same) return;
    ++differences_;
    std::printf("%s: stored %s, recomputed %s\n", what.c_str(), stored.Dump().c_str(),
                computed ? FormatDouble(*computed).c_str() : "NULL");
  }
  int numbers() const { return numbers_; }
  int differences() const { return differences_; }

 private:
  int numbers_ = 0;
  int differences_ = 0;
};

constexpr storage::QueryLimits kLimits{.max_rows = 10'000'000, .timeout_ms = 60'000};

// The true classes of a split, in its order.
Result<std::vector<std::int32_t>> StoredLabels(storage::ReadStore& store, const Json& split) {
  TUTTI_ASSIGN_OR_RETURN(
      const storage::Table rows,
      store.Query("SELECT label FROM split_items WHERE split_id = ?1 ORDER BY position", {split},
                  kLimits));
  std::vector<std::int32_t> labels;
  for (const storage::Row& row : rows.rows) {
    labels.push_back(static_cast<std::int32_t>(row[0].AsInt()));
  }
  return labels;
}

// The stored logits of an evaluation, n x classes, in the order of its split.
Result<std::vector<float>> StoredLogits(storage::ReadStore& store, const Json& evaluation) {
  TUTTI_ASSIGN_OR_RETURN(
      const storage::Table rows,
      store.Query("SELECT logits FROM predictions WHERE evaluation_id = ?1 ORDER BY position",
                  {evaluation}, kLimits));
  std::vector<float> logits;
  for (const storage::Row& row : rows.rows) {
    const std::vector<float> item = Values<float>(row[0]);
    logits.insert(logits.end(), item.begin(), item.end());
  }
  return logits;
}

// row: evaluation_id, n, classes, split_id, then the numbers of v_evaluations.
Status CompareEvaluation(storage::ReadStore& store, const storage::Row& row,
                         Comparison& comparison) {
  const std::string name = "evaluation " + row[0].Dump();
  const std::int64_t classes = row[2].AsInt();
  TUTTI_ASSIGN_OR_RETURN(const std::vector<float> logits, StoredLogits(store, row[0]));
  TUTTI_ASSIGN_OR_RETURN(const std::vector<std::int32_t> labels, StoredLabels(store, row[3]));
  TUTTI_ASSIGN_OR_RETURN(const EvaluationMetrics metrics,
                         Evaluate(logits, labels, classes, false));
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
      store->Query("SELECT evaluation_id FROM v_evaluations ORDER BY evaluation_id"));
  Comparison comparison;
  for (const storage::Row& id : ids.rows) {
    TUTTI_ASSIGN_OR_RETURN(
        const storage::Table found,
        store->Query("SELECT v.evaluation_id, v.n, e.classes, e.split_id, v.accuracy, "
                     "v.loss, v.macro_auc, v.macro_ap, v.macro_f1, v.ece, v.brier "
                     "FROM v_evaluations AS v JOIN evaluations AS e USING (evaluation_id) "
                     "WHERE v.evaluation_id = ?1",
                     {id[0]}, kLimits));
    if (found.rows.size() != 1) return DataLoss("evaluation without stored predictions");
    TUTTI_RETURN_IF_ERROR(CompareEvaluation(*store, found.rows[0], comparison));
  }
  std::printf("%zu evaluations, %d numbers recomputed from the stored logits, %d differ\n",
              ids.rows.size(), comparison.numbers(), comparison.differences());
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
