#include "coordinator/service/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace tutti {
namespace {

spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> logger = [] {
    auto made = std::make_shared<spdlog::logger>(
        "coordinator", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%Y-%m-%d %H:%M:%S.%e %l %v");
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *logger;
}

spdlog::string_view_t View(std::string_view line) { return {line.data(), line.size()}; }

}  // namespace

bool SetLogLevel(std::string_view level) {
  for (const auto& [name, value] : {std::pair<std::string_view, spdlog::level::level_enum>
           {"debug", spdlog::level::debug}, {"info", spdlog::level::info},
           {"warning", spdlog::level::warn}, {"error", spdlog::level::err},
           {"critical", spdlog::level::critical}, {"off", spdlog::level::off}}) {
    if (name == level) {
      Logger().set_level(value);
      return true;
    }
  }
  return false;
}

void LogDebug(std::string_view line) { Logger().log(spdlog::level::debug, View(line)); }
void LogInfo(std::string_view line) { Logger().log(spdlog::level::info, View(line)); }
void LogWarning(std::string_view line) { Logger().log(spdlog::level::warn, View(line)); }
void LogError(std::string_view line) { Logger().log(spdlog::level::err, View(line)); }

void LogFatalAndExit(std::string_view line) {
  Logger().log(spdlog::level::critical, View(line));
  ::_exit(70);
}

}  // namespace tutti
