#include "worker/entrypoint/line_connection.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace tutti::entrypoint {
namespace {

constexpr std::size_t kMostUnread = 4u << 20;

}  // namespace

bool LineBuffer::Feed(std::string_view bytes, const std::function<void(std::string_view)>& take) {
  bool whole = true;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    if (!skipping_ && line_.size() + piece.size() > kLongestLine) {
      skipping_ = true;
      whole = false;
      line_.clear();
    }
    if (end == std::string_view::npos) {
      if (!skipping_) line_ += piece;
      return whole;
    }
    if (!skipping_) {
      if (line_.empty()) {
        take(piece);
      } else {
        line_ += piece;
        const std::string line = std::exchange(line_, "");
        take(line);
      }
    }
    skipping_ = false;
    bytes.remove_prefix(end + 1);
  }
  return whole;
}

LineConnection::LineConnection(worker::EventLoop& loop, worker::FileDescriptor socket,
                               std::function<void(std::string_view)> on_line,
                               std::function<void()> on_closed)
    : loop_(loop),
      socket_(std::move(socket)),
      on_line_(std::move(on_line)),
      on_closed_(std::move(on_closed)) {
  loop_.Watch(socket_.get(), EPOLLIN, [this](std::uint32_t events) { OnReady(events); });
}

LineConnection::~LineConnection() {
  if (!closed_) loop_.Unwatch(socket_.get());
}

void LineConnection::Send(const Json& message) {
  if (closed_ || out_.size() > kMostUnread) return;
  const bool idle = out_.empty();
  out_ += message.Dump();
  out_ += '\n';
  if (idle) Write();
}

void LineConnection::Write() {
  while (!out_.empty()) {
    const ssize_t n =
        ::send(socket_.get(), out_.data(), out_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      return loop_.SetEvents(socket_.get(), EPOLLIN | EPOLLOUT);
    }
    // The other side is gone; reading will say so.
    if (n < 0) return out_.clear();
    out_.erase(0, static_cast<std::size_t>(n));
  }
}

void LineConnection::Drain() {
  std::array<char, 65536> bytes;
  while (!closed_) {
    const ssize_t n = ::recv(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
    if (n > 0) {
      buffer_.Feed({bytes.data(), static_cast<std::size_t>(n)}, on_line_);
      continue;
    }
    closed_ = true;
    loop_.Unwatch(socket_.get());
    return on_closed_();
  }
}

void LineConnection::OnReady(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) {
    loop_.SetEvents(socket_.get(), EPOLLIN);
    Write();
  }
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) Drain();
}

}  // namespace tutti::entrypoint
