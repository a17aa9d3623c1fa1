#include "worker/agent/trainer_command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace tutti::worker {
namespace {

std::string Join(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ",") + item;
  return text;
}

std::string NameOf(const std::string& assignment) {
  return assignment.substr(0, assignment.find('='));
}

struct Base {
  LaunchRequest request;  // environment and directory
  std::vector<std::string> slots;
  int threads = 1;
};

// What the commands of all kinds of gangs have in common.
Result<Base> BaseCommand(const DesiredAllocation& order, const Devices& devices,
                         const TrainerProgram& program, int packed) {
  const std::string who = "allocation " + ToString(order.allocation);
  if (order.slots.empty() || order.world_size != static_cast<int>(order.slots.size())) {
    return InvalidArgument(who + " has " + std::to_string(order.slots.size()) + " slots for " +
                           std::to_string(order.world_size) + " ranks; one per rank is needed");
  }
  Base base;
  std::vector<std::string> gpus;
  for (const int slot : order.slots) {
    if (slot < 0 || slot >= static_cast<int>(devices.slots.size())) {
      return InvalidArgument(who + " wants slot " + std::to_string(slot) + "; this node has " +
                             std::to_string(devices.slots.size()));
    }
    base.slots.push_back(std::to_string(slot));
    gpus.push_back(devices.slots[static_cast<std::size_t>(slot)].uuid);
  }
  base.threads =
      ThreadsPerRank(devices.cores, order.world_size, static_cast<int>(devices.slots.size()),
                     order.world_size * std::max(1, packed));
  LaunchRequest& request = base.request;
  request.gang = order.allocation.value;
  request.directory = program.directory;
  request.env = program.base_env;
  request.env.push_back("OMP_NUM_THREADS=" + std::to_string(base.threads));
  // libgomp's threads spin for milliseconds before they sleep, which starves the very thread they
  // wait for once anything else runs on the node: measured 0.9k instead of 5k images/s. About 40 us
  // cost nothing on an idle node (sleeping at once costs a quarter). Read when libgomp is loaded,
  // hence not the trainer's own business.
  request.env.push_back("GOMP_SPINCOUNT=3000");
  // An empty list hides the GPUs from a trainer that must not use one.
  request.env.push_back("CUDA_VISIBLE_DEVICES=" + (devices.cuda ? Join(gpus) : std::string()));
  return base;
}

void AddFlags(const Base& base, const DesiredAllocation& order, const Devices& devices,
              const TrainerProgram& program, std::vector<std::string>& argv) {
  for (const std::string& argument :
       {std::string("--socket"), program.socket, std::string("--allocation"),
        ToString(order.allocation), std::string("--world"), std::to_string(order.world_size),
        std::string("--threads"), std::to_string(base.threads), std::string("--device"),
        std::string(devices.cuda ? "cuda" : "cpu"), std::string("--slots"), Join(base.slots)}) {
    argv.push_back(argument);
  }
}

}  // namespace

GangNeeds NeedsOf(const Json& config) {
  GangNeeds needs;
  const Json* entrypoint = config.Find("entrypoint");
  needs.entrypoint = entrypoint != nullptr && entrypoint->size() > 0;
  const Json* packed = config.FindPath("resources.packing.max_per_slot");
  if (packed != nullptr && packed->is_int()) {
    needs.packed = static_cast<int>(std::clamp<std::int64_t>(packed->AsInt(), 1, 1024));
  }
  return needs;
}

Result<LaunchRequest> TrainerCommand(const DesiredAllocation& order, const Devices& devices,
                                     const TrainerProgram& program, bool as_root, int packed) {
  TUTTI_ASSIGN_OR_RETURN(Base base, BaseCommand(order, devices, program, packed));
  LaunchRequest& request = base.request;
  if (program.trainer.empty()) {
    return NotFound("this worker has no tutti-trainer; build Tutti with torch, or name one with "
                    "--trainer");
  }
  const std::vector<std::string> passed = request.env;
  if (order.world_size > 1) {
    if (program.mpirun.empty()) {
      return NotFound("allocation " + ToString(order.allocation) + " has " +
                      std::to_string(order.world_size) +
                      " ranks, which needs mpirun (Open MPI) in PATH");
    }
    if (as_root) {
      request.env.push_back("OMPI_ALLOW_RUN_AS_ROOT=1");
      request.env.push_back("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1");
    }
    request.env.push_back("OMPI_MCA_plm=isolated");  // this node only: never look for ssh
    request.argv = {program.mpirun, "-n",          std::to_string(order.world_size),
                    "--bind-to",    "none",        "--oversubscribe"};
    for (const std::string& assignment : passed) {
      request.argv.push_back("-x");
      request.argv.push_back(NameOf(assignment));
    }
  }
  request.argv.push_back(program.trainer);
  AddFlags(base, order, devices, program, request.argv);
  return std::move(request);
}

Result<LaunchRequest> EntrypointCommand(const DesiredAllocation& order, const Devices& devices,
                                        const TrainerProgram& program,
                                        const std::string& directory, int packed) {
  TUTTI_ASSIGN_OR_RETURN(Base base, BaseCommand(order, devices, program, packed));
  base.request.argv = {program.entrypoint};
  AddFlags(base, order, devices, program, base.request.argv);
  base.request.argv.push_back("--directory");
  base.request.argv.push_back(directory);
  return std::move(base.request);
}

std::vector<std::string> TrainerBaseEnvironment() {
  std::vector<std::string> env;
  for (const char* name : {"PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH"}) {
    if (const char* value = std::getenv(name)) env.push_back(std::string(name) + "=" + value);
  }
  return env;
}

std::string FindInPath(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin");
  std::string folder;
  while (std::getline(folders, folder, ':')) {
    const std::string file = folder + "/" + name;
    if (!folder.empty() && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return "";
}

}  // namespace tutti::worker
