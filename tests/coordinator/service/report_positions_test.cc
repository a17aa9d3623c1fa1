// Goal: every report is taken exactly once, whatever is repeated, lost or sent by the replaced.
// Method: the pure check, one row per situation.

#include "coordinator/service/report_positions.h"

#include <gtest/gtest.h>

namespace tutti {
namespace {

using Kind = ReportPositions::Decision::Kind;

struct Case {
  const char* what;
  std::int64_t fence;
  std::int64_t seq;
  std::optional<std::int64_t> live_fence;
  Kind kind;
  std::int64_t committed;
};

// Attempt 1, fence 4: 1 … 5 accepted, 1 … 3 of them committed.
ReportPositions Positions() {
  ReportPositions positions;
  positions.Restore({{AttemptId(1), 4, 3}});
  positions.Accepted(AttemptId(1), 4, 4);
  positions.Accepted(AttemptId(1), 4, 5);
  return positions;
}

TEST(ReportPositions, DecidesEverySituation) {
  const Case cases[] = {
      {"the next one", 4, 6, 4, Kind::kAccept, 3},
      {"committed before", 4, 2, 4, Kind::kDuplicate, 3},
      {"on its way to the disk", 4, 5, 4, Kind::kDuplicate, 3},
      {"one left out", 4, 7, 4, Kind::kGap, 3},
      {"the attempt has ended, its report repeated", 4, 5, std::nullopt, Kind::kDuplicate, 3},
      {"the attempt has ended, a new report", 4, 6, std::nullopt, Kind::kFenced, 0},
      {"replaced", 4, 6, 5, Kind::kFenced, 0},
      {"an older fence", 3, 6, 4, Kind::kFenced, 0},
      {"an older fence, a number that was used", 3, 2, 4, Kind::kFenced, 0},
      {"a fence of the future", 5, 6, 4, Kind::kFenced, 0},
      {"numbers start at 1", 4, 0, 4, Kind::kFenced, 0},
  };
  for (const Case& c : cases) {
    const auto decision = Positions().Check(AttemptId(1), c.fence, c.seq, c.live_fence);
    EXPECT_EQ(static_cast<int>(decision.kind), static_cast<int>(c.kind)) << c.what;
    EXPECT_EQ(decision.committed, c.committed) << c.what;
  }
}

TEST(ReportPositions, OfANewAttemptStartAtOne) {
  ReportPositions positions;
  EXPECT_EQ(static_cast<int>(positions.Check(AttemptId(9), 1, 1, 1).kind),
            static_cast<int>(Kind::kAccept));
  EXPECT_EQ(static_cast<int>(positions.Check(AttemptId(9), 1, 2, 1).kind),
            static_cast<int>(Kind::kGap));
}

TEST(ReportPositions, AreCommittedInOrder) {
  ReportPositions positions = Positions();
  positions.Committed(AttemptId(1), 5);
  positions.Committed(AttemptId(1), 4);
  EXPECT_EQ(positions.Check(AttemptId(1), 4, 5, 4).committed, 5);
}

}  // namespace
}  // namespace tutti
