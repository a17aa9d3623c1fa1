#include "coordinator/service/checkpoint_lookup.h"

#include <charconv>
#include <string_view>
#include <vector>

namespace tutti {
namespace {

constexpr storage::QueryLimits kLimits{1'000, 5'000};

// A positive number that is all of `text`.
bool ReadNumber(std::string_view text, std::int64_t& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value > 0;
}

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

Result<CheckpointReference> ParseCheckpointReference(const std::string& text) {
  const auto wrong = [&text] {
    return InvalidArgument("\"" + text + "\" is no checkpoint, expected EXPERIMENT.TRIAL or one of "
                           "its checkpoints, as 12.3, 12.3@best, 12.3@last or 12.3@e17");
  };
  CheckpointReference reference;
  std::string_view rest = text;
  if (const std::size_t at = rest.find('@'); at != std::string_view::npos) {
    reference.which = rest.substr(at + 1);
    rest = rest.substr(0, at);
  }
  const std::size_t dot = rest.find('.');
  if (dot == std::string_view::npos || !ReadNumber(rest.substr(0, dot), reference.experiment) ||
      !ReadNumber(rest.substr(dot + 1), reference.trial_no)) {
    return wrong();
  }
  std::int64_t epoch = 0;
  const bool good = reference.which == "best" || reference.which == "last" ||
                    (reference.which.starts_with('e') &&
                     ReadNumber(std::string_view(reference.which).substr(1), epoch));
  if (!good) return wrong();
  return reference;
}

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
    std::int64_t epoch = 0;
    if (!ReadNumber(std::string_view(reference.which).substr(1), epoch)) {
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
