// Goal: Reconcile's four guarantees hold and it converges. Method: small cases by hand, then random
// histories of a model node that applies the actions, with every step checked.

#include "worker/agent/reconcile.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tutti::worker {
namespace {

using Kind = Action::Kind;
using Phase = ActualAttempt::Phase;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

DesiredAllocation Want(std::int64_t id, std::vector<int> slots, std::vector<std::int64_t> attempts,
                       StopHow stop = StopHow::kNone) {
  DesiredAllocation want;
  want.allocation = AllocationId(id);
  want.slots = std::move(slots);
  want.world_size = static_cast<int>(want.slots.size());
  for (const std::int64_t attempt : attempts) {
    want.attempts.emplace_back();
    want.attempts.back().attempt = AttemptId(attempt);
    want.attempts.back().stop = stop;
  }
  return want;
}

Action Do(Kind kind, std::int64_t allocation, std::int64_t attempt = 0,
          StopHow how = StopHow::kNone) {
  return {kind, AllocationId(allocation), AttemptId(attempt), how};
}

ActualAllocation Have(std::int64_t id, GangState state, std::vector<int> slots,
                      std::vector<ActualAttempt> attempts = {}, bool pending = false) {
  return {AllocationId(id), state, std::move(slots), std::move(attempts), pending};
}

TEST(Reconcile, StartsWhatIsMissingAndQueuesWhatIsNew) {
  const DesiredState desired{
      {Want(1, {0}, {4}), Want(2, {1}, {5, 6}), Want(3, {2}, {})}};
  EXPECT_THAT(Reconcile(desired, {Have(2, GangState::kReady, {1},
                                       {{AttemptId(5), Phase::kRunning, StopHow::kNone}})}),
              ElementsAre(Do(Kind::kStart, 1), Do(Kind::kQueue, 2, 6)))
      << "and nothing for an allocation without attempts: it is not known which program it needs";
}

TEST(Reconcile, WaitsForSlotsOfAGangThatIsStillThere) {
  const DesiredState desired{{Want(2, {0, 1}, {5})}};
  EXPECT_THAT(Reconcile(desired, {Have(1, GangState::kReady, {1})}),
              ElementsAre(Do(Kind::kStopGang, 1, 0, StopHow::kKill)));
  EXPECT_THAT(Reconcile(desired, {Have(1, GangState::kStopping, {1})}), IsEmpty());
  EXPECT_THAT(Reconcile(desired, {Have(1, GangState::kExited, {1}, {}, true)}),
              ElementsAre(Do(Kind::kStart, 2)));
}

TEST(Reconcile, GangsThatAreWantedTogetherShareASlot) {
  const DesiredState desired{{Want(1, {0}, {5}), Want(2, {0}, {6}), Want(1, {3}, {7})}};
  EXPECT_THAT(Reconcile(desired, {}),
              ElementsAre(Do(Kind::kStart, 1), Do(Kind::kStart, 2)));
  EXPECT_THAT(Reconcile(desired, {Have(2, GangState::kReady, {0},
                                       {{AttemptId(6), Phase::kRunning, StopHow::kNone}})}),
              ElementsAre(Do(Kind::kStart, 1)));
  EXPECT_THAT(Reconcile(desired, {Have(3, GangState::kStopping, {0})}), IsEmpty())
      << "one that nobody wants any more still has its memory";
}

TEST(Reconcile, ANewHoldingTimeIsToldToWhatHasNotEnded) {
  DesiredState desired{{Want(1, {0}, {4, 5, 6})}};
  for (auto& attempt : desired.allocations[0].attempts) attempt.run_until = 8;
  EXPECT_THAT(Reconcile(desired, {Have(1, GangState::kReady, {0},
                                       {{AttemptId(4), Phase::kEnded, StopHow::kNone, 4},
                                        {AttemptId(5), Phase::kRunning, StopHow::kNone, 4},
                                        {AttemptId(6), Phase::kQueued, StopHow::kNone, 8}})}),
              ElementsAre(Do(Kind::kRunUntil, 1, 5)));
}

TEST(Reconcile, AStopIsAskedOnceAndOnlyMadeHarder) {
  const auto actions = [](StopHow wanted, StopHow asked) {
    return Reconcile({{Want(1, {0}, {5}, wanted)}},
                     {Have(1, GangState::kReady, {0}, {{AttemptId(5), Phase::kRunning, asked}})});
  };
  EXPECT_THAT(actions(StopHow::kCheckpoint, StopHow::kNone),
              ElementsAre(Do(Kind::kStopAttempt, 1, 5, StopHow::kCheckpoint)));
  EXPECT_THAT(actions(StopHow::kCheckpoint, StopHow::kCheckpoint), IsEmpty());
  EXPECT_THAT(actions(StopHow::kKill, StopHow::kCheckpoint),
              ElementsAre(Do(Kind::kStopAttempt, 1, 5, StopHow::kKill)));
  EXPECT_THAT(actions(StopHow::kNone, StopHow::kKill), IsEmpty());
}

TEST(Reconcile, KillsAnAttemptNobodyWants) {
  EXPECT_THAT(Reconcile({{Want(1, {0}, {})}},
                        {Have(1, GangState::kReady, {0},
                              {{AttemptId(5), Phase::kRunning, StopHow::kNone},
                               {AttemptId(4), Phase::kEnded, StopHow::kNone}})}),
              ElementsAre(Do(Kind::kStopAttempt, 1, 5, StopHow::kKill)));
}

TEST(Reconcile, ForgetsOnlyWhatIsCommitted) {
  EXPECT_THAT(Reconcile({}, {Have(1, GangState::kExited, {0}, {}, true)}), IsEmpty());
  EXPECT_THAT(Reconcile({}, {Have(1, GangState::kExited, {0}, {}, false)}),
              ElementsAre(Do(Kind::kForget, 1)));
}

// A node that obeys, with processes that start, end and crash at random.
class ModelNode {
 public:
  explicit ModelNode(std::uint32_t seed) : random_(seed) {}

