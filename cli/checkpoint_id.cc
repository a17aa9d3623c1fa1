#include "cli/checkpoint_id.h"

#include "experiments/core/checkpoint_reference.h"

namespace tutti::cli {
namespace {

Result<std::int64_t> BestTrial(Database& database, std::int64_t experiment) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table best,
      database.Query("SELECT l.trial_no FROM v_leaderboard AS l "
                     "JOIN experiments AS e ON e.experiment_id = l.experiment_id "
                     "WHERE l.experiment_id = ?1 AND l.best_value IS NOT NULL "
                     "ORDER BY CASE e.smaller_is_better WHEN 1 THEN l.best_value "
                     "ELSE -l.best_value END, l.trial_no LIMIT 1",
                     Json::MakeArray({experiment})));
  if (best.rows.empty()) {
    return NotFound("no trial of experiment " + std::to_string(experiment) +
                    " has a result yet; `tutti ls " + std::to_string(experiment) +
                    "` lists its trials");
  }
  return best.rows[0][0].AsInt();
}

}  // namespace

Result<CheckpointId> ParseCheckpointId(Database& database, const std::string& text) {
  CheckpointId id;
  const std::size_t at = text.find('@');
  if (at != std::string::npos) {
    id.checkpoint = text.substr(at + 1);
    if (!IsCheckpointName(id.checkpoint)) {
      return InvalidArgument("'" + text + "' is no checkpoint; expected 12.3@best, 12.3@last or "
                             "12.3@e17 (after epoch 17)");
    }
  }
  TUTTI_ASSIGN_OR_RETURN(const TargetId target, ParseTarget(database, text.substr(0, at)));
  id.experiment = target.experiment;
  id.trial_no = target.trial_no;
  if (id.trial_no == 0) {
    TUTTI_ASSIGN_OR_RETURN(id.trial_no, BestTrial(database, id.experiment));
  }
  return id;
}

}  // namespace tutti::cli
