#include <cstdio>

#include "cli/coordinator_client.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"
#include "cli/version.h"

namespace tutti::cli {

int RunVersion(const Globals& globals) {
  Json object = Json::MakeObject({{"tutti", kVersion}});
  if (auto state = ResolveStateDirectory(globals.state)) {
    if (auto address = ResolveCoordinator(globals.coordinator, *state)) {
      CoordinatorClient client(*address);
      if (auto info = client.Info()) object.Set("coordinator", (*info)["version"]);
    }
  }
  std::fputs(RenderObject(object, globals.format).c_str(), stdout);
  return kExitOk;
}

}  // namespace tutti::cli
