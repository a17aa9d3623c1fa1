#include "worker/entrypoint/worker_link.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace tutti::entrypoint {

Result<std::unique_ptr<WorkerLink>> WorkerLink::Connect(worker::EventLoop& loop,
                                                        const std::string& path,
                                                        std::function<void(Record&&)> on_record,
                                                        std::function<void()> on_closed) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return InvalidArgument("the worker's socket path is too long: " + path);
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  worker::FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) return ErrnoError(errno, "making a socket");
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    return ErrnoError(errno, "connecting to the worker at " + path);
  }
  return std::unique_ptr<WorkerLink>(new WorkerLink(loop, std::move(socket), std::move(on_record),
                                                    std::move(on_closed)));
}

WorkerLink::WorkerLink(worker::EventLoop& loop, worker::FileDescriptor socket,
                       std::function<void(Record&&)> on_record, std::function<void()> on_closed)
    : loop_(loop),
      socket_(std::move(socket)),
      on_record_(std::move(on_record)),
      on_closed_(std::move(on_closed)) {
  loop_.Watch(socket_.get(), EPOLLIN, [this](std::uint32_t) { Read(); });
}

WorkerLink::~WorkerLink() {
  if (socket_) loop_.Unwatch(socket_.get());
}

void WorkerLink::Close() {
  if (!socket_) return;
  loop_.Unwatch(socket_.get());
  socket_.Close();
  on_closed_();
}

void WorkerLink::Send(const Record& record) {
  const std::string frame = EncodeRecord(record);
  std::size_t sent = 0;
  while (socket_ && sent < frame.size()) {
    const ssize_t n =
        ::send(socket_.get(), frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Close();
    sent += static_cast<std::size_t>(n);
  }
}

void WorkerLink::Read() {
  std::array<char, 65536> bytes;
  while (socket_) {
    const ssize_t n = ::recv(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n <= 0) return Close();
    decoder_.Feed({bytes.data(), static_cast<std::size_t>(n)});
    while (socket_) {
      Record record;
      const auto outcome = decoder_.Next(record);
      if (!outcome) {
        std::fprintf(stderr, "tutti-entrypoint: from the worker: %s\n",
                     outcome.error().ToString().c_str());
        return Close();
      }
      if (*outcome == RecordDecoder::Outcome::kNeedMore) break;
      on_record_(std::move(record));
    }
  }
}

}  // namespace tutti::entrypoint
