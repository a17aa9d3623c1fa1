#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "worker/process/file_descriptor.h"

// One epoll set with a callback per descriptor. One thread owns it; only Wake may be called from
// others.

namespace tutti::worker {

class EventLoop {
 public:
  // `events`: EPOLLIN | EPOLLOUT | … that happened.
  using Callback = std::function<void(std::uint32_t events)>;

  EventLoop();  // CHECKs that the kernel gives it its descriptors

  // The caller owns fd and calls Unwatch before it closes it. A callback may Watch and Unwatch
  // anything, itself included.
  void Watch(int fd, std::uint32_t events, Callback callback);
  void SetEvents(int fd, std::uint32_t events);
  void Unwatch(int fd);

  // Waits until something happens or the time is over, then calls what is due.
  void RunOnce(std::chrono::milliseconds timeout);
  // From any thread: the current or the next RunOnce returns at once.
  void Wake();

 private:
  FileDescriptor epoll_;
  FileDescriptor wake_;
  std::map<int, std::shared_ptr<Callback>> callbacks_;  // shared: one may unwatch itself
};

}  // namespace tutti::worker
