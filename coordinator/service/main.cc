// tutti-coordinator: decides which trials run where, and keeps every result.

#include <CLI/CLI.hpp>
#include <csignal>
#include <ctime>
#include <iostream>
#include <string>
#include <string_view>
#include <unistd.h>

#include "coordinator/service/coordinator.h"
#include "coordinator/service/log.h"
#include "storage/query_process.h"

namespace {

constexpr int kInterrupted = 130;
constexpr unsigned kStopSeconds = 20;  // a stop that hangs is ended: nothing depends on it

int ExitCode(const tutti::Error& error) {
  switch (error.code()) {
    case tutti::ErrorCode::kInvalidArgument: return 2;
    case tutti::ErrorCode::kNotFound: return 3;
    case tutti::ErrorCode::kFailedPrecondition: return 4;
    case tutti::ErrorCode::kPermissionDenied: return 6;
    default: return 1;
  }
}

int Fail(const tutti::Error& error) {
  std::cerr << "tutti-coordinator: " << error.ToString() << "\n";
  return ExitCode(error);
}

// Blocked before any thread exists, so that every thread inherits it and only Serve sees them.
sigset_t BlockSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return set;
}

int Serve(tutti::Coordinator& coordinator, const sigset_t& signals) {
  bool asked = false;
  while (!coordinator.WaitForShutdown(50)) {
    const timespec no_wait{};
    if (sigtimedwait(&signals, nullptr, &no_wait) < 0) continue;
    if (asked) ::_exit(kInterrupted);
    asked = true;
    coordinator.RequestShutdown(true);
  }
  ::alarm(kStopSeconds);
  const tutti::Status stopped = coordinator.Stop();
  return stopped ? 0 : Fail(stopped.error());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == tutti::storage::kQueryHelperFlag) {
    return tutti::storage::QueryHelperMain(argc, argv);
  }
  tutti::CoordinatorOptions options;
  options.version = TUTTI_VERSION;
  std::string log_level = "info";
  CLI::App app("Decides which trials run where, and keeps every result in STATE/tutti.db.",
               "tutti-coordinator");
  app.set_version_flag("--version", std::string("tutti-coordinator ") + TUTTI_VERSION);
  app.add_option("--state", options.state_dir, "State directory; made if it is missing")
      ->required();
  app.add_option("--host", options.host, "Loopback address to listen on")->capture_default_str();
  app.add_option("--port", options.port, "0: the port of the last start if it is free, else any")
      ->capture_default_str();
  app.add_option("--heartbeat-ms", options.heartbeat_ms, "How often workers report")
      ->capture_default_str();
  app.add_option("--lost-after-ms", options.lost_after_ms,
                 "A node without contact for this long loses its attempts")
      ->capture_default_str();
  app.add_option("--self-kill-after-ms", options.self_kill_after_ms,
                 "A worker without contact for this long stops its trainers")
      ->capture_default_str();
  app.add_option("--log-level", log_level, "debug, info, warning, error, critical or off")
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (!tutti::SetLogLevel(log_level)) {
    return Fail(tutti::InvalidArgument("--log-level is '" + log_level +
                                       "', expected debug, info, warning, error, critical or off"));
  }
  const sigset_t signals = BlockSignals();
  auto coordinator = tutti::Coordinator::Start(std::move(options));
  if (!coordinator) return Fail(coordinator.error());
  return Serve(**coordinator, signals);
}
