#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "cli/report_data.h"
#include "cli/report_query.h"
#include "experiments/metrics/ensemble.h"

namespace tutti::cli {
namespace {

// Fitting stops at a tolerance: other orders of the same items end this close to each other.
constexpr double kSameWeight = 1e-6;

// The members' stored predictions of one split, joined by item; nullopt if a member has none.
Result<std::optional<MemberPredictions>> JoinedPredictions(Database& database,
                                                           std::int64_t ensemble,
                                                           const std::string& split) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table members,
      database.Query("SELECT m.position, (SELECT max(v.evaluation_id) FROM v_evaluations AS v "
                     "WHERE v.trial_id = m.trial_id AND v.checkpoint_path = m.checkpoint_path "
                     "AND v.split = ?2 AND v.dataset IS NULL AND v.has_predictions) "
                     "FROM v_ensemble_members AS m "
                     "WHERE m.ensemble_id = ?1 AND m.position IS NOT NULL ORDER BY m.position",
                     Json::MakeArray({ensemble, split})));
  std::vector<storage::StoredPredictions> loaded;
  std::vector<std::string> names;
  for (const auto& row : members.rows) {
    if (!row[1].is_int()) return std::optional<MemberPredictions>();
    TUTTI_ASSIGN_OR_RETURN(auto predictions,
                           storage::LoadPredictions(QueryOf(database), row[1].AsInt()));
    loaded.push_back(std::move(predictions));
    names.push_back(row[0].Dump());
  }
  if (loaded.empty()) return std::optional<MemberPredictions>();
  TUTTI_ASSIGN_OR_RETURN(MemberPredictions joined, storage::JoinByItem(loaded, names));
  return std::optional<MemberPredictions>(std::move(joined));
}

// The weights that the ensemble was evaluated with, by position; empty if none are stored.
Result<std::vector<double>> StoredWeights(Database& database, std::int64_t ensemble,
                                          const std::string& combine) {
  TUTTI_ASSIGN_OR_RETURN(const Table rows,
                         database.Query("SELECT weight FROM v_ensemble_weights "
                                        "WHERE ensemble_id = ?1 AND combine = ?2 ORDER BY position",
                                        Json::MakeArray({ensemble, combine})));
  std::vector<double> weights;
  for (const auto& row : rows.rows) weights.push_back(DoubleOrNan(row[0]));
  return weights;
}

// Weights that people gave are an input of `weighted`; fitted ones are a result, to be fitted
// again. The stored ones were given if fitting on validation does not lead to them.
Result<WeightRule> RuleOf(Database& database, std::int64_t ensemble, Combiner combiner,
                          const std::optional<MemberPredictions>& validation,
                          std::size_t members) {
  WeightRule rule;
  rule.combiner = combiner;
  const bool fit = validation && validation->complete && validation->labelled() &&
                   !validation->items.empty();
  if (fit) rule.validation = &*validation;
  if (combiner != Combiner::kWeighted) return rule;
  TUTTI_ASSIGN_OR_RETURN(const std::vector<double> stored,
                         StoredWeights(database, ensemble, "weighted"));
  if (stored.size() != members) return rule;
  const auto fitted = WeightsOf(rule, members);
  const auto close = [](double a, double b) { return std::fabs(a - b) < kSameWeight; };
  if (fitted && std::equal(stored.begin(), stored.end(), fitted->begin(), close)) return rule;
  rule.given = stored;
  return rule;
}

void Replace(const EnsembleEvaluation& from, report::EnsembleCombination& c) {
  c.n = from.metrics.n;
  c.best_member_accuracy = from.best_member_accuracy;
  c.mean_member_accuracy = from.mean_member_accuracy;
  c.disagreement = from.disagreement;
  c.double_fault = from.double_fault;
  if (!c.accuracy) return;  // no labels: nothing is measured
  c.accuracy = from.metrics.accuracy;
  c.loss = from.metrics.loss;
  c.macro_auc = from.metrics.macro_auc;
  c.macro_f1 = from.metrics.macro_f1;
  c.ece = from.metrics.ece;
}

void ReplaceMembers(const EnsembleEvaluation& from, report::EnsembleData& e) {
  for (report::EnsembleMember& member : e.members) {
    for (const MemberAblation& a : from.members) {
      if (a.position != member.position) continue;
      member.weight = a.weight;
      member.accuracy_alone = a.accuracy_alone;
      member.accuracy_without = a.accuracy_without;
      member.loss_alone = a.loss_alone;
      member.loss_without = a.loss_without;
    }
  }
}

void ReplacePairs(const MemberPredictions& split, report::EnsembleData& e) {
  const std::size_t n = e.pair_labels.size();
  for (const PairDiversity& pair : Diversity(split)) {
    const auto a = static_cast<std::size_t>(pair.a);
    const auto b = static_cast<std::size_t>(pair.b);
    if (a >= n || b >= n) continue;
    e.pair_disagreement[a * n + b] = e.pair_disagreement[b * n + a] = pair.disagreement;
  }
}

}  // namespace

Status RecomputeEnsemble(Database& database, report::EnsembleData& e,
                         std::vector<std::string>& unverified) {
  TUTTI_ASSIGN_OR_RETURN(const auto validation,
                         JoinedPredictions(database, e.ensemble_id, "validation"));
  std::map<std::string, std::optional<MemberPredictions>> splits;
  for (report::EnsembleCombination& c : e.combinations) {
    if (!splits.contains(c.split)) {
      TUTTI_ASSIGN_OR_RETURN(splits[c.split],
                             JoinedPredictions(database, e.ensemble_id, c.split));
    }
    const auto& split = splits[c.split];
    const auto combiner = kCombinerNames.Parse(c.combine);
    if (!split || !combiner) {
      unverified.push_back("ensemble " + std::to_string(e.ensemble_id) + " on " + c.split +
                           ": a member's predictions are not stored; its numbers were compared "
                           "with the stored ones");
      continue;
    }
    TUTTI_ASSIGN_OR_RETURN(const WeightRule rule, RuleOf(database, e.ensemble_id, *combiner,
                                                         validation, split->members()));
    TUTTI_ASSIGN_OR_RETURN(const EnsembleEvaluation evaluation,
                           EvaluateEnsemble(c.split, *split, rule, c.chosen));
    Replace(evaluation, c);
    if (c.chosen && c.split == e.split) {
      ReplaceMembers(evaluation, e);
      ReplacePairs(*split, e);
    }
  }
  return Ok{};
}

}  // namespace tutti::cli
