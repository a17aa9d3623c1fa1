#include "coordinator/service/learned_from.h"

#include <mutex>
#include <string>
#include <utility>

namespace tutti {
namespace {

constexpr std::int64_t kMaxObservations = 10'000;

Status CheckExperiment(storage::ReadStore& reader, std::int64_t id, const std::string& metric) {
  TUTTI_ASSIGN_OR_RETURN(
      const storage::Table found,
      reader.Query("SELECT metric FROM v_experiments WHERE experiment_id = ?1", {id}));
  if (found.rows.empty()) {
    return NotFound("searcher.learn_from: there is no experiment " + std::to_string(id) +
                    "; `tutti ls --all` lists them");
  }
  const std::string& other = found.rows[0][0].AsString();
  if (other == metric) return Ok{};
  return InvalidArgument("searcher.learn_from: experiment " + std::to_string(id) +
                         " was searched by " + other + ", this one is by " + metric);
}

}  // namespace

bool LearnsFrom(const Json& canonical) {
  const Json* from = canonical.FindPath("searcher.learn_from");
  return from != nullptr && from->is_array() && from->size() > 0;
}

Result<Json> ResolveObservations(ServiceContext& context, Json canonical) {
  TUTTI_ASSIGN_OR_RETURN(const std::string metric,
                         canonical.FindPath("searcher")->GetString("metric"));
  const Json from = *canonical.FindPath("searcher.learn_from");
  const std::lock_guard lock(context.reader_mutex);
  if (!context.reader) {
    TUTTI_ASSIGN_OR_RETURN(context.reader,
                           storage::ReadStore::Open(context.state_dir + "/tutti.db"));
  }
  for (const Json& id : from.AsArray()) {
    TUTTI_RETURN_IF_ERROR(CheckExperiment(*context.reader, id.AsInt(), metric));
  }
  TUTTI_ASSIGN_OR_RETURN(const storage::Table rows, context.reader->Query(R"(
      WITH completed AS (
        SELECT experiment_id, configuration_no, min(hparams) AS hparams, avg(best_value) AS value,
          max(trial_id) AS newest
        FROM v_trials
        WHERE experiment_id IN (SELECT value FROM json_each(?1))
          AND state = 'COMPLETED' AND best_value IS NOT NULL AND infeasible IS NULL
        GROUP BY experiment_id, configuration_no
        ORDER BY newest DESC
        LIMIT ?2
      )
      SELECT hparams, value FROM completed ORDER BY newest)",
                                                                          {from.Dump(),
                                                                           kMaxObservations},
                                                                          {kMaxObservations,
                                                                           10'000}));
  Json observations = Json::MakeArray();
  for (const storage::Row& row : rows.rows) {
    TUTTI_ASSIGN_OR_RETURN(Json hparams, Json::Parse(row[0].AsString()));
    observations.Append(
        Json::MakeObject({{"hparams", std::move(hparams)}, {"value", row[1].AsDouble()}}));
  }
  canonical.SetPath("searcher.observations", std::move(observations));
  return canonical;
}

}  // namespace tutti
