#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <vector>

#include "experiments/core/record.h"
#include "worker/agent/session.h"
#include "worker/agent/spool.h"

// All spools of a worker, and their way into the session.

namespace tutti::worker {

class ReportOutbox {
 public:
  // Empties `directory`: what an earlier worker left there ended with it.
  static Result<std::unique_ptr<ReportOutbox>> Create(const std::filesystem::path& directory,
                                                      SpoolBudget budget);

  // REQUIRES: the attempt was opened and not closed since.
  void Open(AttemptId attempt, std::int64_t fence);
  bool IsOpen(AttemptId attempt) const { return spools_.contains(attempt); }
  // 0 if it is not open.
  std::int64_t FenceOf(AttemptId attempt) const;
  // A report of an attempt that is not open (fenced, or ended) is dropped. `hold_ticket`: Spool.
  void Append(AttemptId attempt, const Record& record, Spool::Class cls,
              std::int64_t hold_ticket = 0);
  void Release(AttemptId attempt, std::int64_t ticket);
  void Discard(AttemptId attempt, std::int64_t ticket);
  // The attempt's last report was appended: the spool goes when all is acknowledged.
  void Finish(AttemptId attempt);

  // kFenced drops the spool.
  void OnAck(const AckArrived& ack);
  // A new session.
  void RewindAll();
  // Sends as much as the session takes, one part per attempt in turn.
  void Pump(Session& session);

 private:
  explicit ReportOutbox(std::filesystem::path directory, SpoolBudget budget)
      : directory_(std::move(directory)), budget_(budget) {}
  void EraseIfDone(AttemptId attempt);

  struct Outgoing {
    std::unique_ptr<Spool> spool;
    bool finished = false;
    std::optional<Spool::Part> refused;  // the session had no room for it
  };
  std::filesystem::path directory_;
  SpoolBudget budget_;
  std::map<AttemptId, Outgoing> spools_;
};

}  // namespace tutti::worker
