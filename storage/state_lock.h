#pragma once

#include <string>
#include <utility>

#include "experiments/core/result.h"

// One coordinator per state directory: an open-file-description lock on STATE/lock, held as long
// as the object lives (and released by the kernel if the process dies). The file holds the
// owner's process id for messages; it is never removed, so that two processes cannot lock two
// files of the same name.

namespace tutti::storage {

class StateLock {
 public:
  // Creates state_dir (0700) and the lock file (0600) if they are missing. kFailedPrecondition if
  // another process (or object) holds the lock: the message names its process id.
  static Result<StateLock> Acquire(const std::string& state_dir);

  StateLock(StateLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  StateLock& operator=(StateLock&& other) noexcept;
  ~StateLock();

 private:
  explicit StateLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace tutti::storage
