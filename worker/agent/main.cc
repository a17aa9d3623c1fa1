// tutti-worker: one per node. See worker/README.md.

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <climits>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>

#include "worker/agent/agent.h"
#include "worker/agent/log.h"
#include "worker/agent/remote_exec.h"
#include "worker/agent/worker_flags.h"
#include "worker/data/inventory.h"

namespace tutti::worker {
namespace {

// Longer than the launcher of a killed worker tries to end its trainers.
constexpr std::chrono::seconds kLockPatience{12};

// Of this program, "" if the kernel does not say.
std::string OwnPath() {
  char path[PATH_MAX];
  const ssize_t n = ::readlink("/proc/self/exe", path, sizeof(path));
  return n > 0 && n < PATH_MAX ? std::string(path, static_cast<std::size_t>(n)) : "";
}

int Fail(const Error& error) {
  std::cerr << "tutti-worker: " << error.ToString() << "\n";
  return error.code() == ErrorCode::kInvalidArgument ? 2 : 1;
}

Result<AgentOptions> MakeOptions(const WorkerFlags& flags) {
  AgentOptions options;
  const char* visible = std::getenv("CUDA_VISIBLE_DEVICES");
  TUTTI_ASSIGN_OR_RETURN(
      options.devices,
      FindDevices(flags.device, flags.slots,
                  visible != nullptr ? std::optional<std::string>(visible) : std::nullopt));
  options.program.entrypoint = ProgramDirectory() + "/tutti-entrypoint";
  if (::access(flags.trainer.c_str(), X_OK) == 0) {
    options.program.trainer = flags.trainer;
  } else if (flags.trainer == ProgramDirectory() + "/tutti-trainer") {
    // A build without torch: experiments with an entrypoint need no trainer of ours.
    LogWarning("there is no " + flags.trainer + ": only experiments with an entrypoint run here");
  } else {
    return NotFound("there is no trainer program " + flags.trainer +
                    "; build Tutti with torch, or name another one with --trainer");
  }
  options.program.mpirun = FindInPath("mpirun");
  options.program.orted = FindInPath("orted");
  options.program.agent = OwnPath();
  // mpirun takes its agent apart at blanks.
  if (options.program.agent.find_first_of(" \t") != std::string::npos) options.program.agent.clear();
  options.program.base_env = TrainerBaseEnvironment();
  options.work_dir = flags.work_dir;
  options.data_root = flags.data_root;
  options.gang_limits = flags.limits;
  options.jitter_seed = std::random_device{}();
  if (flags.coordinator.empty()) {
    options.coordinator = [state = flags.state] { return AddressFromStateDirectory(state); };
  } else {
    options.coordinator = [address = flags.coordinator]() -> Result<std::string> {
      return address;
    };
  }
  options.node.node_name = flags.name;
  options.node.version = TUTTI_VERSION;
  options.node.resource_pool = flags.resource_pool;
  options.node.labels = flags.labels;
  options.node.hostname = HostName();
  options.node.cores = options.devices.cores;
  options.node.slots = options.devices.slots;
  options.node.spans_nodes = !options.program.mpirun.empty() && !options.program.orted.empty() &&
                             !options.program.agent.empty();
  TUTTI_ASSIGN_OR_RETURN(const auto datasets, ListDatasets(flags.data_root));
  for (const DatasetPresence& dataset : datasets) {
    if (dataset.complete) options.node.datasets.push_back({dataset.name, dataset.sha256});
  }
  return options;
}

// The agent's loop, until it has stopped. The first SIGTERM or SIGINT ends all gangs, the second
// ends the worker at once; its launcher then kills what is left.
int Serve(Agent& agent, int signals) {
  int received = 0;
  agent.loop().Watch(signals, EPOLLIN, [&](std::uint32_t) {
    signalfd_siginfo info;
    while (::read(signals, &info, sizeof(info)) == sizeof(info)) ++received;
  });
  bool stopping = false;
  while (true) {
    agent.Turn(std::chrono::milliseconds(1000));
    if (received >= 2) return 128 + SIGTERM;
    if (received == 1 && !stopping) {
      stopping = true;
      LogInfo("stopping: no more work is taken, running gangs are ended");
      agent.BeginShutdown();
    }
    if (stopping && agent.ShutdownDone()) return 0;
    if (!agent.fatal().empty()) {
      LogError(agent.fatal());
      return 1;
    }
  }
}

int Main(int argc, char** argv) {
  if (argc >= 2 && std::string_view(argv[1]) == "remote-exec") {
    return RemoteExecMain({argv + 2, argv + argc});
  }
  const ParsedFlags parsed = ParseWorkerFlags(argc, argv);
  if (!parsed.flags) return parsed.exit_code;
  SetLogLevel(parsed.flags->log_level);
  std::signal(SIGPIPE, SIG_IGN);
  const auto lock = LockWorkDirectory(parsed.flags->work_dir, kLockPatience);
  if (!lock) return Fail(lock.error());
  // Before any thread exists: the launcher is a copy of this process.
  auto launcher = Launcher::Fork();
  if (!launcher) return Fail(launcher.error());
  // Before the first thread starts too, so that all of them leave these signals to the loop.
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  const FileDescriptor signals(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) return Fail(ErrnoError(errno, "making a signalfd"));
  auto options = MakeOptions(*parsed.flags);
  if (!options) return Fail(options.error());
  const std::size_t slots = options->devices.slots.size();
  LogInfo("worker " + parsed.flags->name + " with " + std::to_string(slots) +
          (options->devices.cuda ? " GPU" : " CPU") + (slots == 1 ? " slot" : " slots") + ", " +
          std::to_string(options->devices.cores) + " cores, work directory " +
          parsed.flags->work_dir);
  auto agent = Agent::Create(std::move(*options), std::move(*launcher));
  if (!agent) return Fail(agent.error());
  const int code = Serve(**agent, signals.get());
  if (code == 128 + SIGTERM) std::_Exit(code);  // not even the destructors' bounded waits
  (*agent)->loop().Unwatch(signals.get());
  return code;
}

}  // namespace
}  // namespace tutti::worker

int main(int argc, char** argv) { return tutti::worker::Main(argc, argv); }
