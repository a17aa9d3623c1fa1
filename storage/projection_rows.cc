#include "storage/projection_rows.h"

#include <optional>
#include <string>

#include "storage/ensemble_rows.h"

namespace tutti::storage {
namespace {

struct Projector {
  Database& db;
  std::int64_t at_ms;

  Status Done(const Result<std::int64_t>& changes) const {
    if (!changes) return changes.error();
    return Ok{};
  }

  Status operator()(const engine::PersistExperiment& row) const {
    return Done(db.Run(R"(
        INSERT INTO experiments (experiment_id, name, state, metric, smaller_is_better, best_value,
          created_at_ms, ended_at_ms, message, archived, priority, weight, max_slots,
          save_experiment_best, save_trial_best, save_trial_latest, held_ms)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (experiment_id) DO UPDATE SET
          name = excluded.name,
          state = excluded.state,
          metric = excluded.metric,
          smaller_is_better = excluded.smaller_is_better,
          best_value = excluded.best_value,
          created_at_ms = excluded.created_at_ms,
          ended_at_ms = excluded.ended_at_ms,
          message = excluded.message,
          archived = excluded.archived,
          priority = excluded.priority,
          weight = excluded.weight,
          max_slots = excluded.max_slots,
          save_experiment_best = excluded.save_experiment_best,
          save_trial_best = excluded.save_trial_best,
          save_trial_latest = excluded.save_trial_latest,
          held_ms = excluded.held_ms)",
                       row.experiment.value, row.name, row.state, row.metric,
                       row.smaller_is_better, row.best_value, row.created_at_ms,
                       OrNull(row.ended_at_ms), row.message, row.archived, row.priority,
                       row.weight, row.max_slots, row.save_experiment_best, row.save_trial_best,
                       row.save_trial_latest, row.held_ms));
  }

  Status operator()(const engine::PersistTrial& row) const {
    const std::string hparams = row.hparams.is_null() ? "{}" : row.hparams.Dump();
    return Done(db.Run(R"(
        INSERT INTO trials (trial_id, experiment_id, trial_no, configuration_no, replicate_no,
          state, seed, hparams, parameters, restarts, best_value, last_value, best_epoch,
          best_checkpoint_id, last_checkpoint_id, started_at_ms, ended_at_ms, message,
          parent_trial_id, flops, time_done, run_until, infeasible)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (trial_id) DO UPDATE SET
          experiment_id = excluded.experiment_id,
          trial_no = excluded.trial_no,
          configuration_no = excluded.configuration_no,
          replicate_no = excluded.replicate_no,
          state = excluded.state,
          seed = excluded.seed,
          hparams = excluded.hparams,
          parameters = excluded.parameters,
          restarts = excluded.restarts,
          best_value = excluded.best_value,
          last_value = excluded.last_value,
          best_epoch = excluded.best_epoch,
          best_checkpoint_id = excluded.best_checkpoint_id,
          last_checkpoint_id = excluded.last_checkpoint_id,
          started_at_ms = excluded.started_at_ms,
          ended_at_ms = excluded.ended_at_ms,
          message = excluded.message,
          parent_trial_id = excluded.parent_trial_id,
          flops = excluded.flops,
          time_done = excluded.time_done,
          run_until = excluded.run_until,
          infeasible = excluded.infeasible)",
                       row.trial.value, row.experiment.value, row.trial_no, row.configuration_no,
                       row.replicate_no, row.state, static_cast<std::int64_t>(row.seed), hparams,
                       OrNull(row.parameters), row.restarts, row.best_value, row.last_value,
                       OrNull(row.best_epoch), OrNull(row.best_checkpoint.value),
                       OrNull(row.last_checkpoint.value), OrNull(row.started_at_ms),
                       OrNull(row.ended_at_ms), row.message, OrNull(row.parent.value),
                       OrNull(row.flops), OrNull(row.time_done), OrNull(row.run_until),
                       row.infeasible));
  }

