#include "storage/query_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string_view>
#include <utility>

#include "storage/query_record.h"

namespace tutti::storage {
namespace {

using Clock = std::chrono::steady_clock;

Error PastDeadline(const QueryRequest& request) {
  return {ErrorCode::kDeadlineExceeded,
          "the query ran longer than its limit of " + std::to_string(request.limits.timeout_ms) +
              " ms (reading its rows included)"};
}

// One helper and our end of the socket that is its stdin and stdout. Its end is the helper's end.
class HelperProcess {
 public:
  HelperProcess(pid_t pid, int fd, Clock::time_point deadline)
      : pid_(pid), fd_(fd), deadline_(deadline) {}
  HelperProcess(const HelperProcess&) = delete;
  HelperProcess& operator=(const HelperProcess&) = delete;
  ~HelperProcess() {
    close(fd_);
    kill(pid_, SIGKILL);  // it is not reaped yet, so that the number is still its own
    Reap();
  }

  // False: the deadline passed.
  Result<bool> WaitFor(short events) {
    while (true) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
      if (left.count() <= 0) return false;
      pollfd entry{fd_, events, 0};
      const int ready = poll(&entry, 1, static_cast<int>(left.count()));
      if (ready > 0) return true;
      if (ready < 0 && errno != EINTR) return ErrnoError(errno, "cannot wait for the query helper");
    }
  }

  // False: the deadline passed. A helper that died early is found when its reply is read.
  Result<bool> Send(std::string_view bytes) {
    while (!bytes.empty()) {
      TUTTI_ASSIGN_OR_RETURN(const bool ready, WaitFor(POLLOUT));
      if (!ready) return false;
      const ssize_t n = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (n < 0 && (errno == EPIPE || errno == ECONNRESET)) return true;
      if (n < 0 && errno != EAGAIN && errno != EINTR) {
        return ErrnoError(errno, "cannot send the query to its helper");
      }
      if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  // The number of bytes; 0 at the end. REQUIRES: WaitFor(POLLIN) said true.
  Result<std::size_t> Receive(std::array<char, 65536>& buffer) {
    while (true) {
      const ssize_t n = recv(fd_, buffer.data(), buffer.size(), 0);
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno == ECONNRESET) return std::size_t{0};
      if (errno != EINTR) return ErrnoError(errno, "cannot read from the query helper");
    }
  }

  // Why the helper ended without a last record. REQUIRES: its end of the socket is closed.
  Error WhyGone(const QueryRequest& request) {
    // It has closed its socket but may hang on the way out.
    kill(pid_, SIGKILL);
    const int status = Reap();
    if (WIFEXITED(status) && WEXITSTATUS(status) == kOutOfMemoryExit) {
      return {ErrorCode::kResourceExhausted,
              "the query needs more than its " + std::to_string(request.memory_bytes >> 20) +
                  " MiB of memory: select fewer rows or columns"};
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) return PastDeadline(request);
    if (WIFSIGNALED(status)) {
      return Internal("the query helper ended by signal " + std::to_string(WTERMSIG(status)));
    }
    return Internal("the query helper ended with exit code " +
                    std::to_string(WEXITSTATUS(status)) + " and without a result");
  }

 private:
  int Reap() {
    if (reaped_) return status_;
    while (waitpid(pid_, &status_, 0) < 0 && errno == EINTR) {
    }
    reaped_ = true;
    return status_;
  }

  pid_t pid_;
  int fd_;
  Clock::time_point deadline_;
  bool reaped_ = false;
  int status_ = 0;
};

// Starts `program` with `fd` as stdin and stdout, no other descriptor but stderr, and no signal
// blocked. posix_spawn, because a fork of a process with threads may hardly do anything.
Result<pid_t> Spawn(const std::string& program, int fd) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, fd, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  std::string name = program;
  std::string flag = kQueryHelperFlag;
  std::array<char*, 3> argv{name.data(), flag.data(), nullptr};
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, program.c_str(), &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return ErrnoError(error, "cannot start the query helper " + program);
  return pid;
}

Status PassChunks(HelperProcess& helper, const QueryRequest& request, const ChunkSink& on_chunk) {
  RecordDecoder decoder;
  std::array<char, 65536> buffer{};
  Record record;
  while (true) {
    TUTTI_ASSIGN_OR_RETURN(const auto outcome, decoder.Next(record));
    if (outcome == RecordDecoder::Outcome::kRecord) {
      TUTTI_ASSIGN_OR_RETURN(const ReceivedChunk received, ParseReply(record));
      if (!on_chunk(received.chunk)) {
        return Error(ErrorCode::kCancelled, "the reader stopped the query");
      }
      if (received.last) return Ok{};
      continue;
    }
    TUTTI_ASSIGN_OR_RETURN(const bool ready, helper.WaitFor(POLLIN));
    if (!ready) return PastDeadline(request);
    TUTTI_ASSIGN_OR_RETURN(const std::size_t n, helper.Receive(buffer));
    if (n == 0) return helper.WhyGone(request);
    decoder.Feed(std::string_view(buffer.data(), n));
  }
}

}  // namespace

Status RunQueryInHelper(const std::string& program, const QueryRequest& request,
                        const ChunkSink& on_chunk) {
  const Record record = RequestRecord(request);
  const std::size_t bytes = record.header.Dump().size();
  if (bytes > kMaxRequestBytes) {
    return InvalidArgument("the query and its parameters have " + std::to_string(bytes) +
                           " bytes, at most " + std::to_string(kMaxRequestBytes) + " are allowed");
  }
  const std::string frame = EncodeRecord(record);
  const Clock::time_point deadline =
      Clock::now() + std::chrono::milliseconds(request.limits.timeout_ms + kGraceMs);
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return ErrnoError(errno, "cannot start a query helper");
  }
  const auto pid = Spawn(program, ends[1]);
  close(ends[1]);
  if (!pid) {
    close(ends[0]);
    return pid.error();
  }
  HelperProcess helper(*pid, ends[0], deadline);
  TUTTI_ASSIGN_OR_RETURN(const bool sent, helper.Send(frame));
  if (!sent) return PastDeadline(request);
  return PassChunks(helper, request, on_chunk);
}

}  // namespace tutti::storage
