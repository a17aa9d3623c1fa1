#pragma once

#include <memory>
#include <string>

#include "experiments/core/result.h"
#include "storage/checkpoint_store.h"

// How a checkpoint's files are written and read. For this folder only; names were validated.

namespace tutti::storage {

inline constexpr const char* kManifest = "manifest.json";
inline constexpr const char* kTemporaryPrefix = ".tmp-";

// A new empty directory (0700) beside `path`, called .tmp-<name>.XXXXXX; the directory that both
// are in is made if it is missing.
Result<std::string> MakeTemporary(const std::string& path);
Status RemoveTree(const std::string& path);
// fsync of a directory: the names in it are on the disk.
Status SyncDirectory(const std::string& path);

Result<std::unique_ptr<CheckpointReceiver>> MakeReceiver(const std::string& root,
                                                         const std::string& name);
Result<std::unique_ptr<CheckpointReader>> MakeReader(const std::string& root,
                                                     const std::string& name);

}  // namespace tutti::storage
