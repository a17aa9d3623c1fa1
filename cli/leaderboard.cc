#include "cli/leaderboard.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>

#include "cli/exit_code.h"
#include "cli/objectives.h"
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
  std::string infeasible;                     // which constraint a replicate violates
  std::vector<std::vector<double>> reached;   // by objective, then replicate
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

// Those that keep to all constraints first, then by the mean of the metric.
void SortByRank(std::vector<Configuration>& configurations, bool smaller_is_better) {
  const auto key = [&](const Configuration& c) {
    if (c.best.empty()) return std::numeric_limits<double>::infinity();
    const double mean = report::MomentsOf(c.best).mean.value_or(0);
    return smaller_is_better ? mean : -mean;
  };
  std::stable_sort(configurations.begin(), configurations.end(),
                   [&](const Configuration& a, const Configuration& b) {
                     return std::tuple(a.best.empty(), !a.infeasible.empty(), key(a), a.number) <
                            std::tuple(b.best.empty(), !b.infeasible.empty(), key(b), b.number);
                   });
}

std::vector<bool> FrontOf(const std::vector<Configuration>& configurations,
                          const std::vector<Objective>& objectives) {
  std::vector<ObjectiveResult> results;
  for (const Configuration& c : configurations) {
    ObjectiveResult result;
    result.feasible = c.infeasible.empty();
    for (const auto& values : c.reached) result.values.push_back(report::MomentsOf(values).mean);
    results.push_back(std::move(result));
  }
  return OnParetoFront(results, objectives);
}

std::string TextOf(const Configuration& c) {
  std::string text = c.text;
  if (c.failed > 0) text += " (" + std::to_string(c.failed) + " failed)";
  if (!c.infeasible.empty()) text += " (infeasible: " + c.infeasible + ")";
  return text;
}

// With several objectives, a column for each but the first, which is the metric, and one that marks
// the Pareto front.
Table ConfigurationTable(std::vector<Configuration> configurations, bool smaller_is_better,
                         const std::string& metric, const std::vector<Objective>& objectives) {
  SortByRank(configurations, smaller_is_better);
  const std::vector<bool> front = FrontOf(configurations, objectives);
  Table table;
  table.columns = {"rank", "configuration", "n", metric, "± sd", "test_accuracy", "± sd ",
                   "parameters", "wall_s"};
  if (!objectives.empty()) table.columns.insert(table.columns.begin() + 1, "front");
  for (const Objective& objective : objectives) {
    if (objective.metric == metric || objective.metric == "parameters") continue;
    table.columns.push_back(objective.metric);
  }
  std::int64_t rank = 0;
  for (std::size_t i = 0; i < configurations.size(); ++i) {
    const Configuration& c = configurations[i];
    const report::Moments best = report::MomentsOf(c.best);
    const report::Moments test = report::MomentsOf(c.test);
    std::vector<Json> row{best.n > 0 ? Json(++rank) : Json(), TextOf(c), best.n,
                          best.mean ? Json(*best.mean) : Json(),
                          best.deviation ? Json(*best.deviation) : Json(),
                          test.mean ? Json(*test.mean) : Json(),
                          test.deviation ? Json(*test.deviation) : Json(),
                          c.parameters > 0 ? Json(c.parameters) : Json(), MaybeMean(c.wall_s)};
    if (!objectives.empty()) row.insert(row.begin() + 1, Json(front[i] ? "*" : ""));
    for (std::size_t k = 0; k < objectives.size(); ++k) {
      if (objectives[k].metric == metric || objectives[k].metric == "parameters") continue;
      row.push_back(k < c.reached.size() ? MaybeMean(c.reached[k]) : Json());
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

// Without those of these columns in which nothing stands: a program has no test set.
Table WithoutEmpty(Table table, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto found = std::find(table.columns.begin(), table.columns.end(), name);
    if (found == table.columns.end()) continue;
    const auto c = static_cast<std::size_t>(found - table.columns.begin());
    const bool empty = std::all_of(table.rows.begin(), table.rows.end(),
                                   [c](const auto& row) { return row[c].is_null(); });
    if (!empty) continue;
    table.columns.erase(found);
    for (auto& row : table.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(c));
  }
  return table;
}

void AddObjectives(const ObjectiveValues& values, Configuration& configuration) {
  configuration.reached.resize(values.size());
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (values[k]) configuration.reached[k].push_back(*values[k]);
  }
}

// v_leaderboard with the values of the objectives and `pareto` (0, 1) behind its columns.
Result<Table> RowsForPrograms(Database& database, std::int64_t experiment) {
  TUTTI_ASSIGN_OR_RETURN(
      Table table, database.Query("SELECT * FROM v_leaderboard WHERE experiment_id = ?1 "
                                  "ORDER BY rank",
                                  Json::MakeArray({experiment})));
  table.name_column = "trial";
  TUTTI_ASSIGN_OR_RETURN(const auto objectives, ReadObjectives(database, experiment));
  if (objectives.empty()) return table;
  TUTTI_ASSIGN_OR_RETURN(auto values, ReadObjectiveValues(database, experiment, objectives));
  const auto column = [&table](std::string_view name) {
    const auto found = std::find(table.columns.begin(), table.columns.end(), name);
    return static_cast<std::size_t>(found - table.columns.begin());
  };
  const std::size_t trial_id = column("trial_id");
  const std::size_t infeasible = column("infeasible");
  std::vector<ObjectiveResult> results;
  for (const auto& row : table.rows) {
    results.push_back({values[row[trial_id].AsInt()], row[infeasible].is_null()});
  }
  const std::vector<bool> front = OnParetoFront(results, objectives);
  for (std::size_t k = 0; k < objectives.size(); ++k) {
    if (column(objectives[k].metric) < table.columns.size()) continue;
    table.columns.push_back(objectives[k].metric);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const auto& of_trial = results[i].values;
      table.rows[i].push_back(k < of_trial.size() && of_trial[k] ? Json(*of_trial[k]) : Json());
    }
  }
  table.columns.push_back("pareto");
  for (std::size_t i = 0; i < table.rows.size(); ++i) table.rows[i].push_back(front[i] ? 1 : 0);
  return table;
}

}  // namespace

