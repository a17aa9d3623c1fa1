#include "coordinator/simulation/world.h"

#include <algorithm>
#include <utility>

namespace tutti::simulation {
namespace {

constexpr std::int64_t kLastStopsMs = 5'000;  // after the last experiment: what runs must stop

}  // namespace

World::World(const Scenario& scenario, const SimulationOptions& options)
    : scenario_(scenario), options_(options), rng_(Rng(options.seed).Split("network")),
      invariants_(ledger_, checkpoints_, scenario.weather),
      coordinator_(clock_, scenario.weather, scenario.snapshot_every, options.bug,
                   Rng(options.seed).Split("coordinator"),
                   {[this](NodeId node, ToNode message) { ToTheNode(node, std::move(message)); },
                    [this](const engine::Event& event,
                           const std::vector<engine::Command>& commands) {
                      OnApplied(event, commands);
                    },
                    [this](const NumberedReport& report) { invariants_.OnReport(report); }}),
      stuck_after_ms_(scenario.stuck_after_ms) {
  if (options.keep_journal) coordinator_.KeepJournal();
  FillNodeWorld();
  for (const NodeSpec& spec : scenario_.nodes) {
    const NodeId id(static_cast<std::int64_t>(machines_.size()) + 1);
    Machine& machine = machines_[id];
    machine.node = std::make_unique<FakeNode>(
        id, spec, node_world_,
        Rng(options.seed).Split("node", {static_cast<std::uint64_t>(id.value)}));
    clock_.At(spec.joins_at_ms, [this, id] {
      Connect(machines_.at(id));
      Heartbeats(id);
    });
  }
  steps_left_ = scenario_.steps.size();
  for (const Step& step : scenario_.steps) {
    clock_.At(step.at_ms, [this, &step] {
      --steps_left_;
      moved_ms_ = clock_.now_ms();
      Happen(step.what);
    });
  }
  Ticks();
}

void World::FillNodeWorld() {
  node_world_.clock = &clock_;
  node_world_.weather = &scenario_.weather;
  node_world_.bug = options_.bug;
  node_world_.checkpoints = &checkpoints_;
  node_world_.facts = [this](ExperimentId id) -> const ExperimentFacts& { return facts_.at(id); };
  node_world_.hparams = [this](TrialId id) {
    const auto row = ledger_.trials.find(id);
    return row == ledger_.trials.end() ? Json::MakeObject() : row->second.hparams;
  };
  node_world_.send = [this](NodeId from, ToCoordinator message) {
    ToTheCoordinator(from, std::move(message));
  };
  node_world_.part_changed = [this](NodeId node, AllocationId id) { PartChanged(node, id); };
  node_world_.whole = [this](const engine::AllocationOrder& order) { return Whole(order); };
  node_world_.on_begin = [this](const engine::AttemptOrder& order, std::int64_t position) {
    invariants_.OnBegin(order, position, clock_.now_ms());
  };
  node_world_.on_end = [this](AttemptId attempt) { invariants_.OnEnd(attempt); };
  node_world_.on_trained = [this](AttemptId attempt, std::int64_t position) {
    invariants_.OnTrained(attempt, position, clock_.now_ms());
  };
  node_world_.complain = [this](const std::string& what) {
    invariants_.Violate(clock_.now_ms(), what);
  };
}

World::Machine* World::Find(const std::string& name) {
  for (auto& [id, machine] : machines_) {
    if (machine.node->spec().name == name) return &machine;
  }
  invariants_.Violate(clock_.now_ms(), "the scenario names node '" + name + "', which it has not");
  return nullptr;
}

// ---- the network ----

void World::Connect(Machine& machine) {
  machine.up = true;
  if (!coordinator_.up() || machine.node->connected()) return;
  ++machine.session;
  machine.node->Connect();
}

void World::CutOff(Machine& machine) {
  machine.up = false;
  ++machine.session;
  if (machine.node->connected()) machine.node->Disconnect();
}

void World::ToTheCoordinator(NodeId from, ToCoordinator message) {
  Machine& machine = machines_.at(from);
  std::int64_t at_ms = clock_.now_ms() + Latency();
  if (options_.bug != Bug::kReorder) at_ms = std::max(at_ms, machine.up_free_ms);
  machine.up_free_ms = at_ms;
  clock_.At(at_ms, [this, from, session = machine.session, m = std::move(message)] {
    if (machines_.at(from).session == session) coordinator_.Receive(from, m);
  });
}

void World::ToTheNode(NodeId to, ToNode message) {
  Machine& machine = machines_.at(to);
  const std::int64_t at_ms = std::max(clock_.now_ms() + Latency(), machine.down_free_ms);
  machine.down_free_ms = at_ms;
  clock_.At(at_ms, [this, to, session = machine.session, m = std::move(message)] {
    Machine& now = machines_.at(to);
    if (now.session == session && now.node->connected()) now.node->Receive(m);
  });
}

// The processes of a gang hear of each other through MPI, not through the coordinator.
void World::PartChanged(NodeId node, AllocationId allocation) {
  for (auto& [id, machine] : machines_) {
    if (id == node || !machine.node->HasPart(allocation)) continue;
    clock_.After(Latency(), [this, node, other = id, allocation] {
      FakeNode& peer = *machines_.at(other).node;
      if (machines_.at(node).node->PartReady(allocation)) {
        peer.OnPeerReady(allocation);
      } else {
        peer.OnPeerGone(allocation);
      }
    });
  }
}

bool World::Whole(const engine::AllocationOrder& order) const {
  return std::all_of(order.parts.begin(), order.parts.end(), [&](const auto& part) {
    const auto it = machines_.find(part.node);
    return it != machines_.end() && it->second.node->PartReady(order.allocation);
  });
}

void World::Heartbeats(NodeId id) {
  clock_.After(scenario_.weather.heartbeat_ms, [this, id] {
    machines_.at(id).node->Heartbeat();
    Heartbeats(id);
  });
}

void World::Ticks() {
  clock_.After(scenario_.weather.tick_ms, [this] {
    coordinator_.Tick();
    Ticks();
  });
}

void World::OnApplied(const engine::Event& event, const std::vector<engine::Command>& commands) {
  const std::int64_t now = clock_.now_ms();
  ++events_;
  if (!commands.empty()) moved_ms_ = now;
  std::vector<engine::Command> seen = commands;
  if (options_.bug == Bug::kResurrect && rng_.Below(8) == 0) {
    for (engine::Command& command : seen) {
      auto* row = std::get_if<engine::PersistTrial>(&command);
      if (row != nullptr && row->state == "COMPLETED") row->state = "QUEUED";
    }
  }
  for (const engine::Command& command : seen) ledger_.Take(command, now);
  ledger_.Mark(now);
  if (options_.check) invariants_.OnApplied(event, seen, coordinator_.engine(), now);
}

bool World::AllEnded() const {
  if (steps_left_ > 0) return false;
  return std::all_of(facts_.begin(), facts_.end(),
                     [this](const auto& entry) { return ledger_.ended.contains(entry.first); });
}

SimulationResult World::Run() {
  while (invariants_.violations().empty()) {
    clock_.Step();
    const std::int64_t now = clock_.now_ms();
    if (AllEnded()) {
      if (ended_ms_ == 0) ended_ms_ = now;
      if (now < ended_ms_ + kLastStopsMs) continue;
      if (options_.check) invariants_.AtEnd(coordinator_.engine(), now);
      break;
    }
    ended_ms_ = 0;
    if (steps_left_ == 0 && now - moved_ms_ > stuck_after_ms_) {
      invariants_.Violate(now, "nothing has moved for " +
                                   std::to_string((now - moved_ms_) / 1000) +
                                   " s, but experiments are open: stuck");
    } else if (now > scenario_.horizon_ms) {
      invariants_.Violate(now, "experiments are still open at the horizon");
    }
  }
  SimulationResult result;
  result.violations = invariants_.violations();
  result.ledger = ledger_;
  result.end_ms = ended_ms_ > 0 ? ended_ms_ : clock_.now_ms();
  for (const NodeSpec& spec : scenario_.nodes) result.total_slots += spec.slots;
  result.events = events_;
  result.journal = coordinator_.journal();
  return result;
}

SimulationResult Simulate(const Scenario& scenario, const SimulationOptions& options) {
  return World(scenario, options).Run();
}

}  // namespace tutti::simulation
