#include "cli/report_data.h"

#include <algorithm>
#include <tuple>

#include "cli/report_query.h"
#include "cli/version.h"

namespace tutti::cli {
namespace {

// A page draws at most so many trials' curves; the others' are not read.
constexpr std::size_t kMaxCurveTrials = 64;

Status ReadExperiment(Database& database, report::ReportData& data) {
  const Json id = Json::MakeArray({data.experiment_id});
  TUTTI_ASSIGN_OR_RETURN(
      const std::vector<Json> row,
      OneRow(database,
             "SELECT name, state, user, created_at, ended_at, message, metric, smaller_is_better "
             "FROM v_experiments WHERE experiment_id = ?1", id));
  data.name = TextOf(row[0]);
  data.state = TextOf(row[1]);
  data.user = TextOf(row[2]);
  data.created_at = TextOf(row[3]);
  data.ended_at = TextOf(row[4]);
  data.message = TextOf(row[5]);
  data.metric = TextOf(row[6]);
  data.smaller_is_better = IntOr0(row[7]) != 0;
  // What was submitted, and who wrote the file, are in tables that no view shows.
  TUTTI_ASSIGN_OR_RETURN(
      const Table documents,
      database.Query("SELECT raw_text, canonical_json, provenance_json FROM documents "
                     "WHERE experiment_id = ?1", id));
  if (!documents.rows.empty()) {
    data.raw_text = TextOf(documents.rows[0][0]);
    if (auto json = Json::Parse(TextOf(documents.rows[0][1]))) data.document = *json;
    if (auto json = Json::Parse(TextOf(documents.rows[0][2]))) data.provenance = *json;
    const Json* description = data.document.Find("description");
    if (description != nullptr) data.description = TextOf(*description);
  }
  TUTTI_ASSIGN_OR_RETURN(const Table meta, database.Query("SELECT written_by FROM meta"));
  if (!meta.rows.empty()) data.written_by = TextOf(meta.rows[0][0]);
  return Ok{};
}

report::TrialData TrialOf(const std::vector<Json>& row) {
  report::TrialData trial;
  trial.trial_id = IntOr0(row[0]);
  trial.trial_no = IntOr0(row[1]);
  trial.trial = TextOf(row[2]);
  trial.configuration_no = IntOr0(row[3]);
  trial.replicate_no = IntOr0(row[4]);
  trial.seed = std::to_string(static_cast<std::uint64_t>(IntOr0(row[5])));
  trial.state = TextOf(row[6]);
  if (auto hparams = Json::Parse(TextOf(row[7]))) trial.hparams = *hparams;
  trial.best_value = MaybeDouble(row[8]);
  trial.best_epoch = MaybeInt(row[9]);
  trial.validation_accuracy = MaybeDouble(row[10]);
  trial.test_accuracy = MaybeDouble(row[11]);
  trial.parameters = MaybeInt(row[12]);
  trial.wall_s = MaybeDouble(row[13]);
  trial.slot_seconds = MaybeDouble(row[14]);
  trial.attempts = IntOr0(row[15]);
  trial.restarts = IntOr0(row[16]);
  trial.started_at = TextOf(row[17]);
  trial.ended_at = TextOf(row[18]);
  trial.message = TextOf(row[19]);
  return trial;
}

Status ReadTrials(Database& database, report::ReportData& data) {
  const std::string one = data.trial_no > 0 ? " AND b.trial_no = ?2" : "";
  Json params = Json::MakeArray({data.experiment_id});
  if (data.trial_no > 0) params.Append(data.trial_no);
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      database.Query(
          "SELECT b.trial_id, b.trial_no, b.trial, b.configuration_no, b.replicate_no, b.seed, "
          "b.state, b.hparams, b.best_value, b.best_epoch, b.validation_accuracy, "
          "b.test_accuracy, b.parameters, b.wall_s, t.slot_seconds, t.attempts, t.restarts, "
          "t.started_at, t.ended_at, t.message "
          "FROM v_leaderboard AS b JOIN v_trials AS t ON t.trial_id = b.trial_id "
          "WHERE b.experiment_id = ?1" + one + " ORDER BY b.rank",
          params));
  for (const auto& row : rows.rows) data.trials.push_back(TrialOf(row));
  return Ok{};
}

Status ReadCurves(Database& database, report::TrialData& trial) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      database.Query("SELECT split, name, epoch, value FROM v_epochs WHERE trial_id = ?1 "
                     "AND name IN ('loss', 'accuracy') ORDER BY split, name, epoch",
                     Json::MakeArray({trial.trial_id})));
  for (const auto& row : rows.rows) {
    const std::string split = TextOf(row[0]);
    const std::string name = TextOf(row[1]);
    if (trial.curves.empty() || trial.curves.back().split != split ||
        trial.curves.back().name != name) {
      trial.curves.push_back({split, name, {}});
    }
    trial.curves.back().points.push_back({IntOr0(row[2]), DoubleOrNan(row[3])});
  }
  return Ok{};
}

