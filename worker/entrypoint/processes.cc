#include "worker/entrypoint/processes.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>

#include "worker/process/process_table.h"
#include "worker/process/spawn.h"

namespace tutti::entrypoint {
namespace {

std::string ValueOf(const std::vector<std::string>& environment, const std::string& name) {
  for (const std::string& item : environment) {
    if (item.starts_with(name + "=")) return item.substr(name.size() + 1);
  }
  return "";
}

// A program as a shell would find it, but with relative paths against the working directory.
Result<std::string> FindProgram(const std::string& name, const std::string& directory,
                                const std::vector<std::string>& environment) {
  if (name.empty()) return InvalidArgument("the entrypoint's program has no name");
  if (name.find('/') != std::string::npos) {
    return name.front() == '/' ? name : directory + "/" + name;
  }
  const std::string path = ValueOf(environment, "PATH");
  std::istringstream folders(path.empty() ? "/usr/local/bin:/usr/bin:/bin" : path);
  std::string folder;
  while (std::getline(folders, folder, ':')) {
    const std::string file = folder + "/" + name;
    if (!folder.empty() && ::access(file.c_str(), X_OK) == 0) return file;
  }
  return NotFound("there is no program '" + name + "' in PATH=" + path);
}

// Processes below this one.
std::vector<pid_t> Descendants() {
  std::vector<pid_t> family = worker::FamilyOf(worker::ReadProcessTable(), ::getpid());
  family.erase(family.begin());
  return family;
}

}  // namespace

Status Processes::Start(const std::vector<std::string>& argv, const std::string& directory,
                        const std::vector<std::vector<std::string>>& environments) {
  TUTTI_CHECK(!alive(), "a program is running");
  Clear();
  peak_memory_bytes_ = 0;
  std::vector<std::string> arguments = argv;
  TUTTI_ASSIGN_OR_RETURN(arguments[0], FindProgram(argv[0], directory, environments[0]));
  // The launcher's mark: it finds all processes of the gang by it.
  const char* mark = std::getenv("TUTTI_GANG");
  for (const auto& environment : environments) {
    auto pid = worker::SpawnProcess(arguments, environment, directory, mark != nullptr ? mark : "",
                                    -1);
    if (!pid) {
      while (!Kill()) ::usleep(1000);
      Clear();
      return pid.error();
    }
    ranks_.push_back({*pid, true});
  }
  return Ok{};
}

void Processes::Reap() {
  int status = 0;
  pid_t pid = 0;
  rusage usage{};
  while ((pid = ::wait4(-1, &status, WNOHANG, &usage)) > 0) {
    const auto it = std::find_if(ranks_.begin(), ranks_.end(),
                                 [&](const Rank& rank) { return rank.pid == pid; });
    if (it == ranks_.end()) continue;  // an orphan that came to us
    it->running = false;
    peak_memory_bytes_ += static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
    const ProgramEnd end{WIFEXITED(status) ? WEXITSTATUS(status) : 0,
                         WIFSIGNALED(status) ? WTERMSIG(status) : 0};
    if (!end_ && (end.exit_code != 0 || end.signal != 0)) end_ = end;
  }
  if (!end_ && started() && !alive()) end_ = ProgramEnd{};
}

bool Processes::alive() const {
  return std::any_of(ranks_.begin(), ranks_.end(), [](const Rank& rank) { return rank.running; });
}

bool Processes::RankAlive(int rank) const {
  const auto index = static_cast<std::size_t>(rank);
  return index < ranks_.size() && ranks_[index].running;
}

void Processes::Terminate() const {
  for (const Rank& rank : ranks_) {
    if (rank.running) ::kill(-rank.pid, SIGTERM);
  }
}

bool Processes::Kill() {
  for (const pid_t pid : Descendants()) ::kill(pid, SIGKILL);
  Reap();
  return !alive() && Descendants().empty();
}

void Processes::Clear() {
  ranks_.clear();
  end_.reset();
}

}  // namespace tutti::entrypoint
