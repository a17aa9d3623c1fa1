#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "experiments/core/ids.h"
#include "storage/run_store.h"

// Which report of each attempt comes next: the check that makes reports exactly-once. Pure.

namespace tutti {

class ReportPositions {
 public:
  // From the database at start: all of it is committed.
  void Restore(const std::vector<storage::RunStore::AttemptPosition>& positions);

  struct Decision {
    enum class Kind {
      kAccept,     // the next one: store it, then Accepted() and, after the commit, Committed()
      kDuplicate,  // stored or about to be; acknowledge up to `committed`
      kGap,        // one before it is missing; the sender goes back to committed + 1
      kFenced,     // the attempt was replaced or has ended: keep it as non-canonical
    } kind = Kind::kFenced;
    std::int64_t committed = 0;
  };
  // live_fence: the fence of the attempt in the engine, nullopt if it is unknown or has ended.
  Decision Check(AttemptId attempt, std::int64_t fence, std::int64_t seq,
                 std::optional<std::int64_t> live_fence) const;

  void Accepted(AttemptId attempt, std::int64_t fence, std::int64_t seq);
  void Committed(AttemptId attempt, std::int64_t seq);

 private:
  struct Position {
    std::int64_t fence = 0;
    std::int64_t accepted = 0;   // handed to the writer
    std::int64_t committed = 0;  // acknowledged
  };
  // Attempts that have ended stay, since an acknowledgement may be lost: 32 bytes each.
  std::map<AttemptId, Position> positions_;
};

}  // namespace tutti
