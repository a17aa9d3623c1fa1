#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

// One thread that owns the engine and everything that decides. Others hand it closures; it runs
// them one after the other, and timers in between. Steady clock throughout.

namespace tutti {

class EventLoop {
 public:
  using Task = std::function<void()>;

  // max_queued bounds what strangers may pile up (TryPost).
  explicit EventLoop(std::size_t max_queued = 100'000) : max_queued_(max_queued) {}
  ~EventLoop() { Stop(); }
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // `task` runs on the loop's thread every `period`. REQUIRES: before Start.
  void RunEvery(std::chrono::milliseconds period, Task task);
  void Start();
  // Ends after the task that runs now; what is still queued is destroyed without being run (a
  // closure that holds a call's Responder thereby answers it). Called by another thread.
  void Stop();

  // For requests from outside: false if the queue is full or the loop has stopped.
  bool TryPost(Task task);
  // For completions of what the loop itself has started, which are bounded by that.
  void Post(Task task);

 private:
  struct Timer {
    std::chrono::milliseconds period;
    std::chrono::steady_clock::time_point due;
    Task task;
  };
  void Run();
  // Runs the timers that are due; returns when the next one is.
  std::chrono::steady_clock::time_point RunTimers();

  const std::size_t max_queued_;
  std::vector<Timer> timers_;
  std::thread thread_;
  std::mutex mutex_;  // guards tasks_, stopping_
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  bool stopping_ = false;
};

}  // namespace tutti
