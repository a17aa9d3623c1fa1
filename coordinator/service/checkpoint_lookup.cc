#include "coordinator/service/checkpoint_lookup.h"

#include <string>
#include <vector>

namespace tutti {
namespace {

constexpr storage::QueryLimits kLimits{1'000, 5'000};

// ", kept are @e3 and @e9 (best)", for a message.
Result<std::string> DescribeKept(storage::ReadStore& store, TrialId trial) {
  TUTTI_ASSIGN_OR_RETURN(const storage::Table table,
                         store.Query(R"(
      SELECT DISTINCT c.epoch
      FROM checkpoints AS c
      JOIN attempts AS a ON a.attempt_id = c.attempt_id
      WHERE a.trial_id = ?1 AND c.state = 'COMMITTED'
      ORDER BY c.epoch)",
                                     {trial.value}, kLimits));
  if (table.rows.empty()) return std::string("; none of the trial is kept");
  std::string text;
  for (const storage::Row& row : table.rows) {
    text += (text.empty() ? "; kept: @e" : ", @e") + std::to_string(row[0].AsInt());
  }
  return text;
}

}  // namespace

Result<TrialId> LookUpTrial(storage::ReadStore& store, const CheckpointReference& reference) {
  TUTTI_ASSIGN_OR_RETURN(const storage::Table table,
                         store.Query(R"(
      SELECT trial_id
      FROM trials
      WHERE experiment_id = ?1 AND trial_no = ?2)",
                                     {reference.experiment, reference.trial_no}, kLimits));
  if (table.rows.empty()) return NotFound("there is no trial " + reference.trial_text());
  return TrialId(table.rows[0][0].AsInt());
}

Result<KnownCheckpoint> LookUpCheckpoint(storage::ReadStore& store,
                                         const CheckpointReference& reference) {
  TUTTI_ASSIGN_OR_RETURN(const TrialId trial, LookUpTrial(store, reference));
  std::string where;
  std::vector<Json> params{trial.value};
  if (reference.which == "best") {
    where = "c.checkpoint_id = t.best_checkpoint_id";
  } else if (reference.which == "last") {
    where = "c.checkpoint_id = t.last_checkpoint_id";
  } else {
    const std::int64_t epoch = CheckpointEpoch(reference.which);
    if (epoch == 0) {
      return InvalidArgument("\"" + reference.which + "\" is not best, last or an epoch as e17");
    }
    where = "c.epoch = ?2";
    params.emplace_back(epoch);
  }
  TUTTI_ASSIGN_OR_RETURN(const storage::Table table,
                         store.Query(R"(
      SELECT c.checkpoint_id, c.name, c.sha256, c.epoch, c.state
      FROM checkpoints AS c
      JOIN attempts AS a ON a.attempt_id = c.attempt_id
      JOIN trials AS t ON t.trial_id = a.trial_id
      WHERE t.trial_id = ?1 AND )" + where + R"(
      ORDER BY c.checkpoint_id DESC
      LIMIT 1)",
                                     params, kLimits));
  if (table.rows.empty()) {
    TUTTI_ASSIGN_OR_RETURN(const std::string kept, DescribeKept(store, trial));
    return NotFound("there is no checkpoint " + reference.trial_text() + "@" + reference.which +
                    kept);
  }
  const storage::Row& row = table.rows[0];
  return KnownCheckpoint{trial,
                         CheckpointId(row[0].AsInt()),
                         row[1].AsString(),
                         row[2].AsString(),
                         row[3].AsInt(),
                         row[4].AsString() == "COMMITTED"};
}

Result<KnownCheckpoint> LookUpKeptCheckpoint(storage::ReadStore& store,
                                             const CheckpointReference& reference) {
  TUTTI_ASSIGN_OR_RETURN(KnownCheckpoint found, LookUpCheckpoint(store, reference));
  if (found.kept) return found;
  TUTTI_ASSIGN_OR_RETURN(const std::string kept, DescribeKept(store, found.trial));
  return NotFound("checkpoint " + reference.trial_text() + "@" + reference.which +
                  " is no longer kept" + kept);
}

}  // namespace tutti
