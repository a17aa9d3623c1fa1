#include <limits>
#include <utility>

#include "experiments/search/snapshot.h"
#include "experiments/search/stop_rules.h"

// The state of StopRules as JSON and back.

namespace tutti::search {
namespace {

constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();

}  // namespace

Json StopRules::HistoryToJson(std::int64_t number, const History& history) const {
  Json patience = Json::MakeArray();
  for (std::size_t i = 0; i < patience_.size(); ++i) {
    patience.Append(Json::MakeArray({history.since_best[i], history.to_beat[i]}));
  }
  Json reports = Json::MakeArray();
  for (const Report& report : history.reports) {
    reports.Append(Json::MakeArray({report.time, report.average}));
  }
  return Json::MakeArray({number, history.open, history.stopped, history.last_time,
                          history.best_time, history.best, history.sum, history.count,
                          std::move(patience), std::move(reports)});
}

Json StopRules::Snapshot() const {
  Json histories = Json::MakeArray();
  for (const auto& [number, history] : histories_) {
    histories.Append(HistoryToJson(number, history));
  }
  return Json::MakeObject(
      {{"stop_rules", std::move(histories)}, {"inner", inner_->Snapshot()}});
}

Status StopRules::RestoreHistory(const Json& row) {
  TUTTI_RETURN_IF_ERROR(ExpectRow(row, 10, "a history"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t number,
                         IntIn(row, 0, 1, inner_->created(), "a configuration"));
  if (!row[1].is_bool() || !row[2].is_bool()) return DamagedSnapshot("a history is " + row.Dump());
  History history;
  history.open = row[1].AsBool();
  history.stopped = row[2].AsBool();
  TUTTI_ASSIGN_OR_RETURN(history.last_time, IntIn(row, 3, 0, kAny, "a time"));
  TUTTI_ASSIGN_OR_RETURN(history.best_time, IntIn(row, 4, 0, kAny, "a time"));
  TUTTI_ASSIGN_OR_RETURN(history.best, NumberIn(row, 5, "a best value"));
  TUTTI_ASSIGN_OR_RETURN(history.sum, NumberIn(row, 6, "a sum"));
  TUTTI_ASSIGN_OR_RETURN(history.count, IntIn(row, 7, 0, kAny, "a count"));
  TUTTI_RETURN_IF_ERROR(ExpectRow(row[8], patience_.size(), "the state of patience"));
  for (const Json& item : row[8].AsArray()) {
    TUTTI_RETURN_IF_ERROR(ExpectRow(item, 2, "the state of patience"));
    TUTTI_ASSIGN_OR_RETURN(const std::int64_t since, IntIn(item, 0, 0, kAny, "a count"));
    TUTTI_ASSIGN_OR_RETURN(const double to_beat, NumberIn(item, 1, "a value to beat"));
    history.since_best.push_back(since);
    history.to_beat.push_back(to_beat);
  }
  if (!row[9].is_array() || (median_.empty() && row[9].size() > 0)) {
    return DamagedSnapshot("the reports of a history are " + row[9].Dump());
  }
  for (const Json& item : row[9].AsArray()) {
    TUTTI_RETURN_IF_ERROR(ExpectRow(item, 2, "a report"));
    const std::int64_t before = history.reports.empty() ? 0 : history.reports.back().time;
    Report report;
    TUTTI_ASSIGN_OR_RETURN(report.time,
                           IntIn(item, 0, before + 1, history.last_time, "a report's time"));
    TUTTI_ASSIGN_OR_RETURN(report.average, NumberIn(item, 1, "an average"));
    history.reports.push_back(report);
  }
  if (!histories_.emplace(number, std::move(history)).second) {
    return DamagedSnapshot("configuration " + std::to_string(number) + " stands in it twice");
  }
  return Ok{};
}

Status StopRules::Restore(const Json& snapshot) {
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* rows, ArrayOf(snapshot, "stop_rules"));
  for (const Json& row : *rows) TUTTI_RETURN_IF_ERROR(RestoreHistory(row));
  std::int64_t open = 0;
  for (const auto& [number, history] : histories_) open += history.open ? 1 : 0;
  if (open != inner_->created() - inner_->closed()) {
    return DamagedSnapshot("it has " + std::to_string(open) +
                           " open configurations, the searcher inside has " +
                           std::to_string(inner_->created() - inner_->closed()));
  }
  return Ok{};
}

}  // namespace tutti::search
