#pragma once

#include <optional>
#include <string>

#include "worker/agent/desired_state.h"
#include "worker/agent/devices.h"
#include "worker/agent/launch_message.h"

namespace tutti::worker {

struct TrainerProgram {
  std::string trainer;    // path of tutti-trainer, "" if there is none
  std::string entrypoint;  // path of tutti-entrypoint
  std::string mpirun;     // path, "" if there is none
  std::string orted;      // Open MPI's daemon: path, "" if there is none
  std::string agent;      // this program, for `remote-exec`; "": gangs stay on one node
  std::string socket;     // the trainer link
  std::string directory;  // working directory of the processes
  // NAME=value pairs of the worker's environment that trainers get: PATH, HOME, TMPDIR, LANG,
  // LD_LIBRARY_PATH, as far as they are set.
  std::vector<std::string> base_env;
};

// What a trial's document says of the gang that runs it.
struct GangNeeds {
  bool entrypoint = false;  // the experiment's own program, not the built-in trainer
  int packed = 1;           // resources.packing.max_per_slot
};
GangNeeds NeedsOf(const Json& config);

// Argument list and environment for one gang. One rank is started directly; more by mpirun on this
// node. kInvalidArgument: slots this node does not have, or fewer slots than one, or a world size
// that is not the number of slots; kNotFound: several ranks and no mpirun.
// `packed`: as many gangs may share a slot, and each gets its share of the threads.
Result<LaunchRequest> TrainerCommand(const DesiredAllocation& order, const Devices& devices,
                                     const TrainerProgram& program, bool as_root, int packed = 1);

// The same for a gang that runs the experiment's own program: tutti-entrypoint, which starts one
// process per slot and keeps its files in `directory`.
Result<LaunchRequest> EntrypointCommand(const DesiredAllocation& order, const Devices& devices,
                                        const TrainerProgram& program,
                                        const std::string& directory, int packed);

// Starts this node's ranks of a gang that another node leads: the daemon that the leader's mpirun
// asks for. Errors as above, and kInvalidArgument for arguments of unreasonable size.
Result<LaunchRequest> DaemonLaunch(const DesiredAllocation& order, const Devices& devices,
                                   const TrainerProgram& program, bool as_root,
                                   const std::vector<std::string>& argv, int packed = 1);

// The variables above, from this process's environment.
std::vector<std::string> TrainerBaseEnvironment();
// First executable file of that name in PATH, or "".
std::string FindInPath(const std::string& name);

}  // namespace tutti::worker
