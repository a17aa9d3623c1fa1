#include <cstdio>
#include <ctime>

#include "cli/database.h"
#include "cli/exit_code.h"
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

int RunLs(const Globals& globals, const std::string& experiment, bool all) {
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  if (experiment.empty()) {
    std::vector<std::string> short_columns{"experiment_id", "name",       "state",  "trials",
                                           "best_value",    "created_at", "message"};
    if (all) short_columns.insert(short_columns.begin() + 3, "archived");
    return Print(globals,
                 (*database)->Query(all ? "SELECT * FROM v_experiments ORDER BY experiment_id"
                                        : "SELECT * FROM v_experiments WHERE archived = 0 "
                                          "ORDER BY experiment_id"),
                 "experiment_id", std::move(short_columns));
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

int RunQueue(const Globals& globals) {
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  return Print(globals, (*database)->Query("SELECT * FROM v_queue"), "experiment_id",
               {"experiment_id", "name", "state", "pool", "priority", "weight", "max_slots",
                "slots_per_trial", "slots_in_use", "running", "queued", "held"});
}

}  // namespace tutti::cli
