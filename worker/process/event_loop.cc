#include "worker/process/event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>

#include "experiments/core/check.h"

namespace tutti::worker {

EventLoop::EventLoop()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  TUTTI_CHECK(epoll_ && wake_, "no descriptors left for the event loop");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wake_.get();
  TUTTI_CHECK(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) == 0, "epoll_ctl");
}

void EventLoop::Watch(int fd, std::uint32_t events, Callback callback) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  TUTTI_CHECK(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0,
              "watching a descriptor twice, or a closed one");
  callbacks_[fd] = std::make_shared<Callback>(std::move(callback));
}

void EventLoop::SetEvents(int fd, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  TUTTI_CHECK(::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0, "not watched");
}

void EventLoop::Unwatch(int fd) {
  if (callbacks_.erase(fd) == 0) return;
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

void EventLoop::RunOnce(std::chrono::milliseconds timeout) {
  std::array<epoll_event, 64> events;
  const int n = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                             static_cast<int>(timeout.count()));
  TUTTI_CHECK(n >= 0 || errno == EINTR, "epoll_wait");
  for (int i = 0; i < n; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.fd == wake_.get()) {
      std::uint64_t count = 0;
      while (::read(wake_.get(), &count, sizeof(count)) > 0) {
      }
      continue;
    }
    const auto it = callbacks_.find(event.data.fd);
    if (it == callbacks_.end()) continue;  // an earlier callback of this round removed it
    const std::shared_ptr<Callback> callback = it->second;
    (*callback)(event.events);
  }
}

void EventLoop::Wake() {
  const std::uint64_t one = 1;
  const ssize_t written = ::write(wake_.get(), &one, sizeof(one));
  // A full counter means that a wake-up is already pending.
  TUTTI_CHECK(written == sizeof(one) || errno == EAGAIN, "waking the event loop");
}

}  // namespace tutti::worker
