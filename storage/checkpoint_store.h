#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/result.h"

// The coordinator's checkpoint files (STATE/checkpoints) for workers that do not share its file
// system. A checkpoint is a directory EXPERIMENT/TRIAL/ATTEMPT-step-N of plain files, one of them
// manifest.json. It appears under its name only when all files are there, verified and fsynced;
// until then it lives in a sibling .tmp-…. Different checkpoints may be used by different threads
// at once; each object below belongs to one thread.

namespace tutti::storage {

// Ok if every '/'-separated part is 1 … 128 of [A-Za-z0-9._-] and does not start with '.', with 1
// to 8 parts. kInvalidArgument says which part is wrong.
Status ValidateCheckpointName(std::string_view name);
// The same for one file of a checkpoint; no '/'.
Status ValidateCheckpointFile(std::string_view file);

// Takes one checkpoint's files in order. Destroyed before Commit: everything received is removed.
class CheckpointReceiver {
 public:
  virtual ~CheckpointReceiver() = default;
  // Bytes of `file` at `offset`, which must be the end of what was received of it. A new file
  // begins at offset 0 and only after the one before was finished.
  virtual Status Append(std::string_view file, std::int64_t offset, std::string_view bytes) = 0;
  // The current file is complete: its SHA-256 must be `sha256` (kDataLoss otherwise); fsync.
  virtual Status FinishFile(std::string_view file, std::string_view sha256) = 0;
  // Publishes: fsync of the directory, rename, fsync of the parent. Returns the SHA-256 of
  // manifest.json (kFailedPrecondition if there is none or a file is unfinished). If the name
  // exists already with the same manifest the new copy is dropped and the call succeeds (a
  // repeated upload); with another manifest it is kFailedPrecondition.
  virtual Result<std::string> Commit() = 0;
};

// Reads one published checkpoint.
class CheckpointReader {
 public:
  virtual ~CheckpointReader() = default;
  struct File {
    std::string name;
    std::int64_t bytes = 0;
  };
  // Regular files, by name; manifest.json last, so that a receiver has it when all else is there.
  virtual const std::vector<File>& files() const = 0;
  // Up to max_bytes of `file` from `offset`; empty at its end. kNotFound if it is not in files().
  virtual Result<std::string> Read(std::string_view file, std::int64_t offset,
                                   std::int64_t max_bytes) = 0;
};

class CheckpointStore {
 public:
  // Creates the root (0700) if it is missing and checks that it can be written
  // (kPermissionDenied).
  static Result<std::unique_ptr<CheckpointStore>> Open(const std::string& root);
  virtual ~CheckpointStore() = default;

  virtual Result<std::unique_ptr<CheckpointReceiver>> Receive(std::string_view name) = 0;
  // kNotFound if there is no such checkpoint.
  virtual Result<std::unique_ptr<CheckpointReader>> OpenForReading(std::string_view name) = 0;
  // Removes the directory and parents that became empty. A missing checkpoint is Ok (a repeated
  // delete).
  virtual Status Delete(std::string_view name) = 0;
  // Removes every .tmp-* directory: at start, before any Receive and while no worker on a shared
  // file system writes into the root. Returns how many.
  virtual Result<std::int64_t> SweepUnfinished() = 0;
};

}  // namespace tutti::storage
