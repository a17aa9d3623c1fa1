#include "coordinator/simulation/invariants.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "coordinator/engine/trial.h"

namespace tutti::simulation {
namespace {

constexpr std::size_t kMostViolations = 20;
// How long a lowered max_slots may be exceeded: attempts checkpoint and stop.
constexpr std::int64_t kSettleMs = 120'000;

bool IsTerminal(const std::string& state) {
  const auto parsed = engine::kTrialStateNames.Parse(state);
  return parsed && engine::kTrialTransitions.IsTerminal(*parsed);
}

std::string Name(const engine::PersistTrial& row) {
  return "trial " + ToString(row.experiment) + "." + std::to_string(row.trial_no);
}

}  // namespace

void Invariants::Violate(std::int64_t at_ms, const std::string& what) {
  if (violations_.size() >= kMostViolations) return;
  char time[32];
  std::snprintf(time, sizeof time, "t = %.3f s: ", static_cast<double>(at_ms) / 1000);
  violations_.push_back(time + what);
}

void Invariants::OnSubmitted(ExperimentId id, const ExperimentConfig& config,
                             const TrialModel& model, std::int64_t max_time,
                             std::int64_t expected_configurations) {
  Watched& watched = experiments_[id];
  watched.config = config;
  watched.model = model;
  watched.max_time = max_time;
  watched.expected = expected_configurations;
  watched.max_slots = config.resources.max_slots;
  fairness_.OnSubmitted(id, config, model.unit_ms);
}

// ---- what the nodes do ----

void Invariants::OnBegin(const engine::AttemptOrder& order, std::int64_t position,
                         std::int64_t at_ms) {
  trial_of_[order.attempt] = order.trial;
  experiment_of_[order.attempt] = order.experiment;
  if (order.task_id) return;
  const std::string who = "trial " + ToString(order.experiment) + "." +
                          std::to_string(order.trial_no) + " (attempt " +
                          ToString(order.attempt) + ")";
  const auto [it, first] = training_.emplace(order.trial, order.attempt);
  if (!first) {
    Violate(at_ms, who + " begins while attempt " + ToString(it->second) +
                       " of it still trains: the trial is doubled");
    return;
  }
  const Progress& own = progress_[order.trial];
  if (order.resume_from.empty()) {
    if (!own.newest.empty() && experiments_.at(order.experiment)
                                       .config.checkpoint_storage.save_trial_latest > 0) {
      Violate(at_ms, who + " begins from scratch although it has checkpoint " + own.newest);
    }
    return;
  }
  const auto checkpoint = checkpoints_.find(order.resume_from);
  if (checkpoint != checkpoints_.end() && checkpoint->second != position) {
    Violate(at_ms, who + " resumes at " + std::to_string(position) + " from a checkpoint of " +
                       std::to_string(checkpoint->second) + " (thousandths of a unit)");
  }
  if (ledger_.deleted_checkpoints.contains(order.resume_from)) {
    Violate(at_ms, who + " resumes from checkpoint " + order.resume_from +
                       ", which was deleted");
  }
  // A trial that only evaluates before it stops may take its best one.
  if (order.stop == engine::AttemptOrder::Stop::kFinish) return;
  if (!own.newest.empty() && order.resume_from != own.newest) {
    Violate(at_ms, who + " resumes from checkpoint " + order.resume_from +
                       " although its newest is " + own.newest);
  }
}

void Invariants::OnTrained(AttemptId attempt, std::int64_t position, std::int64_t at_ms) {
  const TrialId trial = trial_of_.at(attempt);
  const Watched& watched = experiments_.at(experiment_of_.at(attempt));
  Progress& progress = progress_[trial];
  progress.trained = std::max(progress.trained, position);
  if (!watched.continued && position > watched.max_time * 1000) {
    Violate(at_ms, "attempt " + ToString(attempt) + " has trained " + std::to_string(position) +
                       " thousandths of a unit, its experiment allows " +
                       std::to_string(watched.max_time) + " units");
  }
}

void Invariants::OnEnd(AttemptId attempt) {
  const auto trial = trial_of_.find(attempt);
  if (trial == trial_of_.end()) return;
  const auto it = training_.find(trial->second);
  if (it != training_.end() && it->second == attempt) training_.erase(it);
}

void Invariants::OnReport(const NumberedReport& report) {
  const auto trial = trial_of_.find(report.attempt);
  if (trial == trial_of_.end()) return;
  Progress& progress = progress_[trial->second];
  if (const auto* metric = std::get_if<engine::MetricReported>(&report.event)) {
    progress.validated.insert(metric->time);
  } else if (const auto* commit = std::get_if<engine::CheckpointCommitted>(&report.event)) {
    progress.newest = commit->name;
    progress.all.insert(commit->name);
  }
}

// ---- what the coordinator does ----

void Invariants::OnApplied(const engine::Event& event,
                           const std::vector<engine::Command>& commands,
                           const engine::Engine& engine, std::int64_t at_ms) {
  for (const std::string& finding : engine.Audit()) {
    Violate(at_ms, "audit: " + finding + " after " + engine::ToJson(event).Dump().substr(0, 200));
  }
  if (const auto* changed = std::get_if<engine::ExperimentSettingsChanged>(&event)) {
    Watched& watched = experiments_.at(changed->experiment);
    fairness_.OnChanged(*changed);
    if (changed->max_slots) {
      watched.max_slots =
          *changed->max_slots > 0 ? changed->max_slots : std::optional<std::int64_t>();
      watched.max_slots_since_ms = at_ms + kSettleMs;
    }
  } else if (const auto* continued = std::get_if<engine::ExperimentContinued>(&event)) {
    experiments_.at(continued->experiment).continued = true;
    std::erase_if(states_, [&](const auto& entry) {
      const auto row = ledger_.trials.find(entry.first);
      return row != ledger_.trials.end() && row->second.experiment == continued->experiment;
    });
  }
  if (const auto* joined = std::get_if<engine::NodeJoined>(&event)) {
    awaited_.insert(joined->node);
  } else if (const auto* reported = std::get_if<engine::NodeReported>(&event)) {
    awaited_.erase(reported->node);
  }
  bool gangs = false;
  for (const engine::Command& command : commands) {
    const auto* line = std::get_if<engine::LogEvent>(&command);
    if (line != nullptr && line->kind == "decision" && line->detail.starts_with("stopped")) {
      stopped_.insert(line->subject);
    }
  }
  for (const engine::Command& command : commands) {
    if (const auto* row = std::get_if<engine::PersistTrial>(&command)) {
      CheckTrialRow(*row, at_ms);
    } else if (const auto* desired = std::get_if<engine::SetDesired>(&command)) {
      gangs = true;
      for (const auto& gang : desired->allocations) {
        for (const auto& order : gang.attempts) {
          if (order.stop != engine::AttemptOrder::Stop::kRun) {
            told_to_stop_.emplace(order.attempt, at_ms);
          }
        }
      }
    } else if (const auto* attempt = std::get_if<engine::PersistAttempt>(&command)) {
      if (attempt->ended_at_ms > 0) told_to_stop_.erase(attempt->attempt);
    }
  }
  if (gangs) CheckGangs(at_ms);
  CheckLimits(at_ms);
  CheckStops(at_ms);
  CheckFairness(event, at_ms);
}

void Invariants::CheckFairness(const engine::Event& event, std::int64_t at_ms) {
  std::int64_t slots = 0;
  for (const auto& [id, row] : ledger_.nodes) {
    if (row.state != "ONLINE" || row.draining) slots = INT64_MIN / 2;
    slots += row.slots;
  }
  const bool news = std::holds_alternative<engine::ExperimentSettingsChanged>(event) ||
                    std::holds_alternative<engine::ActionRequested>(event) ||
                    std::holds_alternative<engine::NodeDrainRequested>(event);
  if (news) fairness_.Forget();
  for (const std::string& finding : fairness_.Check(slots, at_ms)) Violate(at_ms, finding);
}

void Invariants::CheckTrialRow(const engine::PersistTrial& row, std::int64_t at_ms) {
  std::string& state = states_[row.trial];
  if (IsTerminal(state) && state != row.state) {
    Violate(at_ms, Name(row) + " had ended as " + state + " and is " + row.state + " now");
  }
  const bool ended = IsTerminal(row.state);
  if (ended && state != row.state) CheckBest(row, at_ms);
  state = row.state;
  const auto it = experiments_.find(row.experiment);
  if (it == experiments_.end()) return;
  Watched& watched = it->second;
  watched.configurations.insert(row.configuration_no);
  if (row.message.starts_with("invalid hyperparameters")) {
    watched.invalid.insert(row.configuration_no);
  }
  // A searcher may replace a trial that it has stopped, or that is at its end, before it has ended.
  if (ended || row.time_done >= watched.max_time || stopped_.contains(Name(row))) {
    watched.open[row.configuration_no].erase(row.trial);
    if (watched.open[row.configuration_no].empty()) watched.open.erase(row.configuration_no);
  } else {
    watched.open[row.configuration_no].insert(row.trial);
  }
  if (row.restarts > watched.config.max_restarts) {
    Violate(at_ms, Name(row) + " has restarted " + std::to_string(row.restarts) +
                       " times, max_restarts is " + std::to_string(watched.config.max_restarts));
  }
}

// The row's best value is the best that its curve had at the times that were reported.
void Invariants::CheckBest(const engine::PersistTrial& row, std::int64_t at_ms) {
  const auto it = experiments_.find(row.experiment);
  const auto progress = progress_.find(row.trial);
  if (it == experiments_.end() || progress == progress_.end() || row.parent) return;
  const SearcherConfig& searcher = it->second.config.searcher;
  // A metric that the curve does not have (parameters, latency) has no such answer.
  std::optional<double> best;
  for (const std::int64_t time : progress->second.validated) {
    const auto metrics = it->second.model.curve.Metrics(row.hparams, row.seed, time);
    const auto value = metrics.find(searcher.metric);
    if (value == metrics.end()) return;
    const bool better = !best || (searcher.smaller_is_better ? value->second < *best
                                                             : value->second > *best);
    if (better) best = value->second;
  }
  const bool constrained = !searcher.constraints.empty();
  if (constrained || best == row.best_value) return;
  Violate(at_ms, Name(row) + " ends with best value " +
                     (row.best_value ? FormatDouble(*row.best_value) : "none") +
                     ", its reports have " + (best ? FormatDouble(*best) : "none"));
}

void Invariants::CheckGangs(std::int64_t at_ms) {
  struct Whole {
    std::int64_t world_size = 0, slots = 0, needed = 0;
    ExperimentId experiment;
    std::vector<engine::AllocationOrder::Part> parts;
  };
  std::map<AllocationId, Whole> gangs;
  std::map<std::pair<NodeId, std::int64_t>, std::vector<AllocationId>> holders;
  for (const auto& [node, state] : ledger_.desired) {
    for (const engine::AllocationOrder& order : state.allocations) {
      Whole& gang = gangs[order.allocation];
      gang.world_size = order.world_size;
      gang.slots += static_cast<std::int64_t>(order.slots.size());
      if (!order.parts.empty()) gang.parts = order.parts;
      for (const std::int64_t slot : order.slots) holders[{node, slot}].push_back(order.allocation);
      const auto last = owner_.find(order.allocation);
      if (last != owner_.end()) gang.experiment = last->second;
      for (const engine::AttemptOrder& attempt : order.attempts) {
        gang.experiment = owner_[order.allocation] = attempt.experiment;
        const auto it = experiments_.find(attempt.experiment);
        if (it == experiments_.end() || attempt.task_id) continue;
        gang.needed = std::max<std::int64_t>(it->second.config.resources.slots_per_trial, 1);
        if (gang.needed != gang.world_size) {
          Violate(at_ms, "gang " + ToString(order.allocation) + " has " +
                             std::to_string(gang.world_size) + " slots, its trial needs " +
                             std::to_string(gang.needed));
        }
      }
    }
  }
  for (const auto& [id, gang] : gangs) {
    std::int64_t slots = gang.slots;
    // A node that is lost is told nothing any more, one that has joined again not before its first
    // report.
    for (const auto& part : gang.parts) {
      if (!ledger_.desired.contains(part.node) || awaited_.contains(part.node)) {
        slots = gang.world_size;
      }
    }
    if (slots != gang.world_size) {
      Violate(at_ms, "gang " + ToString(id) + " of " + std::to_string(gang.world_size) +
                         " slots is ordered on " + std::to_string(gang.slots));
    }
  }
  for (const auto& [slot, who] : holders) {
    if (who.size() < 2) continue;
    std::int64_t allowed = 1;
    const auto it = experiments_.find(gangs.at(who.front()).experiment);
    if (it != experiments_.end()) allowed = it->second.config.resources.max_per_slot;
    const bool one = std::all_of(who.begin(), who.end(), [&](AllocationId id) {
      return gangs.at(id).experiment == gangs.at(who.front()).experiment;
    });
    if (one && static_cast<std::int64_t>(who.size()) <= allowed) continue;
    Violate(at_ms, "slot " + std::to_string(slot.second) + " of node " + ToString(slot.first) +
                       " is given to gangs " + ToString(who[0]) + " and " + ToString(who[1]));
  }
}

void Invariants::CheckLimits(std::int64_t at_ms) {
  const std::map<std::int64_t, std::int64_t> none;
  const auto& slots = ledger_.timeline().empty() ? none : ledger_.timeline().back().slots;
  for (const auto& [id, watched] : experiments_) {
    const auto used = slots.find(id.value);
    if (watched.max_slots && used != slots.end() && used->second > *watched.max_slots &&
        at_ms >= watched.max_slots_since_ms) {
      Violate(at_ms, "experiment " + ToString(id) + " holds " + std::to_string(used->second) +
                         " slots, max_slots is " + std::to_string(*watched.max_slots));
    }
    const auto valid = static_cast<std::int64_t>(watched.configurations.size()) -
                       static_cast<std::int64_t>(watched.invalid.size());
    if (watched.expected > 0 && valid > watched.expected) {
      Violate(at_ms, "experiment " + ToString(id) + " has " + std::to_string(valid) +
                         " configurations, its searcher may create " +
                         std::to_string(watched.expected));
    }
    const SearcherConfig& searcher = watched.config.searcher;
    const bool limited = searcher.name == "random" || searcher.name == "grid" ||
                         searcher.name == "async_halving";
    const auto open = static_cast<std::int64_t>(watched.open.size());
    if (limited && searcher.max_concurrent_trials > 0 && open > searcher.max_concurrent_trials) {
      Violate(at_ms, "experiment " + ToString(id) + " has " + std::to_string(open) +
                         " open configurations, max_concurrent_trials is " +
                         std::to_string(searcher.max_concurrent_trials));
    }
  }
}

void Invariants::CheckStops(std::int64_t at_ms) {
  // Long enough for a node that could not be reached to be declared lost, twice.
  const std::int64_t grace = 2 * weather_.lost_after_ms + 60'000;
  for (auto& [attempt, since] : told_to_stop_) {
    if (at_ms - since < grace) continue;
    Violate(at_ms, "attempt " + ToString(attempt) + " was told to stop " +
                       std::to_string((at_ms - since) / 1000) + " s ago and still runs");
    since = at_ms;
  }
}

void Invariants::AtEnd(const engine::Engine& engine, std::int64_t at_ms) {
  for (const auto& [trial, attempt] : training_) {
    Violate(at_ms, "attempt " + ToString(attempt) + " still trains at the end");
  }
  for (const auto& [id, row] : ledger_.attempts) {
    if (row.ended_at_ms == 0 && row.state != "LOST") {
      Violate(at_ms, "attempt " + ToString(id) + " is " + row.state + " at the end");
    }
  }
  std::map<ExperimentId, std::int64_t> counts;
  for (const auto& [id, row] : ledger_.trials) {
    const std::int64_t expected = ++counts[row.experiment];
    if (row.trial_no != expected) {
      Violate(at_ms, Name(row) + " stands where number " + std::to_string(expected) +
                         " should be: a trial was lost or doubled");
    }
    if (!IsTerminal(row.state)) Violate(at_ms, Name(row) + " is " + row.state + " at the end");
  }
  for (const auto& [id, watched] : experiments_) {
    const auto row = ledger_.experiments.find(id);
    if (row == ledger_.experiments.end() || !ledger_.ended.contains(id)) {
      Violate(at_ms, "experiment " + ToString(id) + " has not ended: " +
                         (row == ledger_.experiments.end() ? "no row" : row->second.state));
    }
    const auto replicates = std::max<std::int64_t>(watched.config.replicates, 1);
    const auto trials = static_cast<std::int64_t>(watched.configurations.size()) * replicates;
    if (counts[id] != trials) {
      Violate(at_ms, "experiment " + ToString(id) + " has " + std::to_string(counts[id]) +
                         " trials of " + std::to_string(watched.configurations.size()) +
                         " configurations with " + std::to_string(replicates) + " replicates");
    }
    const auto view = engine.View(id);
    if (!view) {
      Violate(at_ms, "the engine does not know experiment " + ToString(id));
      continue;
    }
    for (const engine::TrialView& trial : view->trials) {
      const auto stored = ledger_.trials.find(trial.row.trial);
      if (stored == ledger_.trials.end() || stored->second.state != trial.row.state) {
        Violate(at_ms, Name(trial.row) + " is " + trial.row.state + " in the engine and " +
                           (stored == ledger_.trials.end() ? "missing" : stored->second.state) +
                           " in the rows");
      }
    }
  }
}

}  // namespace tutti::simulation
