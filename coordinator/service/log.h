#pragma once

#include <string>
#include <string_view>

// The coordinator's own log: one line per event of interest on stderr. Thread-safe.

namespace tutti {

// debug, info, warning, error, critical, off; false if `level` is none of them.
bool SetLogLevel(std::string_view level);
void LogDebug(std::string_view line);
void LogInfo(std::string_view line);
void LogWarning(std::string_view line);
void LogError(std::string_view line);

// The last line of a process that must not go on (a failed COMMIT): writes it and ends the process
// at once with code 70 (EX_SOFTWARE), so that nothing uncommitted is dispatched.
[[noreturn]] void LogFatalAndExit(std::string_view line);

}  // namespace tutti
