#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "experiments/core/ids.h"

// Where the running attempts are, as their workers last said: in memory only, for live views.

namespace tutti {

struct AttemptProgress {
  double epoch = 0;  // done; fractional within one
  double epochs = 0;
  std::int64_t step = 0;
  double images_per_second = 0;
  std::string section;  // "setup", "train", "evaluate", "checkpoint"
};

class ProgressBoard {
 public:
  void Set(AttemptId attempt, AttemptProgress progress) {
    by_attempt_[attempt] = std::move(progress);
  }
  void Forget(AttemptId attempt) { by_attempt_.erase(attempt); }
  const AttemptProgress* Find(AttemptId attempt) const {
    const auto found = by_attempt_.find(attempt);
    return found == by_attempt_.end() ? nullptr : &found->second;
  }

 private:
  std::map<AttemptId, AttemptProgress> by_attempt_;
};

}  // namespace tutti