  void Apply(const DesiredState& desired) {
    for (const Action& action : Reconcile(desired, Actual())) {
      if (action.kind == Kind::kStart) {
        const auto& want = Wanted(desired, action.allocation);
        ASSERT_TRUE(started_.insert(action.allocation).second) << "started twice";
        for (const auto& [id, gang] : gangs_) {
          if (gang.state == GangState::kExited || IsWanted(desired, id)) continue;
          for (const int slot : gang.slots) {
            ASSERT_EQ(std::count(want.slots.begin(), want.slots.end(), slot), 0) << "slot in use";
          }
        }
        gangs_[action.allocation] = {
            action.allocation, GangState::kStarting, want.slots, {}, false};
        continue;
      }
      ASSERT_TRUE(gangs_.contains(action.allocation)) << "acts on an unknown gang";
      ActualAllocation& gang = gangs_[action.allocation];
      switch (action.kind) {
        case Kind::kQueue:
          ASSERT_TRUE(queued_.insert(action.attempt).second) << "queued twice";
          gang.attempts.push_back({action.attempt,
                                   gang.state == GangState::kExited ? Phase::kEnded
                                                                    : Phase::kQueued,
                                   action.how});
          gang.reports_pending = true;
          break;
        case Kind::kStopAttempt: {
          auto it = std::find_if(gang.attempts.begin(), gang.attempts.end(),
                                 [&](const auto& a) { return a.attempt == action.attempt; });
          ASSERT_NE(it, gang.attempts.end()) << "stops an unknown attempt";
          ASSERT_LT(it->stop, action.how);
          it->stop = action.how;
          break;
        }
        case Kind::kStopGang:
          gang.state = GangState::kStopping;
          break;
        case Kind::kForget:
          ASSERT_EQ(gang.state, GangState::kExited);
          ASSERT_FALSE(gang.reports_pending) << "forgets reports";
          gangs_.erase(action.allocation);
          break;
        case Kind::kRunUntil:
        case Kind::kStart:
          break;
      }
    }
  }

