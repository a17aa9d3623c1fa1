#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "experiments/core/ids.h"
#include "experiments/core/record.h"
#include "experiments/core/result.h"

namespace tutti::v1 {
class Report;
}  // namespace tutti::v1

// A record as it travels in a session: one numbered report, cut into parts that stay well below
// gRPC's message limit.

namespace tutti::wire {

struct NumberedRecord {
  AttemptId attempt;
  std::int64_t fence = 0;
  std::int64_t seq = 0;  // from 1, +1 per attempt
  Record record;
};

// 256 KiB keeps a session's stream fair between attempts.
inline constexpr std::size_t kPartBytes = 256 * 1024;

// The messages for one report, in order. An already encoded frame (EncodeRecord) is taken as is, so
// that a spool does not decode what it only forwards. REQUIRES: part_bytes > 0.
std::vector<v1::Report> SplitFrame(AttemptId attempt, std::int64_t fence, std::int64_t seq,
                                   std::string_view frame, std::size_t part_bytes = kPartBytes);

// Puts the parts of reports together again. The parts of one report come in order; reports of
// different attempts may be interleaved. Not thread-safe; one per session.
class ReportAssembler {
 public:
  // max_bytes: all unfinished reports together.
  explicit ReportAssembler(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // nullopt: more parts are needed. A part 0 starts its attempt's report anew (a sender that was
  // told of a gap). Errors: kDataLoss (part out of order, bad counts, damaged frame),
  // kResourceExhausted (over max_bytes); the session must end then.
  Result<std::optional<NumberedRecord>> Add(const v1::Report& report);

 private:
  struct Unfinished {
    std::int64_t fence = 0;
    std::int64_t seq = 0;
    std::int32_t parts = 0;
    std::int32_t next_part = 0;
    std::string bytes;
  };
  std::size_t max_bytes_;
  std::size_t held_bytes_ = 0;
  std::map<std::int64_t, Unfinished> by_attempt_;
};

}  // namespace tutti::wire
