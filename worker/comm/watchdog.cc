#include "worker/comm/watchdog.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <unistd.h>

namespace tutti::comm {
namespace {

std::int64_t NowNs() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

void EndProcess(const std::string& call) {
  std::fprintf(stderr, "tutti-trainer: %s did not finish before its deadline; another rank is gone "
               "or stuck; ending this rank\n", call.c_str());
  std::fflush(stderr);
  _exit(kWatchdogExitCode);
}

}  // namespace

Watchdog::Watchdog(std::chrono::milliseconds deadline,
                   std::function<void(const std::string&)> on_expiry)
    : deadline_(deadline),
      on_expiry_(on_expiry ? std::move(on_expiry) : EndProcess),
      thread_([this] { Run(); }) {}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

Watchdog::Scope::Scope(Watchdog& watchdog, const char* call) : watchdog_(watchdog) {
  watchdog_.call_.store(call, std::memory_order_relaxed);
  const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(watchdog_.deadline_).count();
  watchdog_.expires_ns_.store(NowNs() + ns, std::memory_order_release);
}

Watchdog::Scope::~Scope() { watchdog_.expires_ns_.store(0, std::memory_order_release); }

void Watchdog::Run() {
  const auto period = std::clamp(deadline_ / 4, std::chrono::milliseconds(5),
                                 std::chrono::milliseconds(1000));
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, period, [this] { return stopping_; })) {
    const std::int64_t expires = expires_ns_.load(std::memory_order_acquire);
    if (expires == 0 || NowNs() < expires) continue;
    expires_ns_.store(0, std::memory_order_release);
    on_expiry_(call_.load(std::memory_order_relaxed));
  }
}

}  // namespace tutti::comm
