#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "experiments/core/json.h"
#include "worker/agent/session.h"

// What may be thinned: the newest progress of each attempt, and log lines, at most four times a
// second. Nothing here is repeated or acknowledged.

namespace tutti::worker {

class Telemetry {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds kInterval{250};
  static constexpr std::size_t kMaxLogBytes = 256 * 1024;  // between two flushes

  void Progress(AttemptId attempt, const Json& header);
  // One line, without its newline. Beyond kMaxLogBytes lines are counted, not kept.
  void Log(AttemptId attempt, const std::string& line);

  bool empty() const { return progress_.empty() && logs_.empty(); }
  // When Flush may send what is there.
  Time due() const { return last_flush_ + kInterval; }
  void Flush(Session& session, Time now);

 private:
  std::map<AttemptId, ProgressReport> progress_;
  std::map<AttemptId, std::string> logs_;
  std::size_t log_bytes_ = 0;
  std::int64_t lines_dropped_ = 0;
  Time last_flush_;
};

}  // namespace tutti::worker
