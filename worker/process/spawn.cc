#include "worker/process/spawn.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "worker/process/file_descriptor.h"

namespace tutti::worker {
namespace {

std::vector<char*> Pointers(const std::vector<std::string>& items) {
  std::vector<char*> pointers;
  for (const std::string& item : items) pointers.push_back(const_cast<char*>(item.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

struct ChildPlan {
  char* const* argv;
  char* const* env;
  const char* directory;
  int output;
  int error_pipe;
  pid_t parent;
};

// Returns only if execve (or a step before it) failed, with errno set.
void BecomeProgram(const ChildPlan& plan) {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::setsid() < 0) return;
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return;
  if (::getppid() != plan.parent) ::_exit(127);  // it died before the line above
  const int null = ::open("/dev/null", O_RDONLY);
  if (null < 0 || ::dup2(null, 0) < 0) return;
  if (plan.output >= 0 && (::dup2(plan.output, 1) < 0 || ::dup2(plan.output, 2) < 0)) return;
  if (::chdir(plan.directory) != 0) return;
  // All others close on execve; the error pipe must stay open until then.
  ::syscall(SYS_close_range, 3u, ~0u, static_cast<unsigned>(CLOSE_RANGE_CLOEXEC));
  ::execve(plan.argv[0], plan.argv, plan.env);
}

}  // namespace

Result<pid_t> SpawnProcess(const std::vector<std::string>& argv,
                           const std::vector<std::string>& env, const std::string& directory,
                           const std::string& token, int output) {
  std::vector<std::string> environment = env;
  environment.push_back("TUTTI_GANG=" + token);
  const std::vector<char*> arguments = Pointers(argv);
  const std::vector<char*> variables = Pointers(environment);
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return ErrnoError(errno, "making a pipe");
  FileDescriptor reader(ends[0]), writer(ends[1]);
  const ChildPlan plan{arguments.data(), variables.data(), directory.c_str(),
                       output,           writer.get(),     ::getpid()};
  const pid_t pid = ::fork();
  if (pid < 0) return ErrnoError(errno, "forking for " + argv[0]);
  if (pid == 0) {
    BecomeProgram(plan);
    const int error = errno;
    const ssize_t written = ::write(plan.error_pipe, &error, sizeof(error));
    ::_exit(written == sizeof(error) ? 127 : 126);
  }
  writer.Close();
  int error = 0;
  ssize_t n = 0;
  do {
    n = ::read(reader.get(), &error, sizeof(error));
  } while (n < 0 && errno == EINTR);
  if (n != sizeof(error)) return pid;  // the pipe closed on execve
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return ErrnoError(error, "starting " + argv[0] + " in " + directory);
}

}  // namespace tutti::worker
