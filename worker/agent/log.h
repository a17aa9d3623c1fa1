#pragma once

#include <string_view>

// The worker's own log: one line per event on stderr, with wall time and level. Thread-safe (one
// write per line).

namespace tutti::worker {

// debug, info, warning, error, off; false if `level` is none of them.
bool SetLogLevel(std::string_view level);
void LogDebug(std::string_view line);
void LogInfo(std::string_view line);
void LogWarning(std::string_view line);
void LogError(std::string_view line);

}  // namespace tutti::worker
