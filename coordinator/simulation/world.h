#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/simulation/fake_coordinator.h"
#include "coordinator/simulation/fake_node.h"
#include "coordinator/simulation/invariants.h"
#include "coordinator/simulation/ledger.h"
#include "coordinator/simulation/scenario.h"
#include "coordinator/simulation/simulation.h"
#include "coordinator/simulation/virtual_clock.h"
#include "experiments/core/rng.h"

namespace tutti::simulation {

// Everything of one run.
class World {
 public:
  World(const Scenario& scenario, const SimulationOptions& options);
  SimulationResult Run();

 private:
  struct Machine {
    std::unique_ptr<FakeNode> node;
    bool up = false;  // its process runs and its network works
    std::uint64_t session = 0;
    std::int64_t up_free_ms = 0, down_free_ms = 0;  // messages do not overtake each other
  };

  std::int64_t Latency() {
    const Weather& w = scenario_.weather;
    const auto range = static_cast<std::uint64_t>(w.message_ms_max - w.message_ms_min + 1);
    return w.message_ms_min + static_cast<std::int64_t>(rng_.Below(range));
  }
  Machine* Find(const std::string& name);
  void FillNodeWorld();
  void Connect(Machine& machine);
  void CutOff(Machine& machine);
  void ToTheCoordinator(NodeId from, ToCoordinator message);
  void ToTheNode(NodeId to, ToNode message);
  void PartChanged(NodeId node, AllocationId allocation);
  bool Whole(const engine::AllocationOrder& order) const;
  void OnApplied(const engine::Event& event, const std::vector<engine::Command>& commands);
  void Heartbeats(NodeId node);
  void Ticks();

  void Do(const Submit& step);
  void Do(const Act& step);
  void Do(const Change& step);
  void Do(const Drain& step);
  void Do(const Disconnect& step);
  void Do(const CrashNode& step);
  void Do(const CrashTrial& step);
  void Do(const RestartCoordinator& step);
  void Happen(const Happening& what);
  bool AllEnded() const;

  const Scenario& scenario_;
  const SimulationOptions options_;
  Rng rng_;
  VirtualClock clock_;
  Checkpoints checkpoints_;
  Ledger ledger_;
  Invariants invariants_;
  FakeCoordinator coordinator_;
  NodeWorld node_world_;
  std::map<NodeId, Machine> machines_;
  std::map<ExperimentId, ExperimentFacts> facts_;
  std::int64_t next_experiment_ = 1;
  std::size_t steps_left_ = 0;
  std::int64_t moved_ms_ = 0, ended_ms_ = 0;
  std::int64_t stuck_after_ms_;
  std::int64_t events_ = 0;
};

}  // namespace tutti::simulation
