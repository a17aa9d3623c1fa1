#include "storage/ensemble_rows.h"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

namespace tutti::storage {
namespace {

std::optional<double> Finite(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? value : std::nullopt;
}

Status WriteMembers(Database& db, const engine::PersistEnsemble& ensemble) {
  const std::int64_t id = ensemble.ensemble.value;
  TUTTI_RETURN_IF_ERROR(db.Run("DELETE FROM ensemble_members WHERE ensemble_id = ?", id));
  TUTTI_RETURN_IF_ERROR(db.Run("DELETE FROM ensemble_left_out WHERE ensemble_id = ?", id));
  for (const auto& member : ensemble.members) {
    TUTTI_RETURN_IF_ERROR(db.Run(R"(
        INSERT INTO ensemble_members (ensemble_id, position, trial_id, checkpoint_name)
        VALUES (?, ?, ?, ?))",
                                 id, member.position, member.trial.value, member.checkpoint_name));
  }
  std::int64_t i = 0;
  for (const auto& left_out : ensemble.left_out) {
    TUTTI_RETURN_IF_ERROR(db.Run(R"(
        INSERT INTO ensemble_left_out (ensemble_id, i, trial_id, reason)
        VALUES (?, ?, ?, ?))",
                                 id, i++, left_out.trial.value, left_out.reason));
  }
  return Ok{};
}

Status WriteEvaluationRow(Database& db, std::int64_t id, const EnsembleEvaluation& e) {
  const EvaluationMetrics& m = e.metrics;
  const std::string combine(kCombinerNames.Name(e.combiner));
  // A split without labels has no numbers (they are NaN, which SQLite stores as NULL).
  const auto number = [](double value) { return Finite(std::optional<double>(value)); };
  TUTTI_RETURN_IF_ERROR(db.Run(R"(
      INSERT INTO ensemble_evaluations (ensemble_id, split, combine, chosen, n, classes, accuracy,
        loss, macro_auc, macro_ap, macro_f1, ece, brier, micro_auc, micro_ap, macro_precision,
        macro_recall, best_member, best_member_accuracy, mean_member_accuracy, disagreement,
        double_fault)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))",
                               id, e.split, combine, e.chosen, m.n, m.classes, number(m.accuracy),
                               number(m.loss), Finite(m.macro_auc), Finite(m.macro_ap),
                               number(m.macro_f1), number(m.ece), number(m.brier),
                               Finite(m.micro_auc), Finite(m.micro_ap), number(m.macro_precision),
                               number(m.macro_recall), e.best_member,
                               Finite(e.best_member_accuracy), Finite(e.mean_member_accuracy),
                               Finite(e.disagreement), Finite(e.double_fault)));
  for (const MemberAblation& member : e.members) {
    // A combiner has one set of weights for all splits.
    TUTTI_RETURN_IF_ERROR(db.Run(R"(
        INSERT INTO ensemble_weights (ensemble_id, combine, position, weight)
        VALUES (?, ?, ?, ?)
        ON CONFLICT (ensemble_id, combine, position) DO NOTHING)",
                                 id, combine, member.position, member.weight));
    if (!e.chosen) continue;
    TUTTI_RETURN_IF_ERROR(db.Run(R"(
        INSERT INTO ensemble_ablation (ensemble_id, split, position, accuracy_alone,
          accuracy_without, loss_alone, loss_without)
        VALUES (?, ?, ?, ?, ?, ?, ?))",
                                 id, e.split, member.position, Finite(member.accuracy_alone),
                                 Finite(member.accuracy_without), Finite(member.loss_alone),
                                 Finite(member.loss_without)));
  }
  return Ok{};
}

}  // namespace

Status WriteEnsemble(Database& db, const engine::PersistEnsemble& ensemble) {
  TUTTI_RETURN_IF_ERROR(db.Run(R"(
      INSERT INTO ensembles (ensemble_id, experiment_id, configuration_no, name, combine, state,
        min_members, message, created_at_ms, ended_at_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (ensemble_id) DO UPDATE SET
        experiment_id = excluded.experiment_id,
        configuration_no = excluded.configuration_no,
        name = excluded.name,
        combine = excluded.combine,
        state = excluded.state,
        min_members = excluded.min_members,
        message = excluded.message,
        created_at_ms = excluded.created_at_ms,
        ended_at_ms = excluded.ended_at_ms)",
                               ensemble.ensemble.value, OrNull(ensemble.experiment.value),
                               OrNull(ensemble.configuration_no), ensemble.name, ensemble.combine,
                               ensemble.state, ensemble.min_members, ensemble.message,
                               ensemble.created_at_ms, OrNull(ensemble.ended_at_ms)));
  return WriteMembers(db, ensemble);
}

Status WriteEnsembleResult(Database& db, const EnsembleResult& result) {
  const std::int64_t id = result.ensemble.value;
  TUTTI_RETURN_IF_ERROR(db.Run("DELETE FROM ensemble_evaluations WHERE ensemble_id = ?", id));
  TUTTI_RETURN_IF_ERROR(db.Run("DELETE FROM ensemble_weights WHERE ensemble_id = ?", id));
  TUTTI_RETURN_IF_ERROR(db.Run("DELETE FROM ensemble_ablation WHERE ensemble_id = ?", id));
  TUTTI_RETURN_IF_ERROR(db.Run("DELETE FROM ensemble_pairs WHERE ensemble_id = ?", id));
  for (const EnsembleEvaluation& evaluation : result.evaluations) {
    TUTTI_RETURN_IF_ERROR(WriteEvaluationRow(db, id, evaluation));
  }
  for (const EnsembleResult::SplitPairs& split : result.pairs) {
    for (const PairDiversity& pair : split.pairs) {
      TUTTI_RETURN_IF_ERROR(db.Run(R"(
          INSERT INTO ensemble_pairs (ensemble_id, split, a, b, disagreement, double_fault)
          VALUES (?, ?, ?, ?, ?, ?))",
                                   id, split.split, pair.a, pair.b,
                                   Finite(std::optional<double>(pair.disagreement)),
                                   Finite(pair.double_fault)));
    }
  }
  return Ok{};
}

}  // namespace tutti::storage
