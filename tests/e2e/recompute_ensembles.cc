// Ensembles from nothing but the stored logits of their members, the combiner's name and, for given
// weights, the weights.
#include "tests/e2e/recompute.h"

#include <map>
#include <vector>

#include "experiments/metrics/ensemble.h"

namespace tutti {
namespace {

struct Members {
  std::vector<storage::CheckpointEvaluations> found;
  std::vector<std::string> names;
};

Result<Members> FindMembers(const storage::RunQuery& read, const Json& ensemble) {
  Members members;
  TUTTI_ASSIGN_OR_RETURN(
      const storage::Table rows,
      read("SELECT trial_id, checkpoint_name FROM ensemble_members WHERE ensemble_id = ?1 "
           "ORDER BY position",
           {ensemble}));
  for (const storage::Row& row : rows.rows) {
    TUTTI_ASSIGN_OR_RETURN(
        storage::CheckpointEvaluations found,
        storage::FindEvaluations(read, TrialId(row[0].AsInt()), row[1].AsString()));
    members.names.push_back(found.text);
    members.found.push_back(std::move(found));
  }
  return members;
}

// Nothing if a member has no predictions of this split.
Result<std::optional<MemberPredictions>> Load(const storage::RunQuery& read, const Members& members,
                                              const std::string& split) {
  std::vector<storage::StoredPredictions> loaded;
  for (const storage::CheckpointEvaluations& member : members.found) {
    for (const storage::StoredEvaluation& evaluation : member.evaluations) {
      if (evaluation.split != split) continue;
      TUTTI_ASSIGN_OR_RETURN(storage::StoredPredictions predictions,
                             storage::LoadPredictions(read, evaluation.evaluation_id));
      loaded.push_back(std::move(predictions));
    }
  }
  if (loaded.size() != members.found.size()) return std::optional<MemberPredictions>();
  TUTTI_ASSIGN_OR_RETURN(MemberPredictions joined, storage::JoinByItem(loaded, members.names));
  return std::optional<MemberPredictions>(std::move(joined));
}

Result<std::vector<double>> StoredWeights(const storage::RunQuery& read, const Json& ensemble,
                                          const std::string& combine) {
  TUTTI_ASSIGN_OR_RETURN(const storage::Table rows,
                         read("SELECT weight FROM v_ensemble_weights WHERE ensemble_id = ?1 "
                              "AND combine = ?2 ORDER BY position",
                              {ensemble, combine}));
  std::vector<double> weights;
  for (const storage::Row& row : rows.rows) weights.push_back(row[0].AsDouble());
  return weights;
}

// Fitted weights must come out again; of a chosen `weighted` they may have been given.
Result<WeightRule> RuleOf(const EnsembleEvaluation& stored, const std::vector<double>& weights,
                          const MemberPredictions* validation, Comparison& comparison,
                          const std::string& name) {
  WeightRule rule{stored.combiner, {}, validation};
  auto again = WeightsOf(rule, weights.size());
  if (again && *again == weights) return rule;
  if (stored.combiner == Combiner::kWeighted && stored.chosen) {
    rule.given = weights;
    return rule;
  }
  if (!again) return again.error();
  for (std::size_t k = 0; k < weights.size(); ++k) {
    comparison.Number(name + " weight " + std::to_string(k), Json(weights[k]), (*again)[k]);
  }
  return rule;
}

Status CompareMembers(const storage::RunQuery& read, const Json& ensemble,
                      const EnsembleEvaluation& computed, Comparison& comparison,
                      const std::string& name) {
  TUTTI_ASSIGN_OR_RETURN(
      const storage::Table rows,
      read("SELECT accuracy_alone, accuracy_without, loss_alone, loss_without "
           "FROM v_ensemble_ablation WHERE ensemble_id = ?1 AND split = ?2 ORDER BY position",
           {ensemble, computed.split}));
  if (rows.rows.size() != computed.members.size()) return DataLoss(name + ": rows of ablation");
  for (std::size_t k = 0; k < rows.rows.size(); ++k) {
    const MemberAblation& m = computed.members[k];
    const std::string at = name + " member " + std::to_string(k);
    comparison.Number(at + " accuracy alone", rows.rows[k][0], m.accuracy_alone);
    comparison.Number(at + " accuracy without", rows.rows[k][1], m.accuracy_without);
    comparison.Number(at + " loss alone", rows.rows[k][2], m.loss_alone);
    comparison.Number(at + " loss without", rows.rows[k][3], m.loss_without);
  }
  return Ok{};
}

Status ComparePairs(const storage::RunQuery& read, const Json& ensemble, const std::string& split,
                    const MemberPredictions& predictions, Comparison& comparison,
                    const std::string& name) {
  TUTTI_ASSIGN_OR_RETURN(
      const storage::Table rows,
      read("SELECT disagreement, double_fault FROM v_ensemble_pairs "
           "WHERE ensemble_id = ?1 AND split = ?2 ORDER BY a, b",
           {ensemble, split}));
  const std::vector<PairDiversity> pairs = Diversity(predictions);
  if (rows.rows.size() != pairs.size()) return DataLoss(name + ": rows of pairs");
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    comparison.Number(name + " disagreement", rows.rows[i][0], pairs[i].disagreement);
    comparison.Number(name + " double fault", rows.rows[i][1], pairs[i].double_fault);
  }
  return Ok{};
}

// row: ensemble_id, split, combine, chosen, then the numbers.
Status CompareRow(const storage::RunQuery& read, const storage::Row& row, const Members& members,
                  Comparison& comparison) {
  const std::string name =
      "ensemble " + row[0].Dump() + " " + row[1].AsString() + " " + row[2].AsString();
  EnsembleEvaluation stored;
  stored.split = row[1].AsString();
  stored.chosen = row[3].AsInt() != 0;
  stored.combiner = kCombinerNames.Parse(row[2].AsString()).value();
  TUTTI_ASSIGN_OR_RETURN(const auto split, Load(read, members, stored.split));
  TUTTI_ASSIGN_OR_RETURN(const auto validation, Load(read, members, "validation"));
  if (!split) return DataLoss(name + ": members without predictions");
  const bool fit = validation && validation->complete;
  TUTTI_ASSIGN_OR_RETURN(const auto weights, StoredWeights(read, row[0], row[2].AsString()));
  TUTTI_ASSIGN_OR_RETURN(
      const WeightRule rule,
      RuleOf(stored, weights, fit ? &*validation : nullptr, comparison, name));
  TUTTI_ASSIGN_OR_RETURN(const EnsembleEvaluation e,
                         EvaluateEnsemble(stored.split, *split, rule, stored.chosen));
  const bool labelled = e.metrics.labelled;
  const auto number = [labelled](double value) {
    return labelled ? std::optional<double>(value) : std::nullopt;
  };
  comparison.Number(name + " n", row[4], static_cast<double>(e.metrics.n));
  comparison.Number(name + " accuracy", row[5], number(e.metrics.accuracy));
  comparison.Number(name + " loss", row[6], number(e.metrics.loss));
  comparison.Number(name + " macro_auc", row[7], e.metrics.macro_auc);
  comparison.Number(name + " macro_ap", row[8], e.metrics.macro_ap);
  comparison.Number(name + " macro_f1", row[9], number(e.metrics.macro_f1));
  comparison.Number(name + " ece", row[10], number(e.metrics.ece));
  comparison.Number(name + " brier", row[11], number(e.metrics.brier));
  comparison.Number(name + " best member", row[12], e.best_member_accuracy);
  comparison.Number(name + " mean member", row[13], e.mean_member_accuracy);
  comparison.Number(name + " disagreement", row[14], e.disagreement);
  comparison.Number(name + " double fault", row[15], e.double_fault);
  if (!stored.chosen) return Ok{};
  TUTTI_RETURN_IF_ERROR(CompareMembers(read, row[0], e, comparison, name));
  return ComparePairs(read, row[0], stored.split, *split, comparison, name);
}

}  // namespace

Result<std::size_t> CompareEnsembles(storage::ReadStore& store, Comparison& comparison) {
  const storage::RunQuery read = ReadAll(store);
  TUTTI_ASSIGN_OR_RETURN(
      const storage::Table rows,
      read("SELECT ensemble_id, split, combine, chosen, n, accuracy, loss, macro_auc, macro_ap, "
           "macro_f1, ece, brier, best_member_accuracy, mean_member_accuracy, disagreement, "
           "double_fault FROM v_ensemble_evaluations ORDER BY ensemble_id, split, combine",
           {}));
  std::map<std::int64_t, Members> ensembles;
  for (const storage::Row& row : rows.rows) {
    if (!ensembles.contains(row[0].AsInt())) {
      TUTTI_ASSIGN_OR_RETURN(ensembles[row[0].AsInt()], FindMembers(read, row[0]));
    }
    TUTTI_RETURN_IF_ERROR(CompareRow(read, row, ensembles[row[0].AsInt()], comparison));
  }
  return ensembles.size();
}

}  // namespace tutti
