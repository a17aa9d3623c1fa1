#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "worker/checkpoint/file_operations.h"

// A checkpoint is a directory below a root: EXPERIMENT/TRIAL/ATTEMPT-step-STEP (all decimal). It
// appears under that name complete or not at all: files are written into
// EXPERIMENT/TRIAL/.tmp-ATTEMPT-STEP and fsynced, then manifest.json, then the directory is
// renamed and its parent fsynced. What makes it resumable is the coordinator's row, which comes
// after Commit and holds the SHA-256 of manifest.json.

namespace tutti::checkpoint {

// Which checkpoint. All numbers are >= 0.
struct CheckpointId {
  std::int64_t experiment = 0;
  std::int64_t trial = 0;
  std::int64_t attempt = 0;
  std::int64_t step = 0;

  // "12/3/45-step-900", the `name` of the record protocol.
  std::string Name() const;
  // kInvalidArgument if the text is not exactly of that form.
  static Result<CheckpointId> Parse(std::string_view name);
  friend bool operator==(const CheckpointId&, const CheckpointId&) = default;
};

struct FileEntry {
  std::string name;  // [A-Za-z0-9._-]{1,128}, not starting with '.'
  std::int64_t bytes = 0;
  std::string sha256;
};

// kInvalidArgument if a name breaks that rule, is manifest.json, or stands twice.
Status CheckFileNames(const std::vector<FileEntry>& files);

inline constexpr std::int64_t kManifestFormat = 1;
inline constexpr std::string_view kManifestFile = "manifest.json";

// manifest.json. Everything that a resumed attempt needs beside the tensors stands in `state`
// (RNG and sampler positions, schedule, best metric so far); `parts` lists what the checkpoint
// holds ("weights", "optimizer", "schedule", "sampler", "rng").
struct Manifest {
  std::int64_t attempt = 0;
  std::int64_t step = 0;
  std::int64_t epoch = 0;
  std::int64_t world_size = 1;
  std::vector<std::string> parts;
  Json state;
  std::vector<FileEntry> files;

  Json ToJson() const;
  // kDataLoss: unknown format, missing or wrong fields, bad file names.
  static Result<Manifest> FromJson(const Json& json);
};

struct Committed {
  std::string name;           // CheckpointId::Name()
  std::int64_t bytes = 0;     // of all files with manifest.json
  std::string sha256;         // of manifest.json
};

// Writes one checkpoint. With several ranks each makes its own writer with the same id and writes
// files of names of its own; rank 0 commits with the entries of all, after all have finished.
// Not thread-safe.
class CheckpointWriter {
 public:
  // `operations` (default: the real ones) must outlive the writer.
  CheckpointWriter(std::string root, CheckpointId id, FileOperations* operations = nullptr);

  // Creates the .tmp directory and its parents. One left by an earlier try of the same step is
  // used, its files removed when `fresh` (rank 0, before the others start).
  // kPermissionDenied, kResourceExhausted (disk full), kNotFound (no root), else kInternal.
  Status Open(bool fresh = true);
  // Writes the pieces one after the other into a new file and fsyncs it. REQUIRES: Open().
  Result<FileEntry> WriteFile(const std::string& name, const std::vector<std::string_view>& pieces);
  // Publishes. manifest.files must be all files of all ranks; attempt and step must fit the id.
  // kFailedPrecondition if the checkpoint exists already. If the last fsync fails, the checkpoint
  // may be there under its name, complete, and an error is returned.
  Result<Committed> Commit(const Manifest& manifest);
  // Removes the .tmp directory, as far as that works: after a failure; no effect after Commit.
  void Abandon();

 private:
  std::string root_;
  CheckpointId id_;
  FileOperations* operations_;
};

struct LoadedCheckpoint {
  Manifest manifest;
  std::map<std::string, std::string> files;  // name -> bytes, hashes verified
};

// Reads and verifies. expected_sha256 (of manifest.json; empty = not checked) ties the directory
// to the coordinator's row. kNotFound if there is none, kDataLoss names the file that differs.
Result<LoadedCheckpoint> LoadCheckpoint(const std::string& root, const CheckpointId& id,
                                        const std::string& expected_sha256);
// The same without keeping the bytes.
Result<Manifest> VerifyCheckpoint(const std::string& root, const CheckpointId& id,
                                  const std::string& expected_sha256);

// All checkpoints that exist under their final names, by experiment, trial, attempt, step. Foreign
// names are left out. An absent root is an empty list.
Result<std::vector<CheckpointId>> ListCheckpoints(const std::string& root);

// Removes every .tmp-ATTEMPT-STEP directory whose attempt is not in live_attempts; returns the
// number removed.
Result<std::int64_t> SweepTemporary(const std::string& root,
                                    const std::vector<std::int64_t>& live_attempts);

// Removes a checkpoint: first renamed to a .tmp name, so that it never exists by half. Ok if there
// is none. The trial's directory stays: another attempt may be about to write there.
Status DeleteCheckpoint(const std::string& root, const CheckpointId& id,
                        FileOperations* operations = nullptr);

// Renames a damaged checkpoint to .bad-ATTEMPT-step-STEP beside it, for a person to look at.
Status QuarantineCheckpoint(const std::string& root, const CheckpointId& id);

}  // namespace tutti::checkpoint
