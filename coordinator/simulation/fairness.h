#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/simulation/ledger.h"
#include "experiments/core/config/experiment_config.h"

namespace tutti::simulation {

// Nobody starves: what must not last. Looked at only while every node of the cluster is there and
// takes work, and among experiments of one pool whose trials need one slot each and that want more
// than they have, since there the right answer is simple:
// - work waits beside a free slot (and nothing larger waits, for which it could be kept);
// - work waits while work of lower priority runs;
// - of two experiments of one priority, one is below its share by a whole slot and the other above
//   its own by a whole slot (the share: slots of both, in proportion to the weights).
// Preemption checkpoints and gangs start, so each may be for a while.
class Fairness {
 public:
  explicit Fairness(const Ledger& ledger) : ledger_(ledger) {}

  void OnSubmitted(ExperimentId id, const ExperimentConfig& config, std::int64_t unit_ms);
  void OnChanged(const engine::ExperimentSettingsChanged& settings);
  // People have changed something: what lasts begins anew.
  void Forget() { since_.clear(); }
  // After every event; one sentence for each thing that has lasted too long. `total_slots`: of the
  // nodes that are ONLINE and not draining; negative: some are not.
  std::vector<std::string> Check(std::int64_t total_slots, std::int64_t at_ms);

 private:
  struct Known {
    ResourcesConfig resources;  // as they were asked for, whatever the engine makes of them
    std::int64_t patience_ms = 0;
  };
  struct Demand {
    std::int64_t waiting = 0;  // trials in the queue, without an attempt
    std::int64_t slots = 0;
    bool plain = false;  // one slot, no limits, active
    bool active = false;
  };
  std::map<ExperimentId, Demand> Demands() const;

  const Ledger& ledger_;
  std::map<ExperimentId, Known> known_;
  // What is wrong right now, and since when.
  std::map<std::string, std::int64_t> since_;
};

}  // namespace tutti::simulation