// The trial's best value from its epochs, and its test accuracy from the stored logits, instead of
// what the leaderboard has.
Status RecomputeTrial(Database& database, const report::ReportData& data, report::TrialData& trial,
                      std::vector<std::string>& unverified) {
  const auto cut = data.metric.find('_');
  if (cut != std::string::npos) {
    const std::string order = data.smaller_is_better ? "value" : "-value";
    TUTTI_ASSIGN_OR_RETURN(
        const Table rows,
        database.Query("SELECT value, epoch FROM v_epochs WHERE trial_id = ?1 AND split = ?2 "
                       "AND name = ?3 AND value IS NOT NULL ORDER BY " + order + ", epoch LIMIT 1",
                       Json::MakeArray({trial.trial_id, data.metric.substr(0, cut),
                                        data.metric.substr(cut + 1)})));
    trial.best_value.reset();
    trial.best_epoch.reset();
    if (!rows.rows.empty()) {
      trial.best_value = MaybeDouble(rows.rows[0][0]);
      trial.best_epoch = MaybeInt(rows.rows[0][1]);
    }
  }
  TUTTI_ASSIGN_OR_RETURN(trial.test_accuracy,
                         RecomputedTestAccuracy(database, trial.trial_id, unverified));
  return Ok{};
}

Status ReadAttempts(Database& database, std::int64_t trial_id, report::ReportData& data) {
  TUTTI_ASSIGN_OR_RETURN(const bool kinds, HasView(database, "v_ensembles"));
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      database.Query("SELECT trial, attempt, state, device, precision, started_at, message, slots, "
                     "resumed_from_epoch, slot_seconds FROM v_attempts WHERE trial_id = ?1" +
                         std::string(kinds ? " AND kind = 'train'" : "") + " ORDER BY attempt_id",
                     Json::MakeArray({trial_id})));
  for (const auto& row : rows.rows) {
    report::AttemptData a;
    a.trial = TextOf(row[0]);
    a.attempt = IntOr0(row[1]);
    a.state = TextOf(row[2]);
    a.device = TextOf(row[3]);
    a.precision = TextOf(row[4]);
    a.started_at = TextOf(row[5]);
    a.message = TextOf(row[6]);
    a.slots = IntOr0(row[7]);
    a.resumed_from_epoch = MaybeInt(row[8]);
    a.slot_seconds = MaybeDouble(row[9]);
    data.attempts.push_back(std::move(a));
  }
  return Ok{};
}

Status ReadCheckpoints(Database& database, std::int64_t trial_id, report::ReportData& data) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      database.Query("SELECT checkpoint, sha256, state, epoch, step, bytes, is_best, is_last "
                     "FROM v_checkpoints WHERE trial_id = ?1 AND state = 'COMMITTED' ORDER BY step",
                     Json::MakeArray({trial_id})));
  for (const auto& row : rows.rows) {
    data.checkpoints.push_back({TextOf(row[0]), TextOf(row[1]), TextOf(row[2]), IntOr0(row[3]),
                                IntOr0(row[4]), IntOr0(row[5]), IntOr0(row[6]) != 0,
                                IntOr0(row[7]) != 0});
  }
  return Ok{};
}

