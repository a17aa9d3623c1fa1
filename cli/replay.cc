#include <algorithm>
#include <charconv>
#include <cstdio>
#include <limits>
#include <optional>
#include <string>

#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"
#include "coordinator/simulation/replay.h"
#include "storage/read_store.h"

namespace tutti::cli {
namespace {

using storage::ReadStore;

constexpr storage::QueryLimits kNoLimits{std::numeric_limits<std::int64_t>::max() / 2,
                                         24LL * 3600 * 1000};

// The whole journal is read in one piece from the file: a coordinator would cut it into answers.
Result<std::unique_ptr<ReadStore>> OpenJournal(const Globals& globals) {
  if (!globals.db.empty()) return ReadStore::Open(AbsolutePath(globals.db));
  if (!globals.coordinator.empty()) {
    return InvalidArgument("replay reads the database file itself: give --state DIR or --db FILE "
                           "instead of --coordinator");
  }
  TUTTI_ASSIGN_OR_RETURN(const std::string state, ResolveStateDirectory(globals.state));
  return ReadStore::Open(state + "/tutti.db");
}

Result<std::optional<std::int64_t>> Number(ReadStore& store, const std::string& sql,
                                           const std::vector<Json>& params = {}) {
  TUTTI_ASSIGN_OR_RETURN(const storage::Table found, store.Query(sql, params, kNoLimits));
  if (found.rows.empty() || !found.rows[0][0].is_int()) return std::optional<std::int64_t>();
  return std::optional(found.rows[0][0].AsInt());
}

// "all" is experiment 0.
Result<ExperimentId> ParseExperiment(ReadStore& store, const std::string& text) {
  if (text == "all") return ExperimentId();
  std::int64_t number = 0;
  if (text == "last") {
    TUTTI_ASSIGN_OR_RETURN(const auto newest,
                           Number(store, "SELECT max(experiment_id) FROM experiments"));
    if (!newest) return NotFound("there is no experiment yet");
    return ExperimentId(*newest);
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1) {
    return InvalidArgument("'" + text + "' is no experiment; expected a number, last or all");
  }
  TUTTI_ASSIGN_OR_RETURN(
      const auto found,
      Number(store, "SELECT experiment_id FROM experiments WHERE experiment_id = ?1", {number}));
  if (!found) return NotFound("there is no experiment " + text);
  return ExperimentId(number);
}

// Where replaying can begin: at the first entry, or, if that is of another engine version or is
// gone, after a snapshot that this version has made. Returns what to tell about entries left out.
Result<std::string> ChooseStart(ReadStore& store, simulation::Replay& replay) {
  TUTTI_ASSIGN_OR_RETURN(const auto first, Number(store, "SELECT min(seq) FROM journal"));
  if (!first) return FailedPrecondition("the journal is empty: nothing was decided yet");
  TUTTI_ASSIGN_OR_RETURN(
      const auto foreign,
      Number(store, "SELECT max(seq) FROM journal WHERE engine_version <> ?1",
             {std::int64_t{engine::kEngineVersion}}));
  if (*first == 1 && !foreign) return std::string();
  const std::int64_t skipped = foreign.value_or(*first - 1);
  const std::string why =
      foreign ? "entries up to " + std::to_string(skipped) +
                    " were written by another engine version than this program's (" +
                    std::to_string(engine::kEngineVersion) + ")"
              : "entries up to " + std::to_string(skipped) + " are not in the journal any more";
  TUTTI_ASSIGN_OR_RETURN(
      const storage::Table found,
      store.Query("SELECT journal_seq, engine_version, state FROM snapshots "
                  "WHERE engine_version = ?1 AND journal_seq >= ?2 ORDER BY journal_seq LIMIT 1",
                  {std::int64_t{engine::kEngineVersion}, skipped}, kNoLimits));
  if (found.rows.empty()) {
    return FailedPrecondition(why + ", and no snapshot after them is kept to begin from; the "
                                    "program that wrote them can replay them");
  }
  const storage::Row& row = found.rows[0];
  TUTTI_RETURN_IF_ERROR(
      replay.StartFrom({row[0].AsInt(), row[1].AsInt(), row[2].AsString()}));
  return why + "; replayed from the snapshot after entry " + std::to_string(row[0].AsInt());
}

void Print(const Globals& globals, const simulation::Replay& replay, const std::string& note,
           const std::optional<simulation::Difference>& difference) {
  if (globals.format != Format::kTable && globals.format != Format::kWide) {
    Json json = Json::MakeObject({{"events", replay.events()},
                                  {"decisions", replay.decisions()},
                                  {"differences", difference ? 1 : 0},
                                  {"note", note}});
    json.Set("seq", difference ? Json(difference->seq) : Json());
    json.Set("difference", difference ? Json(difference->text) : Json());
    std::fputs(RenderObject(json, globals.format).c_str(), stdout);
    return;
  }
  if (!note.empty()) std::printf("%s\n", note.c_str());
  if (!difference) {
    std::printf("%s, %s, 0 differences\n", Count(replay.events(), "event").c_str(),
                Count(replay.decisions(), "decision").c_str());
    return;
  }
  std::printf("after %s without a difference, the first one:\n  %s\n",
              Count(std::max<std::int64_t>(replay.events() - 1, 0), "event").c_str(),
              difference->text.c_str());
}

}  // namespace

int RunReplay(const Globals& globals, const std::string& experiment) {
  auto store = OpenJournal(globals);
  if (!store) return Fail(store.error());
  const auto id = ParseExperiment(**store, experiment);
  if (!id) return Fail(id.error());
  simulation::Replay replay(*id);
  const auto note = ChooseStart(**store, replay);
  if (!note) return Fail(note.error());
  std::optional<simulation::Difference> difference;
  const auto read = (*store)->Stream(
      "SELECT seq, engine_version, event, commands FROM journal WHERE seq >= ?1 ORDER BY seq",
      {replay.next_seq()}, kNoLimits, [](const auto&) { return true; },
      [&](const storage::Row& row) {
        difference = replay.Next(
            {row[0].AsInt(), row[1].AsInt(), row[2].AsString(), row[3].AsString()});
        return !difference;
      });
  if (!read && !(difference && read.error().code() == ErrorCode::kCancelled)) {
    return Fail(read.error());
  }
  Print(globals, replay, *note, difference);
  return difference ? kExitGate : kExitOk;
}

}  // namespace tutti::cli
