#include "worker/entrypoint/checkpoint_desk.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "experiments/core/sha256.h"
#include "worker/checkpoint/checkpoint_paths.h"
#include "worker/process/file_descriptor.h"

namespace tutti::entrypoint {
namespace {

namespace fs = std::filesystem;
using checkpoint::FileEntry;
using worker::FileDescriptor;

// Names of the directory's files, sorted. All must be regular ones.
Result<std::vector<std::string>> FilesOf(const std::string& directory) {
  struct stat info {};
  if (::lstat(directory.c_str(), &info) != 0) {
    return ErrnoError(errno, "looking at the checkpoint directory " + directory);
  }
  if (!S_ISDIR(info.st_mode)) return InvalidArgument(directory + " is no directory");
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    const fs::file_status status = it->symlink_status(error);
    if (error) break;
    if (!fs::is_regular_file(status)) {
      return InvalidArgument("'" + name + "' in " + directory +
                             " is no regular file; a checkpoint is a directory of plain files "
                             "(pack folders with tar)");
    }
    TUTTI_RETURN_IF_ERROR(checkpoint::CheckFileNames({FileEntry{name, 0, ""}}));
    names.push_back(name);
  }
  if (error) return ErrnoError(error.value(), "listing the checkpoint directory " + directory);
  if (names.empty()) return InvalidArgument("the checkpoint directory " + directory + " is empty");
  std::sort(names.begin(), names.end());
  return names;
}

// Hash and size of a file that is then safe on the disk.
Result<FileEntry> Seal(const std::string& directory, const std::string& name) {
  const std::string path = directory + "/" + name;
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file) return ErrnoError(errno, "opening " + path);
  FileEntry entry;
  entry.name = name;
  Sha256 hash;
  std::vector<char> piece(std::size_t{1} << 20);
  while (true) {
    const ssize_t n = ::read(file.get(), piece.data(), piece.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoError(errno, "reading " + path);
    if (n == 0) break;
    hash.Update({piece.data(), static_cast<std::size_t>(n)});
    entry.bytes += n;
  }
  if (::fsync(file.get()) != 0) return ErrnoError(errno, "fsync of " + path);
  entry.sha256 = hash.HexDigest();
  return entry;
}

// Moves the directory to `target`, an empty directory that is replaced.
Status Move(const std::string& source, const std::string& target) {
  if (::rename(source.c_str(), target.c_str()) == 0) return Ok{};
  if (errno != EXDEV) return ErrnoError(errno, "moving " + source + " to " + target);
  std::error_code error;
  fs::copy(source, target, fs::copy_options::copy_symlinks, error);
  if (error) return ErrnoError(error.value(), "copying " + source + " to " + target);
  fs::remove_all(source, error);  // what stays there harms nobody
  return Ok{};
}

Result<checkpoint::Committed> PublishMoved(checkpoint::CheckpointWriter& writer,
                                           const std::string& directory,
                                           checkpoint::CheckpointId id, std::int64_t epoch,
                                           std::int64_t time, int world) {
  checkpoint::Manifest manifest;
  manifest.attempt = id.attempt;
  manifest.step = id.step;
  manifest.epoch = epoch;
  manifest.world_size = world;
  manifest.parts = {"program"};
  manifest.state = Json::MakeObject({{"program", true}, {"time", time}});
  TUTTI_ASSIGN_OR_RETURN(const auto names, FilesOf(directory));
  for (const std::string& name : names) {
    TUTTI_ASSIGN_OR_RETURN(FileEntry entry, Seal(directory, name));
    manifest.files.push_back(std::move(entry));
  }
  return writer.Commit(manifest);
}

}  // namespace

Result<checkpoint::Committed> Publish(const std::string& root, checkpoint::CheckpointId id,
                                      std::int64_t epoch, std::int64_t time, int world,
                                      const std::string& source) {
  // Before it is moved, so that a wrong one is still where its program can look at it.
  TUTTI_ASSIGN_OR_RETURN(const auto names, FilesOf(source));
  std::error_code error;
  if (fs::exists(root + "/" + id.Name(), error)) {
    return FailedPrecondition("this attempt has a checkpoint of step " + std::to_string(id.step) +
                              " already; report the next epoch, or give a \"step\", before it "
                              "is saved again");
  }
  checkpoint::CheckpointWriter writer(root, id);
  TUTTI_RETURN_IF_ERROR(writer.Open());
  const std::string temporary = checkpoint::CheckpointPaths(root, id).temporary;
  const Status moved = Move(source, temporary);
  if (!moved) {
    writer.Abandon();
    return moved.error();
  }
  ::chmod(temporary.c_str(), 0700);
  auto committed = PublishMoved(writer, temporary, id, epoch, time, world);
  if (!committed) writer.Abandon();
  return committed;
}

CheckpointDesk::CheckpointDesk(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this] { Loop(); }) {}

CheckpointDesk::~CheckpointDesk() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void CheckpointDesk::Add(Job job) {
  ++open_;
  const std::lock_guard lock(mutex_);
  jobs_.push_back(std::move(job));
  changed_.notify_all();
}

std::vector<CheckpointDesk::Finished> CheckpointDesk::Take() {
  if (open_ == 0) return {};
  const std::lock_guard lock(mutex_);
  open_ -= finished_.size();
  return std::exchange(finished_, {});
}

void CheckpointDesk::Loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
    if (ending_) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    Finished finished{job, Error(ErrorCode::kInternal, "no such job"),
                      Error(ErrorCode::kInternal, "no such job")};
    if (job.kind == Job::Kind::kPublish) {
      finished.published = Publish(job.root, job.id, job.epoch, job.time, job.world, job.source);
    } else if (auto id = checkpoint::CheckpointId::Parse(job.name); !id) {
      finished.verified = id.error();
    } else {
      finished.verified = checkpoint::VerifyCheckpoint(job.root, *id, job.sha256);
    }
    lock.lock();
    finished_.push_back(std::move(finished));
    wake_();
  }
}

}  // namespace tutti::entrypoint
