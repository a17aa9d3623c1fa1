#include "cli/supervisor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/coordinator_client.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "experiments/core/json.h"

namespace tutti::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto kFirstBackOff = milliseconds(200);
constexpr auto kLongestBackOff = milliseconds(10'000);
constexpr auto kHealthyAfter = milliseconds(30'000);  // a child that lived this long starts afresh
constexpr auto kQuickEnd = milliseconds(2'000);
constexpr int kMostQuickEnds = 5;  // a coordinator that cannot even start will not learn it
constexpr auto kStartDeadline = std::chrono::seconds(30);
constexpr auto kStopDeadline = std::chrono::seconds(60);
constexpr double kLeastFreeBytes = 16e6;  // a fresh database and logs
constexpr auto kStopGrace = std::chrono::seconds(15);  // TERM to KILL

// Exit codes after which a restart would fail in the same way.
bool IsPermanent(int code) {
  return code == kExitUsage || code == kExitNotFound || code == kExitWrongState ||
         code == kExitNotAllowed;
}

Status MakeDirectories(const std::string& state_dir) {
  for (std::size_t at = 1; at != std::string::npos;) {
    at = state_dir.find('/', at);
    const std::string part = state_dir.substr(0, at);
    if (mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) {
      return ErrnoError(errno, "cannot create the state directory " + part);
    }
    if (at != std::string::npos) ++at;
  }
  const std::string logs = state_dir + "/logs";
  if (mkdir(logs.c_str(), 0700) != 0 && errno != EEXIST) {
    return ErrnoError(errno, "cannot create " + logs);
  }
  if (access(logs.c_str(), W_OK) != 0) return ErrnoError(errno, "cannot write to " + logs);
  // On a full disk not even the children's logs could say so.
  struct statvfs fs {};
  if (statvfs(logs.c_str(), &fs) == 0 &&
      static_cast<double>(fs.f_bavail) * static_cast<double>(fs.f_frsize) < kLeastFreeBytes) {
    return Error(ErrorCode::kResourceExhausted,
                 "no space left in " + state_dir + ": less than 16 MB are free; make room, or "
                 "name another place with --state DIR");
  }
  return Ok{};
}

// One program that the supervisor keeps alive.
struct Child {
  std::string name;
  std::vector<std::string> argv;
  std::string log;
  pid_t pid = 0;
  Clock::time_point started;
  Clock::time_point restart_at;
  milliseconds back_off = kFirstBackOff;
  int quick_ends = 0;  // in a row, each within kQuickEnd of its start
};

// REQUIRES: this process is single-threaded (it forks and runs code before exec).
Status Start(Child& child, pid_t supervisor) {
  std::vector<char*> argv;
  for (auto& argument : child.argv) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int log = open(child.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) return ErrnoError(errno, "cannot open " + child.log);
  const pid_t pid = fork();
  if (pid < 0) {
    close(log);
    return ErrnoError(errno, "cannot start " + child.name);
  }
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != supervisor) _exit(0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    execv(argv[0], argv.data());
    dprintf(STDERR_FILENO, "cannot start %s: errno %d\n", argv[0], errno);
    _exit(kExitUsage);
  }
  close(log);
  child.pid = pid;
  child.started = Clock::now();
  std::fprintf(stderr, "started %s, process %d\n", child.name.c_str(), static_cast<int>(pid));
  return Ok{};
}

std::string Describe(int status) {
  if (WIFSIGNALED(status)) return "was killed by signal " + std::to_string(WTERMSIG(status));
  return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

std::vector<Child> MakeChildren(const UpOptions& options) {
  const std::string bin = ProgramDirectory();
  const std::string logs = options.state_dir + "/logs/";
  Child coordinator;
  coordinator.name = "tutti-coordinator";
  coordinator.log = logs + "coordinator.log";
  coordinator.argv = {bin + "/tutti-coordinator", "--state", options.state_dir,
                      "--log-level", options.log_level};
  if (options.port != 0) {
    coordinator.argv.insert(coordinator.argv.end(), {"--port", std::to_string(options.port)});
  }
  std::vector<Child> children{coordinator};
  if (options.worker) {
    Child worker;
    worker.name = "tutti-worker";
    worker.log = logs + "worker.log";
    worker.argv = {bin + "/tutti-worker", "--state", options.state_dir,
                   "--log-level", options.log_level};
    if (options.slots != 0) {
      worker.argv.insert(worker.argv.end(), {"--slots", std::to_string(options.slots)});
    }
    if (!options.data_root.empty()) {
      worker.argv.insert(worker.argv.end(), {"--data-root", options.data_root});
    }
    for (const std::string& label : options.labels) {
      worker.argv.insert(worker.argv.end(), {"--label", label});
    }
    children.push_back(worker);
  }
  return children;
}

// Waits until `pid` has ended; KILL after the grace period.
void StopChild(Child& child) {
  if (child.pid == 0) return;
  kill(child.pid, SIGTERM);
  const auto deadline = Clock::now() + kStopGrace;
  while (waitpid(child.pid, nullptr, WNOHANG) == 0) {
    if (Clock::now() > deadline) kill(child.pid, SIGKILL);
    std::this_thread::sleep_for(milliseconds(20));
  }
  child.pid = 0;
}

// Reaps ended children. Returns the exit code with which the supervisor shall end, or -1.
int Reap(std::vector<Child>& children) {
  int status = 0;
  for (pid_t pid = waitpid(-1, &status, WNOHANG); pid > 0; pid = waitpid(-1, &status, WNOHANG)) {
    for (Child& child : children) {
      if (child.pid != pid) continue;
      child.pid = 0;
      std::fprintf(stderr, "%s %s\n", child.name.c_str(), Describe(status).c_str());
      const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
      const bool coordinator = &child == &children.front();
      if (coordinator && code == kExitOk) return kExitOk;
      if (IsPermanent(code)) return code;
      const auto lived = Clock::now() - child.started;
      child.quick_ends = lived < kQuickEnd ? child.quick_ends + 1 : 0;
      if (coordinator && child.quick_ends >= kMostQuickEnds) {
        std::fprintf(stderr, "%s ended %d times right after its start; giving up\n",
                     child.name.c_str(), child.quick_ends);
        return code > 0 ? code : kExitFailed;
      }
      if (lived > kHealthyAfter) child.back_off = kFirstBackOff;
      child.restart_at = Clock::now() + child.back_off;
      child.back_off = std::min(2 * child.back_off, kLongestBackOff);
    }
  }
  return -1;
}

}  // namespace

int RunSupervisor(const UpOptions& options) {
  if (const Status made = MakeDirectories(options.state_dir); !made) return Fail(made.error());
  sigset_t signals;
  sigemptyset(&signals);
  for (const int s : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&signals, s);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  const pid_t self = getpid();
  const std::string pid_file = options.state_dir + "/supervisor.json";
  const Json identity = Json::MakeObject({{"pid", std::int64_t{self}}});
  if (const Status written = WriteFileAtomically(pid_file, identity.Dump() + "\n"); !written) {
    return Fail(written.error());
  }
  std::vector<Child> children = MakeChildren(options);
  int code = -1;
  while (code < 0) {
    for (Child& child : children) {
      if (child.pid != 0 || Clock::now() < child.restart_at) continue;
      if (const Status started = Start(child, self); !started) {
        code = Fail(started.error());
        break;
      }
    }
    if (code >= 0) break;
    const timespec wait{.tv_sec = 0, .tv_nsec = 200'000'000};
    const int signal = sigtimedwait(&signals, nullptr, &wait);
    code = Reap(children);
    if (signal == SIGTERM || signal == SIGINT) code = kExitOk;
  }
  // The worker first, so that its last reports still find the coordinator.
  for (auto child = children.rbegin(); child != children.rend(); ++child) StopChild(*child);
  unlink(pid_file.c_str());
  return code;
}

namespace {

// The last lines of the children's logs since `offset` bytes: what went wrong, in their words.
std::string NewText(const std::string& path, std::size_t offset) {
  auto text = ReadFile(path, 64u << 20);
  if (!text || text->size() <= offset) return "";
  const std::string fresh = text->substr(offset);
  return fresh.size() > 2000 ? fresh.substr(fresh.size() - 2000) : fresh;
}

std::size_t SizeOf(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 ? static_cast<std::size_t>(info.st_size) : 0;
}

Result<pid_t> SpawnSupervisor(const UpOptions& options) {
  const std::string self = ProgramDirectory() + "/tutti";
  std::vector<std::string> arguments{self, "supervise", "--state", options.state_dir,
                                     "--log-level", options.log_level};
  if (options.port != 0) {
    arguments.insert(arguments.end(), {"--port", std::to_string(options.port)});
  }
  if (options.slots != 0) {
    arguments.insert(arguments.end(), {"--slots", std::to_string(options.slots)});
  }
  if (!options.data_root.empty()) {
    arguments.insert(arguments.end(), {"--data-root", options.data_root});
  }
  for (const std::string& label : options.labels) {
    arguments.insert(arguments.end(), {"--label", label});
  }
  if (!options.worker) arguments.emplace_back("--no-worker");
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const std::string log_path = options.state_dir + "/logs/supervisor.log";
  const int log = open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) return ErrnoError(errno, "cannot open " + log_path);
  const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  const pid_t pid = fork();
  if (pid < 0) return ErrnoError(errno, "cannot start the supervisor");
  if (pid == 0) {
    setsid();
    dup2(null, STDIN_FILENO);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(kExitUsage);
  }
  close(log);
  close(null);
  return pid;
}

// Error of a supervisor that ended: its exit code as an error code, the logs' words as message.
Error StartFailure(int exit_code, const std::string& words) {
  ErrorCode code = ErrorCode::kInternal;
  if (exit_code == kExitUsage) code = ErrorCode::kInvalidArgument;
  if (exit_code == kExitWrongState) code = ErrorCode::kFailedPrecondition;
  if (exit_code == kExitNotAllowed) code = ErrorCode::kPermissionDenied;
  return Error(code, "the cluster did not start:\n" + words);
}

}  // namespace

Result<std::string> StartCluster(const UpOptions& options) {
  if (const auto running = FindCoordinator(options.state_dir)) return running->address;
  TUTTI_RETURN_IF_ERROR(MakeDirectories(options.state_dir));
  const std::array<std::string, 3> logs{options.state_dir + "/logs/coordinator.log",
                                        options.state_dir + "/logs/worker.log",
                                        options.state_dir + "/logs/supervisor.log"};
  std::array<std::size_t, 3> offsets{};
  for (std::size_t i = 0; i < logs.size(); ++i) offsets[i] = SizeOf(logs[i]);
  const auto words = [&] {
    std::string text;
    for (std::size_t i = 0; i < logs.size(); ++i) text += NewText(logs[i], offsets[i]);
    return text;
  };
  TUTTI_ASSIGN_OR_RETURN(const pid_t supervisor, SpawnSupervisor(options));
  const auto deadline = Clock::now() + kStartDeadline;
  while (Clock::now() < deadline) {
    int status = 0;
    if (waitpid(supervisor, &status, WNOHANG) == supervisor) {
      return StartFailure(WIFEXITED(status) ? WEXITSTATUS(status) : kExitFailed, words());
    }
    if (const auto running = FindCoordinator(options.state_dir)) {
      CoordinatorClient client(running->address);
      auto info = client.Info(milliseconds(500));
      if (info && (!options.worker || (*info)["slots"].AsInt() > 0)) return running->address;
    }
    std::this_thread::sleep_for(milliseconds(20));
  }
  // What did not come up must not go on trying behind the user's back.
  Child failed;
  failed.pid = supervisor;
  StopChild(failed);
  return Error(ErrorCode::kDeadlineExceeded,
               "the cluster did not come up within 30 s; its logs are in " + options.state_dir +
                   "/logs:\n" + words());
}

Status StopCluster(const std::string& state_dir, bool checkpoint) {
  const auto supervisor = FindSupervisor(state_dir);
  const auto running = FindCoordinator(state_dir);
  if (!supervisor && !running) {
    return Unavailable("no cluster runs in " + state_dir);
  }
  if (running) {
    CoordinatorClient client(running->address);
    const Status asked = client.Shutdown(checkpoint);
    if (!asked && supervisor) kill(static_cast<pid_t>(*supervisor), SIGTERM);
  } else {
    kill(static_cast<pid_t>(*supervisor), SIGTERM);
  }
  const auto deadline = Clock::now() + kStopDeadline;
  while (FindSupervisor(state_dir) || FindCoordinator(state_dir)) {
    if (supervisor) waitpid(static_cast<pid_t>(*supervisor), nullptr, WNOHANG);
    if (Clock::now() > deadline) {
      return Error(ErrorCode::kDeadlineExceeded,
                   "the cluster of " + state_dir + " did not stop within 60 s; its logs are in " +
                       state_dir + "/logs");
    }
    std::this_thread::sleep_for(milliseconds(20));
  }
  return Ok{};
}

}  // namespace tutti::cli
