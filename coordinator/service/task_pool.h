#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

// A few threads for work that blocks on the disk (checkpoint files, log files, queries): gRPC's own
// threads and the event loop must never wait for a disk.

namespace tutti {

class TaskPool {
 public:
  using Task = std::function<void()>;

  TaskPool(int threads, std::size_t max_queued);
  ~TaskPool() { Stop(); }
  TaskPool(const TaskPool&) = delete;
  TaskPool& operator=(const TaskPool&) = delete;

  // False if the queue is full or the pool has stopped: the caller says RESOURCE_EXHAUSTED.
  bool TryPost(Task task);
  // Waits for the running tasks; queued ones are destroyed without being run.
  void Stop();

 private:
  void Run();

  const std::size_t max_queued_;
  std::mutex mutex_;  // guards tasks_, stopping_
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tutti
