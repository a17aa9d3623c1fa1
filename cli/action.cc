#include <cstdio>

#include "cli/coordinator_client.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"

namespace tutti::cli {

int RunAction(const Globals& globals, const std::string& verb,
              const std::vector<std::string>& ids) {
  auto state = ResolveStateDirectory(globals.state);
  if (!state) return Fail(state.error());
  auto address = ResolveCoordinator(globals.coordinator, *state);
  if (!address) return Fail(address.error());
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  CoordinatorClient client(*address);
  const Action action = verb == "pause"    ? Action::kPause
                        : verb == "resume" ? Action::kResume
                        : verb == "cancel" ? Action::kCancel
                                           : Action::kKill;
  int worst = kExitOk;
  for (const std::string& id : ids) {
    auto target = ParseTarget(**database, id);
    Result<std::string> done = target ? client.Act(action, target->experiment, target->trial_no)
                                      : Result<std::string>(target.error());
    if (!done) {
      const int code = Fail(done.error());
      if (worst == kExitOk) worst = code;
      continue;
    }
    std::printf("%s %s\n", id.c_str(), done->c_str());
  }
  return worst;
}

}  // namespace tutti::cli
