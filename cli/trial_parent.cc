#include "cli/trial_parent.h"

#include <string>

namespace tutti::cli {

Result<TrialParent> ReadTrialParent(Database& database, std::int64_t experiment,
                                    std::int64_t trial_no) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table found,
      database.Query("SELECT d.canonical_json, d.provenance_json, t.hparams FROM documents AS d "
                     "JOIN v_trials AS t ON t.experiment_id = d.experiment_id "
                     "WHERE d.experiment_id = ?1 AND t.trial_no = ?2",
                     Json::MakeArray({experiment, trial_no})));
  if (found.rows.empty()) {
    return NotFound("the configuration of trial " + std::to_string(experiment) + "." +
                    std::to_string(trial_no) + " is not in the database");
  }
  TrialParent parent;
  Json* parts[] = {&parent.canonical, &parent.provenance, &parent.hparams};
  for (std::size_t i = 0; i < 3; ++i) {
    const Json& cell = found.rows[0][i];
    TUTTI_ASSIGN_OR_RETURN(*parts[i], cell.is_string() ? Json::Parse(cell.AsString())
                                                       : Result<Json>(cell));
  }
  return parent;
}

}  // namespace tutti::cli
