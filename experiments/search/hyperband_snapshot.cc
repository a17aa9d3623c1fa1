#include <limits>
#include <utility>

#include "experiments/search/hyperband.h"
#include "experiments/search/snapshot.h"

// The state of Hyperband as JSON and back. How many are running and awaited follows from the
// members' states.

namespace tutti::search {
namespace {

constexpr std::int64_t kAny = std::numeric_limits<std::int64_t>::max();

}  // namespace

Json Hyperband::Snapshot() const {
  Json runs = Json::MakeArray();
  for (const auto& [number, run] : runs_) {
    Json placed = Json::MakeArray();
    for (const Placed& one : run.placed) placed.Append(PlacedToJson(one));
    Json waiting = Json::MakeArray();
    for (const std::int64_t configuration_no : run.to_continue) waiting.Append(configuration_no);
    runs.Append(Json::MakeObject({{"number", number},
                                  {"trials", run.trials},
                                  {"valid", run.valid},
                                  {"rung", static_cast<std::int64_t>(run.rung)},
                                  {"placed", std::move(placed)},
                                  {"to_continue", std::move(waiting)}}));
  }
  Json members = Json::MakeArray();
  for (const auto& [number, member] : members_) {
    members.Append(Json::MakeArray(
        {number, member.run, static_cast<std::int64_t>(member.state), member.time,
         member.score ? PlacedToJson({number, *member.score}) : Json(), member.hparams}));
  }
  return Json::MakeObject({{"searcher", name_},
                           {"started", started_},
                           {"search_closed", search_closed_},
                           {"ledger", ledger_.Snapshot()},
                           {"opened", opened_},
                           {"planned", planned_},
                           {"runs", std::move(runs)},
                           {"members", std::move(members)},
                           {"sampler", sampler_->Snapshot()}});
}

Status Hyperband::RestoreRun(const Json& snapshot) {
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t number, IntOf(snapshot, "number", 0, opened_ - 1));
  const Bracket& plan = brackets_[static_cast<std::size_t>(number % std::ssize(brackets_))];
  Run run;
  run.rungs = plan.rungs;
  TUTTI_ASSIGN_OR_RETURN(run.trials, IntOf(snapshot, "trials", 1, plan.trials));
  TUTTI_ASSIGN_OR_RETURN(run.valid, IntOf(snapshot, "valid", 0, run.trials));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t rung,
                         IntOf(snapshot, "rung", 0, std::ssize(plan.rungs) - 1));
  run.rung = static_cast<std::size_t>(rung);
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* placed, ArrayOf(snapshot, "placed"));
  for (const Json& row : *placed) {
    TUTTI_ASSIGN_OR_RETURN(const Placed one, PlacedFromJson(row, ledger_.created()));
    run.placed.push_back(one);
  }
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* waiting, ArrayOf(snapshot, "to_continue"));
  for (const Json& no : *waiting) {
    if (!no.is_int() || !ledger_.IsOpen(no.AsInt())) {
      return DamagedSnapshot("'to_continue' holds " + no.Dump());
    }
    run.to_continue.push_back(no.AsInt());
  }
  if (!runs_.emplace(number, std::move(run)).second) {
    return DamagedSnapshot("bracket " + std::to_string(number) + " stands in it twice");
  }
  return Ok{};
}

Status Hyperband::RestoreMember(const Json& row) {
  TUTTI_RETURN_IF_ERROR(ExpectRow(row, 6, "an open configuration"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t number,
                         IntIn(row, 0, 1, ledger_.created(), "a configuration"));
  Member member;
  TUTTI_ASSIGN_OR_RETURN(member.run, IntIn(row, 1, 0, opened_ - 1, "a bracket"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t state, IntIn(row, 2, 0, 3, "a state"));
  TUTTI_ASSIGN_OR_RETURN(member.time, IntIn(row, 3, 0, kAny, "a time"));
  if (!row[4].is_null()) {
    TUTTI_ASSIGN_OR_RETURN(const Placed last, PlacedFromJson(row[4], ledger_.created()));
    member.score = last.score;
  }
  member.hparams = row[5];
  const bool lives = static_cast<State>(state) != State::kDone;
  if (!ledger_.IsOpen(number) || !member.hparams.is_object() ||
      (lives && !runs_.contains(member.run))) {
    return DamagedSnapshot("'members' holds " + row.Dump());
  }
  Enter(member, static_cast<State>(state));
  if (!members_.emplace(number, std::move(member)).second) {
    return DamagedSnapshot("configuration " + std::to_string(number) + " stands in it twice");
  }
  return Ok{};
}

Status Hyperband::Restore(const Json& snapshot) {
  TUTTI_CHECK(!started_, "a searcher is restored before it is used");
  TUTTI_RETURN_IF_ERROR(ExpectText(snapshot, "searcher", name_));
  TUTTI_ASSIGN_OR_RETURN(started_, BoolOf(snapshot, "started"));
  TUTTI_ASSIGN_OR_RETURN(search_closed_, BoolOf(snapshot, "search_closed"));
  const Json* ledger = snapshot.Find("ledger");
  const Json* sampler = snapshot.Find("sampler");
  if (ledger == nullptr || sampler == nullptr) {
    return DamagedSnapshot("it has no 'ledger' or no 'sampler'");
  }
  TUTTI_RETURN_IF_ERROR(ledger_.Restore(*ledger));
  TUTTI_RETURN_IF_ERROR(sampler_->Restore(*sampler));
  TUTTI_ASSIGN_OR_RETURN(opened_, IntOf(snapshot, "opened", 0, ledger_.created()));
  TUTTI_ASSIGN_OR_RETURN(planned_, IntOf(snapshot, "planned", 0, max_trials_));
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* runs, ArrayOf(snapshot, "runs"));
  for (const Json& run : *runs) TUTTI_RETURN_IF_ERROR(RestoreRun(run));
  TUTTI_ASSIGN_OR_RETURN(const Json::Array* members,
                         ArrayOf(snapshot, "members", std::ssize(ledger_.still_open())));
  for (const Json& row : *members) TUTTI_RETURN_IF_ERROR(RestoreMember(row));
  for (const auto& [number, run] : runs_) {
    for (const std::int64_t no : run.to_continue) {
      const auto member = members_.find(no);
      if (member == members_.end() || member->second.state != State::kWaiting ||
          member->second.run != number) {
        return DamagedSnapshot("configuration " + std::to_string(no) + " does not wait");
      }
    }
  }
  if (running_ > window_ || (!started_ && ledger_.created() > 0) ||
      ledger_.valid() > max_trials_) {
    return DamagedSnapshot("it has " + std::to_string(running_) + " running and " +
                           std::to_string(ledger_.created()) + " configurations");
  }
  return Ok{};
}

}  // namespace tutti::search
