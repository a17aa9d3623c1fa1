#include "coordinator/simulation/fake_coordinator.h"

#include <utility>

#include "experiments/core/check.h"

namespace tutti::simulation {
namespace {

constexpr std::int64_t kEvaluateEnsembleMs = 1'000;

}  // namespace

FakeCoordinator::FakeCoordinator(VirtualClock& clock, const Weather& weather,
                                 std::int64_t snapshot_every, Bug bug, Rng rng, Hooks hooks)
    : clock_(clock), weather_(weather), snapshot_every_(snapshot_every), bug_(bug), rng_(rng),
      hooks_(std::move(hooks)), engine_(engine::EngineSettings{}) {}

void FakeCoordinator::Apply(engine::Event event) {
  std::visit([this](auto& e) { e.at_ms = clock_.now_ms(); }, event);
  const std::vector<engine::Command> commands = engine_.Apply(event);
  if (std::holds_alternative<engine::Tick>(event) && commands.empty()) return;
  if (keep_journal_) journal_.push_back({event, commands});
  since_.push_back(event);
  hooks_.on_applied(event, commands);
  for (const engine::Command& command : commands) Act(command);
  if (static_cast<std::int64_t>(since_.size()) < snapshot_every_) return;
  snapshot_ = engine_.Snapshot().Dump();
  since_.clear();
}

void FakeCoordinator::Act(const engine::Command& command) {
  if (const auto* desired = std::get_if<engine::SetDesired>(&command)) {
    engine::SetDesired order = *desired;
    Mutate(order);
    sessions_[order.node].desired = std::move(order);
    if (bug_ == Bug::kLoseDesired && rng_.Below(4) == 0) {
      // Also its repetitions: the state itself is forgotten.
      sessions_[desired->node].desired.reset();
      return;
    }
    SendDesired(desired->node);
  } else if (const auto* order = std::get_if<engine::EvaluateEnsemble>(&command)) {
    engine::EnsembleEvaluated answer{0, order->ensemble, true, "", order->members};
    clock_.After(kEvaluateEnsembleMs, [this, answer, incarnation = incarnation_] {
      if (incarnation != incarnation_) return;  // ordered again by the restart
      Apply(answer);
    });
  }
}

// Bugs of the engine that show in what it orders.
void FakeCoordinator::Mutate(engine::SetDesired& desired) {
  if (desired.allocations.empty()) return;
  engine::AllocationOrder& last = desired.allocations.back();
  if (bug_ == Bug::kPartialGang && last.slots.size() > 1) last.slots.pop_back();
  if (bug_ == Bug::kOverlappingGang && desired.allocations.size() > 1) {
    last.slots.front() = desired.allocations.front().slots.front();
  }
  if (bug_ == Bug::kDoubledTrial && desired.allocations.size() > 1 && last.attempts.empty()) {
    last.attempts = desired.allocations.front().attempts;
  }
}

void FakeCoordinator::SendDesired(NodeId node) {
  const Session& session = sessions_[node];
  if (session.open && session.desired) hooks_.send(node, *session.desired);
}

void FakeCoordinator::Receive(NodeId node, const ToCoordinator& message) {
  if (!up_) return;
  sessions_[node].last_contact_ms = clock_.now_ms();
  if (const auto* joined = std::get_if<engine::NodeJoined>(&message)) {
    return OnJoined(node, *joined);
  }
  if (!sessions_[node].open) return;
  if (const auto* reported = std::get_if<engine::NodeReported>(&message)) {
    return OnReported(node, *reported);
  }
  OnNumbered(node, std::get<NumberedReport>(message));
}

void FakeCoordinator::OnJoined(NodeId node, engine::NodeJoined event) {
  Session& session = sessions_[node];
  session = Session{};
  session.open = true;
  session.last_contact_ms = clock_.now_ms();
  Apply(std::move(event));
}

void FakeCoordinator::OnReported(NodeId node, engine::NodeReported event) {
  Session& session = sessions_[node];
  const bool news = !session.reported || session.allocations != event.allocations ||
                    engine_.AwaitsReport(node);
  if (!news) return SendDesired(node);
  session.reported = true;
  session.allocations = event.allocations;
  Apply(std::move(event));
  Session& now = sessions_[node];
  if (!now.desired && bug_ != Bug::kLoseDesired) now.desired = engine::SetDesired{node, {}};
  SendDesired(node);
}

// Each report once and in order; of an attempt that has ended: acknowledged and left out.
void FakeCoordinator::OnNumbered(NodeId node, NumberedReport report) {
  std::int64_t& last = last_seq_[report.attempt];
  const bool checks = bug_ != Bug::kReorder;
  if (checks && report.seq > last + 1) return;  // the next session sends what is missing
  hooks_.send(node, Ack{report.attempt, report.seq});
  if (checks && report.seq <= last) return;
  last = report.seq;
  if (!engine_.FindLive(report.attempt)) return;
  hooks_.on_report(report);
  if (bug_ == Bug::kLoseMetric && rng_.Below(8) == 0 &&
      std::holds_alternative<engine::MetricReported>(report.event)) {
    return;
  }
  if (auto* commit = std::get_if<engine::CheckpointCommitted>(&report.event)) {
    commit->checkpoint = CheckpointId(next_checkpoint_++);
  }
  Apply(std::move(report.event));
}

void FakeCoordinator::OnSessionEnded(NodeId node) {
  Session& session = sessions_[node];
  if (!up_ || !session.open) return;
  session.open = false;
  Apply(engine::NodeUnreachable{0, node});
}

void FakeCoordinator::Tick() {
  if (!up_) return;
  Apply(engine::Tick{});
  if (bug_ == Bug::kNeverLost) return;
  for (auto& [node, session] : sessions_) {
    if (session.lost || clock_.now_ms() - session.last_contact_ms < weather_.lost_after_ms) {
      continue;
    }
    session.lost = true;
    session.open = false;
    Apply(engine::NodeLost{0, node});
  }
}

void FakeCoordinator::Stop() {
  up_ = false;
  ++incarnation_;
  for (auto& [node, session] : sessions_) session.open = false;
}

void FakeCoordinator::Start() {
  up_ = true;
  engine::Engine engine{engine::EngineSettings{}};
  if (!snapshot_.empty()) {
    auto restored = engine::Engine::Restore(Json::Parse(snapshot_).value(), {});
    TUTTI_CHECK(restored.ok(), "the engine does not read its own snapshot");
    engine = std::move(restored).value();
  }
  if (bug_ != Bug::kStaleSnapshot) {
    for (const engine::Event& event : since_) engine.Apply(event);
  }
  engine_ = std::move(engine);
  for (auto& [node, session] : sessions_) {
    const bool lost = engine_.NodeState(node) == "LOST";
    session = Session{};
    session.lost = lost;
    session.last_contact_ms = clock_.now_ms();
    if (engine_.NodeState(node) == "ONLINE") Apply(engine::NodeUnreachable{0, node});
  }
  for (const engine::EvaluateEnsemble& order : engine_.OpenEvaluations()) Act(order);
}

}  // namespace tutti::simulation
