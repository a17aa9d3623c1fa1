#include "coordinator/simulation/ledger.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "experiments/core/json.h"

namespace tutti::simulation {
namespace {

void Note(Ledger::History& history, std::int64_t at_ms, const std::string& state) {
  if (history.empty() || history.back().second != state) history.emplace_back(at_ms, state);
}

}  // namespace

void Ledger::Take(const engine::Command& command, std::int64_t at_ms) {
  if (const auto* experiment = std::get_if<engine::PersistExperiment>(&command)) {
    experiments[experiment->experiment] = *experiment;
    Note(experiment_history[experiment->experiment], at_ms, experiment->state);
  } else if (const auto* trial = std::get_if<engine::PersistTrial>(&command)) {
    trials[trial->trial] = *trial;
    Note(trial_history[trial->trial], at_ms, trial->state);
  } else if (const auto* attempt = std::get_if<engine::PersistAttempt>(&command)) {
    attempts[attempt->attempt] = *attempt;
  } else if (const auto* node = std::get_if<engine::PersistNode>(&command)) {
    nodes[node->node] = *node;
    if (node->state == "LOST") {
      desired.erase(node->node);
      desired_changed_ = true;
    }
  } else if (const auto* order = std::get_if<engine::SetDesired>(&command)) {
    desired[order->node] = *order;
    desired_changed_ = true;
  } else if (const auto* line = std::get_if<engine::LogEvent>(&command)) {
    log.push_back(*line);
  } else if (const auto* end = std::get_if<engine::ExperimentEnded>(&command)) {
    ended.insert(end->experiment);
  } else if (const auto* deletion = std::get_if<engine::DeleteCheckpoint>(&command)) {
    deleted_checkpoints.insert(deletion->name);
  }
}

void Ledger::Mark(std::int64_t at_ms) {
  if (!desired_changed_) return;
  desired_changed_ = false;
  std::map<AllocationId, std::int64_t> owner;
  for (const auto& [node, state] : desired) {
    for (const engine::AllocationOrder& gang : state.allocations) {
      if (!gang.attempts.empty()) {
        owner[gang.allocation] = gang.attempts.front().experiment.value;
      }
    }
  }
  // Slots shared by several gangs of an experiment count once.
  std::set<std::tuple<std::int64_t, NodeId, std::int64_t>> held;
  for (const auto& [node, state] : desired) {
    for (const engine::AllocationOrder& gang : state.allocations) {
      const auto it = owner.find(gang.allocation);
      if (it == owner.end()) continue;
      for (const std::int64_t slot : gang.slots) held.emplace(it->second, node, slot);
    }
  }
  TimelinePoint point{at_ms, {}};
  for (const auto& [experiment, node, slot] : held) ++point.slots[experiment];
  if (!timeline_.empty() && timeline_.back().slots == point.slots) return;
  if (!timeline_.empty() && timeline_.back().at_ms == at_ms) {
    timeline_.back() = std::move(point);
  } else {
    timeline_.push_back(std::move(point));
  }
}

std::map<std::int64_t, std::int64_t> Ledger::SlotsAt(std::int64_t at_ms) const {
  std::map<std::int64_t, std::int64_t> slots;
  for (const TimelinePoint& point : timeline_) {
    if (point.at_ms > at_ms) break;
    slots = point.slots;
  }
  return slots;
}

std::map<std::int64_t, std::int64_t> Ledger::SlotMs(std::int64_t until_ms) const {
  std::map<std::int64_t, std::int64_t> sums;
  for (std::size_t i = 0; i < timeline_.size(); ++i) {
    const std::int64_t end =
        i + 1 < timeline_.size() ? std::min(timeline_[i + 1].at_ms, until_ms) : until_ms;
    const std::int64_t length = std::max<std::int64_t>(end - timeline_[i].at_ms, 0);
    for (const auto& [experiment, slots] : timeline_[i].slots) {
      sums[experiment] += slots * length;
    }
  }
  return sums;
}

std::string Ledger::StateAt(const History& history, std::int64_t at_ms) {
  std::string state;
  for (const auto& [since, name] : history) {
    if (since > at_ms) break;
    state = name;
  }
  return state;
}

const engine::PersistTrial* Ledger::FindTrial(std::int64_t experiment,
                                              std::int64_t trial_no) const {
  for (const auto& [id, row] : trials) {
    if (row.experiment.value == experiment && row.trial_no == trial_no) return &row;
  }
  return nullptr;
}

std::string TimelineText(const std::vector<TimelinePoint>& timeline, std::int64_t total_slots) {
  std::string text;
  for (const TimelinePoint& point : timeline) {
    char time[32];
    std::snprintf(time, sizeof time, "%10.1f s  ", static_cast<double>(point.at_ms) / 1000);
    text += time;
    std::string bar, words;
    for (const auto& [experiment, slots] : point.slots) {
      const char mark = static_cast<char>(experiment < 10 ? '0' + experiment : '+');
      bar += std::string(static_cast<std::size_t>(slots), mark);
      words += "  " + std::to_string(experiment) + ": " + std::to_string(slots);
    }
    const auto width = static_cast<std::size_t>(std::max<std::int64_t>(total_slots, 1));
    if (bar.size() < width) bar += std::string(width - bar.size(), '.');
    text += (width <= 64 ? "|" + bar + "|" : "") + words + "\n";
  }
  return text;
}

std::string TrialTable(const Ledger& ledger, std::int64_t experiment) {
  std::string text;
  for (const auto& [id, row] : ledger.trials) {
    if (row.experiment.value != experiment) continue;
    text += std::to_string(row.trial_no) + ' ' + std::to_string(row.configuration_no) + '.' +
            std::to_string(row.replicate_no) + ' ' + row.hparams.Dump() + ' ' +
            std::to_string(row.seed) + ' ' + row.state + ' ' + std::to_string(row.best_epoch) +
            ' ' + (row.best_value ? FormatDouble(*row.best_value) : "-") + ' ' +
            (row.last_value ? FormatDouble(*row.last_value) : "-") + ' ' + row.message + "\n";
  }
  return text;
}

}  // namespace tutti::simulation