  // Something happens to one gang. `settle`: only what brings things to an end.
  void Happen(bool settle) {
    for (auto& [id, gang] : gangs_) {
      const auto dice = settle ? 0 : random_() % 4;
      if (gang.state == GangState::kStopping && dice < 2) {
        gang.state = GangState::kExited;
        for (auto& attempt : gang.attempts) attempt.phase = Phase::kEnded;
      } else if (gang.state == GangState::kStarting && dice < 2) {
        gang.state = GangState::kReady;
      } else if (gang.state == GangState::kReady && dice == 3) {
        gang.state = GangState::kExited;  // a crash
        for (auto& attempt : gang.attempts) attempt.phase = Phase::kEnded;
      } else if (gang.state == GangState::kReady && dice < 2) {
        for (auto& attempt : gang.attempts) {
          if (attempt.phase == Phase::kEnded) continue;
          attempt.phase = attempt.phase == Phase::kQueued ? Phase::kRunning : Phase::kEnded;
          break;
        }
      }
      const bool all_ended =
          std::all_of(gang.attempts.begin(), gang.attempts.end(),
                      [](const auto& a) { return a.phase == Phase::kEnded; });
      if (all_ended && dice < 2) gang.reports_pending = false;
    }
  }

  std::vector<ActualAllocation> Actual() const {
    std::vector<ActualAllocation> actual;
    for (const auto& [id, gang] : gangs_) actual.push_back(gang);
    return actual;
  }

 private:
  static bool IsWanted(const DesiredState& desired, AllocationId id) {
    return std::any_of(desired.allocations.begin(), desired.allocations.end(),
                       [&](const auto& a) { return a.allocation == id; });
  }
  static const DesiredAllocation& Wanted(const DesiredState& desired, AllocationId id) {
    return *std::find_if(desired.allocations.begin(), desired.allocations.end(),
                         [&](const auto& a) { return a.allocation == id; });
  }

  std::mt19937 random_;
  std::map<AllocationId, ActualAllocation> gangs_;
  std::set<AllocationId> started_;
  std::set<AttemptId> queued_;
};

TEST(ReconcileProperty, RandomHistoriesKeepTheGuaranteesAndConverge) {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    ModelNode node(seed + 1'000'000);
    DesiredState desired;
    std::int64_t next_allocation = 1, next_attempt = 1;
    for (int step = 0; step < 60; ++step) {
      auto& list = desired.allocations;
      const auto dice = random() % 5;
      if (dice == 0) {
        const int first = static_cast<int>(random() % 4);
        list.push_back(Want(next_allocation++, {first, (first + 1) % 4}, {next_attempt++}));
      } else if (dice == 1 && !list.empty()) {
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(random() % list.size()));
      } else if (dice == 2 && !list.empty()) {
        auto& want = list[random() % list.size()];
        want.attempts.emplace_back();
        want.attempts.back().attempt = AttemptId(next_attempt++);
      } else if (dice == 3 && !list.empty()) {
        auto& want = list[random() % list.size()];
        if (!want.attempts.empty()) want.attempts.front().stop = StopHow::kCheckpoint;
      }
      node.Apply(desired);
      if (HasFatalFailure()) return;
      node.Happen(false);
    }
    desired.allocations.clear();
    for (int i = 0; i < 20; ++i) {
      node.Apply(desired);
      if (HasFatalFailure()) return;
      node.Happen(true);
    }
    EXPECT_THAT(node.Actual(), IsEmpty()) << "nothing is desired, yet something is left";
  }
}

}  // namespace
}  // namespace tutti::worker
