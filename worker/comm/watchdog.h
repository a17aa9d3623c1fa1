#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

// Gives blocking collective calls a deadline. MPI_Allreduce cannot be interrupted, so what a
// deadline can do is end the process; the worker then stops the rest of the gang.

namespace tutti::comm {

inline constexpr int kWatchdogExitCode = 75;  // EX_TEMPFAIL: an infrastructure failure

class Watchdog {
 public:
  // on_expiry gets the name of the call that hangs. The default prints it and ends the process
  // with kWatchdogExitCode; tests pass their own.
  explicit Watchdog(std::chrono::milliseconds deadline,
                    std::function<void(const std::string&)> on_expiry = {});
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Watches the enclosing scope. One at a time, from one thread. `call` must be a literal.
  class Scope {
   public:
    Scope(Watchdog& watchdog, const char* call);
    ~Scope();
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Watchdog& watchdog_;
  };

 private:
  void Run();

  const std::chrono::milliseconds deadline_;
  const std::function<void(const std::string&)> on_expiry_;
  // Arming must cost nanoseconds, since an allreduce takes a tenth of a millisecond: two atomic
  // stores; the thread looks a few times per deadline.
  std::atomic<std::int64_t> expires_ns_{0};  // steady clock; 0: nothing is watched
  std::atomic<const char*> call_{nullptr};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace tutti::comm
