#include <cstdio>

#include "cli/coordinator_client.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"
#include "experiments/core/enum_table.h"

namespace tutti::cli {

namespace {

constexpr EnumTable<Action, 6> kActionVerbs{{{{Action::kPause, "pause"},
                                              {Action::kResume, "resume"},
                                              {Action::kCancel, "cancel"},
                                              {Action::kKill, "kill"},
                                              {Action::kArchive, "archive"},
                                              {Action::kUnarchive, "unarchive"}}}};

}  // namespace

int RunAction(const Globals& globals, const std::string& verb,
              const std::vector<std::string>& ids) {
  auto state = ResolveStateDirectory(globals.state);
  if (!state) return Fail(state.error());
  auto address = ResolveCoordinator(globals.coordinator, *state);
  if (!address) return Fail(address.error());
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  CoordinatorClient client(*address);
  const Action action = *kActionVerbs.Parse(verb);
  int worst = kExitOk;
  Table table;
  table.columns = {"id", "state"};
  for (const std::string& id : ids) {
    auto target = ParseTarget(**database, id);
    Result<std::string> done = target ? client.Act(action, target->experiment, target->trial_no)
                                      : Result<std::string>(target.error());
    if (!done) {
      const int code = Fail(done.error());
      if (worst == kExitOk) worst = code;
      continue;
    }
    const std::string text =
        std::to_string(target->experiment) +
        (target->trial_no > 0 ? "." + std::to_string(target->trial_no) : "");
    if (globals.format == Format::kTable || globals.format == Format::kWide) {
      std::printf("%s %s\n", text.c_str(), done->c_str());
    } else {
      table.rows.push_back({text, *done});
    }
  }
  if (!table.rows.empty()) std::fputs(Render(table, globals.format).c_str(), stdout);
  return worst;
}

}  // namespace tutti::cli
