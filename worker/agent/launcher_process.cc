#include "worker/agent/launcher_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "worker/agent/launch_message.h"
#include "worker/process/process_table.h"
#include "worker/process/spawn.h"

namespace tutti::worker {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kKillEvery{20};      // KILL again: a process may fork while it is killed
constexpr milliseconds kStuckAfter{10'000};

struct RunningGang {
  pid_t leader = 0;
  std::string token;
  bool leader_exited = false;
  int exit_code = 0;
  int signal = 0;
  std::optional<Clock::time_point> kill_at;  // grace ends
  std::optional<Clock::time_point> killing_since;
  bool stuck_reported = false;
};

class LauncherLoop {
 public:
  explicit LauncherLoop(FileDescriptor socket) : socket_(std::move(socket)) {}

  void Run() {
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    ::sigprocmask(SIG_BLOCK, &child, nullptr);
    signals_ = FileDescriptor(::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
    while (open_ || (!gangs_.empty() && !AllStuck())) {
      pollfd fds[2] = {{open_ ? socket_.get() : -1, POLLIN, 0}, {signals_.get(), POLLIN, 0}};
      ::poll(fds, 2, TimeoutMs());
      if (fds[0].revents != 0) ReadRequest();
      if (fds[1].revents != 0) DrainSignals();
      Reap();
      Advance();
    }
  }

 private:
  int TimeoutMs() const {
    std::optional<Clock::time_point> next;
    for (const auto& [id, gang] : gangs_) {
      if (gang.killing_since) return static_cast<int>(kKillEvery.count());
      if (gang.kill_at && (!next || *gang.kill_at < *next)) next = gang.kill_at;
    }
    if (!next) return -1;
    const auto left = std::chrono::ceil<milliseconds>(*next - Clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, 60'000));
  }

  bool AllStuck() const {
    return std::all_of(gangs_.begin(), gangs_.end(),
                       [](const auto& item) { return item.second.stuck_reported; });
  }

  void Send(const LaunchEvent& event) {
    if (!open_) return;
    // A worker that does not read is blocked on here; one that is gone gives an error.
    if (!SendPacket(socket_.get(), EncodeLaunchEvent(event))) Close();
  }

  void Close() {
    if (!open_) return;
    open_ = false;
    for (auto& [id, gang] : gangs_) StartKilling(gang);
  }

  void ReadRequest() {
    auto packet = ReceivePacket(socket_.get());
    if (!packet) return Close();
    auto request = DecodeLaunchRequest(packet->text);
    if (!request) return Close();  // our own bug or a stranger: everything ends
    switch (request->kind) {
      case LaunchRequest::Kind::kStart:
        return Start(*request, packet->descriptor.get());
      case LaunchRequest::Kind::kStop:
        return Stop(request->gang, milliseconds(request->grace_ms));
      case LaunchRequest::Kind::kKill: {
        const auto it = gangs_.find(request->gang);
        if (it != gangs_.end()) StartKilling(it->second);
        return;
      }
    }
  }

  void Start(const LaunchRequest& request, int output) {
    LaunchEvent event;
    event.gang = request.gang;
    RunningGang gang;
    gang.token = std::to_string(::getpid()) + "." + std::to_string(request.gang);
    auto pid = SpawnProcess(request.argv, request.env, request.directory, gang.token, output);
    if (!pid) {
      event.kind = LaunchEvent::Kind::kFailed;
      event.text = pid.error().ToString();
      return Send(event);
    }
    gang.leader = *pid;
    gangs_[request.gang] = gang;
    event.pid = *pid;
    Send(event);
  }

  void Stop(std::int64_t id, milliseconds grace) {
    const auto it = gangs_.find(id);
    if (it == gangs_.end() || it->second.kill_at || it->second.killing_since) return;
    it->second.kill_at = Clock::now() + grace;
    if (!it->second.leader_exited) ::kill(-it->second.leader, SIGTERM);
  }

  static void StartKilling(RunningGang& gang) {
    if (!gang.killing_since) gang.killing_since = Clock::now();
  }

  void DrainSignals() {
    signalfd_siginfo info;
    while (::read(signals_.get(), &info, sizeof(info)) == sizeof(info)) {
    }
  }

  // Leaders, and orphans of gangs that came to us (PR_SET_CHILD_SUBREAPER).
  void Reap() {
    int status = 0;
    pid_t pid = 0;
    while ((pid = ::waitpid(-1, &status, WNOHANG)) > 0) {
      for (auto& [id, gang] : gangs_) {
        if (gang.leader != pid) continue;
        LaunchEvent event;
        event.kind = LaunchEvent::Kind::kExited;
        event.gang = id;
        event.sent_kill = gang.killing_since.has_value();
        gang.leader_exited = true;
        gang.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
        gang.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        event.exit_code = gang.exit_code;
        event.signal = gang.signal;
        killed_[id] = event.sent_kill;
        // Nothing of a gang outlives its leader.
        StartKilling(gang);
        Send(event);
        break;
      }
    }
  }

  void Advance() {
    const auto now = Clock::now();
    bool any = false;
    for (auto& [id, gang] : gangs_) {
      if (gang.kill_at && now >= *gang.kill_at) StartKilling(gang);
      any = any || gang.killing_since.has_value();
    }
    if (!any) return;
    const std::vector<ProcessRow> table = ReadProcessTable();
    std::vector<std::int64_t> gone;
    for (auto& [id, gang] : gangs_) {
      if (!gang.killing_since) continue;
      const auto members = MembersOf(table, gang.leader, gang.token, ::getsid(0));
      for (const pid_t pid : members) ::kill(pid, SIGKILL);
      if (members.empty() && gang.leader_exited) {
        gone.push_back(id);
      } else if (now - *gang.killing_since > kStuckAfter && !gang.stuck_reported) {
        gang.stuck_reported = true;
        LaunchEvent event;
        event.kind = LaunchEvent::Kind::kStuck;
        event.gang = id;
        for (const pid_t pid : members) {
          event.text += (event.text.empty() ? "" : ", ") + std::to_string(pid);
        }
        Send(event);
      }
    }
    for (const std::int64_t id : gone) {
      LaunchEvent event;
      event.kind = LaunchEvent::Kind::kGone;
      event.gang = id;
      event.exit_code = gangs_[id].exit_code;
      event.signal = gangs_[id].signal;
      event.sent_kill = killed_[id];
      gangs_.erase(id);
      killed_.erase(id);
      Send(event);
    }
  }

  FileDescriptor socket_;
  FileDescriptor signals_;
  bool open_ = true;
  std::map<std::int64_t, RunningGang> gangs_;
  std::map<std::int64_t, bool> killed_;  // KILL was sent before the leader ended
};

}  // namespace

void RunLauncherProcess(FileDescriptor socket) {
  ::setsid();  // Ctrl-C in the worker's terminal is the worker's business
  ::prctl(PR_SET_NAME, "tutti-launcher");
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT}) {
    std::signal(signal, SIG_IGN);
  }
  LauncherLoop(std::move(socket)).Run();
  std::_Exit(0);
}

}  // namespace tutti::worker
