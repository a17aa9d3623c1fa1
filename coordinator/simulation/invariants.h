#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/engine/engine.h"
#include "coordinator/simulation/fairness.h"
#include "coordinator/simulation/fake_node.h"
#include "coordinator/simulation/ledger.h"
#include "experiments/core/config/experiment_config.h"

namespace tutti::simulation {

// What must hold in every simulation, seen from outside the engine: from what it orders and stores,
// and from what the nodes really do. (The engine's own books are checked by Engine::Audit.)
// - A gang is ordered whole: all its slots exist, belong to no other gang (but packed ones of the
//   same experiment) and are as many as a trial of its experiment needs; every part is ordered.
// - No trial trains twice at once. It resumes from its newest checkpoint, skips no time, trains no
//   longer than it should, and what it reported is what its row says.
// - Budgets: configurations, configurations at once (those that are not being stopped), slots,
//   restarts.
// - A trial that has ended stays as it is. Trials are numbered without gaps, none disappears.
// - Who was told to stop stops. Nobody starves (fairness.h).
// - At the end every experiment, trial and attempt has ended and nothing trains any more.
class Invariants {
 public:
  Invariants(const Ledger& ledger, const Checkpoints& checkpoints, const Weather& weather)
      : ledger_(ledger), checkpoints_(checkpoints), weather_(weather), fairness_(ledger) {}

  const std::vector<std::string>& violations() const { return violations_; }
  void Violate(std::int64_t at_ms, const std::string& what);

  void OnSubmitted(ExperimentId id, const ExperimentConfig& config, const TrialModel& model,
                   std::int64_t max_time, std::int64_t expected_configurations);

  // ---- what the nodes do ----
  void OnBegin(const engine::AttemptOrder& order, std::int64_t position, std::int64_t at_ms);
  void OnTrained(AttemptId attempt, std::int64_t position, std::int64_t at_ms);
  void OnEnd(AttemptId attempt);
  void OnReport(const NumberedReport& report);

  // ---- what the coordinator does; after the ledger has taken the commands ----
  void OnApplied(const engine::Event& event, const std::vector<engine::Command>& commands,
                 const engine::Engine& engine, std::int64_t at_ms);
  void AtEnd(const engine::Engine& engine, std::int64_t at_ms);

 private:
  struct Watched {
    ExperimentConfig config;
    TrialModel model;
    std::int64_t max_time = 0;
    std::int64_t expected = 0;  // configurations; 0: unknown
    std::optional<std::int64_t> max_slots;
    std::int64_t max_slots_since_ms = 0;
    std::set<std::int64_t> configurations, invalid;
    std::map<std::int64_t, std::set<TrialId>> open;  // configuration -> trials that have not ended
    bool continued = false;
  };
  struct Progress {
    std::int64_t trained = 0;  // position
    std::string newest;        // checkpoint
    std::set<std::string> all;
    std::set<std::int64_t> validated;  // times
  };
  void CheckTrialRow(const engine::PersistTrial& row, std::int64_t at_ms);
  void CheckGangs(std::int64_t at_ms);
  void CheckLimits(std::int64_t at_ms);
  void CheckStops(std::int64_t at_ms);
  void CheckFairness(const engine::Event& event, std::int64_t at_ms);
  void CheckBest(const engine::PersistTrial& row, std::int64_t at_ms);

  const Ledger& ledger_;
  const Checkpoints& checkpoints_;
  const Weather& weather_;
  Fairness fairness_;
  std::vector<std::string> violations_;
  std::map<ExperimentId, Watched> experiments_;
  std::map<TrialId, std::string> states_;
  std::map<TrialId, Progress> progress_;
  std::map<TrialId, AttemptId> training_;
  std::map<AttemptId, TrialId> trial_of_;
  std::map<AttemptId, ExperimentId> experiment_of_;
  std::set<std::string> stopped_;  // "trial 1.3": by the searcher
  std::set<NodeId> awaited_;       // have joined and not reported yet
  std::map<AllocationId, ExperimentId> owner_;  // whose attempts a gang had last
  std::map<AttemptId, std::int64_t> told_to_stop_;  // since when
};

}  // namespace tutti::simulation
