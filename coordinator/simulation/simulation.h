#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/simulation/bug.h"
#include "coordinator/simulation/fake_coordinator.h"
#include "coordinator/simulation/ledger.h"
#include "coordinator/simulation/scenario.h"

// Runs a scenario: the production engine, fake nodes, trials that follow learning curves, and a
// virtual clock. The same scenario and seed give the same run, to the last command.

namespace tutti::simulation {

struct SimulationOptions {
  std::uint64_t seed = 1;  // of delays, failures and speeds; experiments have seeds of their own
  Bug bug = Bug::kNone;    // a mistake made on purpose
  bool keep_journal = false;
  bool check = true;  // invariants and the engine's audit after every event
};

struct SimulationResult {
  // What must not be and was; empty in a good run. The run ends with the first.
  std::vector<std::string> violations;
  Ledger ledger;
  std::int64_t end_ms = 0;     // when the last experiment had ended
  std::int64_t total_slots = 0;  // of all nodes of the scenario
  std::int64_t events = 0;     // applied to the engine
  std::vector<JournalLine> journal;
};

SimulationResult Simulate(const Scenario& scenario, const SimulationOptions& options);

}  // namespace tutti::simulation
