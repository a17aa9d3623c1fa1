// Goal: a pass of placement that is cut short, since much is on the move, is gone on with
// by the events of what it takes: what fits is placed in the end.
// Method: full clusters and more important work than a pass takes room for.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/coordinator/engine/stage.h"

namespace tutti::engine {
namespace {

using testing::SizeIs;

constexpr std::int64_t kNodes = 30, kSlots = 4;
constexpr std::size_t kAll = kNodes * kSlots;

std::vector<AttemptId> Stopping(const Stage& stage) {
  std::vector<AttemptId> ids;
  for (const AttemptId id : stage.Running()) {
    if (stage.OrderOf(id)->stop != AttemptOrder::Stop::kRun) ids.push_back(id);
  }
  return ids;
}

void Ticks(Stage& stage, int n) {
  for (int i = 0; i < n; ++i) stage.Apply(Tick{stage.now_ms += 1000});
}

// Everybody runs work that may be taken.
void Fill(Stage& stage) {
  for (std::int64_t i = 1; i <= kNodes; ++i) stage.Join("w" + std::to_string(i), kSlots);
  stage.Submit({.trials = 2 * static_cast<std::int64_t>(kAll), .priority = 50});
  for (std::int64_t i = 1; i <= kNodes; ++i) stage.ReportDesired(NodeId(i));
  for (const AttemptId id : stage.Running()) stage.Start(id);
}

TEST(MassSubmission, FillsWhatIsFreeAtOnce) {
  Stage stage;
  Fill(stage);
  EXPECT_THAT(stage.Running(), SizeIs(kAll));
  EXPECT_EQ(stage.engine.slots_free(), 0);
}

TEST(MassSubmission, IsPlacedInTheEndThoughItIsMoreThanAPassPromises) {
  Stage stage;
  Fill(stage);
  const ExperimentId id = stage.Submit({.trials = kAll, .priority = 1});
  for (int round = 0; round < 5; ++round) {
    Ticks(stage, 40);
    for (const AttemptId attempt : Stopping(stage)) stage.Exit(attempt, Outcome::kPreempted);
  }
  std::size_t placed = 0;
  for (const AttemptId attempt : stage.Running()) {
    placed += stage.trials.at(stage.OrderOf(attempt)->trial).experiment == id ? 1 : 0;
  }
  EXPECT_EQ(placed, kAll);
}

}  // namespace
}  // namespace tutti::engine
