#include "cli/leaderboard.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <optional>

#include "cli/exit_code.h"
#include "cli/verbs.h"
#include "dashboards/report/leaderboard.h"

namespace tutti::cli {
namespace {

struct Configuration {
  std::int64_t number = 0;
  std::string text;
  std::int64_t parameters = 0;
  std::vector<double> best, test, wall_s;
  std::int64_t failed = 0;
};

// {"training.optimizer.lr":0.001,"model":{"preset":"mnist_cnn"}} -> "lr=0.001 model=mnist_cnn".
std::string HparamsText(const std::string& hparams_json) {
  auto hparams = Json::Parse(hparams_json);
  if (!hparams || !hparams->is_object()) return hparams_json;
  std::string text;
  for (const auto& [path, value] : hparams->AsObject()) {
    text += (text.empty() ? "" : " ") + path.substr(path.rfind('.') + 1) + "=" +
            report::ValueLabel(value);
  }
  return text.empty() ? "(as written)" : text;
}

void AddNumber(const Json& cell, std::vector<double>& values) {
  if (cell.is_number()) values.push_back(cell.AsDouble());
}

Json MaybeMean(const std::vector<double>& values) {
  const auto mean = report::MomentsOf(values).mean;
  return mean ? Json(*mean) : Json();
}

Table ConfigurationTable(std::vector<Configuration> configurations, bool smaller_is_better,
                         const std::string& metric) {
  const auto key = [&](const Configuration& c) {
    if (c.best.empty()) return std::numeric_limits<double>::infinity();
    const double mean = report::MomentsOf(c.best).mean.value_or(0);
    return smaller_is_better ? mean : -mean;
  };
  std::stable_sort(configurations.begin(), configurations.end(),
                   [&](const Configuration& a, const Configuration& b) {
                     return std::pair(key(a), a.number) < std::pair(key(b), b.number);
                   });
  Table table;
  table.columns = {"rank", "configuration", "n", metric, "± sd", "test_accuracy", "± sd ",
                   "parameters", "wall_s"};
  std::int64_t rank = 0;
  for (const Configuration& c : configurations) {
    const report::Moments best = report::MomentsOf(c.best);
    const report::Moments test = report::MomentsOf(c.test);
    std::string text = c.text;
    if (c.failed > 0) text += " (" + std::to_string(c.failed) + " failed)";
    table.rows.push_back({best.n > 0 ? Json(++rank) : Json(), text, best.n,
                          best.mean ? Json(*best.mean) : Json(),
                          best.deviation ? Json(*best.deviation) : Json(),
                          test.mean ? Json(*test.mean) : Json(),
                          test.deviation ? Json(*test.deviation) : Json(),
                          c.parameters > 0 ? Json(c.parameters) : Json(), MaybeMean(c.wall_s)});
  }
  return table;
}

}  // namespace

Result<std::string> LeaderboardText(Database& database, std::int64_t experiment, bool trials,
                                    int max_width) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      database.Query("SELECT configuration_no, hparams, state, metric, best_value, test_accuracy, "
                     "parameters, wall_s, trial, seed, best_epoch, experiment, (SELECT "
                     "e.smaller_is_better FROM v_experiments AS e WHERE e.experiment_id = ?1) "
                     "FROM v_leaderboard WHERE experiment_id = ?1 ORDER BY rank",
                     Json::MakeArray({experiment})));
  if (rows.rows.empty()) {
    return "experiment " + std::to_string(experiment) + " has no trial yet\n";
  }
  const std::string metric = rows.rows[0][3].AsString();
  const bool smaller = rows.rows[0][12].is_int() && rows.rows[0][12].AsInt() != 0;
  std::string text = "experiment " + std::to_string(experiment) + " '" +
                     rows.rows[0][11].AsString() + "' by " + metric +
                     (smaller ? " (smaller is better)" : " (larger is better)") + "\n";
  std::map<std::int64_t, Configuration> configurations;
  Table by_trial;
  by_trial.columns = {"trial", "configuration", "seed", "state", metric, "epoch",
                      "test_accuracy", "parameters", "wall_s"};
  for (const auto& row : rows.rows) {
    Configuration& c = configurations[row[0].AsInt()];
    c.number = row[0].AsInt();
    c.text = HparamsText(row[1].is_string() ? row[1].AsString() : "{}");
    if (row[6].is_int()) c.parameters = row[6].AsInt();
    c.failed += row[2].AsString() == "ERROR" ? 1 : 0;
    AddNumber(row[4], c.best);
    AddNumber(row[5], c.test);
    AddNumber(row[7], c.wall_s);
    by_trial.rows.push_back(
        {row[8], c.text, row[9], row[2], row[4], row[10], row[5], row[6], row[7]});
  }
  if (trials) return text + Render(by_trial, Format::kTable, max_width);
  std::vector<Configuration> list;
  for (auto& [number, configuration] : configurations) list.push_back(std::move(configuration));
  return text + Render(ConfigurationTable(std::move(list), smaller, metric), Format::kTable,
                       max_width);
}

int RunLeaderboard(const Globals& globals, const std::string& experiment, bool trials) {
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  auto target = ParseTarget(**database, experiment);
  if (!target) return Fail(target.error());
  if (globals.format == Format::kTable) {
    auto text = LeaderboardText(**database, target->experiment, trials, TerminalWidth());
    if (!text) return Fail(text.error());
    std::fputs(text->c_str(), stdout);
    return kExitOk;
  }
  auto table = (*database)->Query(
      "SELECT * FROM v_leaderboard WHERE experiment_id = ?1 ORDER BY rank",
      Json::MakeArray({target->experiment}));
  if (!table) return Fail(table.error());
  table->name_column = "trial";
  std::fputs(Render(*table, globals.format).c_str(), stdout);
  return kExitOk;
}

}  // namespace tutti::cli
