#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <tuple>

#include "experiments/core/sha256.h"
#include "worker/checkpoint/checkpoint_directory.h"
#include "worker/checkpoint/checkpoint_paths.h"

namespace tutti::checkpoint {
namespace {

constexpr std::int64_t kMaxManifestBytes = std::int64_t{64} << 20;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

using Take = std::function<void(std::string_view)>;

// Reads a regular file of at most `limit` bytes in pieces. `start` gets its size first.
Status ReadPieces(const std::string& path, std::int64_t limit,
                  const std::function<Status(std::int64_t)>& start, const Take& take) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file.get() < 0) return ErrnoError(errno, "cannot open " + path);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return ErrnoError(errno, "cannot look at " + path);
  if (!S_ISREG(info.st_mode)) return DataLoss(path + " is no regular file");
  if (info.st_size > limit) {
    return DataLoss(path + ": " + std::to_string(info.st_size) + " bytes, expected at most " +
                    std::to_string(limit));
  }
  TUTTI_RETURN_IF_ERROR(start(info.st_size));
  std::vector<char> piece(std::size_t{1} << 20);
  std::int64_t left = info.st_size;
  while (left > 0) {
    const auto want = std::min(static_cast<std::size_t>(left), piece.size());
    const ssize_t n = ::read(file.get(), piece.data(), want);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoError(errno, "cannot read " + path);
    if (n == 0) return DataLoss(path + " became shorter while it was read");
    take({piece.data(), static_cast<std::size_t>(n)});
    left -= n;
  }
  return Ok{};
}

Result<Manifest> ReadManifest(const CheckpointPaths& paths, const std::string& expected_sha256) {
  struct stat info {};
  if (::lstat(paths.final_path.c_str(), &info) != 0) {
    return ErrnoError(errno, "cannot find checkpoint " + paths.final_path);
  }
  const std::string path = paths.final_path + "/" + std::string(kManifestFile);
  std::string text;
  const Status read = ReadPieces(
      path, kMaxManifestBytes, [](std::int64_t) { return Status(Ok{}); },
      [&text](std::string_view piece) { text.append(piece); });
  if (!read) {
    // The directory is there: a missing manifest is damage, not absence.
    if (read.error().code() == ErrorCode::kNotFound) return DataLoss(read.error().ToString());
    return read.error();
  }
  if (const std::string found = Sha256Hex(text);
      !expected_sha256.empty() && found != expected_sha256) {
    return DataLoss(path + ": SHA-256 " + found + ", expected " + expected_sha256);
  }
  auto json = Json::Parse(text);
  if (!json) return DataLoss(path + ": no valid JSON: " + json.error().ToString());
  auto manifest = Manifest::FromJson(*json);
  if (!manifest) return manifest.error().Wrap(path);
  return manifest;
}

// Reads the files of a manifest and compares sizes and hashes; `keep` may be null.
Status ReadFiles(const CheckpointPaths& paths, const Manifest& manifest,
                 std::map<std::string, std::string>* keep) {
  for (const FileEntry& file : manifest.files) {
    const std::string path = paths.final_path + "/" + file.name;
    Sha256 hash;
    std::string* bytes = keep != nullptr ? &(*keep)[file.name] : nullptr;
    const Status read = ReadPieces(
        path, INT64_MAX,
        [&](std::int64_t size) -> Status {
          if (size != file.bytes) {
            return DataLoss(path + ": " + std::to_string(size) + " bytes, expected " +
                            std::to_string(file.bytes));
          }
          if (bytes != nullptr) bytes->reserve(static_cast<std::size_t>(size));
          return Ok{};
        },
        [&](std::string_view piece) {
          hash.Update(piece);
          if (bytes != nullptr) bytes->append(piece);
        });
    if (!read) {
      if (read.error().code() == ErrorCode::kNotFound) return DataLoss(read.error().ToString());
      return read.error();
    }
    if (const std::string found = hash.HexDigest(); found != file.sha256) {
      return DataLoss(path + ": SHA-256 " + found + ", expected " + file.sha256);
    }
  }
  return Ok{};
}

