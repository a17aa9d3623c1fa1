#include "coordinator/service/row_reader.h"

#include <string>
#include <vector>

#include "coordinator/service/service_context.h"

namespace tutti {
namespace {

constexpr std::int64_t kMaxRows = 10'000;

Result<Json> ReadObjects(ServiceContext& context, const std::string& sql,
                         const std::vector<Json>& params) {
  const std::lock_guard lock(context.reader_mutex);
  if (!context.reader) {
    TUTTI_ASSIGN_OR_RETURN(context.reader,
                           storage::ReadStore::Open(context.state_dir + "/tutti.db"));
  }
  TUTTI_ASSIGN_OR_RETURN(const storage::Table table,
                         context.reader->Query(sql, params, {kMaxRows, 2'000}));
  Json out = Json::MakeArray();
  for (const storage::Row& row : table.rows) {
    Json object = Json::MakeObject();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      Json value = row[i];
      if (table.columns[i] == "hparams" && value.is_string()) {
        if (auto parsed = Json::Parse(value.AsString())) value = std::move(*parsed);
      }
      object.Set(table.columns[i], std::move(value));
    }
    out.Append(std::move(object));
  }
  return out;
}

Error NoSuch(std::int64_t experiment, std::int64_t trial_no) {
  if (trial_no == 0) return NotFound("there is no experiment " + std::to_string(experiment));
  return NotFound("there is no trial " + std::to_string(experiment) + "." +
                  std::to_string(trial_no));
}

}  // namespace

Result<Json> ReadRow(ServiceContext& context, std::int64_t experiment, std::int64_t trial_no) {
  auto rows = trial_no == 0
                  ? ReadObjects(context, "SELECT * FROM v_experiments WHERE experiment_id = ?1",
                                {experiment})
                  : ReadObjects(context,
                                "SELECT * FROM v_trials WHERE experiment_id = ?1 AND trial_no = ?2",
                                {experiment, trial_no});
  if (!rows) return rows.error();
  if (rows->size() == 0) return NoSuch(experiment, trial_no);
  return (*rows)[0];
}

Result<Json> ReadExperiments(ServiceContext& context) {
  return ReadObjects(context, "SELECT * FROM v_experiments ORDER BY experiment_id DESC", {});
}

Result<Json> ReadTrials(ServiceContext& context, std::int64_t experiment) {
  TUTTI_RETURN_IF_ERROR(ReadRow(context, experiment, 0));
  return ReadObjects(context, "SELECT * FROM v_trials WHERE experiment_id = ?1 ORDER BY trial_no",
                     {experiment});
}

Result<Json> ReadDecisions(ServiceContext& context, std::int64_t experiment,
                           std::int64_t trial_no) {
  if (trial_no != 0) {
    return ReadObjects(context,
                       "SELECT at, subject, text FROM v_decisions WHERE subject = ?1 ORDER BY seq",
                       {"trial " + std::to_string(experiment) + "." + std::to_string(trial_no)});
  }
  return ReadObjects(context,
                     "SELECT at, subject, text FROM (SELECT seq, at, subject, text "
                     "FROM v_decisions WHERE experiment_id = ?1 ORDER BY seq DESC LIMIT 100) "
                     "ORDER BY seq",
                     {experiment});
}

}  // namespace tutti
