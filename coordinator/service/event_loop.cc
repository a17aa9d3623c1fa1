#include "coordinator/service/event_loop.h"

#include <algorithm>
#include <utility>

namespace tutti {

using Clock = std::chrono::steady_clock;

void EventLoop::RunEvery(std::chrono::milliseconds period, Task task) {
  timers_.push_back({period, Clock::now() + period, std::move(task)});
}

void EventLoop::Start() {
  thread_ = std::thread([this] { Run(); });
}

void EventLoop::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  std::deque<Task> dropped;
  {
    const std::lock_guard lock(mutex_);
    dropped.swap(tasks_);
  }
}

bool EventLoop::TryPost(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || tasks_.size() >= max_queued_) return false;
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
  return true;
}

void EventLoop::Post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

Clock::time_point EventLoop::RunTimers() {
  Clock::time_point next = Clock::now() + std::chrono::hours(1);
  for (Timer& timer : timers_) {
    const Clock::time_point now = Clock::now();
    if (timer.due <= now) {
      timer.task();
      timer.due = std::max(timer.due + timer.period, now);
    }
    next = std::min(next, timer.due);
  }
  return next;
}

void EventLoop::Run() {
  std::deque<Task> batch;
  while (true) {
    const Clock::time_point next = RunTimers();
    {
      std::unique_lock lock(mutex_);
      wake_.wait_until(lock, next, [this] { return stopping_ || !tasks_.empty(); });
      if (stopping_) return;
      // One at a time, so that timers keep their rhythm under load and Stop drops the rest.
      if (!tasks_.empty()) {
        batch.push_back(std::move(tasks_.front()));
        tasks_.pop_front();
      }
    }
    if (!batch.empty()) {
      batch.front()();
      batch.clear();
    }
  }
}

}  // namespace tutti
