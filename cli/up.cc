#include <cstdio>

#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/supervisor.h"
#include "cli/verbs.h"

namespace tutti::cli {
namespace {

Result<UpOptions> MakeOptions(const Globals& globals, const ClusterOptions& cluster) {
  TUTTI_ASSIGN_OR_RETURN(const std::string state, ResolveStateDirectory(globals.state));
  UpOptions options{state, cluster.port, cluster.slots, cluster.data_root, cluster.worker,
                    cluster.log_level, cluster.labels};
  if (!options.data_root.empty()) options.data_root = AbsolutePath(options.data_root);
  return options;
}

}  // namespace

int RunUp(const Globals& globals, const ClusterOptions& cluster) {
  auto options = MakeOptions(globals, cluster);
  if (!options) return Fail(options.error());
  if (const auto running = FindCoordinator(options->state_dir)) {
    std::fprintf(stderr, "tutti: a coordinator already runs in %s (process %lld)\n",
                 options->state_dir.c_str(), static_cast<long long>(running->pid));
    std::printf("%s\n", running->address.c_str());
    return kExitOk;
  }
  if (cluster.foreground) return RunSupervisor(*options);
  auto address = StartCluster(*options);
  if (!address) return Fail(address.error());
  std::fprintf(stderr, "the cluster is up; `tutti down` stops it. State: %s\n",
               options->state_dir.c_str());
  std::printf("%s\n", address->c_str());
  return kExitOk;
}

int RunSupervise(const Globals& globals, const ClusterOptions& cluster) {
  auto options = MakeOptions(globals, cluster);
  if (!options) return Fail(options.error());
  return RunSupervisor(*options);
}

int RunDown(const Globals& globals, bool kill) {
  auto state = ResolveStateDirectory(globals.state);
  if (!state) return Fail(state.error());
  const Status stopped = StopCluster(*state, !kill);
  if (!stopped) return Fail(stopped.error());
  std::fprintf(stderr, "the cluster of %s is down; `tutti up` goes on where it stopped\n",
               state->c_str());
  return kExitOk;
}

}  // namespace tutti::cli
