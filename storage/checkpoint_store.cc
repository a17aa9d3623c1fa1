#include "storage/checkpoint_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "experiments/core/sha256.h"
#include "storage/unique_fd.h"

namespace tutti::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kManifest = "manifest.json";
constexpr std::string_view kUnfinished = ".tmp-";

Status ValidatePart(std::string_view part, std::string_view whole) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '.' || c == '_' || c == '-';
  };
  if (!part.empty() && part.size() <= 128 && part[0] != '.' &&
      std::all_of(part.begin(), part.end(), allowed)) {
    return Ok{};
  }
  return InvalidArgument("'" + std::string(part.substr(0, 128)) + "' in checkpoint name '" +
                         std::string(whole.substr(0, 256)) +
                         "' is not allowed: expected 1 to 128 of A-Z a-z 0-9 . _ - and no leading "
                         "dot");
}

std::vector<std::string> Parts(std::string_view name) {
  std::vector<std::string> parts;
  while (true) {
    const auto slash = name.find('/');
    parts.emplace_back(name.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    name.remove_prefix(slash + 1);
  }
}

// The directory `parts` below `root`, never through a symbolic link.
Result<UniqueFd> OpenDirectory(int root, const std::vector<std::string>& parts, bool create) {
  UniqueFd at(openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (const std::string& part : parts) {
    if (create && mkdirat(at.get(), part.c_str(), 0700) != 0 && errno != EEXIST) {
      return ErrnoError(errno, "cannot create the checkpoint directory " + part);
    }
    UniqueFd next(openat(at.get(), part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!next) return ErrnoError(errno, "cannot open the checkpoint directory " + part);
    at = std::move(next);
  }
  return at;
}

Result<std::string> HashFile(int directory, const std::string& name) {
  UniqueFd file(openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file) return ErrnoError(errno, "cannot open " + name);
  Sha256 hash;
  std::string buffer(1 << 16, '\0');
  while (true) {
    const ssize_t n = read(file.get(), buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoError(errno, "cannot read " + name);
    if (n == 0) return hash.HexDigest();
    hash.Update(std::string_view(buffer).substr(0, static_cast<std::size_t>(n)));
  }
}

class Receiver : public CheckpointReceiver {
 public:
  Receiver(UniqueFd parent, fs::path parent_path, std::string temporary, std::string name)
      : parent_(std::move(parent)),
        parent_path_(std::move(parent_path)),
        temporary_(std::move(temporary)),
        name_(std::move(name)) {}
  ~Receiver() override { Discard(); }

  Status Start() {
    if (mkdirat(parent_.get(), temporary_.c_str(), 0700) != 0) {
      return ErrnoError(errno, "cannot create " + temporary_);
    }
    directory_ = UniqueFd(openat(parent_.get(), temporary_.c_str(),
                                 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory_) return ErrnoError(errno, "cannot open " + temporary_);
    return Ok{};
  }

  Status Append(std::string_view file, std::int64_t offset, std::string_view bytes) override {
    if (!file_) {
      if (offset != 0) return WrongOffset(file, offset, 0);
      TUTTI_RETURN_IF_ERROR(Begin(file));
    } else if (file != file_name_) {
      return FailedPrecondition("'" + std::string(file) + "' begins before '" + file_name_ +
                                "' is finished");
    }
    if (offset != size_) return WrongOffset(file, offset, size_);
    hash_.Update(bytes);
    size_ += static_cast<std::int64_t>(bytes.size());
    while (!bytes.empty()) {
      const ssize_t n = write(file_.get(), bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return ErrnoError(errno, "cannot write the checkpoint file " + file_name_);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return Ok{};
  }

  Status FinishFile(std::string_view file, std::string_view sha256) override {
    // An empty file has no bytes to append.
    if (!file_) TUTTI_RETURN_IF_ERROR(Begin(file));
    if (file != file_name_) {
      return FailedPrecondition("'" + std::string(file) + "' is finished while '" + file_name_ +
                                "' is received");
    }
    const std::string found = hash_.HexDigest();
    if (found != sha256) {
      return DataLoss("checkpoint file '" + file_name_ + "' has SHA-256 " + found + ", expected " +
                      std::string(sha256) + ": send the checkpoint again");
    }
    if (fsync(file_.get()) != 0) return ErrnoError(errno, "cannot sync " + file_name_);
    file_ = UniqueFd();
    if (file_name_ == kManifest) manifest_sha256_ = found;
    return Ok{};
  }

  Result<std::string> Commit() override {
    if (file_) return FailedPrecondition("'" + file_name_ + "' is not finished");
    if (manifest_sha256_.empty()) {
      return FailedPrecondition("checkpoint '" + name_ + "' has no manifest.json");
    }
    if (fsync(directory_.get()) != 0) return ErrnoError(errno, "cannot sync " + temporary_);
    if (renameat(parent_.get(), temporary_.c_str(), parent_.get(), name_.c_str()) != 0) {
      if (errno != EEXIST && errno != ENOTEMPTY) {
        return ErrnoError(errno, "cannot publish the checkpoint " + name_);
      }
      TUTTI_RETURN_IF_ERROR(CheckSameAsPublished());
      Discard();
    }
    published_ = true;
    if (fsync(parent_.get()) != 0) return ErrnoError(errno, "cannot sync the parent of " + name_);
    return manifest_sha256_;
  }

 private:
  Status Begin(std::string_view file) {
    TUTTI_RETURN_IF_ERROR(ValidateCheckpointFile(file));
    file_name_ = std::string(file);
    file_ = UniqueFd(openat(directory_.get(), file_name_.c_str(),
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file_) {
      if (errno == EEXIST) return FailedPrecondition("'" + file_name_ + "' was received already");
      return ErrnoError(errno, "cannot create the checkpoint file " + file_name_);
    }
    hash_ = Sha256();
    size_ = 0;
    return Ok{};
  }

  static Error WrongOffset(std::string_view file, std::int64_t offset, std::int64_t expected) {
    return FailedPrecondition("bytes of '" + std::string(file) + "' at offset " +
                              std::to_string(offset) + ", expected " + std::to_string(expected));
  }

  Status CheckSameAsPublished() const {
    UniqueFd published(openat(parent_.get(), name_.c_str(),
                              O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!published) return ErrnoError(errno, "cannot open the checkpoint " + name_);
    TUTTI_ASSIGN_OR_RETURN(const std::string there,
                           HashFile(published.get(), std::string(kManifest)));
    if (there == manifest_sha256_) return Ok{};
    return FailedPrecondition("checkpoint '" + name_ + "' exists with another manifest (" + there +
                              ", received " + manifest_sha256_ + ")");
  }

  void Discard() {
    if (published_) return;
    std::error_code ignored;  // SweepUnfinished tries again at the next start
    fs::remove_all(parent_path_ / temporary_, ignored);
  }

  UniqueFd parent_;
  fs::path parent_path_;
  std::string temporary_, name_;
  UniqueFd directory_;
  UniqueFd file_;  // the one being received
  std::string file_name_;
  Sha256 hash_;
  std::int64_t size_ = 0;
  std::string manifest_sha256_;
  bool published_ = false;
};

class Reader : public CheckpointReader {
 public:
  explicit Reader(UniqueFd directory) : directory_(std::move(directory)) {}

  Status List() {
    const int copy = fcntl(directory_.get(), F_DUPFD_CLOEXEC, 0);
    DIR* stream = copy < 0 ? nullptr : fdopendir(copy);
    if (stream == nullptr) return ErrnoError(errno, "cannot list a checkpoint");
    while (const dirent* entry = readdir(stream)) {
      struct stat info {};
      if (fstatat(directory_.get(), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
          S_ISREG(info.st_mode)) {
        files_.push_back({entry->d_name, info.st_size});
      }
    }
    closedir(stream);
    std::sort(files_.begin(), files_.end(), [](const File& a, const File& b) {
      const bool a_last = a.name == kManifest, b_last = b.name == kManifest;
      return a_last != b_last ? b_last : a.name < b.name;
    });
    return Ok{};
  }

  const std::vector<File>& files() const override { return files_; }

  Result<std::string> Read(std::string_view file, std::int64_t offset,
                           std::int64_t max_bytes) override {
    if (std::none_of(files_.begin(), files_.end(),
                     [&](const File& f) { return f.name == file; })) {
      return NotFound("the checkpoint has no file '" + std::string(file) + "'");
    }
    if (offset < 0 || max_bytes < 0) return InvalidArgument("offset and size must not be negative");
    if (file != open_name_) {
      open_name_ = std::string(file);
      open_ = UniqueFd(
          openat(directory_.get(), open_name_.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
      if (!open_) {
        const int error = errno;
        open_name_.clear();
        return ErrnoError(error, "cannot open the checkpoint file " + std::string(file));
      }
    }
    std::string bytes(static_cast<std::size_t>(max_bytes), '\0');
    std::size_t have = 0;
    while (have < bytes.size()) {
      const ssize_t n = pread(open_.get(), bytes.data() + have, bytes.size() - have,
                              offset + static_cast<std::int64_t>(have));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return ErrnoError(errno, "cannot read the checkpoint file " + std::string(file));
      if (n == 0) break;
      have += static_cast<std::size_t>(n);
    }
    bytes.resize(have);
    return bytes;
  }

 private:
  UniqueFd directory_;
  std::vector<File> files_;
  UniqueFd open_;
  std::string open_name_;
};

class DirectoryStore : public CheckpointStore {
 public:
  DirectoryStore(std::string root, UniqueFd fd) : root_(std::move(root)), fd_(std::move(fd)) {}

  Result<std::unique_ptr<CheckpointReceiver>> Receive(std::string_view name) override {
    TUTTI_RETURN_IF_ERROR(ValidateCheckpointName(name));
    std::vector<std::string> parts = Parts(name);
    std::string last = std::move(parts.back());
    parts.pop_back();
    TUTTI_ASSIGN_OR_RETURN(UniqueFd parent, OpenDirectory(fd_.get(), parts, true));
    fs::path path = root_;
    for (const std::string& part : parts) path /= part;
    std::string temporary = std::string(kUnfinished) + "receive-" + std::to_string(getpid()) + "-" +
                            std::to_string(next_++);
    auto receiver =
        std::make_unique<Receiver>(std::move(parent), path, std::move(temporary), std::move(last));
    TUTTI_RETURN_IF_ERROR(receiver->Start());
    return std::unique_ptr<CheckpointReceiver>(std::move(receiver));
  }

  Result<std::unique_ptr<CheckpointReader>> OpenForReading(std::string_view name) override {
    TUTTI_RETURN_IF_ERROR(ValidateCheckpointName(name));
    auto directory = OpenDirectory(fd_.get(), Parts(name), false);
    if (!directory) {
      return directory.error().Wrap("cannot read checkpoint '" + std::string(name) + "'");
    }
    auto reader = std::make_unique<Reader>(std::move(directory).value());
    TUTTI_RETURN_IF_ERROR(reader->List());
    return std::unique_ptr<CheckpointReader>(std::move(reader));
  }

  Status Delete(std::string_view name) override {
    TUTTI_RETURN_IF_ERROR(ValidateCheckpointName(name));
    const fs::path path = root_ / fs::path(name);
    std::error_code error;
    fs::remove_all(path, error);
    if (error) {
      return ErrnoError(error.value(), "cannot remove checkpoint '" + std::string(name) + "'");
    }
    // Parents that became empty; one that is not stops this.
    for (fs::path up = path.parent_path(); up != fs::path(root_); up = up.parent_path()) {
      if (rmdir(up.c_str()) != 0) break;
    }
    return Ok{};
  }

  Result<std::int64_t> SweepUnfinished() override {
    std::error_code error;
    std::vector<fs::path> unfinished;
    fs::recursive_directory_iterator it(root_, error), end;
    while (!error && it != end) {
      if (it->path().filename().string().starts_with(kUnfinished) && !it->is_symlink() &&
          it->is_directory()) {
        unfinished.push_back(it->path());
        it.disable_recursion_pending();
      }
      it.increment(error);
    }
    for (const fs::path& path : unfinished) {
      if (!error) fs::remove_all(path, error);
    }
    if (error) return ErrnoError(error.value(), "cannot sweep " + root_);
    return static_cast<std::int64_t>(unfinished.size());
  }

 private:
  const std::string root_;
  const UniqueFd fd_;
  std::atomic<std::int64_t> next_{1};
};

}  // namespace

Status ValidateCheckpointName(std::string_view name) {
  const std::vector<std::string> parts = Parts(name);
  if (parts.size() > 8) {
    return InvalidArgument("a checkpoint name has " + std::to_string(parts.size()) +
                           " parts, expected 1 to 8");
  }
  for (const std::string& part : parts) TUTTI_RETURN_IF_ERROR(ValidatePart(part, name));
  return Ok{};
}

Status ValidateCheckpointFile(std::string_view file) { return ValidatePart(file, file); }

Result<std::unique_ptr<CheckpointStore>> CheckpointStore::Open(const std::string& root) {
  if (mkdir(root.c_str(), 0700) != 0 && errno != EEXIST) {
    return ErrnoError(errno, "cannot create the checkpoint directory " + root);
  }
  UniqueFd fd(open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return ErrnoError(errno, "cannot open the checkpoint directory " + root);
  if (faccessat(fd.get(), ".", R_OK | W_OK | X_OK, AT_EACCESS) != 0) {
    return ErrnoError(errno, "cannot write into the checkpoint directory " + root);
  }
  return std::unique_ptr<CheckpointStore>(std::make_unique<DirectoryStore>(root, std::move(fd)));
}

}  // namespace tutti::storage
