#include "experiments/search/model_based/history.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace tutti::search {
namespace {

Error Damaged(const std::string& what) {
  return DataLoss("searcher snapshot: " + what + "; it belongs to another experiment or version");
}

Result<std::vector<double>> ReadNumbers(const Json& trial, std::string_view key) {
  const Json* list = trial.Find(key);
  if (list == nullptr || !list->is_array()) return Damaged("'" + std::string(key) + "' is no list");
  std::vector<double> values;
  for (const Json& item : list->AsArray()) {
    const bool spelled = item.is_string() && (item == Json("NaN") || item == Json("Infinity") ||
                                              item == Json("-Infinity"));
    if (!item.is_number() && !spelled) {
      return Damaged("'" + std::string(key) + "' holds " + item.Dump());
    }
    values.push_back(item.AsDouble());
  }
  return values;
}

Status CheckPoint(const Point& point, const UnitSpace& space) {
  if (point.size() != space.size()) {
    return Damaged("a point has " + std::to_string(point.size()) + " coordinates, expected " +
                   std::to_string(space.size()));
  }
  const std::vector<bool> active = space.Active(point);
  for (std::size_t a = 0; a < point.size(); ++a) {
    const Axis& axis = space.axes()[a];
    if (std::isnan(point[a])) {
      if (active[a]) return Damaged("a point has no coordinate " + std::to_string(a));
      continue;
    }
    const double top = axis.categorical ? static_cast<double>(axis.levels - 1) : 1.0;
    const bool whole = !axis.categorical || point[a] == std::floor(point[a]);
    if (!(point[a] >= 0 && point[a] <= top && whole)) {
      return Damaged("coordinate " + std::to_string(a) + " is " + FormatDouble(point[a]));
    }
  }
  return Ok{};
}

Result<Tried> TriedFromJson(const Json& json, const UnitSpace& space, std::size_t objectives) {
  Tried tried;
  TUTTI_ASSIGN_OR_RETURN(tried.point, PointFromJson(json, space));
  TUTTI_ASSIGN_OR_RETURN(const std::string outcome, json.GetString("outcome"));
  const auto known = kOutcomeNames.Parse(outcome);
  if (!known) return Damaged("outcome is '" + outcome + "'");
  tried.outcome = *known;
  TUTTI_ASSIGN_OR_RETURN(tried.reported, json.GetBool("reported"));
  TUTTI_ASSIGN_OR_RETURN(tried.feasible, json.GetBool("feasible"));
  TUTTI_ASSIGN_OR_RETURN(tried.always_feasible, json.GetBool("always_feasible"));
  TUTTI_ASSIGN_OR_RETURN(tried.cost, json.GetDouble("cost"));
  if (std::isnan(tried.cost)) return Damaged("a cost is not a number");
  TUTTI_ASSIGN_OR_RETURN(tried.objectives, ReadNumbers(json, "objectives"));
  if (!tried.objectives.empty() && tried.objectives.size() != objectives) {
    return Damaged("a trial has " + std::to_string(tried.objectives.size()) +
                   " objectives, expected " + std::to_string(objectives));
  }
  for (const double objective : tried.objectives) {
    if (std::isnan(objective)) return Damaged("an objective is not a number");
  }
  return tried;
}

}  // namespace

bool Better(const Tried& a, const Tried& b) {
  if (a.feasible != b.feasible) return a.feasible;
  return a.cost < b.cost;
}

std::vector<const Tried*> History::Known() const {
  std::vector<const Tried*> known;
  known.reserve(earlier.size() + closed.size());
  for (const Tried& tried : earlier) known.push_back(&tried);
  for (const std::int64_t number : closed) {
    known.push_back(&trials[static_cast<std::size_t>(number - 1)]);
  }
  return known;
}

std::vector<Point> History::Pending() const {
  std::vector<Point> pending;
  for (const Tried& tried : trials) {
    if (tried.outcome == Outcome::kOpen) pending.push_back(tried.point);
  }
  return pending;
}

std::vector<Tried> EarlierResults(const UnitSpace& space, const SearcherConfig& searcher) {
  std::vector<Tried> results;
  for (const ObservationConfig& observation : searcher.observations) {
    Tried tried;
    tried.point = space.Encode(observation.hparams);
    if (!space.IsComplete(tried.point)) continue;
    tried.outcome = Outcome::kDone;
    tried.reported = true;
    tried.cost = searcher.smaller_is_better ? observation.value : -observation.value;
    if (std::isnan(tried.cost)) tried.cost = std::numeric_limits<double>::infinity();
    results.push_back(std::move(tried));
  }
  return results;
}

Json NumbersToJson(const std::vector<double>& values) {
  Json list = Json::MakeArray();
  for (const double value : values) list.Append(value);
  return list;
}

Result<Point> PointFromJson(const Json& object, const UnitSpace& space) {
  TUTTI_ASSIGN_OR_RETURN(Point point, ReadNumbers(object, "point"));
  TUTTI_RETURN_IF_ERROR(CheckPoint(point, space));
  return point;
}

Json HistoryToJson(const History& history) {
  Json trials = Json::MakeArray();
  for (const Tried& tried : history.trials) {
    trials.Append(Json::MakeObject({{"point", NumbersToJson(tried.point)},
                                    {"outcome", kOutcomeNames.Name(tried.outcome)},
                                    {"reported", tried.reported},
                                    {"feasible", tried.feasible},
                                    {"always_feasible", tried.always_feasible},
                                    {"cost", tried.cost},
                                    {"objectives", NumbersToJson(tried.objectives)}}));
  }
  Json closed = Json::MakeArray();
  for (const std::int64_t number : history.closed) closed.Append(number);
  return Json::MakeObject({{"trials", std::move(trials)}, {"closed", std::move(closed)}});
}

Result<History> HistoryFromJson(const Json& json, const UnitSpace& space, std::size_t objectives) {
  History history;
  const Json* trials = json.Find("trials");
  if (trials == nullptr || !trials->is_array()) return Damaged("'trials' is not a list");
  std::set<std::int64_t> finished;
  for (const Json& trial : trials->AsArray()) {
    auto tried = TriedFromJson(trial, space, objectives);
    if (!tried) return DataLoss(tried.error().message());
    history.trials.push_back(std::move(*tried));
    const Outcome outcome = history.trials.back().outcome;
    if (outcome == Outcome::kDone || outcome == Outcome::kFailed) {
      finished.insert(std::ssize(history.trials));
    }
  }
  const Json* closed = json.Find("closed");
  if (closed == nullptr || !closed->is_array()) return Damaged("'closed' is not a list");
  for (const Json& number : closed->AsArray()) {
    if (!number.is_int() || finished.erase(number.AsInt()) == 0) {
      return Damaged("'closed' holds " + number.Dump());
    }
    history.closed.push_back(number.AsInt());
  }
  if (!finished.empty()) {
    return Damaged("'closed' misses configuration " + std::to_string(*finished.begin()));
  }
  return history;
}

}  // namespace tutti::search
