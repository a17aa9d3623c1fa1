#include "cli/objectives.h"

#include <cmath>
#include <utility>

#include "experiments/search/model_based/pareto.h"

namespace tutti::cli {
namespace {

std::optional<double> NumberIn(const Json& cell) {
  return cell.is_number() ? std::optional<double>(cell.AsDouble()) : std::nullopt;
}

}  // namespace

Result<std::vector<Objective>> ReadObjectives(Database& database, std::int64_t experiment) {
  TUTTI_ASSIGN_OR_RETURN(
      const Table found,
      database.Query("SELECT objectives FROM v_experiments WHERE experiment_id = ?1",
                     Json::MakeArray({experiment})));
  std::vector<Objective> objectives;
  if (found.rows.empty() || !found.rows[0][0].is_string()) return objectives;
  TUTTI_ASSIGN_OR_RETURN(const Json list, Json::Parse(found.rows[0][0].AsString()));
  if (!list.is_array() || list.size() < 2) return objectives;
  for (const Json& json : list.AsArray()) {
    Objective objective;
    TUTTI_ASSIGN_OR_RETURN(objective.metric, json.GetString("metric"));
    if (const Json* smaller = json.Find("smaller_is_better")) {
      objective.smaller_is_better = *smaller != Json(false);
    }
    objectives.push_back(std::move(objective));
  }
  return objectives;
}

Result<std::map<std::int64_t, ObjectiveValues>> ReadObjectiveValues(
    Database& database, std::int64_t experiment, const std::vector<Objective>& objectives) {
  std::map<std::int64_t, ObjectiveValues> values;
  const auto set = [&](std::int64_t trial, const std::string& metric, const Json& cell) {
    ObjectiveValues& of_trial = values[trial];
    of_trial.resize(objectives.size());
    for (std::size_t i = 0; i < objectives.size(); ++i) {
      if (objectives[i].metric == metric) of_trial[i] = NumberIn(cell);
    }
  };
  const Json id = Json::MakeArray({experiment});
  TUTTI_ASSIGN_OR_RETURN(
      const Table sizes,
      database.Query("SELECT trial_id, parameters, flops FROM v_trials WHERE experiment_id = ?1",
                     id));
  for (const auto& row : sizes.rows) {
    set(row[0].AsInt(), "parameters", row[1]);
    set(row[0].AsInt(), "flops", row[2]);
  }
  TUTTI_ASSIGN_OR_RETURN(
      const Table metrics,
      database.Query("SELECT e.trial_id, e.split || '_' || e.name, e.value FROM v_trials AS t "
                     "JOIN v_epochs AS e ON e.trial_id = t.trial_id AND e.epoch = t.best_epoch "
                     "WHERE t.experiment_id = ?1",
                     id));
  for (const auto& row : metrics.rows) set(row[0].AsInt(), row[1].AsString(), row[2]);
  return values;
}

std::vector<bool> OnParetoFront(const std::vector<ObjectiveResult>& results,
                                const std::vector<Objective>& objectives) {
  std::vector<std::size_t> places;
  std::vector<search::Costs> costs;
  for (std::size_t i = 0; i < results.size(); ++i) {
    search::Costs cost;
    cost.feasible = results[i].feasible;
    for (std::size_t k = 0; k < objectives.size() && k < results[i].values.size(); ++k) {
      const std::optional<double>& value = results[i].values[k];
      if (!value || std::isnan(*value)) break;
      cost.values.push_back(objectives[k].smaller_is_better ? *value : -*value);
    }
    if (cost.values.size() != objectives.size()) continue;
    places.push_back(i);
    costs.push_back(std::move(cost));
  }
  std::vector<bool> on_front(results.size(), false);
  for (const std::size_t k : search::ParetoFront(costs)) on_front[places[k]] = true;
  return on_front;
}

}  // namespace tutti::cli
