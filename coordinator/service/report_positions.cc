#include "coordinator/service/report_positions.h"

#include <algorithm>

namespace tutti {

void ReportPositions::Restore(const std::vector<storage::RunStore::AttemptPosition>& positions) {
  for (const auto& p : positions) positions_[p.attempt] = {p.fence, p.last_seq, p.last_seq};
}

ReportPositions::Decision ReportPositions::Check(AttemptId attempt, std::int64_t fence,
                                                 std::int64_t seq,
                                                 std::optional<std::int64_t> live_fence) const {
  using Kind = Decision::Kind;
  Position position{fence, 0, 0};
  if (const auto found = positions_.find(attempt); found != positions_.end()) {
    position = found->second;
  }
  // What was stored as canonical stays so, also when the attempt has ended since.
  if (position.fence == fence && seq >= 1 && seq <= position.accepted) {
    return {Kind::kDuplicate, position.committed};
  }
  if (!live_fence || *live_fence != fence || position.fence != fence || seq < 1) {
    return {Kind::kFenced, 0};
  }
  if (seq != position.accepted + 1) return {Kind::kGap, position.committed};
  return {Kind::kAccept, position.committed};
}

void ReportPositions::Accepted(AttemptId attempt, std::int64_t fence, std::int64_t seq) {
  Position& position = positions_[attempt];
  position.fence = fence;
  position.accepted = seq;
}

void ReportPositions::Committed(AttemptId attempt, std::int64_t seq) {
  Position& position = positions_[attempt];
  position.committed = std::max(position.committed, seq);
}

}  // namespace tutti
