#include "coordinator/service/row_reader.h"

#include <charconv>
#include <optional>
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

namespace {

// 17 of "e17"; nullopt for anything else.
std::optional<std::int64_t> EpochOf(const std::string& which) {
  std::int64_t epoch = 0;
  const char* const begin = which.data() + 1;
  const char* const end = which.data() + which.size();
  if (which.size() < 2 || which[0] != 'e') return std::nullopt;
  const auto [stop, error] = std::from_chars(begin, end, epoch);
  if (error != std::errc() || stop != end || epoch < 0) return std::nullopt;
  return epoch;
}

std::string KeptText(const Json& kept) {
  if (kept.size() == 0) return "it keeps none";
  std::string text = "it keeps ";
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const Json& row = kept[i];
    text += (i > 0 ? ", @e" : "@e") + std::to_string(row["epoch"].AsInt());
    if (row["is_best"].AsInt() != 0) text += " (best)";
    if (row["is_last"].AsInt() != 0) text += " (last)";
  }
  return text;
}

}  // namespace

Result<FoundCheckpoint> FindCheckpoint(ServiceContext& context, std::int64_t experiment,
                                       std::int64_t trial_no, const std::string& which) {
  const auto epoch = EpochOf(which);
  const bool best = which.empty() || which == "best";
  if (!best && which != "last" && !epoch) {
    return InvalidArgument("checkpoint is '" + which +
                           "', expected best, last or e17 (the one after epoch 17)");
  }
  if (trial_no < 1) return InvalidArgument("trial_no is " + std::to_string(trial_no) + ", from 1 on");
  TUTTI_ASSIGN_OR_RETURN(const Json trial, ReadRow(context, experiment, trial_no));
  const std::int64_t trial_id = trial["trial_id"].AsInt();
  TUTTI_ASSIGN_OR_RETURN(
      const Json kept,
      ReadObjects(context,
                  "SELECT epoch, path, sha256, is_best, is_last FROM v_checkpoints "
                  "WHERE trial_id = ?1 AND state = 'COMMITTED' ORDER BY checkpoint_id DESC",
                  {trial_id}));
  for (const Json& row : kept.AsArray()) {
    const bool fits = epoch ? row["epoch"].AsInt() == *epoch
                            : row[best ? "is_best" : "is_last"].AsInt() != 0;
    if (fits) return FoundCheckpoint{TrialId(trial_id), row["path"].AsString(), row["sha256"].AsString()};
  }
  const std::string name = std::to_string(experiment) + "." + std::to_string(trial_no);
  return NotFound("there is no checkpoint " + name + "@" + (best ? "best" : which) + ": " +
                  KeptText(kept));
}

}  // namespace tutti
