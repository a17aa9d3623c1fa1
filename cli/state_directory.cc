#include "cli/state_directory.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "experiments/core/json.h"

namespace tutti::cli {
namespace {

namespace fs = std::filesystem;

bool ProcessIsAlive(std::int64_t pid) {
  return pid > 0 && (kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

std::optional<Json> ReadJsonFile(const std::string& path) {
  auto text = ReadFile(path, 1 << 16);
  if (!text) return std::nullopt;
  auto json = Json::Parse(*text);
  if (!json || !json->is_object()) return std::nullopt;
  return std::move(json).value();
}

}  // namespace

std::string AbsolutePath(const std::string& path) {
  return fs::absolute(fs::path(path)).lexically_normal().string();
}

Result<std::string> ResolveStateDirectory(const std::string& flag) {
  if (!flag.empty()) return AbsolutePath(flag);
  if (const char* state = std::getenv("TUTTI_STATE"); state != nullptr && *state != '\0') {
    return AbsolutePath(state);
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') {
    return InvalidArgument("no state directory: HOME is not set; name one with --state DIR");
  }
  return std::string(home) + "/.local/share/tutti";
}

Result<std::string> ResolveDataRoot(const std::string& state_flag, const std::string& root) {
  if (!root.empty()) return AbsolutePath(root);
  if (const char* variable = std::getenv("TUTTI_DATA"); variable != nullptr && *variable != '\0') {
    return AbsolutePath(variable);
  }
  TUTTI_ASSIGN_OR_RETURN(const std::string state, ResolveStateDirectory(state_flag));
  return state + "/datasets";
}

std::optional<RunningCoordinator> FindCoordinator(const std::string& state_dir) {
  const auto json = ReadJsonFile(state_dir + "/coordinator.json");
  if (!json) return std::nullopt;
  auto address = json->GetString("address");
  auto pid = json->GetInt("pid");
  if (!address || !pid || !ProcessIsAlive(*pid)) return std::nullopt;
  return RunningCoordinator{*address, *pid};
}

std::optional<std::int64_t> FindSupervisor(const std::string& state_dir) {
  const auto json = ReadJsonFile(state_dir + "/supervisor.json");
  if (!json) return std::nullopt;
  auto pid = json->GetInt("pid");
  if (!pid || !ProcessIsAlive(*pid)) return std::nullopt;
  return *pid;
}

Result<std::string> ResolveCoordinator(const std::string& flag, const std::string& state_dir) {
  if (!flag.empty()) return flag;
  if (const char* address = std::getenv("TUTTI_COORDINATOR");
      address != nullptr && *address != '\0') {
    return std::string(address);
  }
  if (const auto running = FindCoordinator(state_dir)) return running->address;
  return Unavailable("no coordinator runs in " + state_dir +
                     "; start one with `tutti up`, or name one with --coordinator HOST:PORT");
}

std::string ProgramDirectory() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return error ? std::string(".") : self.parent_path().string();
}

Result<std::string> ReadFile(const std::string& path, std::size_t limit) {
  errno = 0;
  std::error_code error;
  if (fs::is_directory(path, error)) return InvalidArgument(path + " is a directory, not a file");
  std::ifstream in(path, std::ios::binary);
  if (!in) return ErrnoError(errno, "cannot read " + path);
  std::string text(limit + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return ErrnoError(errno, "cannot read " + path);
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > limit) {
    return InvalidArgument(path + " is larger than " + std::to_string(limit) + " bytes");
  }
  return text;
}

Status WriteFileAtomically(const std::string& path, const std::string& content) {
  const std::string tmp = path + ".tmp";
  const int fd = open(tmp.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return ErrnoError(errno, "cannot write " + tmp);
  std::size_t written = 0;
  while (written < content.size()) {
    const ssize_t n = write(fd, content.data() + written, content.size() - written);
    if (n < 0) {
      const int failed = errno;
      close(fd);
      unlink(tmp.c_str());
      return ErrnoError(failed, "cannot write " + tmp);
    }
    written += static_cast<std::size_t>(n);
  }
  close(fd);
  if (rename(tmp.c_str(), path.c_str()) != 0) return ErrnoError(errno, "cannot rename " + tmp);
  return Ok{};
}

}  // namespace tutti::cli
