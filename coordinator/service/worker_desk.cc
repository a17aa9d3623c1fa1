#include "coordinator/service/worker_desk.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "coordinator/service/log.h"
#include "coordinator/service/session_messages.h"
#include "coordinator/service/worker_desk_node.h"

namespace tutti {

using Clock = std::chrono::steady_clock;

WorkerDesk::WorkerDesk(Settings settings, const Known& known, EngineJournal& journal,
                       Writer& writer, TaskDesk& tasks, ProgressBoard& progress, LogFiles& logs,
                       ProgressSink on_progress)
    : settings_(std::move(settings)), journal_(journal), writer_(writer), tasks_(tasks),
      progress_(progress), logs_(logs), on_progress_(std::move(on_progress)),
      next_checkpoint_(known.next_ids.checkpoint), next_node_(known.next_ids.node) {
  positions_.Restore(known.positions);
  for (const auto& [id, name] : known.nodes) {
    Node& node = nodes_[id];
    node.id = id;
    node.name = name;
    node.last_contact = Clock::now();
    node.lost = journal_.engine().NodeState(id) == "LOST";
    by_name_[name] = id;
  }
}

WorkerDesk::~WorkerDesk() = default;

WorkerDesk::Node* WorkerDesk::NodeOf(const Session& session) {
  const auto found = sessions_.find(session.get());
  if (found == sessions_.end()) return nullptr;
  Node& node = nodes_.at(found->second);
  node.last_contact = Clock::now();
  return &node;
}

void WorkerDesk::NextMessage(const Session& session) {
  if (writer_.HasRoom()) {
    session->ReadNext();
  } else {
    parked_.push_back(session);
  }
}

void WorkerDesk::ResumeReading() {
  if (parked_.empty() || !writer_.HasRoom()) return;
  for (const Session& session : std::exchange(parked_, {})) session->ReadNext();
}

void WorkerDesk::OnHello(const Session& session, const v1::Hello& hello) {
  if (draining_) {
    session->Close(Unavailable("the coordinator is shutting down"));
    return;
  }
  if (sessions_.contains(session.get())) {
    session->Close(DataLoss("a second Hello in one session"));
    return;
  }
  if (hello.incarnation_seen() > settings_.incarnation) {
    session->Refuse("this coordinator's incarnation is " + std::to_string(settings_.incarnation) +
                    ", the worker has already seen " + std::to_string(hello.incarnation_seen()) +
                    ": an old copy of the state directory is being served");
    return;
  }
  const auto known = by_name_.find(hello.node_name());
  const NodeId id = known != by_name_.end() ? known->second : NodeId(next_node_);
  auto joined = ToNodeJoined(hello, id, WallMs());
  if (!joined) {
    session->Refuse(joined.error().ToString());
    return;
  }
  if (known == by_name_.end()) {
    ++next_node_;
    by_name_[hello.node_name()] = id;
  }
  Node& node = nodes_[id];
  if (node.session) {
    // A worker that was restarted must get in at once, so the newest session wins.
    sessions_.erase(node.session.get());
    node.session->Refuse("a newer session of node '" + node.name + "' has begun");
  }
  node.id = id;
  node.name = joined->name;
  node.hostname = hello.hostname();
  node.version = hello.version();
  node.pool = joined->pool;
  node.slots = joined->slots;
  node.session = session;
  node.last_contact = Clock::now();
  node.lost = node.welcomed = node.reported = false;
  node.allocations.clear();
  node.known_attempts.clear();
  gaps_.clear();  // a new session sends all that is not acknowledged again
  node.desired.reset();
  node.unsent = false;
  sessions_[session.get()] = id;
  LogInfo("node " + node.name + " joined with " + std::to_string(node.slots.size()) + " slots");
  journal_.Commit({{}, {std::move(joined).value()}, {}, [this, id, session] {
    Node& now = nodes_.at(id);
    if (now.session == session) Welcome(now);
  }});
  NextMessage(session);
}

void WorkerDesk::Welcome(Node& node) {
  v1::Welcome welcome;
  welcome.set_node_id(node.id.value);
  welcome.set_incarnation(settings_.incarnation);
  welcome.set_self_kill_after_ms(settings_.self_kill_after_ms);
  welcome.set_heartbeat_ms(settings_.heartbeat_ms);
  welcome.set_state_dir(settings_.state_dir);
  welcome.set_nonce(settings_.nonce);
  node.session->SendWelcome(welcome);
  node.welcomed = true;
  SendDesired(node);
}

void WorkerDesk::SendDesired(Node& node) {
  if (!node.session || !node.welcomed || !node.desired) return;
  node.unsent = false;
  v1::DesiredState desired = ToProto(*node.desired, settings_.incarnation);
  if (draining_) {
    KeepDrainedOnly(desired);
    AskAllToCheckpoint(desired);
  }
  AttachInputs(node, desired);
  node.session->SendDesired(std::move(desired));
}

// Desired states are repeated with every heartbeat; megabytes of pixels need not be.
void WorkerDesk::AttachInputs(const Node& node, v1::DesiredState& desired) const {
  for (v1::DesiredAllocation& allocation : *desired.mutable_allocations()) {
    for (v1::DesiredAttempt& attempt : *allocation.mutable_attempts()) {
      if (attempt.task_id() == 0 || node.known_attempts.contains(attempt.attempt_id())) continue;
      if (const auto input = tasks_.InputOf(TaskId(attempt.task_id()))) attempt.set_input(*input);
    }
  }
}

void WorkerDesk::OnNodeReport(const Session& session, const v1::NodeReport& report) {
  Node* node = NodeOf(session);
  if (node == nullptr) {
    session->Close(DataLoss("a NodeReport before Hello"));
    return;
  }
  engine::NodeReported event = ToNodeReported(report, node->id, WallMs());
  node->known_attempts.clear();
  for (const v1::AllocationStatus& status : report.allocations()) {
    node->known_attempts.insert(status.attempts().begin(), status.attempts().end());
  }
  const bool news = !node->reported || node->allocations != event.allocations ||
                    journal_.engine().AwaitsReport(node->id);
  if (!news) {
    // The answer is the worker's proof of contact, and repairs whatever it may have missed.
    SendDesired(*node);
  } else {
    node->reported = true;
    node->allocations = event.allocations;
    journal_.Commit({{}, {std::move(event)}, {}, [this, id = node->id, session] {
      Node& now = nodes_.at(id);
      if (now.session != session) return;
      // It had no gangs, or the engine would have said by now what becomes of them.
      if (!now.desired) now.desired = engine::SetDesired{id, {}};
      SendDesired(now);
    }});
  }
  NextMessage(session);
}

void WorkerDesk::OnRemoteExec(const Session& session, const v1::RemoteExec& exec) {
  Node* node = NodeOf(session);
  if (node == nullptr) {
    session->Close(DataLoss("a RemoteExec before Hello"));
    return;
  }
  const auto refuse = [&](const std::string& why) {
    LogWarning("node " + node->name + " wants a daemon of gang " +
               std::to_string(exec.allocation_id()) + " started: " + why);
  };
  const engine::AllocationOrder* gang = nullptr;
  if (node->desired) {
    for (const engine::AllocationOrder& allocation : node->desired->allocations) {
      if (allocation.allocation.value == exec.allocation_id()) gang = &allocation;
    }
  }
  if (gang == nullptr || !gang->leader || exec.part() < 1 ||
      exec.part() >= std::ssize(gang->parts)) {
    refuse("it leads no such gang");
  } else {
    const engine::AllocationOrder::Part& part =
        gang->parts[static_cast<std::size_t>(exec.part())];
    const auto target = nodes_.find(part.node);
    if (target == nodes_.end() || !target->second.session) {
      refuse("node " + part.name + " is not connected");
    } else {
      target->second.session->SendRemoteExec(exec);
    }
  }
  NextMessage(session);
}

void WorkerDesk::OnDesired(engine::SetDesired desired) {
  for (const engine::AllocationOrder& allocation : desired.allocations) {
    for (const engine::AttemptOrder& order : allocation.attempts) {
      SetName(order.attempt, {order.experiment, order.trial_no});
    }
  }
  const auto found = nodes_.find(desired.node);
  if (found == nodes_.end()) return;
  found->second.desired = std::move(desired);
  found->second.unsent = true;
}

void WorkerDesk::FlushDesired() {
  for (auto& [id, node] : nodes_) {
    if (node.unsent) SendDesired(node);
  }
}

void WorkerDesk::OnEnd(const Session& session) {
  const auto found = sessions_.find(session.get());
  if (found == sessions_.end()) return;  // replaced, lost, or never said Hello
  Node& node = nodes_.at(found->second);
  sessions_.erase(found);
  node.session.reset();
  LogWarning("node " + node.name + " is unreachable: its session ended");
  journal_.Commit(engine::NodeUnreachable{WallMs(), node.id});
}

void WorkerDesk::CheckLiveness() {
  const Clock::time_point now = Clock::now();
  for (auto& [id, node] : nodes_) {
    if (node.lost || now - node.last_contact < std::chrono::milliseconds(settings_.lost_after_ms)) {
      continue;
    }
    node.lost = true;
    if (node.session) {
      sessions_.erase(node.session.get());
      node.session->Close(Unavailable("no message for " + std::to_string(settings_.lost_after_ms) +
                                      " ms"));
      node.session.reset();
    }
    LogWarning("node " + node.name + " is lost: no contact for " +
               std::to_string(settings_.lost_after_ms) + " ms");
    journal_.Commit(engine::NodeLost{WallMs(), id});
  }
}

void WorkerDesk::KeepDrainedOnly(v1::DesiredState& desired) const {
  auto& allocations = *desired.mutable_allocations();
  for (v1::DesiredAllocation& allocation : allocations) {
    auto& attempts = *allocation.mutable_attempts();
    attempts.erase(std::remove_if(attempts.begin(), attempts.end(),
                                  [this](const v1::DesiredAttempt& attempt) {
                                    return !drained_.contains(AttemptId(attempt.attempt_id()));
                                  }),
                   attempts.end());
  }
  // A gang without work is not to be started now; one that is warm ends.
  allocations.erase(std::remove_if(allocations.begin(), allocations.end(),
                                   [](const v1::DesiredAllocation& allocation) {
                                     return allocation.attempts().empty();
                                   }),
                    allocations.end());
}

void WorkerDesk::BeginDrain(std::function<void()> on_done) {
  on_drained_ = std::move(on_done);
  if (draining_) return;
  draining_ = true;
  drain_deadline_ = Clock::now() + std::chrono::milliseconds(settings_.drain_ms);
  for (const auto& [id, node] : nodes_) {
    if (!node.session || !node.desired) continue;
    for (const engine::AllocationOrder& allocation : node.desired->allocations) {
      for (const engine::AttemptOrder& order : allocation.attempts) drained_.insert(order.attempt);
    }
  }
  LogInfo("shutting down: " + std::to_string(drained_.size()) + " attempts checkpoint first");
  for (auto& [id, node] : nodes_) SendDesired(node);
  CheckDrain();
}

void WorkerDesk::CheckDrain() {
  if (!draining_ || !on_drained_) return;
  const bool waiting = std::any_of(drained_.begin(), drained_.end(), [this](AttemptId attempt) {
    return journal_.engine().FindLive(attempt).has_value();
  });
  if (waiting && Clock::now() < drain_deadline_) return;
  if (waiting) {
    LogWarning("some attempts did not checkpoint in time; they resume from an older checkpoint");
  }
  std::exchange(on_drained_, {})();
}

int WorkerDesk::connected() const { return static_cast<int>(sessions_.size()); }

Json WorkerDesk::Describe() const {
  Json out = Json::MakeArray();
  for (const auto& [id, node] : nodes_) out.Append(Describe(id));
  return out;
}

Json WorkerDesk::Describe(NodeId id) const {
  const auto found = nodes_.find(id);
  if (found == nodes_.end()) return {};
  const Node& node = found->second;
  const auto silent =
      std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - node.last_contact);
  const auto known = journal_.engine().FindNode(id);
  Json row = Json::MakeObject({{"node_id", id.value}, {"name", node.name}});
  row.Set("state", known ? known->state : "UNKNOWN");
  row.Set("pool", known ? known->pool : node.pool);
  row.Set("slots", known ? known->slots : 0);
  row.Set("kind", node.slots.empty() ? "" : node.slots.front().kind);
  row.Set("hostname", node.hostname);
  row.Set("version", node.version);
  row.Set("last_contact_ms", static_cast<std::int64_t>(silent.count()));
  row.Set("slots_free", known ? known->slots_free : 0);
  row.Set("draining", known && known->draining);
  Json labels = Json::MakeObject();
  if (known) {
    for (const auto& [name, value] : known->labels) labels.Set(name, value);
  }
  row.Set("labels", std::move(labels));
  return row;
}

NodeId WorkerDesk::FindNode(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? NodeId() : found->second;
}

}  // namespace tutti
