#include "cli/watch.h"

#include <cstdio>
#include <memory>
#include <thread>

#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/progress_display.h"
#include "cli/state_directory.h"

namespace tutti::cli {
namespace {

constexpr auto kReconnectFor = std::chrono::seconds(60);

int ExitCodeOfState(const ExperimentProgress& progress) {
  if (progress.state == "COMPLETED") return kExitOk;
  std::fprintf(stderr, "tutti: experiment %lld ended as %s%s%s\n",
               static_cast<long long>(progress.experiment_id), progress.state.c_str(),
               progress.reason.empty() ? "" : ": ", progress.reason.c_str());
  return kExitFailed;
}

}  // namespace

int Follow(const Globals& globals, std::int64_t experiment, const FollowOptions& options,
           std::string* state_heard) {
  using Clock = std::chrono::steady_clock;
  InstallInterruptHandler();
  auto state = ResolveStateDirectory(globals.state);
  if (!state) return Fail(state.error());
  const bool limited = options.timeout.count() > 0;
  const auto deadline = Clock::now() + options.timeout;
  auto last_contact = Clock::now();
  const auto too_late = [&] { return limited && Clock::now() > deadline; };
  auto display = std::make_unique<ProgressDisplay>(StderrIsLive(), StderrWidth);
  ExperimentProgress newest;
  while (true) {
    auto address = ResolveCoordinator(globals.coordinator, *state);
    Status watched = address ? Status(Ok{}) : Status(address.error());
    if (address) {
      CoordinatorClient client(*address);
      watched = client.Watch(experiment, [&](const ExperimentProgress& progress) {
        last_contact = Clock::now();
        newest = progress;
        if (state_heard != nullptr) *state_heard = progress.state;
        if (options.show_progress) display->Update(progress);
        return !too_late() && !Interrupted();
      }, too_late);
    }
    if (Interrupted()) return kExitInterrupted;
    if (too_late()) {
      display.reset();
      std::fprintf(stderr, "tutti: experiment %lld still runs after the timeout\n",
                   static_cast<long long>(experiment));
      return kExitTimeout;
    }
    if (newest.terminal) {
      if (options.show_progress) display->Finish(newest);
      return ExitCodeOfState(newest);
    }
    const bool away = !watched && watched.error().code() == ErrorCode::kUnavailable;
    if (!watched && !away) return Fail(watched.error());
    if (away && Clock::now() - last_contact > kReconnectFor) return Fail(watched.error());
    std::this_thread::sleep_for(std::chrono::milliseconds(away ? 200 : 20));
  }
}

namespace {

// Ctrl-C while following leaves the job alone; say so.
int Detached(int code, std::int64_t experiment) {
  if (code == kExitInterrupted) {
    std::fprintf(stderr,
                 "tutti: detached; experiment %lld goes on. `tutti watch %lld` comes back to it, "
                 "`tutti cancel %lld` stops it.\n",
                 static_cast<long long>(experiment), static_cast<long long>(experiment),
                 static_cast<long long>(experiment));
  }
  return code;
}

Result<std::int64_t> FindExperiment(const Globals& globals, const std::string& id) {
  TUTTI_ASSIGN_OR_RETURN(auto database, Database::Open(globals));
  TUTTI_ASSIGN_OR_RETURN(const TargetId target, ParseTarget(*database, id));
  return target.experiment;
}

}  // namespace

int RunWatch(const Globals& globals, const std::string& id) {
  const auto experiment = FindExperiment(globals, id);
  if (!experiment) return Fail(experiment.error());
  return Detached(Follow(globals, *experiment, {}), *experiment);
}

int RunWait(const Globals& globals, const WaitOptions& options) {
  const auto experiment = FindExperiment(globals, options.id);
  if (!experiment) return Fail(experiment.error());
  FollowOptions follow;
  follow.show_progress = false;
  follow.timeout =
      std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_s * 1000));
  return Detached(Follow(globals, *experiment, follow), *experiment);
}

}  // namespace tutti::cli