  // last_seq is not here: it belongs to the reports.
  Status operator()(const engine::PersistAttempt& row) const {
    TUTTI_RETURN_IF_ERROR(Done(db.Run(R"(
        INSERT INTO attempts (attempt_id, trial_id, allocation_id, fence, last_seq, state,
          resumed_from_checkpoint_id, started_at_ms, ended_at_ms, slots, failure, message, kind,
          node_id)
        VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (attempt_id) DO UPDATE SET
          trial_id = excluded.trial_id,
          allocation_id = excluded.allocation_id,
          fence = excluded.fence,
          state = excluded.state,
          resumed_from_checkpoint_id = excluded.resumed_from_checkpoint_id,
          started_at_ms = excluded.started_at_ms,
          ended_at_ms = excluded.ended_at_ms,
          slots = excluded.slots,
          failure = excluded.failure,
          message = excluded.message,
          kind = excluded.kind,
          node_id = coalesce(excluded.node_id, node_id))",
                       row.attempt.value, row.trial.value, OrNull(row.allocation.value), row.fence,
                       row.state, OrNull(row.resumed_from.value), OrNull(row.started_at_ms),
                       OrNull(row.ended_at_ms), row.slots, row.failure, row.message,
                       row.kind.empty() ? "train" : row.kind, OrNull(row.node.value))));
    return row.parts.empty() ? Status(Ok{}) : WriteParts(row);
  }

  // Where an attempt runs never changes.
  Status WriteParts(const engine::PersistAttempt& row) const {
    for (std::size_t i = 0; i < row.parts.size(); ++i) {
      Json slots = Json::MakeArray();
      for (const std::int64_t slot : row.parts[i].slots) slots.Append(slot);
      const std::string slots_text = slots.Dump();
      TUTTI_RETURN_IF_ERROR(Done(db.Run(R"(
          INSERT INTO attempt_parts (attempt_id, part, node_id, slots)
          VALUES (?, ?, ?, ?)
          ON CONFLICT (attempt_id, part) DO NOTHING)",
                                        row.attempt.value, static_cast<std::int64_t>(i),
                                        row.parts[i].node.value, slots_text)));
    }
    return Ok{};
  }

  Status operator()(const engine::PersistNode& row) const {
    Json labels = Json::MakeObject();
    for (const auto& [name, value] : row.labels) labels.Set(name, value);
    const std::string labels_text = labels.Dump();
    return Done(db.Run(R"(
        INSERT INTO nodes (node_id, name, pool, state, slots, draining, labels)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (node_id) DO UPDATE SET
          name = excluded.name,
          pool = excluded.pool,
          state = excluded.state,
          slots = excluded.slots,
          draining = excluded.draining,
          labels = excluded.labels)",
                       row.node.value, row.name, row.pool, row.state, row.slots, row.draining,
                       labels_text));
  }

  Status SetCheckpointState(std::int64_t checkpoint, const std::string& state) const {
    return Done(
        db.Run("UPDATE checkpoints SET state = ? WHERE checkpoint_id = ?", state, checkpoint));
  }
  Status operator()(const engine::PersistCheckpointState& row) const {
    return SetCheckpointState(row.checkpoint.value, row.state);
  }
  Status operator()(const engine::DeleteCheckpoint& command) const {
    return SetCheckpointState(command.checkpoint.value, "DELETING");
  }

  Status operator()(const engine::LogEvent& row) const {
    return Done(db.Run("INSERT INTO events (at_ms, kind, subject, detail) VALUES (?, ?, ?, ?)",
                       row.at_ms != 0 ? row.at_ms : at_ms, row.kind, row.subject, row.detail));
  }

  Status operator()(const engine::PersistEnsemble& row) const { return WriteEnsemble(db, row); }

  Status operator()(const engine::SetDesired&) const { return Ok{}; }
  Status operator()(const engine::ExperimentEnded&) const { return Ok{}; }
  Status operator()(const engine::EvaluateEnsemble&) const { return Ok{}; }
  Status operator()(const engine::TaskEnded&) const { return Ok{}; }
};

}  // namespace

Status WriteProjection(Database& db, std::int64_t at_ms, const engine::Command& command) {
  return std::visit(Projector{db, at_ms}, command);
}

}  // namespace tutti::storage
