#include <algorithm>
#include <set>
#include <utility>

#include "experiments/search/asha.h"
#include "experiments/search/snapshot.h"

// The state of AshaSearcher as JSON and back.

namespace tutti::search {

Json AshaSearcher::Snapshot() const {
  Json members = Json::MakeArray();
  for (const auto& [number, member] : members_) {
    members.Append(Json::MakeArray({number, static_cast<std::int64_t>(member.bracket),
                                    static_cast<std::int64_t>(member.rung), member.done}));
  }
  Json brackets = Json::MakeArray();
  for (const RunningBracket& bracket : brackets_) {
    Json rungs = Json::MakeArray();
    for (const std::vector<Placed>& rung : bracket.rungs) {
      Json rows = Json::MakeArray();
      for (const Placed& placed : rung) rows.Append(PlacedToJson(placed));
      rungs.Append(std::move(rows));
    }
    brackets.Append(Json::MakeObject(
        {{"trials", bracket.plan.trials}, {"valid", bracket.valid}, {"rungs", std::move(rungs)}}));
  }
  return Json::MakeObject({{"searcher", name_},
                           {"started", started_},
                           {"search_closed", search_closed_},
                           {"ledger", ledger_.Snapshot()},
                           {"members", std::move(members)},
                           {"brackets", std::move(brackets)}});
}

Status AshaSearcher::RestoreBracket(const Json& snapshot, std::int64_t created,
                                    RunningBracket& bracket) const {
  TUTTI_RETURN_IF_ERROR(ExpectInt(snapshot, "trials", bracket.plan.trials));
  TUTTI_ASSIGN_OR_RETURN(bracket.valid, IntOf(snapshot, "valid", 0, bracket.plan.trials));
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* rungs,
                         ArrayOf(snapshot, "rungs", std::ssize(bracket.plan.rungs)));
  for (std::size_t r = 0; r < rungs->size(); ++r) {
    if (!(*rungs)[r].is_array()) return DamagedSnapshot("a rung is not a list");
    std::set<std::int64_t> seen;
    for (const Json& row : (*rungs)[r].AsArray()) {
      TUTTI_ASSIGN_OR_RETURN(const Placed placed, PlacedFromJson(row, created));
      std::vector<Placed>& rung = bracket.rungs[r];
      const bool in_order = rung.empty() || !(placed.score < rung.back().score);
      if (!in_order || !seen.insert(placed.configuration_no).second) {
        return DamagedSnapshot("rung " + std::to_string(r) + " holds " + row.Dump() +
                               " out of order or twice");
      }
      rung.push_back(placed);
    }
  }
  return Ok{};
}

Status AshaSearcher::RestoreMembers(const Json& snapshot) {
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* rows,
                         ArrayOf(snapshot, "members", std::ssize(ledger_.still_open())));
  for (const Json& row : *rows) {
    TUTTI_RETURN_IF_ERROR(ExpectRow(row, 4, "an open configuration"));
    TUTTI_ASSIGN_OR_RETURN(const std::int64_t number,
                           IntIn(row, 0, 1, ledger_.created(), "a configuration"));
    TUTTI_ASSIGN_OR_RETURN(const std::int64_t b,
                           IntIn(row, 1, 0, std::ssize(brackets_) - 1, "a bracket"));
    RunningBracket& bracket = brackets_[static_cast<std::size_t>(b)];
    TUTTI_ASSIGN_OR_RETURN(const std::int64_t rung,
                           IntIn(row, 2, 0, std::ssize(bracket.plan.rungs) - 1, "a rung"));
    if (!row[3].is_bool() || !ledger_.IsOpen(number)) {
      return DamagedSnapshot("'members' holds " + row.Dump());
    }
    const Member member{static_cast<std::size_t>(b), static_cast<std::size_t>(rung),
                        row[3].AsBool()};
    if (!members_.emplace(number, member).second) {
      return DamagedSnapshot("'members' holds configuration " + std::to_string(number) + " twice");
    }
    if (!member.done) ++bracket.running;
  }
  return Ok{};
}

Status AshaSearcher::Restore(const Json& snapshot) {
  TUTTI_CHECK(!started_, "a searcher is restored before it is used");
  TUTTI_RETURN_IF_ERROR(ExpectText(snapshot, "searcher", name_));
  TUTTI_ASSIGN_OR_RETURN(started_, BoolOf(snapshot, "started"));
  TUTTI_ASSIGN_OR_RETURN(search_closed_, BoolOf(snapshot, "search_closed"));
  const Json* ledger = snapshot.Find("ledger");
  if (ledger == nullptr) return DamagedSnapshot("it has no 'ledger'");
  TUTTI_RETURN_IF_ERROR(ledger_.Restore(*ledger));
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* brackets,
                         ArrayOf(snapshot, "brackets", std::ssize(brackets_)));
  std::int64_t valid = 0;
  for (std::size_t b = 0; b < brackets_.size(); ++b) {
    TUTTI_RETURN_IF_ERROR(RestoreBracket((*brackets)[b], ledger_.created(), brackets_[b]));
    valid += brackets_[b].valid;
  }
  if (valid != ledger_.valid()) {
    return DamagedSnapshot("its brackets have " + std::to_string(valid) +
                           " configurations, its ledger " + std::to_string(ledger_.valid()));
  }
  TUTTI_RETURN_IF_ERROR(RestoreMembers(snapshot));
  for (const RunningBracket& bracket : brackets_) {
    if (bracket.running > bracket.plan.max_concurrent || (!started_ && bracket.valid > 0)) {
      return DamagedSnapshot("a bracket has " + std::to_string(bracket.running) +
                             " running configurations");
    }
  }
  return Ok{};
}

}  // namespace tutti::search
