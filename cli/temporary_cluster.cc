#include "cli/temporary_cluster.h"

#include <cstdio>
#include <utility>

#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/supervisor.h"

namespace tutti::cli {

Result<TemporaryCluster> TemporaryCluster::Open(const Globals& globals,
                                                const ClusterOptions& cluster) {
  TUTTI_ASSIGN_OR_RETURN(std::string state, ResolveStateDirectory(globals.state));
  auto address = ResolveCoordinator(globals.coordinator, state);
  const bool own = !address;
  if (own) {
    const UpOptions up{state, cluster.port, cluster.slots,
                       cluster.data_root.empty() ? "" : AbsolutePath(cluster.data_root),
                       cluster.worker, cluster.log_level, cluster.labels};
    address = StartCluster(up);
    if (!address) return address.error();
    std::fprintf(stderr, "started a cluster in %s\n", state.c_str());
  }
  return TemporaryCluster(std::move(*address), std::move(state), own);
}

TemporaryCluster::TemporaryCluster(TemporaryCluster&& other) noexcept
    : address_(std::move(other.address_)),
      state_dir_(std::move(other.state_dir_)),
      own_(std::exchange(other.own_, false)) {}

TemporaryCluster::~TemporaryCluster() {
  const Status stopped = Stop();
  if (!stopped) Fail(stopped.error());
}

Status TemporaryCluster::Stop() {
  if (!std::exchange(own_, false)) return Ok{};
  std::fflush(stdout);
  return StopCluster(state_dir_, true);
}

}  // namespace tutti::cli
