#include "worker/agent/launcher.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

#include "worker/agent/launcher_process.h"

namespace tutti::worker {

Result<Launcher> Launcher::Fork() {
  int pair[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
    return ErrnoError(errno, "making the launcher's socket pair");
  }
  FileDescriptor mine(pair[0]), theirs(pair[1]);
  const pid_t pid = ::fork();
  if (pid < 0) return ErrnoError(errno, "forking the launcher");
  if (pid == 0) {
    mine.Close();
    RunLauncherProcess(std::move(theirs));
  }
  if (::fcntl(mine.get(), F_SETFL, O_NONBLOCK) != 0) {
    return ErrnoError(errno, "making the launcher's socket non-blocking");
  }
  return Launcher(std::move(mine), pid);
}

Launcher::~Launcher() {
  if (!socket_) return;
  socket_.Close();
  // It kills its gangs and leaves; the wait is bounded by that (SIGKILL, then at most 10 s).
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
}

void Launcher::Start(const LaunchRequest& request, FileDescriptor output) {
  waiting_.push_back({EncodeLaunchRequest(request), std::move(output)});
}

void Launcher::Stop(std::int64_t gang, std::int64_t grace_ms) {
  LaunchRequest request;
  request.kind = LaunchRequest::Kind::kStop;
  request.gang = gang;
  request.grace_ms = grace_ms;
  waiting_.push_back({EncodeLaunchRequest(request), FileDescriptor()});
}

void Launcher::Kill(std::int64_t gang) {
  LaunchRequest request;
  request.kind = LaunchRequest::Kind::kKill;
  request.gang = gang;
  waiting_.push_back({EncodeLaunchRequest(request), FileDescriptor()});
}

Result<bool> Launcher::Flush() {
  while (!waiting_.empty()) {
    const Status sent =
        SendPacket(socket_.get(), waiting_.front().text, waiting_.front().descriptor.get());
    if (!sent && sent.error().code() == ErrorCode::kUnavailable) return false;
    if (!sent) return sent.error().Wrap("the launcher process is gone");
    waiting_.pop_front();
  }
  return true;
}

Result<std::vector<LaunchEvent>> Launcher::Read() {
  std::vector<LaunchEvent> events;
  while (true) {
    auto packet = ReceivePacket(socket_.get());
    if (!packet) {
      if (packet.error().code() == ErrorCode::kUnavailable) return events;
      if (!events.empty()) return events;  // the end of the socket is read again
      return packet.error();
    }
    TUTTI_ASSIGN_OR_RETURN(LaunchEvent event, DecodeLaunchEvent(packet->text));
    events.push_back(std::move(event));
  }
}

}  // namespace tutti::worker