Result<Manifest> ReadAll(const std::string& root, const CheckpointId& id,
                         const std::string& expected_sha256,
                         std::map<std::string, std::string>* keep) {
  const CheckpointPaths paths(root, id);
  TUTTI_ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(paths, expected_sha256));
  if (manifest.attempt != id.attempt || manifest.step != id.step) {
    return DataLoss(paths.final_path + ": its manifest is of attempt " +
                    std::to_string(manifest.attempt) + ", step " + std::to_string(manifest.step));
  }
  TUTTI_RETURN_IF_ERROR(ReadFiles(paths, manifest, keep));
  return manifest;
}

// Names in a directory, sorted; none if it does not exist.
Result<std::vector<std::string>> Names(const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto it = std::filesystem::directory_iterator(path, error);
       !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
    return std::vector<std::string>{};
  }
  if (error) return ErrnoError(error.value(), "cannot list " + path);
  std::sort(names.begin(), names.end());
  return names;
}

bool IsNumber(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return c >= '0' && c <= '9'; });
}

// Calls `visit` with "EXP/TRIAL" and each name in that directory.
Status VisitEntries(const std::string& root,
                    const std::function<Status(const std::string&, const std::string&)>& visit) {
  TUTTI_ASSIGN_OR_RETURN(const auto experiments, Names(root));
  for (const std::string& experiment : experiments) {
    if (!IsNumber(experiment)) continue;
    TUTTI_ASSIGN_OR_RETURN(const auto trials, Names(root + "/" + experiment));
    for (const std::string& trial : trials) {
      if (!IsNumber(trial)) continue;
      const std::string folder = experiment + "/" + trial;
      TUTTI_ASSIGN_OR_RETURN(const auto names, Names(root + "/" + folder));
      for (const std::string& name : names) TUTTI_RETURN_IF_ERROR(visit(folder, name));
    }
  }
  return Ok{};
}

}  // namespace

Result<LoadedCheckpoint> LoadCheckpoint(const std::string& root, const CheckpointId& id,
                                        const std::string& expected_sha256) {
  LoadedCheckpoint loaded;
  TUTTI_ASSIGN_OR_RETURN(loaded.manifest, ReadAll(root, id, expected_sha256, &loaded.files));
  return loaded;
}

Result<Manifest> VerifyCheckpoint(const std::string& root, const CheckpointId& id,
                                  const std::string& expected_sha256) {
  return ReadAll(root, id, expected_sha256, nullptr);
}

Result<std::vector<CheckpointId>> ListCheckpoints(const std::string& root) {
  std::vector<CheckpointId> list;
  TUTTI_RETURN_IF_ERROR(
      VisitEntries(root, [&](const std::string& folder, const std::string& name) -> Status {
        if (auto id = CheckpointId::Parse(folder + "/" + name)) list.push_back(*id);
        return Ok{};
      }));
  std::sort(list.begin(), list.end(), [](const CheckpointId& a, const CheckpointId& b) {
    return std::tie(a.experiment, a.trial, a.attempt, a.step) <
           std::tie(b.experiment, b.trial, b.attempt, b.step);
  });
  return list;
}

Result<std::int64_t> SweepTemporary(const std::string& root,
                                    const std::vector<std::int64_t>& live_attempts) {
  std::vector<std::string> dead;
  TUTTI_RETURN_IF_ERROR(
      VisitEntries(root, [&](const std::string& folder, const std::string& name) -> Status {
        constexpr std::string_view kPrefix = ".tmp-";
        if (!name.starts_with(kPrefix)) return Ok{};
        // ".tmp-ATTEMPT-STEP" as the checkpoint it would have become.
        std::string rest = name.substr(kPrefix.size());
        const std::size_t dash = rest.find('-');
        if (dash == std::string::npos) return Ok{};
        rest.replace(dash, 1, "-step-");
        const auto id = CheckpointId::Parse(folder + "/" + rest);
        const bool live = id && std::find(live_attempts.begin(), live_attempts.end(),
                                          id->attempt) != live_attempts.end();
        if (id && !live) dead.push_back(root + "/" + folder + "/" + name);
        return Ok{};
      }));
  FileOperations operations;
  for (const std::string& path : dead) {
    TUTTI_RETURN_IF_ERROR(RemoveFlatDirectory(operations, path));
  }
  return static_cast<std::int64_t>(dead.size());
}

}  // namespace tutti::checkpoint
