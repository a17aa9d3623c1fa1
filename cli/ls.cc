#include <cstdio>
#include <ctime>

#include "cli/coordinator_client.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"

namespace tutti::cli {
namespace {

// 2026-11-21T04:59:36.009Z -> "2026-11-21 04:59" on the clock of this machine.
std::string ShortTime(const std::string& utc) {
  std::tm time{};
  const char* end = strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%S", &time);
  if (end == nullptr) return utc;
  const std::time_t seconds = timegm(&time);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", localtime_r(&seconds, &time));
  return text;
}

void ShortenTimes(Table& table) {
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (!table.columns[c].ends_with("_at")) continue;
    for (auto& row : table.rows) {
      if (row[c].is_string()) row[c] = ShortTime(row[c].AsString());
    }
  }
}

int Print(const Globals& globals, Result<Table> table, const char* name_column,
          std::vector<std::string> short_columns) {
  if (!table) return Fail(table.error());
  table->name_column = name_column;
  if (globals.format == Format::kTable) ShortenTimes(*table);
  table->short_columns = std::move(short_columns);
  std::fputs(Render(*table, globals.format, TerminalWidth()).c_str(), stdout);
  return kExitOk;
}

}  // namespace

int RunLs(const Globals& globals, const std::string& experiment) {
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  if (experiment.empty()) {
    return Print(globals,
                 (*database)->Query("SELECT * FROM v_experiments ORDER BY experiment_id"),
                 "experiment_id",
                 {"experiment_id", "name", "state", "trials", "best_value", "created_at",
                  "message"});
  }
  auto target = ParseTarget(**database, experiment);
  if (!target) return Fail(target.error());
  return Print(globals,
               (*database)->Query("SELECT * FROM v_trials WHERE experiment_id = ?1 "
                                  "ORDER BY trial_no",
                                  Json::MakeArray({target->experiment})),
               "trial", {"trial", "state", "hparams", "best_value", "best_epoch", "attempts",
                         "slot_seconds", "message"});
}

int RunWorkers(const Globals& globals) {
  auto state = ResolveStateDirectory(globals.state);
  if (!state) return Fail(state.error());
  auto address = ResolveCoordinator(globals.coordinator, *state);
  if (!address) return Fail(address.error());
  CoordinatorClient client(*address);
  auto workers = client.ListWorkers();
  if (!workers) return Fail(workers.error());
  Table table;
  for (const Json& worker : workers->AsArray()) {
    if (table.columns.empty()) {
      for (const auto& member : worker.AsObject()) table.columns.push_back(member.first);
    }
    std::vector<Json> row;
    for (const auto& member : worker.AsObject()) row.push_back(member.second);
    table.rows.push_back(std::move(row));
  }
  if (table.columns.empty() && globals.format == Format::kTable) {
    std::fprintf(stderr, "no worker has joined yet; start one with `tutti-worker --coordinator "
                 "%s`\n", address->c_str());
    return kExitOk;
  }
  return Print(globals, std::move(table), "name", {});
}

}  // namespace tutti::cli
