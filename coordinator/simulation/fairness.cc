#include "coordinator/simulation/fairness.h"

#include <algorithm>
#include <set>

namespace tutti::simulation {
namespace {

constexpr std::int64_t kPatienceMs = 30'000;

std::string Name(ExperimentId id) { return "experiment " + ToString(id); }

}  // namespace

void Fairness::OnSubmitted(ExperimentId id, const ExperimentConfig& config,
                           std::int64_t unit_ms) {
  known_[id] = {config.resources, kPatienceMs + 2 * unit_ms};
}

void Fairness::OnChanged(const engine::ExperimentSettingsChanged& settings) {
  const auto it = known_.find(settings.experiment);
  if (it == known_.end()) return;
  ResourcesConfig& resources = it->second.resources;
  resources.priority = settings.priority.value_or(resources.priority);
  resources.weight = settings.weight.value_or(resources.weight);
  if (settings.max_slots) {
    resources.max_slots =
        *settings.max_slots > 0 ? settings.max_slots : std::optional<std::int64_t>();
  }
}

std::map<ExperimentId, Fairness::Demand> Fairness::Demands() const {
  std::map<ExperimentId, Demand> demands;
  const std::map<std::int64_t, std::int64_t> none;
  const auto& slots = ledger_.timeline().empty() ? none : ledger_.timeline().back().slots;
  for (const auto& [id, known] : known_) {
    const auto row = ledger_.experiments.find(id);
    if (row == ledger_.experiments.end()) continue;
    Demand& demand = demands[id];
    const auto held = slots.find(id.value);
    if (held != slots.end()) demand.slots = held->second;
    const ResourcesConfig& resources = known.resources;
    demand.active = row->second.state == "ACTIVE";
    demand.plain = demand.active && resources.slots_per_trial <= 1 && !resources.max_slots &&
                   resources.node_labels.empty() && resources.max_per_slot <= 1;
  }
  std::set<TrialId> assigned;
  for (const auto& [id, attempt] : ledger_.attempts) {
    if (attempt.ended_at_ms == 0) assigned.insert(attempt.trial);
  }
  for (const auto& [id, trial] : ledger_.trials) {
    const auto it = demands.find(trial.experiment);
    if (it == demands.end() || trial.state != "QUEUED" || assigned.contains(id)) continue;
    ++it->second.waiting;
  }
  return demands;
}

std::vector<std::string> Fairness::Check(std::int64_t total_slots, std::int64_t at_ms) {
  std::map<std::string, std::int64_t> wrong;  // what -> patience
  if (total_slots >= 0) {
    const auto demands = Demands();
    std::int64_t used = 0;
    bool all_plain = true;  // nothing larger waits or runs
    for (const auto& [id, demand] : demands) {
      used += demand.slots;
      if (demand.waiting > 0 || demand.slots > 0) all_plain = all_plain && demand.plain;
    }
    for (const auto& [id, mine] : demands) {
      if (!all_plain || mine.waiting == 0) continue;
      const std::int64_t patience = known_.at(id).patience_ms;
      if (used < total_slots) {
        wrong.emplace("work of " + Name(id) + " waits beside free slots", patience);
      }
      const ResourcesConfig& own = known_.at(id).resources;
      for (const auto& [other, theirs] : demands) {
        if (other == id || theirs.slots == 0) continue;
        const ResourcesConfig& others = known_.at(other).resources;
        const std::int64_t both = std::max(patience, known_.at(other).patience_ms);
        if (others.priority > own.priority) {
          wrong.emplace("work of " + Name(id) + " (priority " + std::to_string(own.priority) +
                            ") waits while " + Name(other) + " (priority " +
                            std::to_string(others.priority) + ") holds slots",
                        both);
        } else if (others.priority == own.priority && theirs.waiting > 0) {
          const double pair = static_cast<double>(mine.slots + theirs.slots);
          const double share = pair * own.weight / (own.weight + others.weight);
          if (static_cast<double>(mine.slots) + 1 <= share &&
              static_cast<double>(theirs.slots) - 1 >= pair - share) {
            wrong.emplace(Name(id) + " is a slot or more below its share beside " + Name(other),
                          both);
          }
        }
      }
    }
  }
  std::erase_if(since_, [&wrong](const auto& entry) { return !wrong.contains(entry.first); });
  std::vector<std::string> findings;
  for (const auto& [what, patience] : wrong) {
    const std::int64_t since = since_.emplace(what, at_ms).first->second;
    if (at_ms - since <= patience) continue;
    findings.push_back(what + " for " + std::to_string((at_ms - since) / 1000) + " s");
  }
  return findings;
}

}  // namespace tutti::simulation
