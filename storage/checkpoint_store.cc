#include "storage/checkpoint_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "storage/checkpoint_files.h"

namespace tutti::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxPart = 128;
constexpr std::size_t kMaxParts = 8;

Status ValidatePart(std::string_view part, std::string_view whole, const char* what) {
  const auto bad = [&](const std::string& why) {
    return InvalidArgument(std::string(what) + " '" + std::string(whole) + "': the part '" +
                           std::string(part) + "' " + why +
                           "; expected 1 to 128 of A-Z a-z 0-9 . _ - and no leading '.'");
  };
  if (part.empty()) return bad("is empty");
  if (part.size() > kMaxPart) return bad("has " + std::to_string(part.size()) + " characters");
  if (part.front() == '.') return bad("begins with '.'");
  for (const char c : part) {
    const bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
    if (!fine) return bad("has a character that is not allowed");
  }
  return Ok{};
}

class DirectoryStore : public CheckpointStore {
 public:
  explicit DirectoryStore(std::string root) : root_(std::move(root)) {}

  Result<std::unique_ptr<CheckpointReceiver>> Receive(std::string_view name) override {
    TUTTI_RETURN_IF_ERROR(ValidateCheckpointName(name));
    return MakeReceiver(root_, std::string(name));
  }

  Result<std::unique_ptr<CheckpointReader>> OpenForReading(std::string_view name) override {
    TUTTI_RETURN_IF_ERROR(ValidateCheckpointName(name));
    return MakeReader(root_, std::string(name));
  }

  // First under another name, so that no reader and no crash sees half of a checkpoint.
  Status Delete(std::string_view name) override {
    TUTTI_RETURN_IF_ERROR(ValidateCheckpointName(name));
    const fs::path path = fs::path(root_) / name;
    struct stat info {};
    if (lstat(path.c_str(), &info) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return Ok{};
      return ErrnoError(errno, "cannot delete checkpoint " + std::string(name));
    }
    if (lstat((path / kManifest).c_str(), &info) != 0) {
      return FailedPrecondition("cannot delete " + path.string() + ": it has no " + kManifest +
                                ", so it is not a checkpoint");
    }
    TUTTI_ASSIGN_OR_RETURN(const std::string aside, MakeTemporary(path.string()));
    // Two deletes at once: the other one was first.
    if (rename(path.c_str(), aside.c_str()) != 0 && errno != ENOENT) {
      return ErrnoError(errno, "cannot delete checkpoint " + path.string());
    }
    TUTTI_RETURN_IF_ERROR(SyncDirectory(path.parent_path().string()));
    TUTTI_RETURN_IF_ERROR(RemoveTree(aside));
    // A parent that still has something stays: rmdir refuses it.
    for (fs::path parent = path.parent_path(); parent != fs::path(root_);
         parent = parent.parent_path()) {
      if (rmdir(parent.c_str()) != 0) break;
    }
    return Ok{};
  }

  Result<std::int64_t> SweepUnfinished() override {
    std::vector<std::string> unfinished;
    std::error_code error;
    auto it = fs::recursive_directory_iterator(root_, error);
    for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
      if (!it->path().filename().string().starts_with(kTemporaryPrefix)) continue;
      it.disable_recursion_pending();
      unfinished.push_back(it->path().string());
    }
    if (error) return ErrnoError(error.value(), "cannot look through the checkpoints in " + root_);
    for (const std::string& path : unfinished) TUTTI_RETURN_IF_ERROR(RemoveTree(path));
    return static_cast<std::int64_t>(unfinished.size());
  }

 private:
  std::string root_;
};

}  // namespace

Status ValidateCheckpointName(std::string_view name) {
  std::size_t parts = 0;
  for (std::string_view rest = name;; ++parts) {
    const std::size_t slash = rest.find('/');
    TUTTI_RETURN_IF_ERROR(ValidatePart(rest.substr(0, slash), name, "checkpoint name"));
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (parts + 1 > kMaxParts) {
    return InvalidArgument("checkpoint name '" + std::string(name) + "' has " +
                           std::to_string(parts + 1) + " parts, expected at most " +
                           std::to_string(kMaxParts));
  }
  return Ok{};
}

Status ValidateCheckpointFile(std::string_view file) {
  return ValidatePart(file, file, "checkpoint file");
}

Result<std::unique_ptr<CheckpointStore>> CheckpointStore::Open(const std::string& root) {
  std::string path = fs::path(root).lexically_normal().string();
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return ErrnoError(errno, "cannot create the checkpoint directory " + path);
  }
  if (access(path.c_str(), R_OK | W_OK | X_OK) != 0) {
    return ErrnoError(errno, "cannot write into the checkpoint directory " + path);
  }
  return std::unique_ptr<CheckpointStore>(std::make_unique<DirectoryStore>(std::move(path)));
}

}  // namespace tutti::storage