Status ReadStatistics(Database& database, std::int64_t trial_id, report::ReportData& data) {
  TUTTI_ASSIGN_OR_RETURN(const bool there, HasView(database, "v_data_statistics"));
  if (!there) return Ok{};
  const Json id = Json::MakeArray({trial_id});
  TUTTI_ASSIGN_OR_RETURN(
      const Table classes,
      database.Query("SELECT split, label, n FROM v_data_statistics WHERE trial_id = ?1 ORDER BY "
                     "CASE split WHEN 'train' THEN 0 WHEN 'validation' THEN 1 ELSE 2 END, split, "
                     "class", id));
  for (const auto& row : classes.rows) {
    const std::string split = TextOf(row[0]);
    if (data.statistics.empty() || data.statistics.back().split != split) {
      data.statistics.push_back({split, 0, {}, {}, {}});
    }
    report::SplitStatistics& s = data.statistics.back();
    s.labels.push_back(TextOf(row[1]));
    s.class_counts.push_back(IntOr0(row[2]));
    s.n += IntOr0(row[2]);
  }
  TUTTI_ASSIGN_OR_RETURN(
      const Table values,
      database.Query("SELECT split, value, n FROM v_intensity WHERE trial_id = ?1 ORDER BY split, "
                     "value", id));
  for (const auto& row : values.rows) {
    const std::int64_t value = IntOr0(row[1]);
    for (report::SplitStatistics& s : data.statistics) {
      if (s.split != TextOf(row[0]) || value < 0 || value > 255) continue;
      s.intensity.resize(256);
      s.intensity[static_cast<std::size_t>(value)] = IntOr0(row[2]);
    }
  }
  return Ok{};
}

// Everything about the one trial that the report looks at closely.
Status ReadBestTrial(Database& database, Numbers numbers, LoadedReport& loaded) {
  report::ReportData& data = loaded.data;
  const report::TrialData* best = report::BestTrial(data);
  if (best == nullptr) return Ok{};
  TUTTI_ASSIGN_OR_RETURN(data.evaluations, ReadEvaluations(database, best->trial_id, numbers,
                                                           loaded.unverified));
  TUTTI_RETURN_IF_ERROR(ReadAttempts(database, best->trial_id, data));
  TUTTI_RETURN_IF_ERROR(ReadCheckpoints(database, best->trial_id, data));
  return ReadStatistics(database, best->trial_id, data);
}

// By rank, as v_leaderboard: what is recomputed may stand elsewhere.
void SortTrials(report::ReportData& data) {
  const auto key = [&](const report::TrialData& t) {
    const double value = t.best_value.value_or(0);
    return std::tuple(t.state == "ERROR", !t.best_value.has_value(),
                      data.smaller_is_better ? value : -value, t.trial_no);
  };
  std::sort(data.trials.begin(), data.trials.end(),
            [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

}  // namespace

Result<LoadedReport> LoadReport(Database& database, const TargetId& target, Numbers numbers) {
  LoadedReport loaded;
  report::ReportData& data = loaded.data;
  data.experiment_id = target.experiment;
  data.trial_no = target.trial_no;
  data.tutti_version = kVersion;
  TUTTI_RETURN_IF_ERROR(ReadExperiment(database, data));
  TUTTI_RETURN_IF_ERROR(ReadTrials(database, data));
  if (numbers == Numbers::kRecomputed) {
    for (report::TrialData& trial : data.trials) {
      TUTTI_RETURN_IF_ERROR(RecomputeTrial(database, data, trial, loaded.unverified));
    }
    SortTrials(data);
  }
  for (std::size_t i = 0; i < std::min(data.trials.size(), kMaxCurveTrials); ++i) {
    TUTTI_RETURN_IF_ERROR(ReadCurves(database, data.trials[i]));
  }
  TUTTI_RETURN_IF_ERROR(ReadBestTrial(database, numbers, loaded));
  if (data.trial_no == 0) {
    TUTTI_ASSIGN_OR_RETURN(data.ensembles, ReadEnsembles(database, data.experiment_id, numbers,
                                                         loaded.unverified));
  }
  return loaded;
}

}  // namespace tutti::cli
