#include "worker/agent/trainer_link.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace tutti::worker {
namespace {

// What a trainer may leave unread before the next record; one record may be larger (a task's).
constexpr std::size_t kMaxOut = 16u << 20;
constexpr std::size_t kReadBudget = 4u << 20;  // a round of the loop serves the others too

}  // namespace

Result<std::unique_ptr<TrainerLink>> TrainerLink::Listen(EventLoop& loop, const std::string& path,
                                                         Events events) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return InvalidArgument("the trainers' socket path '" + path + "' has " +
                           std::to_string(path.size()) + " bytes; at most " +
                           std::to_string(sizeof(address.sun_path) - 1) +
                           " fit. Use a shorter --work-dir");
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  FileDescriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener) return ErrnoError(errno, "making the trainers' socket");
  ::unlink(path.c_str());
  const mode_t old_mask = ::umask(0177);
  const int bound =
      ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  const int error = errno;
  ::umask(old_mask);
  if (bound != 0) return ErrnoError(error, "binding the trainers' socket " + path);
  if (::listen(listener.get(), 128) != 0) return ErrnoError(errno, "listening on " + path);
  return std::unique_ptr<TrainerLink>(
      new TrainerLink(loop, path, std::move(listener), std::move(events)));
}

TrainerLink::TrainerLink(EventLoop& loop, std::string path, FileDescriptor listener, Events events)
    : loop_(loop),
      path_(std::move(path)),
      listener_(std::move(listener)),
      events_(std::move(events)) {
  loop_.Watch(listener_.get(), EPOLLIN, [this](std::uint32_t) { Accept(); });
}

TrainerLink::~TrainerLink() {
  for (const auto& [fd, connection] : connections_) loop_.Unwatch(fd);
  loop_.Unwatch(listener_.get());
  ::unlink(path_.c_str());
}

void TrainerLink::Accept() {
  while (true) {
    FileDescriptor socket(
        ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) return;
    ucred peer{};
    socklen_t size = sizeof(peer);
    if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
        peer.uid != ::geteuid()) {
      continue;  // another user: closed without a word
    }
    const int fd = socket.get();
    auto connection = std::make_unique<Connection>();
    connection->socket = std::move(socket);
    connections_[fd] = std::move(connection);
    loop_.Watch(fd, EPOLLIN, [this, fd](std::uint32_t events) { OnReady(fd, events); });
  }
}

void TrainerLink::OnReady(int fd, std::uint32_t events) {
  auto it = connections_.find(fd);
  if (it == connections_.end()) return;
  if ((events & EPOLLOUT) != 0 && !Write(*it->second)) {
    return Close(fd, "writing failed: " + std::string(std::strerror(errno)));
  }
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) ReadRecords(fd);
}

bool TrainerLink::ReadRecords(int fd) {
  std::vector<char> buffer(256 * 1024);
  std::size_t taken = 0;
  while (taken < kReadBudget) {
    auto it = connections_.find(fd);
    if (it == connections_.end()) return false;
    const ssize_t n = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    if (n <= 0) {
      Close(fd, n == 0 ? "" : std::strerror(errno));
      return false;
    }
    taken += static_cast<std::size_t>(n);
    it->second->decoder.Feed({buffer.data(), static_cast<std::size_t>(n)});
    while (true) {
      it = connections_.find(fd);
      if (it == connections_.end()) return false;
      Record record;
      const auto outcome = it->second->decoder.Next(record);
      if (!outcome) {
        Close(fd, outcome.error().ToString());
        return false;
      }
      if (*outcome == RecordDecoder::Outcome::kNeedMore) break;
      if (!Dispatch(fd, std::move(record))) return false;
    }
  }
  return true;
}

bool TrainerLink::Dispatch(int fd, Record&& record) {
  Connection& connection = *connections_.at(fd);
  if (connection.greeted) {
    events_.on_record(connection.rank, std::move(record));
    return connections_.contains(fd);
  }
  if (record.type() == "remote_exec" && events_.on_remote_exec) {
    const bool taken = events_.on_remote_exec(record);
    connection.out += EncodeRecord(
        {Json::MakeObject({{"type", "remote_exec"}, {"taken", taken}}), ""});
    if (Write(connection)) return true;  // the client closes
    Close(fd, "");
    return false;
  }
  const auto allocation = record.header.GetInt("allocation");
  const auto rank = record.header.GetInt("rank");
  if (record.type() != "hello" || !allocation || !rank || *rank < 0 || *rank > 1'000'000) {
    Close(fd, "the first record was no hello");
    return false;
  }
  const TrainerRank who{AllocationId(*allocation), static_cast<int>(*rank)};
  if (ranks_.contains(who) || !events_.on_hello) {
    Close(fd, "this rank is connected already");
    return false;
  }
  connection.rank = who;
  connection.greeted = true;
  ranks_[who] = fd;
  if (!events_.on_hello(who, record)) {
    ranks_.erase(who);
    const auto it = connections_.find(fd);
    if (it == connections_.end()) return false;
    it->second->greeted = false;  // no on_closed for a rank that was never accepted
    Close(fd, "refused");
    return false;
  }
  return connections_.contains(fd);
}

bool TrainerLink::Send(TrainerRank rank, const Record& record) {
  const auto it = ranks_.find(rank);
  if (it == ranks_.end()) return false;
  Connection& connection = *connections_.at(it->second);
  if (!connection.broken.empty()) return false;
  if (connection.out.size() - connection.out_at > kMaxOut) {
    connection.broken = "it does not read what it is sent";
    return false;
  }
  connection.out += EncodeRecord(record);
  if (!Write(connection)) {
    connection.broken = "writing failed: " + std::string(std::strerror(errno));
  }
  return connection.broken.empty();
}

void TrainerLink::CloseBroken() {
  std::vector<std::pair<int, std::string>> broken;
  for (const auto& [fd, connection] : connections_) {
    if (!connection->broken.empty()) broken.emplace_back(fd, connection->broken);
  }
  for (const auto& [fd, why] : broken) Close(fd, why);
}

bool TrainerLink::Write(Connection& connection) {
  while (connection.out_at < connection.out.size()) {
    const ssize_t n = ::send(connection.socket.get(), connection.out.data() + connection.out_at,
                             connection.out.size() - connection.out_at, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      loop_.SetEvents(connection.socket.get(), EPOLLIN | EPOLLOUT);
      return true;
    }
    if (n < 0) return false;
    connection.out_at += static_cast<std::size_t>(n);
  }
  connection.out.clear();
  connection.out_at = 0;
  loop_.SetEvents(connection.socket.get(), EPOLLIN);
  return true;
}

void TrainerLink::Close(int fd, const std::string& why) {
  const auto it = connections_.find(fd);
  if (it == connections_.end()) return;
  const bool greeted = it->second->greeted;
  const TrainerRank rank = it->second->rank;
  const std::string reason = why;  // `why` may live in the connection
  loop_.Unwatch(fd);
  connections_.erase(it);
  if (!greeted) return;
  ranks_.erase(rank);
  events_.on_closed(rank, reason);
}

void TrainerLink::Disconnect(AllocationId allocation) {
  for (auto it = ranks_.begin(); it != ranks_.end();) {
    if (it->first.allocation != allocation) {
      ++it;
      continue;
    }
    loop_.Unwatch(it->second);
    connections_.erase(it->second);
    it = ranks_.erase(it);
  }
}

}  // namespace tutti::worker
