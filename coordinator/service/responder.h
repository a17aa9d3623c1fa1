#pragma once

#include <atomic>
#include <functional>
#include <utility>

#include "experiments/core/result.h"

// Ends one unary call, exactly once, from any thread: with the status it is given, or as
// kUnavailable when the last holder goes away without having answered (a shutdown drops queues).
// Held by shared_ptr because closures that may be dropped share it.

namespace tutti {

class Responder {
 public:
  explicit Responder(std::function<void(const Status&)> end) : end_(std::move(end)) {}
  ~Responder() { Finish(Unavailable("the coordinator is shutting down; try again")); }
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;

  void Finish(const Status& status) {
    if (!ended_.exchange(true)) end_(status);
  }

 private:
  const std::function<void(const Status&)> end_;
  std::atomic<bool> ended_{false};
};

}  // namespace tutti
