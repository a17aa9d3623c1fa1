#include "worker/trainer/socket_link.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tutti::trainer {
namespace {

// The end of the connection is the worker's end; there is nobody to report it to.
[[noreturn]] void WorkerIsGone(const char* why) {
  std::fprintf(stderr, "tutti-trainer: the connection to the worker is gone (%s); ending\n", why);
  std::fflush(stderr);
  _exit(0);
}

StopRequest StopOf(const Record& record) {
  const Json* how = record.header.Find("how");
  if (how == nullptr || !how->is_string()) return StopRequest::kKill;
  if (how->AsString() == "checkpoint") return StopRequest::kCheckpoint;
  if (how->AsString() == "finish") return StopRequest::kFinish;
  return StopRequest::kKill;
}

bool IsFor(const Record& record, std::int64_t attempt) {
  auto named = record.header.GetInt("attempt");
  return named && *named == attempt;
}

}  // namespace

Result<std::unique_ptr<SocketLink>> SocketLink::Connect(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return InvalidArgument("the socket path is longer than " +
                           std::to_string(sizeof address.sun_path - 1) + " bytes: " + path);
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return ErrnoError(errno, "cannot make a socket");
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int failed = errno;
    close(fd);
    return ErrnoError(failed, "cannot connect to the worker at " + path);
  }
  return std::unique_ptr<SocketLink>(new SocketLink(fd));
}

SocketLink::~SocketLink() { close(fd_); }

void SocketLink::Send(Record record) {
  const std::string frame = EncodeRecord(record);
  std::size_t sent = 0;
  while (sent < frame.size()) {
    const ssize_t n = send(fd_, frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) WorkerIsGone(std::strerror(errno));
    sent += static_cast<std::size_t>(n);
  }
}

Result<bool> SocketLink::Fill(bool wait) {
  std::array<char, 65536> buffer;
  const ssize_t n = recv(fd_, buffer.data(), buffer.size(), wait ? 0 : MSG_DONTWAIT);
  if (n > 0) {
    decoder_.Feed({buffer.data(), static_cast<std::size_t>(n)});
    Record record;
    while (true) {
      TUTTI_ASSIGN_OR_RETURN(const auto outcome, decoder_.Next(record));
      if (outcome == RecordDecoder::Outcome::kNeedMore) return true;
      waiting_.push_back(std::move(record));
    }
  }
  if (n == 0) return false;
  if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK) return true;
  return ErrnoError(errno, "cannot read from the worker");
}

StopRequest SocketLink::PollStop(std::int64_t attempt) {
  auto filled = Fill(false);
  if (!filled) WorkerIsGone(filled.error().ToString().c_str());
  if (!*filled) WorkerIsGone("closed");
  StopRequest stop = StopRequest::kNone;
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    if (it->type() == "stop" && IsFor(*it, attempt)) {
      stop = StopOf(*it);
      it = waiting_.erase(it);
    } else {
      if (it->type() == "shutdown") stop = StopRequest::kKill;
      ++it;
    }
  }
  return stop;
}

std::optional<std::int64_t> SocketLink::PollRunUntil(std::int64_t attempt) {
  auto filled = Fill(false);
  if (!filled) WorkerIsGone(filled.error().ToString().c_str());
  if (!*filled) WorkerIsGone("closed");
  std::optional<std::int64_t> newest;
  for (auto it = waiting_.begin(); it != waiting_.end();) {
    if (it->type() != "run_until" || !IsFor(*it, attempt)) {
      ++it;
      continue;
    }
    if (const auto value = it->header.GetInt("run_until"); value) newest = *value;
    it = waiting_.erase(it);
  }
  return newest;
}

Result<std::optional<Record>> SocketLink::Receive() {
  while (true) {
    while (!waiting_.empty()) {
      Record record = std::move(waiting_.front());
      waiting_.pop_front();
      const bool late = record.type() == "stop" || record.type() == "run_until";
      if (!late) return std::optional<Record>(std::move(record));
    }
    TUTTI_ASSIGN_OR_RETURN(const bool open, Fill(true));
    if (!open) return std::optional<Record>();
  }
}

}  // namespace tutti::trainer
