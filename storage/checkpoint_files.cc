#include "storage/checkpoint_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "experiments/core/sha256.h"

namespace tutti::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 4096;
constexpr std::int64_t kMaxRead = std::int64_t{64} << 20;

// A file descriptor that is closed when it is replaced or destroyed.
class OpenFile {
 public:
  OpenFile() = default;
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() { Close(); }
  Status Open(const std::string& path, int flags) {
    Close();
    fd_ = open(path.c_str(), flags | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd_ < 0) return ErrnoError(errno, "cannot open " + path);
    return Ok{};
  }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }
  int fd() const { return fd_; }

 private:
  int fd_ = -1;
};

Result<std::string> HashOf(const std::string& path) {
  OpenFile file;
  TUTTI_RETURN_IF_ERROR(file.Open(path, O_RDONLY));
  Sha256 hash;
  std::string buffer(65536, '\0');
  while (true) {
    const ssize_t n = read(file.fd(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoError(errno, "cannot read " + path);
    if (n == 0) return hash.HexDigest();
    hash.Update(std::string_view(buffer.data(), static_cast<std::size_t>(n)));
  }
}

class DirectoryReceiver : public CheckpointReceiver {
 public:
  DirectoryReceiver(std::string root, std::string name, std::string temporary)
      : root_(std::move(root)), name_(std::move(name)), temporary_(std::move(temporary)) {}
  ~DirectoryReceiver() override {
    // Nobody is left to be told; what stays is swept at the next start.
    if (!published_) [[maybe_unused]] const Status removed = RemoveTree(temporary_);
  }

  Status Append(std::string_view file, std::int64_t offset, std::string_view bytes) override {
    if (!current_) TUTTI_RETURN_IF_ERROR(Begin(file));
    if (*current_ != file) {
      return FailedPrecondition("file '" + std::string(file) + "' of checkpoint " + name_ +
                                " begins before '" + *current_ + "' was finished");
    }
    if (offset != size_) {
      return InvalidArgument("bytes of '" + *current_ + "' at offset " + std::to_string(offset) +
                             ", expected " + std::to_string(size_));
    }
    hash_.Update(bytes);
    while (!bytes.empty()) {
      const ssize_t n = write(out_.fd(), bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return ErrnoError(errno, "cannot write " + temporary_ + "/" + *current_);
      bytes.remove_prefix(static_cast<std::size_t>(n));
      size_ += n;
    }
    return Ok{};
  }

  // A file that is not what was promised stays unfinished, so that Commit refuses.
  Status FinishFile(std::string_view file, std::string_view sha256) override {
    if (!current_ || *current_ != file) {
      return FailedPrecondition("file '" + std::string(file) + "' of checkpoint " + name_ +
                                " ends without having begun");
    }
    if (hashed_) return FailedPrecondition("file '" + *current_ + "' was refused before");
    hashed_ = true;
    const std::string found = hash_.HexDigest();
    if (found != sha256) {
      return DataLoss("file '" + *current_ + "' of checkpoint " + name_ + " (" +
                      std::to_string(size_) + " bytes) has SHA-256 " + found + ", expected " +
                      std::string(sha256) + ": send the checkpoint again");
    }
    if (fsync(out_.fd()) != 0) {
      return ErrnoError(errno, "cannot fsync " + temporary_ + "/" + *current_);
    }
    out_.Close();
    if (*current_ == kManifest) manifest_sha256_ = found;
    finished_.insert(*std::exchange(current_, std::nullopt));
    return Ok{};
  }

  Result<std::string> Commit() override {
    if (published_) return FailedPrecondition("checkpoint " + name_ + " was published before");
    if (current_) {
      return FailedPrecondition("file '" + *current_ + "' of checkpoint " + name_ +
                                " is not finished");
    }
    if (!manifest_sha256_) {
      return FailedPrecondition("checkpoint " + name_ + " has no " + kManifest);
    }
    TUTTI_RETURN_IF_ERROR(SyncDirectory(temporary_));
    const fs::path target = fs::path(root_) / name_;
    // Onto a directory that has files, rename fails.
    if (rename(temporary_.c_str(), target.c_str()) != 0) {
      if (errno != ENOTEMPTY && errno != EEXIST) {
        return ErrnoError(errno, "cannot publish checkpoint " + target.string());
      }
      TUTTI_RETURN_IF_ERROR(CompareWith(target.string()));
      return *manifest_sha256_;
    }
    published_ = true;
    // The directories above may be new too.
    for (fs::path parent = target.parent_path();; parent = parent.parent_path()) {
      TUTTI_RETURN_IF_ERROR(SyncDirectory(parent.string()));
      if (parent == fs::path(root_) || parent == parent.parent_path()) break;
    }
    return *manifest_sha256_;
  }

 private:
  Status Begin(std::string_view file) {
    TUTTI_RETURN_IF_ERROR(ValidateCheckpointFile(file));
    const std::string name(file);
    if (finished_.contains(name)) {
      return FailedPrecondition("file '" + name + "' of checkpoint " + name_ + " was sent before");
    }
    if (finished_.size() >= kMaxFiles) {
      return Error(ErrorCode::kResourceExhausted, "checkpoint " + name_ + " has more than " +
                                                      std::to_string(kMaxFiles) + " files");
    }
    TUTTI_RETURN_IF_ERROR(out_.Open(temporary_ + "/" + name, O_WRONLY | O_CREAT | O_EXCL));
    current_ = name;
    size_ = 0;
    hash_ = Sha256();
    hashed_ = false;
    return Ok{};
  }

  // A repeated upload: what is there must be the same checkpoint.
  Status CompareWith(const std::string& target) {
    auto found = HashOf(target + "/" + kManifest);
    if (!found) return found.error().Wrap("checkpoint " + name_ + " exists already");
    if (*found == *manifest_sha256_) return Ok{};
    return FailedPrecondition("checkpoint " + name_ + " exists already with another " + kManifest +
                              ": SHA-256 " + *found + ", the new one has " + *manifest_sha256_);
  }

  std::string root_, name_, temporary_;
  bool published_ = false;
  OpenFile out_;
  std::optional<std::string> current_;  // the file that is being received
  std::int64_t size_ = 0;
  Sha256 hash_;
  bool hashed_ = false;
  std::set<std::string, std::less<>> finished_;
  std::optional<std::string> manifest_sha256_;
};

class DirectoryReader : public CheckpointReader {
 public:
  DirectoryReader(std::string path, std::vector<File> files)
      : path_(std::move(path)), files_(std::move(files)) {}

  const std::vector<File>& files() const override { return files_; }

  Result<std::string> Read(std::string_view file, std::int64_t offset,
                           std::int64_t max_bytes) override {
    const bool known = std::any_of(files_.begin(), files_.end(),
                                   [&](const File& f) { return f.name == file; });
    if (!known) return NotFound("checkpoint " + path_ + " has no file '" + std::string(file) + "'");
    if (offset < 0 || max_bytes <= 0) {
      return InvalidArgument("offset " + std::to_string(offset) + " and max_bytes " +
                             std::to_string(max_bytes) + ", expected 0 or more and 1 or more");
    }
    if (current_ != file) {
      current_.clear();
      TUTTI_RETURN_IF_ERROR(in_.Open(path_ + "/" + std::string(file), O_RDONLY));
      current_ = file;
    }
    std::string bytes(static_cast<std::size_t>(std::min(max_bytes, kMaxRead)), '\0');
    while (true) {
      const ssize_t n = pread(in_.fd(), bytes.data(), bytes.size(), offset);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return ErrnoError(errno, "cannot read " + path_ + "/" + current_);
      bytes.resize(static_cast<std::size_t>(n));
      return bytes;
    }
  }

 private:
  std::string path_;
  std::vector<File> files_;
  OpenFile in_;
  std::string current_;  // the file that in_ is
};

}  // namespace

Result<std::string> MakeTemporary(const std::string& path) {
  const fs::path target(path);
  const std::string pattern =
      (target.parent_path() / (kTemporaryPrefix + target.filename().string() + ".XXXXXX")).string();
  // A Delete of a neighbour may remove the parent between the two calls.
  for (int attempt = 0;; ++attempt) {
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    if (error) return ErrnoError(error.value(), "cannot create " + target.parent_path().string());
    std::string made = pattern;
    if (mkdtemp(made.data()) != nullptr) return made;
    if (errno != ENOENT || attempt == 8) return ErrnoError(errno, "cannot create " + pattern);
  }
}

Status RemoveTree(const std::string& path) {
  std::error_code error;
  fs::remove_all(path, error);
  if (error) return ErrnoError(error.value(), "cannot remove " + path);
  return Ok{};
}

Status SyncDirectory(const std::string& path) {
  OpenFile directory;
  TUTTI_RETURN_IF_ERROR(directory.Open(path, O_RDONLY | O_DIRECTORY));
  if (fsync(directory.fd()) != 0) return ErrnoError(errno, "cannot fsync " + path);
  return Ok{};
}

Result<std::unique_ptr<CheckpointReceiver>> MakeReceiver(const std::string& root,
                                                         const std::string& name) {
  TUTTI_ASSIGN_OR_RETURN(std::string temporary,
                         MakeTemporary((fs::path(root) / name).string()));
  return std::unique_ptr<CheckpointReceiver>(
      std::make_unique<DirectoryReceiver>(root, name, std::move(temporary)));
}

Result<std::unique_ptr<CheckpointReader>> MakeReader(const std::string& root,
                                                     const std::string& name) {
  const std::string path = (fs::path(root) / name).string();
  struct stat info {};
  if (lstat((path + "/" + kManifest).c_str(), &info) != 0) {
    return ErrnoError(errno, "there is no checkpoint " + name + " in " + root);
  }
  std::vector<CheckpointReader::File> files;
  std::error_code error;
  for (auto it = fs::directory_iterator(path, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    std::string file = it->path().filename().string();
    if (lstat(it->path().c_str(), &info) != 0) return ErrnoError(errno, "cannot read " + path);
    if (!S_ISREG(info.st_mode) || !ValidateCheckpointFile(file)) continue;
    files.push_back({std::move(file), info.st_size});
  }
  if (error) return ErrnoError(error.value(), "cannot read " + path);
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
    return std::pair(a.name == kManifest, a.name) < std::pair(b.name == kManifest, b.name);
  });
  return std::unique_ptr<CheckpointReader>(
      std::make_unique<DirectoryReader>(path, std::move(files)));
}

}  // namespace tutti::storage
