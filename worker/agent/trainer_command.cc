#include "worker/agent/trainer_command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "worker/agent/remote_exec.h"

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

Status CheckShape(const DesiredAllocation& order) {
  std::size_t ranks = order.parts.empty() ? order.slots.size() : 0;
  for (const AllocationPart& part : order.parts) ranks += part.slots.size();
  if (!order.slots.empty() && order.world_size == static_cast<int>(ranks)) return Ok{};
  return InvalidArgument("allocation " + ToString(order.allocation) + " has " +
                         std::to_string(ranks) + " slots for " +
                         std::to_string(order.world_size) + " ranks; one per rank is needed");
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
  TUTTI_RETURN_IF_ERROR(CheckShape(order));
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
  const int here = static_cast<int>(order.slots.size());
  base.threads = ThreadsPerRank(devices.cores, here, static_cast<int>(devices.slots.size()),
                                here * std::max(1, packed));
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
  // Over several nodes each node's daemon has put its worker's socket into the environment.
  if (order.parts.empty()) argv.insert(argv.end(), {"--socket", program.socket});
  argv.insert(argv.end(), {"--allocation", ToString(order.allocation), "--world",
                           std::to_string(order.world_size), "--threads",
                           std::to_string(base.threads), "--device",
                           devices.cuda ? "cuda" : "cpu", "--slots", Join(base.slots)});
}

void AllowRoot(LaunchRequest& request, bool as_root) {
  if (!as_root) return;
  request.env.push_back("OMPI_ALLOW_RUN_AS_ROOT=1");
  request.env.push_back("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1");
}

// mpirun for ranks of this node only.
void LaunchHere(LaunchRequest& request, const DesiredAllocation& order,
                const TrainerProgram& program, const std::vector<std::string>& passed) {
  request.env.push_back("OMPI_MCA_plm=isolated");  // this node only: never look for ssh
  request.argv = {program.mpirun, "-n",   std::to_string(order.world_size),
                  "--bind-to",    "none", "--oversubscribe"};
  for (const std::string& assignment : passed) {
    request.argv.push_back("-x");
    request.argv.push_back(NameOf(assignment));
  }
}

// What `remote-exec` and the ranks need to find their worker.
void NameWorker(LaunchRequest& request, const DesiredAllocation& order,
                const TrainerProgram& program) {
  request.env.push_back("TUTTI_SOCKET=" + program.socket);
  request.env.push_back("TUTTI_ALLOCATION=" + ToString(order.allocation));
}

// mpirun for ranks of several nodes. Each node's ranks get the environment of that node's daemon
// (socket, threads, GPUs), so that nothing is passed from here.
void LaunchOverNodes(LaunchRequest& request, const DesiredAllocation& order,
                     const TrainerProgram& program) {
  NameWorker(request, order, program);
  std::string hosts = "localhost:" + std::to_string(order.slots.size());
  for (std::size_t part = 1; part < order.parts.size(); ++part) {
    hosts += "," + HostOfPart(static_cast<int>(part)) + ":" +
             std::to_string(order.parts[part].slots.size());
  }
  // Shared memory files are named by host and local rank: two nodes on one machine would use the
  // same. Between machines TCP, or what Open MPI finds, is the way anyhow.
  // No prefix: each worker knows where its node has orted.
  request.argv = {program.mpirun, "--noprefix", "-n", std::to_string(order.world_size),
                  "--host", hosts, "--map-by", "slot", "--bind-to", "none", "--mca", "plm", "rsh",
                  "--mca", "plm_rsh_agent", program.agent + " remote-exec",
                  "--mca", "plm_rsh_no_tree_spawn", "1", "--mca", "btl", "^vader",
                  "--wdir", "/"};
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
  const bool spans = !order.parts.empty();
  if (order.world_size > 1) {
    if (program.mpirun.empty() || (spans && program.agent.empty())) {
      return NotFound("allocation " + ToString(order.allocation) + " has " +
                      std::to_string(order.world_size) +
                      " ranks, which needs mpirun (Open MPI) in PATH");
    }
    AllowRoot(request, as_root);
    spans ? LaunchOverNodes(request, order, program) : LaunchHere(request, order, program, passed);
  }
  request.argv.push_back(program.trainer);
  AddFlags(base, order, devices, program, request.argv);
  return std::move(request);
}

Result<LaunchRequest> DaemonLaunch(const DesiredAllocation& order, const Devices& devices,
                                   const TrainerProgram& program, bool as_root,
                                   const std::vector<std::string>& argv, int packed) {
  constexpr std::size_t kMaxArguments = 256, kMaxBytes = 64 * 1024;
  const std::string who = "allocation " + ToString(order.allocation);
  if (program.orted.empty()) return NotFound(who + " needs orted (Open MPI) in PATH");
  std::size_t bytes = 0;
  for (const std::string& argument : argv) bytes += argument.size();
  if (argv.empty() || argv.front() != "orted" || argv.size() > kMaxArguments ||
      bytes > kMaxBytes) {
    return InvalidArgument(who + ": expected a call of orted with at most 256 arguments");
  }
  TUTTI_ASSIGN_OR_RETURN(Base base, BaseCommand(order, devices, program, packed));
  LaunchRequest& request = base.request;
  AllowRoot(request, as_root);
  NameWorker(request, order, program);
  request.argv = argv;
  request.argv.front() = program.orted;
  return std::move(request);
}

Result<LaunchRequest> EntrypointCommand(const DesiredAllocation& order, const Devices& devices,
                                        const TrainerProgram& program,
                                        const std::string& directory, int packed) {
  if (!order.parts.empty()) {
    return InvalidArgument("allocation " + ToString(order.allocation) +
                           " has several nodes; an entrypoint's program runs on one");
  }
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
