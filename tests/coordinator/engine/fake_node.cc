#include "tests/coordinator/engine/fake_node.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tutti::engine {
namespace {
using GangState = NodeReported::Allocation::State;
}

NodeJoined FakeNode::Connect(std::int64_t at_ms) {
  connected_ = true;
  NodeJoined event{at_ms, id_, "w" + ToString(id_), "default", {}, {{"glyphs", "00"}}, {}};
  for (std::int64_t i = 0; i < slots_; ++i) event.slots.push_back({i, "cpu", kSlotBytes});
  event.labels = labels;
  event.spans_nodes = spans_nodes;
  // Its state goes first, what it could not deliver follows.
  std::deque<Event> spool = std::exchange(outbox_, {});
  Heartbeat();
  for (Event& report : spool) {
    if (!std::holds_alternative<NodeReported>(report)) outbox_.push_back(std::move(report));
  }
  return event;
}

void FakeNode::Disconnect() {
  connected_ = false;
  desired_waiting_ = false;
}

void FakeNode::KillProcesses() {
  gangs_.clear();
  outbox_.clear();
}

void FakeNode::Receive(const SetDesired& desired) {
  if (!connected_) return;
  desired_ = desired;
  desired_waiting_ = true;
}

Event FakeNode::NextMessage(std::int64_t at_ms) {
  Event event = std::move(outbox_.front());
  outbox_.pop_front();
  std::visit([at_ms](auto& e) { e.at_ms = at_ms; }, event);
  return event;
}

void FakeNode::Heartbeat() {
  NodeReported report{0, id_, {}};
  for (const auto& [id, gang] : gangs_) {
    report.allocations.push_back({id, gang.state, "", gang.trained ? kTrialBytes : 0});
  }
  Say(std::move(report));
}

void FakeNode::Obey(Gang& gang, const AllocationOrder& order) {
  if (!order.leader) return;  // its leader reports for all
  for (const AttemptOrder& attempt : order.attempts) {
    if (!gang.experiment) gang.experiment = attempt.experiment;
    if (gang.known.insert(attempt.attempt).second) {
      if (gang.state == GangState::kExited) {
        Say(AttemptExited{0, attempt.attempt, Outcome::kError, FailureClass::kInfra, "too late"});
        continue;
      }
      if (gang.tasks.size() == 2) complaints_.push_back("three attempts on one gang");
      gang.tasks.push_back({attempt, false, 0});
    }
    for (auto task = gang.tasks.begin(); task != gang.tasks.end(); ++task) {
      if (task->order.attempt != attempt.attempt) continue;
      if (task->order.fence != attempt.fence) complaints_.push_back("a fence has changed");
      task->order.stop = attempt.stop;
      task->order.run_until = attempt.run_until;
      if (task == gang.tasks.begin() || attempt.stop == AttemptOrder::Stop::kRun) break;
      // Stopped before its turn.
      Say(AttemptExited{0, attempt.attempt,
                        attempt.stop == AttemptOrder::Stop::kKill ? Outcome::kKilled
                                                                  : Outcome::kPreempted,
                        FailureClass::kNone, ""});
      gang.tasks.erase(task);
      break;
    }
  }
}

void FakeNode::Adopt(const AllocationOrder& order) {
  for (const std::int64_t slot : order.slots) {
    if (slot < 0 || slot >= slots_) complaints_.push_back("no such slot");
    std::int64_t sharing = 1;
    for (const auto& [id, gang] : gangs_) {
      if (gang.state == GangState::kExited) continue;
      const std::vector<std::int64_t>& held = gang.order.slots;
      if (std::find(held.begin(), held.end(), slot) == held.end()) continue;
      // Of a gang without attempts nobody has said whose it is.
      const bool alike = !gang.experiment || order.attempts.empty() ||
                         gang.experiment == order.attempts.front().experiment;
      if (!alike || ++sharing > kMostSharing) {
        complaints_.push_back("two gangs on slot " + std::to_string(slot));
      }
    }
  }
  std::size_t ranks = order.parts.empty() ? order.slots.size() : 0;
  bool own = order.parts.empty();
  for (const AllocationOrder::Part& part : order.parts) {
    own = own || (part.node == id_ && part.slots == order.slots &&
                  order.first_rank == static_cast<std::int64_t>(ranks));
    ranks += part.slots.size();
  }
  if (!own) complaints_.push_back("a part that is not its own");
  if (order.world_size != static_cast<std::int64_t>(ranks)) {
    complaints_.push_back("a partial gang");
  }
  Gang& gang = gangs_[order.allocation];
  gang.order = order;
  Obey(gang, order);
}

