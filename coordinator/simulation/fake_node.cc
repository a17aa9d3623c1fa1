#include "coordinator/simulation/fake_node.h"

#include <algorithm>
#include <utility>

namespace tutti::simulation {

using engine::AllocationOrder;
using engine::AttemptOrder;
using engine::FailureClass;
using engine::Outcome;

// ---- the session ----

void FakeNode::Connect() {
  connected_ = true;
  ++session_;
  engine::NodeJoined hello{0, id_, spec_.name, spec_.pool, {}, {}, spec_.labels,
                           spec_.spans_nodes};
  for (std::int64_t i = 0; i < spec_.slots; ++i) {
    hello.slots.push_back({i, "cpu", spec_.slot_memory_bytes});
  }
  world_.send(id_, std::move(hello));
  Heartbeat();
  for (const NumberedReport& report : spool_) world_.send(id_, report);
}

void FakeNode::Disconnect() {
  connected_ = false;
  ++session_;
  if (world_.bug == Bug::kZombieNode) return;
  world_.clock->After(world_.weather->self_kill_after_ms, [this, session = session_] {
    if (session != session_) return;
    for (auto& [id, gang] : gangs_) Forget(gang);
    const auto gone = std::exchange(gangs_, {});
    for (const auto& [id, gang] : gone) world_.part_changed(id_, id);
  });
}

void FakeNode::Crash() {
  connected_ = false;
  ++session_;
  spool_.clear();
  for (auto& [id, gang] : gangs_) Forget(gang);
  const auto gone = std::exchange(gangs_, {});
  for (const auto& [id, gang] : gone) world_.part_changed(id_, id);
}

void FakeNode::Receive(const ToNode& message) {
  if (const auto* desired = std::get_if<engine::SetDesired>(&message)) return Reconcile(*desired);
  const Ack& ack = std::get<Ack>(message);
  std::erase_if(spool_, [&ack](const NumberedReport& report) {
    return report.attempt == ack.attempt && report.seq <= ack.seq;
  });
}

void FakeNode::Heartbeat() {
  if (!connected_) return;
  engine::NodeReported report{0, id_, {}};
  for (const auto& [id, gang] : gangs_) {
    report.allocations.push_back({id, gang.state, gang.message, gang.peak_memory_bytes});
  }
  world_.send(id_, std::move(report));
}

void FakeNode::Post(NumberedReport report) {
  spool_.push_back(report);
  if (connected_) world_.send(id_, std::move(report));
}

void FakeNode::Say(Run& run, engine::Event event) {
  Post({run.order.attempt, ++run.seq, std::move(event)});
}

// ---- gangs ----

bool FakeNode::PartReady(AllocationId allocation) const {
  const auto it = gangs_.find(allocation);
  return it != gangs_.end() && it->second.state == GangState::kReady;
}

void FakeNode::OnPeerGone(AllocationId allocation) {
  const auto it = gangs_.find(allocation);
  if (it == gangs_.end() || it->second.state == GangState::kStopping ||
      it->second.state == GangState::kExited) {
    return;
  }
  if (!it->second.runs.empty()) {
    return Exit(allocation, Outcome::kError, FailureClass::kInfra, "a part of the gang is gone");
  }
  EndGang(allocation, "a part of the gang is gone");
}

bool FakeNode::Fail(TrialId trial, FailureClass failure) {
  for (const auto& [id, gang] : gangs_) {
    if (gang.runs.empty() || gang.runs.front().order.trial != trial) continue;
    Exit(id, Outcome::kError, failure, "made to fail by the scenario");
    return true;
  }
  return false;
}

void FakeNode::Reconcile(const engine::SetDesired& desired) {
  std::set<AllocationId> wanted;
  for (const AllocationOrder& order : desired.allocations) wanted.insert(order.allocation);
  std::vector<AllocationId> released;
  for (const auto& [id, gang] : gangs_) {
    if (!wanted.contains(id)) released.push_back(id);
  }
  for (const AllocationId id : released) Let(id);
  for (const AllocationOrder& order : desired.allocations) {
    const auto it = gangs_.find(order.allocation);
    if (it == gangs_.end()) {
      Adopt(order);
    } else if (it->second.state != GangState::kStopping) {
      Obey(it->second, order);
    }
  }
}

void FakeNode::Let(AllocationId id) {
  Gang& gang = gangs_.at(id);
  if (gang.state == GangState::kStopping) return;
  if (gang.state == GangState::kExited) {
    gangs_.erase(id);
    return Heartbeat();
  }
  Forget(gang);
  gang.state = GangState::kStopping;
  world_.part_changed(id_, id);
  if (world_.bug == Bug::kKeepSlots) return;
  world_.clock->After(world_.weather->stop_gang_ms, [this, id] {
    const auto it = gangs_.find(id);
    if (it == gangs_.end() || it->second.state != GangState::kStopping) return;
    gangs_.erase(it);
    Heartbeat();
  });
}

void FakeNode::CheckSlots(const AllocationOrder& order) {
  std::int64_t slots = order.parts.empty() ? static_cast<std::int64_t>(order.slots.size()) : 0;
  for (const AllocationOrder::Part& part : order.parts) {
    slots += static_cast<std::int64_t>((part.node == id_ ? order.slots : part.slots).size());
  }
  if (slots != order.world_size) {
    world_.complain("gang " + ToString(order.allocation) + " of " +
                    std::to_string(order.world_size) + " slots is ordered with " +
                    std::to_string(slots));
  }
  const std::string who = "node " + spec_.name + " is told to start gang " +
                          ToString(order.allocation) + " on slot ";
  for (const std::int64_t slot : order.slots) {
    if (slot < 0 || slot >= spec_.slots) {
      world_.complain(who + std::to_string(slot) + ", but it has " + std::to_string(spec_.slots));
    }
    std::int64_t held = 0;
    for (const auto& [id, gang] : gangs_) {
      if (gang.state == GangState::kExited) continue;
      held += std::count(gang.order.slots.begin(), gang.order.slots.end(), slot);
    }
    const std::int64_t allowed =
        order.attempts.empty() ? 1 : world_.facts(order.attempts.front().experiment).max_per_slot;
    if (held >= allowed) {
      world_.complain(who + std::to_string(slot) + ", which " + std::to_string(held) +
                      " others still hold");
    }
  }
}

void FakeNode::Adopt(const AllocationOrder& order) {
  CheckSlots(order);
  Gang& gang = gangs_[order.allocation];
  gang.order = order;
  const AllocationId id = order.allocation;
  Obey(gang, order);
  Heartbeat();
  world_.clock->After(world_.weather->start_gang_ms, [this, id] {
    const auto it = gangs_.find(id);
    if (it == gangs_.end() || it->second.state != GangState::kStarting) return;
    it->second.state = GangState::kReady;
    Heartbeat();
    Advance(id);
    world_.part_changed(id_, id);
  });
}

void FakeNode::Obey(Gang& gang, const AllocationOrder& order) {
  const AllocationId id = order.allocation;
  if (!order.leader) return;  // the leader's processes speak for the gang
  for (const AttemptOrder& attempt : order.attempts) {
    if (gang.known.insert(attempt.attempt).second) {
      if (gang.state == GangState::kExited) {
        Post({attempt.attempt, 1,
              engine::AttemptExited{0, attempt.attempt, Outcome::kError, FailureClass::kInfra,
                                    "its gang has just ended"}});
        continue;
      }
      Run run;
      run.order = attempt;
      gang.runs.push_back(std::move(run));
      continue;
    }
    const auto run = std::find_if(gang.runs.begin(), gang.runs.end(), [&](const Run& r) {
      return r.order.attempt == attempt.attempt;
    });
    if (run == gang.runs.end()) continue;  // it has ended, which is on its way
    if (run->order.fence != attempt.fence) world_.complain("the fence of an attempt has changed");
    const bool stop = run->order.stop != attempt.stop;
    const bool until = run->order.run_until != attempt.run_until;
    if (stop && world_.bug == Bug::kIgnoreStop) continue;
    run->order.stop = attempt.stop;
    run->order.run_until = attempt.run_until;
    if (run == gang.runs.begin() && run->begun) {
      if (stop) {
        HearStop(id, *run);
      } else if (until && run->started && !run->stopping) {
        CatchUp(*run);
        TrainOn(id, *run);
      }
    } else if (stop && run != gang.runs.begin() &&
               (attempt.stop != AttemptOrder::Stop::kFinish || attempt.resume_from.empty())) {
      Say(*run, engine::AttemptExited{0, attempt.attempt,
                                      attempt.stop == AttemptOrder::Stop::kKill
                                          ? Outcome::kKilled
                                          : Outcome::kPreempted,
                                      FailureClass::kNone, ""});
      gang.runs.erase(run);
    }
    if (!gangs_.contains(id) || gangs_.at(id).state == GangState::kExited) return;
  }
  Advance(id);
}

void FakeNode::Forget(Gang& gang) {
  for (const Run& run : gang.runs) {
    if (run.begun) world_.on_end(run.order.attempt);
  }
  gang.runs.clear();
}

void FakeNode::EndGang(AllocationId id, const std::string& message) {
  Gang& gang = gangs_.at(id);
  Forget(gang);
  gang.state = GangState::kExited;
  gang.message = message;
  Heartbeat();
  world_.part_changed(id_, id);
}

}  // namespace tutti::simulation
