#include <limits>
#include <utility>

#include "experiments/search/pbt.h"
#include "experiments/search/snapshot.h"

// The state of PopulationBasedTraining as JSON and back.

namespace tutti::search {

Json PopulationBasedTraining::Snapshot() const {
  Json members = Json::MakeArray();
  for (const auto& [number, member] : members_) {
    members.Append(Json::MakeArray({number, static_cast<std::int64_t>(member.state), member.time,
                                    PlacedToJson({number, member.score}), member.hparams}));
  }
  Json placed = Json::MakeArray();
  for (const Placed& one : placed_) placed.Append(PlacedToJson(one));
  Json ended = Json::MakeArray();
  for (const auto& [number, hparams] : ended_) ended.Append(Json::MakeArray({number, hparams}));
  Json queue = Json::MakeArray();
  for (const Start& start : queue_) {
    queue.Append(Json::MakeArray({start.goes_on, start.parent, start.hparams}));
  }
  return Json::MakeObject({{"searcher", "pbt"},
                           {"started", started_},
                           {"search_closed", search_closed_},
                           {"round", round_},
                           {"ledger", ledger_.Snapshot()},
                           {"members", std::move(members)},
                           {"placed", std::move(placed)},
                           {"ended", std::move(ended)},
                           {"queue", std::move(queue)}});
}

Status PopulationBasedTraining::RestoreMember(const Json& row) {
  TUTTI_RETURN_IF_ERROR(ExpectRow(row, 5, "an open configuration"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t number,
                         IntIn(row, 0, 1, ledger_.created(), "a configuration"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t state, IntIn(row, 1, 0, 3, "a state"));
  Member member;
  member.state = static_cast<State>(state);
  TUTTI_ASSIGN_OR_RETURN(
      member.time, IntIn(row, 2, 0, std::numeric_limits<std::int64_t>::max(), "a time"));
  TUTTI_ASSIGN_OR_RETURN(const Placed last, PlacedFromJson(row[3], ledger_.created()));
  member.score = last.score;
  member.hparams = row[4];
  if (!ledger_.IsOpen(number) || !member.hparams.is_object() ||
      !members_.emplace(number, std::move(member)).second) {
    return DamagedSnapshot("'members' holds " + row.Dump());
  }
  return Ok{};
}

Status PopulationBasedTraining::RestoreQueue(const Json::Array& rows) {
  for (const Json& row : rows) {
    TUTTI_RETURN_IF_ERROR(ExpectRow(row, 3, "what starts next"));
    Start start;
    TUTTI_ASSIGN_OR_RETURN(start.goes_on, IntIn(row, 0, 0, ledger_.created(), "a configuration"));
    TUTTI_ASSIGN_OR_RETURN(start.parent, IntIn(row, 1, 0, ledger_.created(), "a parent"));
    start.hparams = row[2];
    const auto member = members_.find(start.goes_on);
    const bool waits = member != members_.end() && member->second.state == State::kWaiting;
    if (start.goes_on != 0 ? !waits : start.parent != 0 && !start.hparams.is_object()) {
      return DamagedSnapshot("'queue' holds " + row.Dump());
    }
    queue_.push_back(std::move(start));
  }
  return Ok{};
}

Status PopulationBasedTraining::Restore(const Json& snapshot) {
  TUTTI_CHECK(!started_, "a searcher is restored before it is used");
  TUTTI_RETURN_IF_ERROR(ExpectText(snapshot, "searcher", "pbt"));
  TUTTI_ASSIGN_OR_RETURN(started_, BoolOf(snapshot, "started"));
  TUTTI_ASSIGN_OR_RETURN(search_closed_, BoolOf(snapshot, "search_closed"));
  TUTTI_ASSIGN_OR_RETURN(round_, IntOf(snapshot, "round", 1, num_rounds_));
  const Json* ledger = snapshot.Find("ledger");
  if (ledger == nullptr) return DamagedSnapshot("it has no 'ledger'");
  TUTTI_RETURN_IF_ERROR(ledger_.Restore(*ledger));
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* members,
                         ArrayOf(snapshot, "members", std::ssize(ledger_.still_open())));
  for (const Json& row : *members) TUTTI_RETURN_IF_ERROR(RestoreMember(row));
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* placed, ArrayOf(snapshot, "placed"));
  for (const Json& row : *placed) {
    TUTTI_ASSIGN_OR_RETURN(const Placed one, PlacedFromJson(row, ledger_.created()));
    placed_.push_back(one);
  }
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* ended, ArrayOf(snapshot, "ended"));
  for (const Json& row : *ended) {
    TUTTI_RETURN_IF_ERROR(ExpectRow(row, 2, "an ended configuration"));
    TUTTI_ASSIGN_OR_RETURN(const std::int64_t number,
                           IntIn(row, 0, 1, ledger_.created(), "a configuration"));
    if (!row[1].is_object()) return DamagedSnapshot("'ended' holds " + row.Dump());
    ended_.emplace(number, row[1]);
  }
  for (const Placed& one : placed_) {
    if (!members_.contains(one.configuration_no) && !ended_.contains(one.configuration_no)) {
      return DamagedSnapshot("configuration " + std::to_string(one.configuration_no) +
                             " is neither open nor ended");
    }
  }
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* queue, ArrayOf(snapshot, "queue"));
  TUTTI_RETURN_IF_ERROR(RestoreQueue(*queue));
  if (!started_ && ledger_.created() > 0) {
    return DamagedSnapshot("it has configurations and has not started");
  }
  return Ok{};
}

}  // namespace tutti::search
