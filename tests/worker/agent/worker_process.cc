#include "tests/worker/agent/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "experiments/core/check.h"
#include "worker/process/process_table.h"

namespace tutti::worker {
namespace {

const std::string kBin = TUTTI_BINARY_DIR;

}  // namespace

bool AwaitDeath(pid_t pid) {
  const int fd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (fd < 0) return errno == ESRCH;
  pollfd ready{fd, POLLIN, 0};
  const int n = ::poll(&ready, 1, 60'000);
  ::close(fd);
  return n == 1;
}

std::string MakeScratchDirectory() {
  char name[] = "/tmp/tutti-agent-XXXXXX";
  TUTTI_CHECK(::mkdtemp(name) != nullptr, "mkdtemp");
  return name;
}

WorkerProcess::WorkerProcess(const std::string& address, std::vector<std::string> flags)
    : directory_(MakeScratchDirectory()) {
  std::vector<std::string> argv = {kBin + "/bin/tutti-worker", "--trainer",
                                   kBin + "/tests/scripted_trainer", "--device", "cpu",
                                   "--work-dir", directory_, "--name", "node-under-test"};
  if (!address.empty()) argv.insert(argv.end(), {"--coordinator", address});
  argv.insert(argv.end(), flags.begin(), flags.end());
  std::vector<char*> pointers;
  for (std::string& argument : argv) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 2, (directory_ + "/worker.log").c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int error =
      ::posix_spawn(&pid_, pointers[0], &actions, nullptr, pointers.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  TUTTI_CHECK(error == 0, "tutti-worker cannot be started");
}

WorkerProcess::~WorkerProcess() {
  if (pid_ > 0) {
    Signal(SIGKILL);
    Wait();
  }
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void WorkerProcess::Signal(int signal) const { ::kill(pid_, signal); }

int WorkerProcess::Wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string WorkerProcess::Log() const {
  std::ifstream file(directory_ + "/worker.log");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<pid_t> WorkerProcess::Trainers() const {
  std::vector<pid_t> pids;
  for (const ProcessRow& row : ReadProcessTable()) {
    std::ifstream file("/proc/" + std::to_string(row.pid) + "/cmdline");
    const std::string line((std::istreambuf_iterator<char>(file)), {});
    // mpirun's line has these words too: it is part of a gang.
    if (line.find("scripted_trainer") != std::string::npos &&
        line.find(directory_ + "/trainers.sock") != std::string::npos) {
      pids.push_back(row.pid);
    }
  }
  return pids;
}

}  // namespace tutti::worker
