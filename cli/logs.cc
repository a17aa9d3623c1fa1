#include <cstdio>

#include "cli/coordinator_client.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"

namespace tutti::cli {

int RunLogs(const Globals& globals, const LogsOptions& options) {
  auto state = ResolveStateDirectory(globals.state);
  if (!state) return Fail(state.error());
  auto address = ResolveCoordinator(globals.coordinator, *state);
  if (!address) return Fail(address.error());
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  auto target = ParseTarget(**database, options.id);
  if (!target) return Fail(target.error());
  InstallInterruptHandler();
  CoordinatorClient client(*address);
  const Status done = client.Logs(target->experiment, target->trial_no, options.follow,
                                  options.tail, [](const std::string& text) {
                                    std::fputs(text.c_str(), stdout);
                                    return std::fflush(stdout) == 0;
                                  });
  if (Interrupted()) {
    std::fprintf(stderr, "tutti: detached; %s goes on\n", options.id.c_str());
    return kExitInterrupted;
  }
  return done ? kExitOk : Fail(done.error());
}

}  // namespace tutti::cli