void FakeNode::Exit(Gang& gang, Outcome outcome, FailureClass failure,
                    const std::string& message) {
  Say(AttemptExited{0, gang.tasks.front().order.attempt, outcome, failure, message});
  gang.tasks.pop_front();
  if (outcome != Outcome::kError && outcome != Outcome::kKilled) return;
  gang.state = GangState::kExited;  // a gang that failed runs nothing more
  gang.tasks.clear();
  Heartbeat();
}

void FakeNode::Work(Gang& gang, Rng& rng, const Luck& luck, std::int64_t& next_checkpoint) {
  Task& task = gang.tasks.front();
  const AttemptId attempt = task.order.attempt;
  if (rng.Uniform() < luck.failure) {
    constexpr FailureClass kClasses[] = {FailureClass::kInfra, FailureClass::kHang,
                                         FailureClass::kNone, FailureClass::kOom,
                                         FailureClass::kInvalidHp};
    return Exit(gang, Outcome::kError, kClasses[rng.Below(5)], "bad luck");
  }
  const auto commit = [&] {
    const CheckpointId id(next_checkpoint++);
    Say(CheckpointCommitted{0, attempt, id, "c" + ToString(id), "sha", task.epoch, task.epoch * 10,
                            100, rng.Uniform()});
  };
  if (task.order.stop == AttemptOrder::Stop::kKill) {
    return Exit(gang, Outcome::kKilled, FailureClass::kNone, "");
  }
  if (!task.started) {
    task.started = true;
    gang.trained = true;
    return Say(AttemptStarted{0, attempt, 1000});
  }
  if (task.order.task_id) {
    if (task.order.task.empty() || task.order.weights_from.empty()) {
      complaints_.push_back("a task without work or weights");
    }
    if (gang.order.world_size != 1) complaints_.push_back("a task on several slots");
    return Exit(gang, Outcome::kCompleted, FailureClass::kNone, "");
  }
  if (task.order.stop == AttemptOrder::Stop::kCheckpoint) {
    commit();
    return Exit(gang, Outcome::kPreempted, FailureClass::kNone, "");
  }
  if (task.order.stop == AttemptOrder::Stop::kFinish) {
    return Exit(gang, Outcome::kFinished, FailureClass::kNone, "");
  }
  if (task.epoch == epochs_) return Exit(gang, Outcome::kCompleted, FailureClass::kNone, "");
  if (task.order.run_until > 0 && task.epoch >= task.order.run_until) {
    commit();
    return Exit(gang, Outcome::kHeld, FailureClass::kNone, "");
  }
  ++task.epoch;
  const double value = rng.Below(20) == 0 ? std::nan("") : rng.Uniform();
  Say(MetricReported{0, attempt, task.epoch, task.epoch * 10, {{"validation_loss", value}}});
  if (rng.Below(2) == 0) commit();
}

void FakeNode::Step(Rng& rng, const Luck& luck, std::int64_t& next_checkpoint) {
  if (desired_waiting_ && rng.Below(3) != 0) {
    desired_waiting_ = false;
    std::set<AllocationId> wanted;
    for (const AllocationOrder& order : desired_.allocations) wanted.insert(order.allocation);
    const std::size_t before = gangs_.size();
    std::erase_if(gangs_, [&](const auto& entry) { return !wanted.contains(entry.first); });
    bool changed = gangs_.size() != before;
    for (const AllocationOrder& order : desired_.allocations) {
      const auto it = gangs_.find(order.allocation);
      if (it != gangs_.end()) {
        Obey(it->second, order);
        continue;
      }
      Adopt(order);
      changed = true;
    }
    if (changed) Heartbeat();
    return;
  }
  if (gangs_.empty()) return;
  auto it = gangs_.begin();
  std::advance(it, rng.Below(gangs_.size()));
  Gang& gang = it->second;
  if (gang.state == GangState::kExited) return;
  if (rng.Uniform() < luck.crash) {
    gang.state = GangState::kExited;
    gang.tasks.clear();
    return Heartbeat();
  }
  if (gang.state == GangState::kStarting) {
    gang.state = GangState::kReady;
    return Heartbeat();
  }
  if (!gang.tasks.empty()) Work(gang, rng, luck, next_checkpoint);
}

}  // namespace tutti::engine