Result<std::string> LeaderboardText(Database& database, std::int64_t experiment, bool trials,
                                    int max_width) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table rows,
      database.Query("SELECT configuration_no, hparams, state, metric, best_value, test_accuracy, "
                     "parameters, wall_s, trial, seed, best_epoch, experiment, (SELECT "
                     "e.smaller_is_better FROM v_experiments AS e WHERE e.experiment_id = ?1), "
                     "infeasible, trial_id "
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
  TUTTI_ASSIGN_OR_RETURN(const auto objectives, ReadObjectives(database, experiment));
  std::map<std::int64_t, ObjectiveValues> reached;
  if (!objectives.empty()) {
    TUTTI_ASSIGN_OR_RETURN(reached, ReadObjectiveValues(database, experiment, objectives));
    text += "* is on the Pareto front of " + std::to_string(objectives.size()) + " metrics\n";
  }
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
    if (row[13].is_string()) c.infeasible = row[13].AsString();
    AddObjectives(reached[row[14].AsInt()], c);
    by_trial.rows.push_back(
        {row[8], c.text, row[9], row[2], row[4], row[10], row[5], row[6], row[7]});
  }
  if (trials) {
    by_trial = WithoutEmpty(std::move(by_trial), {"test_accuracy", "parameters"});
    return text + Render(by_trial, Format::kTable, max_width);
  }
  std::vector<Configuration> list;
  for (auto& [number, configuration] : configurations) list.push_back(std::move(configuration));
  Table table = ConfigurationTable(std::move(list), smaller, metric, objectives);
  table = WithoutEmpty(std::move(table), {"± sd", "test_accuracy", "± sd ", "parameters"});
  return text + Render(table, Format::kTable, max_width);
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
  auto table = RowsForPrograms(**database, target->experiment);
  if (!table) return Fail(table.error());
  std::fputs(Render(*table, globals.format).c_str(), stdout);
  return kExitOk;
}

}  // namespace tutti::cli
