#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "experiments/core/ids.h"
#include "experiments/core/result.h"

// What trainers print: STATE/logs/EXPERIMENT.TRIAL.log as it came, and STATE/logs/EXPERIMENT.log
// with all trials in order of arrival, each line after "[EXPERIMENT.TRIAL] ". One thread writes;
// logs are telemetry, so a full queue drops text and says how much. Thread-safe.

namespace tutti {

class LogFiles {
 public:
  // Which file: trial_no 0 is the experiment's.
  struct Key {
    ExperimentId experiment;
    std::int64_t trial_no = 0;
    auto operator<=>(const Key&) const = default;
  };

  // Creates `directory` (0700).
  static Result<std::unique_ptr<LogFiles>> Open(std::string directory);
  ~LogFiles();
  LogFiles(const LogFiles&) = delete;
  LogFiles& operator=(const LogFiles&) = delete;

  // REQUIRES: key.trial_no > 0.
  void Append(Key key, std::string text);
  // No more text is expected: followers of this file end when they have read all that came before.
  void End(Key key);

  // Up to max_bytes from `offset`, whole lines where the file has any; "" at the end or where
  // there is no file yet. Blocks on the disk.
  Result<std::string> Read(Key key, std::int64_t offset, std::size_t max_bytes) const;
  // Where the last `lines` lines begin. Blocks on the disk.
  std::int64_t TailOffset(Key key, std::int64_t lines) const;

  // on_change is called on the writing thread after text was written or the file ended; it must
  // not block. Returns a number for Unsubscribe, after which it is not called any more.
  std::int64_t Subscribe(Key key, std::function<void()> on_change);
  void Unsubscribe(std::int64_t subscription);
  bool HasEnded(Key key) const;

 private:
  struct Job {
    Key key;
    std::string text;
    bool end = false;
  };
  explicit LogFiles(std::string directory);
  std::string PathOf(Key key) const;
  void Run();
  void Write(const Job& job);
  void Notify(Key key);

  const std::string directory_;
  mutable std::mutex mutex_;  // guards all below but thread_
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  std::size_t queued_bytes_ = 0;
  std::map<Key, std::size_t> dropped_bytes_;
  std::set<Key> ended_;
  bool stopping_ = false;
  std::mutex subscribers_mutex_;  // guards subscribers_; held while they are called
  std::map<std::int64_t, std::pair<Key, std::function<void()>>> subscribers_;
  std::int64_t next_subscription_ = 1;
  std::thread thread_;
};

}  // namespace tutti
