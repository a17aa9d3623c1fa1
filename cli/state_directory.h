#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "experiments/core/result.h"

// Where a cluster on this machine keeps everything, and how its coordinator is found.

namespace tutti::cli {

// --state, else $TUTTI_STATE, else ~/.local/share/tutti; absolute.
Result<std::string> ResolveStateDirectory(const std::string& flag);

// Where data sets are looked for: `root`, else $TUTTI_DATA, else STATE/datasets; absolute.
Result<std::string> ResolveDataRoot(const std::string& state_flag, const std::string& root);

// STATE/coordinator.json, if a coordinator wrote one and its process is alive.
struct RunningCoordinator {
  std::string address;
  std::int64_t pid = 0;
};
std::optional<RunningCoordinator> FindCoordinator(const std::string& state_dir);

// The supervisor that `tutti up` leaves behind (STATE/supervisor.json), if it is alive.
std::optional<std::int64_t> FindSupervisor(const std::string& state_dir);

// --coordinator, else $TUTTI_COORDINATOR, else the running one of the state directory.
// kUnavailable: none of these; the message says how to start one.
Result<std::string> ResolveCoordinator(const std::string& flag, const std::string& state_dir);

// The folder of this program's executable; its siblings are there.
std::string ProgramDirectory();

// Reads a whole file of at most `limit` bytes.
Result<std::string> ReadFile(const std::string& path, std::size_t limit);

// Writes path.tmp, then renames it over path; mode 0600.
Status WriteFileAtomically(const std::string& path, const std::string& content);

// Absolute form of a path against the working directory.
std::string AbsolutePath(const std::string& path);

}  // namespace tutti::cli
