#include <cmath>
#include <limits>
#include <utility>

#include "experiments/search/deterministic.h"
#include "experiments/search/snapshot.h"

// The state of DeterministicOrder as JSON and back.

namespace tutti::search {
namespace {

constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();

// [time, value, feasible, {metrics}], or [ok, best or null], or [] (invalid).
Json EventToJson(const SearchEvent& event) {
  if (const auto* report = std::get_if<MetricReported>(&event)) {
    Json metrics = Json::MakeObject();
    for (const auto& [name, value] : report->metrics) metrics.Set(name, value);
    return Json::MakeArray({report->time, report->value, report->feasible, std::move(metrics)});
  }
  if (const auto* closed = std::get_if<TrialClosed>(&event)) {
    return Json::MakeArray({closed->ok, closed->best ? Json(*closed->best) : Json()});
  }
  return Json::MakeArray();
}

Result<SearchEvent> ReportFromJson(const Json& row, std::int64_t number) {
  MetricReported report;
  report.configuration_no = number;
  TUTTI_ASSIGN_OR_RETURN(report.time, IntIn(row, 0, 0, kAny, "a waiting report's time"));
  TUTTI_ASSIGN_OR_RETURN(report.value, NumberIn(row, 1, "a waiting report's value"));
  if (!row[2].is_bool() || !row[3].is_object()) {
    return DamagedSnapshot("a waiting report is " + row.Dump());
  }
  report.feasible = row[2].AsBool();
  for (const auto& [name, value] : row[3].AsObject()) {
    TUTTI_ASSIGN_OR_RETURN(report.metrics[name], NumberIn(Json::MakeArray({value}), 0, name));
  }
  return SearchEvent(std::move(report));
}

Result<SearchEvent> EventFromJson(const Json& row, std::int64_t number) {
  if (row.is_array() && row.size() == 4) return ReportFromJson(row, number);
  if (row.is_array() && row.size() == 2 && row[0].is_bool()) {
    TrialClosed closed{number, row[0].AsBool(), std::nullopt};
    if (!row[1].is_null()) {
      TUTTI_ASSIGN_OR_RETURN(closed.best, NumberIn(row, 1, "a best value"));
    }
    return SearchEvent(closed);
  }
  if (row.is_array() && row.size() == 0) return SearchEvent(ConfigurationInvalid{number});
  return DamagedSnapshot("a waiting event is " + row.Dump());
}

}  // namespace

Json DeterministicOrder::Snapshot() const {
  Json members = Json::MakeArray();
  for (const auto& [number, member] : members_) {
    Json waiting = Json::MakeArray();
    for (const SearchEvent& event : member.waiting) waiting.Append(EventToJson(event));
    members.Append(Json::MakeArray({number, member.allowed, member.until, member.time,
                                    member.heard, member.parked, member.stopping,
                                    std::move(waiting)}));
  }
  return Json::MakeObject({{"in_order", std::move(members)}, {"inner", inner_->Snapshot()}});
}

Status DeterministicOrder::RestoreMember(const Json& row) {
  TUTTI_RETURN_IF_ERROR(ExpectRow(row, 8, "an open configuration"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t number,
                         IntIn(row, 0, 1, inner_->created(), "a configuration"));
  Member member;
  TUTTI_ASSIGN_OR_RETURN(member.allowed, IntIn(row, 1, 0, kAny, "a time"));
  TUTTI_ASSIGN_OR_RETURN(member.until, IntIn(row, 2, 0, kAny, "a time"));
  TUTTI_ASSIGN_OR_RETURN(member.time, IntIn(row, 3, 0, kAny, "a time"));
  TUTTI_ASSIGN_OR_RETURN(member.heard, IntIn(row, 4, 0, member.time, "a time"));
  if (!row[5].is_bool() || !row[6].is_bool() || !row[7].is_array()) {
    return DamagedSnapshot("'in_order' holds " + row.Dump());
  }
  member.parked = row[5].AsBool();
  member.stopping = row[6].AsBool();
  for (const Json& item : row[7].AsArray()) {
    if (member.ended) return DamagedSnapshot("something waits behind the end of a configuration");
    TUTTI_ASSIGN_OR_RETURN(SearchEvent event, EventFromJson(item, number));
    member.ended = !std::holds_alternative<MetricReported>(event);
    member.waiting.push_back(std::move(event));
  }
  if (member.ended) ++closed_;
  if (!members_.emplace(number, std::move(member)).second) {
    return DamagedSnapshot("configuration " + std::to_string(number) + " stands in it twice");
  }
  return Ok{};
}

Status DeterministicOrder::Restore(const Json& snapshot) {
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* rows, ArrayOf(snapshot, "in_order"));
  closed_ = inner_->closed();
  for (const Json& row : *rows) TUTTI_RETURN_IF_ERROR(RestoreMember(row));
  if (std::ssize(members_) != inner_->created() - inner_->closed()) {
    return DamagedSnapshot("it has " + std::to_string(members_.size()) +
                           " open configurations, the searcher inside has " +
                           std::to_string(inner_->created() - inner_->closed()));
  }
  return Ok{};
}

}  // namespace tutti::search
