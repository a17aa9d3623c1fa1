#include "worker/agent/log.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <string>

#include "experiments/core/enum_table.h"

namespace tutti::worker {
namespace {

enum class Level { kDebug, kInfo, kWarning, kError, kOff };
constexpr EnumTable<Level, 5> kLevelNames{{{{Level::kDebug, "debug"},
                                            {Level::kInfo, "info"},
                                            {Level::kWarning, "warning"},
                                            {Level::kError, "error"},
                                            {Level::kOff, "off"}}}};
std::atomic<Level> g_level = Level::kInfo;

void Write(Level level, std::string_view line) {
  if (level < g_level.load(std::memory_order_relaxed)) return;
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  char stamp[64];
  const std::size_t n = std::strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &utc);
  std::snprintf(stamp + n, sizeof(stamp) - n, ".%03dZ ", static_cast<int>(ms));
  std::string text = stamp;
  text += "worker ";
  text += kLevelNames.Name(level);
  text += ": ";
  text += line;
  text += '\n';
  // A log that cannot be written has nowhere to say so.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

bool SetLogLevel(std::string_view level) {
  const auto parsed = kLevelNames.Parse(level);
  if (parsed) g_level = *parsed;
  return parsed.has_value();
}
void LogDebug(std::string_view line) { Write(Level::kDebug, line); }
void LogInfo(std::string_view line) { Write(Level::kInfo, line); }
void LogWarning(std::string_view line) { Write(Level::kWarning, line); }
void LogError(std::string_view line) { Write(Level::kError, line); }

}  // namespace tutti::worker
