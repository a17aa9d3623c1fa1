#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "experiments/core/sha256.h"
#include "worker/checkpoint/checkpoint_directory.h"
#include "worker/checkpoint/checkpoint_paths.h"

namespace tutti::checkpoint {
namespace {

FileOperations& RealOperations() {
  static FileOperations operations;  // stateless
  return operations;
}

// True if it was created, false if it was there.
Result<bool> MakeDirectory(FileOperations& operations, const std::string& path) {
  if (operations.Mkdir(path) == 0) return true;
  if (errno == EEXIST) return false;
  return ErrnoError(errno, "cannot create checkpoint directory " + path);
}

Status WriteAll(FileOperations& operations, int fd, std::string_view bytes,
                const std::string& path) {
  constexpr std::size_t kPiece = std::size_t{64} << 20;
  while (!bytes.empty()) {
    const ssize_t n = operations.Write(fd, bytes.data(), std::min(bytes.size(), kPiece));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return ErrnoError(errno, "cannot write " + path);
    if (n == 0) return Internal("cannot write " + path + ": nothing was accepted");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return Ok{};
}

Result<FileEntry> WriteSynced(FileOperations& operations, const std::string& directory,
                              const std::string& name,
                              const std::vector<std::string_view>& pieces) {
  const std::string path = directory + "/" + name;
  const int fd = operations.Create(path);
  if (fd < 0) return ErrnoError(errno, "cannot create " + path);
  FileEntry entry;
  entry.name = name;
  Sha256 hash;
  Status status = Ok{};
  for (const std::string_view piece : pieces) {
    status = WriteAll(operations, fd, piece, path);
    if (!status) break;
    hash.Update(piece);
    entry.bytes += static_cast<std::int64_t>(piece.size());
  }
  if (status && operations.Fsync(fd) != 0) status = ErrnoError(errno, "cannot fsync " + path);
  // Network file systems report a full disk here.
  if (operations.Close(fd) != 0 && status) status = ErrnoError(errno, "cannot close " + path);
  if (!status) return status.error();
  entry.sha256 = hash.HexDigest();
  return entry;
}

}  // namespace

Status SyncDirectory(FileOperations& operations, const std::string& path) {
  const int fd = operations.OpenDirectory(path);
  if (fd < 0) return ErrnoError(errno, "cannot open directory " + path);
  Status status = Ok{};
  if (operations.Fsync(fd) != 0) status = ErrnoError(errno, "cannot fsync directory " + path);
  if (operations.Close(fd) != 0 && status) {
    status = ErrnoError(errno, "cannot close directory " + path);
  }
  return status;
}

Status RemoveFlatDirectory(FileOperations& operations, const std::string& path) {
  std::error_code error;
  std::vector<std::string> files;
  for (auto it = std::filesystem::directory_iterator(path, error);
       !error && it != std::filesystem::directory_iterator(); it.increment(error)) {
    files.push_back(it->path().string());
  }
  if (error == std::errc::no_such_file_or_directory) return Ok{};
  if (error) return ErrnoError(error.value(), "cannot list " + path);
  for (const std::string& file : files) {
    if (operations.Unlink(file) != 0 && errno != ENOENT) {
      return ErrnoError(errno, "cannot remove " + file);
    }
  }
  if (operations.Rmdir(path) != 0 && errno != ENOENT) {
    return ErrnoError(errno, "cannot remove " + path);
  }
  return Ok{};
}

CheckpointWriter::CheckpointWriter(std::string root, CheckpointId id, FileOperations* operations)
    : root_(std::move(root)),
      id_(id),
      operations_(operations != nullptr ? operations : &RealOperations()) {
  TUTTI_CHECK(id.experiment >= 0 && id.trial >= 0 && id.attempt >= 0 && id.step >= 0,
              "the numbers of a checkpoint cannot be negative");
}

Status CheckpointWriter::Open(bool fresh) {
  const CheckpointPaths paths(root_, id_);
  if (fresh) TUTTI_RETURN_IF_ERROR(RemoveFlatDirectory(*operations_, paths.temporary));
  TUTTI_ASSIGN_OR_RETURN(const bool new_experiment, MakeDirectory(*operations_, paths.experiment));
  if (new_experiment) TUTTI_RETURN_IF_ERROR(SyncDirectory(*operations_, paths.root));
  TUTTI_ASSIGN_OR_RETURN(const bool new_trial, MakeDirectory(*operations_, paths.trial));
  if (new_trial) TUTTI_RETURN_IF_ERROR(SyncDirectory(*operations_, paths.experiment));
  TUTTI_RETURN_IF_ERROR(MakeDirectory(*operations_, paths.temporary));
  return Ok{};
}

Result<FileEntry> CheckpointWriter::WriteFile(const std::string& name,
                                              const std::vector<std::string_view>& pieces) {
  TUTTI_RETURN_IF_ERROR(CheckFileNames({FileEntry{name, 0, ""}}));
  return WriteSynced(*operations_, CheckpointPaths(root_, id_).temporary, name, pieces);
}

Result<Committed> CheckpointWriter::Commit(const Manifest& manifest) {
  TUTTI_CHECK(manifest.attempt == id_.attempt && manifest.step == id_.step,
              "the manifest of another checkpoint");
  TUTTI_RETURN_IF_ERROR(CheckFileNames(manifest.files));
  const CheckpointPaths paths(root_, id_);
  const std::string text = manifest.ToJson().Dump(1) + "\n";
  TUTTI_ASSIGN_OR_RETURN(
      const FileEntry written,
      WriteSynced(*operations_, paths.temporary, std::string(kManifestFile), {text}));
  TUTTI_RETURN_IF_ERROR(SyncDirectory(*operations_, paths.temporary));
  if (operations_->Rename(paths.temporary, paths.final_path) != 0) {
    if (errno == ENOTEMPTY || errno == EEXIST) {
      return FailedPrecondition("checkpoint " + paths.final_path + " exists already");
    }
    return ErrnoError(errno, "cannot rename " + paths.temporary + " to " + paths.final_path);
  }
  TUTTI_RETURN_IF_ERROR(SyncDirectory(*operations_, paths.trial));
  Committed committed{id_.Name(), written.bytes, written.sha256};
  for (const FileEntry& file : manifest.files) committed.bytes += file.bytes;
  return committed;
}

void CheckpointWriter::Abandon() {
  // What cannot be removed now is swept at the next start.
  (void)RemoveFlatDirectory(*operations_, CheckpointPaths(root_, id_).temporary);
}

Status DeleteCheckpoint(const std::string& root, const CheckpointId& id,
                        FileOperations* operations) {
  FileOperations& ops = operations != nullptr ? *operations : RealOperations();
  const CheckpointPaths paths(root, id);
  TUTTI_RETURN_IF_ERROR(RemoveFlatDirectory(ops, paths.temporary));
  if (ops.Rename(paths.final_path, paths.temporary) != 0) {
    if (errno == ENOENT) return Ok{};
    return ErrnoError(errno, "cannot remove checkpoint " + paths.final_path);
  }
  TUTTI_RETURN_IF_ERROR(SyncDirectory(ops, paths.trial));
  return RemoveFlatDirectory(ops, paths.temporary);
}

Status QuarantineCheckpoint(const std::string& root, const CheckpointId& id) {
  const CheckpointPaths paths(root, id);
  if (RealOperations().Rename(paths.final_path, paths.bad) != 0) {
    return ErrnoError(errno, "cannot rename damaged checkpoint " + paths.final_path);
  }
  return SyncDirectory(RealOperations(), paths.trial);
}

}  // namespace tutti::checkpoint
