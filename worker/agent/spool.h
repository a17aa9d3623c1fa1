#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <optional>
#include <string>

#include "experiments/core/ids.h"
#include "experiments/core/result.h"
#include "worker/process/file_descriptor.h"

// The reports of one attempt between the trainer and the coordinator's commit. Encoded records are
// kept in memory while the worker's budget lasts, then in a file. A worker that is killed takes its
// trainers and their attempts with it, so the file is room, not durability: it is never read by
// another process and never synced.

namespace tutti::worker {

// Shared by all spools of a worker (one thread).
struct SpoolBudget {
  std::size_t memory_limit = 64u << 20;
  std::size_t memory_used = 0;
  std::size_t file_limit = std::size_t{4} << 30;  // beyond it telemetry is dropped, results are not
  std::size_t file_used = 0;
};

class Spool {
 public:
  enum class Class { kResult, kTelemetry };

  // `path` is created when memory runs out and removed by the destructor.
  Spool(AttemptId attempt, std::int64_t fence, std::filesystem::path path, SpoolBudget& budget);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  AttemptId attempt() const { return attempt_; }
  std::int64_t fence() const { return fence_; }

  // false: dropped, which happens to telemetry only. `hold`: this and all later reports stay here
  // until Release or Discard with the same ticket (a checkpoint whose files are being uploaded).
  bool Append(std::string encoded, Class cls, std::int64_t hold_ticket = 0);
  void Release(std::int64_t ticket);
  void Discard(std::int64_t ticket);

  // The next piece to send. Reports get their number when they are first taken.
  struct Part {
    std::int64_t seq = 0;
    std::int32_t part = 0;
    std::int32_t parts = 1;
    std::string data;
  };
  std::optional<Part> Next();

  // Committed up to and including seq: forgotten here.
  void Acknowledge(std::int64_t seq);
  // The coordinator has seq and wants the rest: everything after it is sent again. Repeated calls
  // with the same seq count once until something new was acknowledged or RewindAll was called.
  void Gap(std::int64_t seq);
  // A new session: everything that is not acknowledged is sent again.
  void RewindAll();
  // Replaced attempt: nothing is sent or kept any more.
  void Drop();

  bool empty() const { return entries_.empty(); }
  bool dropped() const { return dropped_; }
  std::int64_t thinned() const { return thinned_; }  // telemetry records dropped
  std::int64_t acknowledged() const { return acknowledged_; }

  static constexpr std::size_t kPartBytes = 256u << 10;  // fair between attempts

 private:
  struct Entry {
    std::string memory;        // empty if it is in the file
    std::size_t file_at = 0;
    std::size_t bytes = 0;
    bool in_file = false;
    std::int64_t hold_ticket = 0;
  };

  bool WriteToFile(Entry& entry, const std::string& encoded);
  std::string Bytes(const Entry& entry, std::size_t from, std::size_t count) const;
  void PopFront();

  AttemptId attempt_;
  std::int64_t fence_;
  std::filesystem::path path_;
  SpoolBudget& budget_;
  FileDescriptor file_;
  std::size_t file_size_ = 0;
  std::deque<Entry> entries_;      // entries_[i] has number acknowledged_ + 1 + i once taken
  std::int64_t acknowledged_ = 0;
  std::size_t numbered_ = 0;       // entries that were taken at least once
  std::size_t cursor_ = 0;         // next entry to send
  std::size_t cursor_offset_ = 0;  // and where in it
  std::optional<std::int64_t> gap_at_;
  std::int64_t thinned_ = 0;
  bool dropped_ = false;
};

}  // namespace tutti::worker
