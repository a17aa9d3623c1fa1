#include "worker/agent/reconcile.h"

#include <algorithm>
#include <set>

namespace tutti::worker {
namespace {

template <class List, class Id, class Member>
auto FindById(List& list, Id id, Member member) {
  auto it = std::find_if(list.begin(), list.end(),
                         [&](const auto& item) { return item.*member == id; });
  return it == list.end() ? nullptr : &*it;
}

void ReconcileAttempts(const DesiredAllocation& want, const ActualAllocation& have,
                       std::vector<Action>& actions) {
  for (const DesiredAttempt& attempt : want.attempts) {
    const auto* known = FindById(have.attempts, attempt.attempt, &ActualAttempt::attempt);
    if (known == nullptr) {
      actions.push_back({Action::Kind::kQueue, want.allocation, attempt.attempt, attempt.stop});
    } else if (known->phase != ActualAttempt::Phase::kEnded && attempt.stop > known->stop) {
      actions.push_back(
          {Action::Kind::kStopAttempt, want.allocation, attempt.attempt, attempt.stop});
    } else if (known->phase != ActualAttempt::Phase::kEnded &&
               attempt.run_until != known->run_until) {
      actions.push_back({Action::Kind::kRunUntil, want.allocation, attempt.attempt});
    }
  }
  for (const ActualAttempt& known : have.attempts) {
    if (known.phase == ActualAttempt::Phase::kEnded || known.stop == StopHow::kKill) continue;
    if (FindById(want.attempts, known.attempt, &DesiredAttempt::attempt) == nullptr) {
      actions.push_back(
          {Action::Kind::kStopAttempt, want.allocation, known.attempt, StopHow::kKill});
    }
  }
}

}  // namespace

std::vector<Action> Reconcile(const DesiredState& desired,
                              const std::vector<ActualAllocation>& actual) {
  std::vector<Action> actions;
  std::set<int> held;
  for (const ActualAllocation& have : actual) {
    if (FindById(desired.allocations, have.allocation, &DesiredAllocation::allocation) !=
        nullptr) {
      continue;
    }
    if (have.state != GangState::kExited) held.insert(have.slots.begin(), have.slots.end());
    if (have.state == GangState::kStarting || have.state == GangState::kReady) {
      actions.push_back({Action::Kind::kStopGang, have.allocation, {}, StopHow::kKill});
    } else if (have.state == GangState::kExited && !have.reports_pending) {
      actions.push_back({Action::Kind::kForget, have.allocation, {}, StopHow::kNone});
    }
  }
  std::set<AllocationId> seen;
  for (const DesiredAllocation& want : desired.allocations) {
    if (!seen.insert(want.allocation).second) continue;
    if (const auto* have = FindById(actual, want.allocation, &ActualAllocation::allocation)) {
      ReconcileAttempts(want, *have, actions);
      continue;
    }
    // Which program to start is in its attempts. Only the leader of a gang over several nodes has
    // them, and the others hold their slots for it.
    if (want.attempts.empty() && want.leader) continue;
    const bool free = std::none_of(want.slots.begin(), want.slots.end(),
                                   [&](int slot) { return held.contains(slot); });
    if (!free) continue;  // the gang that holds them is on its way out; asked again when it is gone
    actions.push_back({Action::Kind::kStart, want.allocation, {}, StopHow::kNone});
  }
  return actions;
}

}  // namespace tutti::worker
