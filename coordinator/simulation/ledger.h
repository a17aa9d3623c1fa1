#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "coordinator/engine/command.h"
#include "coordinator/engine/event.h"

namespace tutti::simulation {

// Slots that each experiment holds (by experiment; only those above 0), from a moment on.
struct TimelinePoint {
  std::int64_t at_ms = 0;
  std::map<std::int64_t, std::int64_t> slots;
};

// What an observer of the coordinator sees: its rows, its log, and who held which slots when. Fed
// with commands only, so that it also says what the engine failed to store.
class Ledger {
 public:
  void Take(const engine::Command& command, std::int64_t at_ms);
  // To be called after the commands of each event.
  void Mark(std::int64_t at_ms);

  const std::vector<TimelinePoint>& timeline() const { return timeline_; }
  // Slots at a moment: after all that happened at or before it.
  std::map<std::int64_t, std::int64_t> SlotsAt(std::int64_t at_ms) const;
  // Integral of the timeline, by experiment, in slot-milliseconds.
  std::map<std::int64_t, std::int64_t> SlotMs(std::int64_t until_ms) const;
  // States that a trial or experiment has been in, with since when; oldest first.
  using History = std::vector<std::pair<std::int64_t, std::string>>;
  static std::string StateAt(const History& history, std::int64_t at_ms);

  std::map<ExperimentId, engine::PersistExperiment> experiments;
  std::map<TrialId, engine::PersistTrial> trials;
  std::map<AttemptId, engine::PersistAttempt> attempts;
  std::map<NodeId, engine::PersistNode> nodes;
  std::map<NodeId, engine::SetDesired> desired;
  std::map<ExperimentId, History> experiment_history;
  std::map<TrialId, History> trial_history;
  std::vector<engine::LogEvent> log;
  std::set<ExperimentId> ended;
  std::set<std::string> deleted_checkpoints;

  const engine::PersistTrial* FindTrial(std::int64_t experiment, std::int64_t trial_no) const;

 private:
  bool desired_changed_ = false;
  std::vector<TimelinePoint> timeline_;
};

// A row for each moment at which something changed: time, slots by experiment, and a bar.
std::string TimelineText(const std::vector<TimelinePoint>& timeline, std::int64_t total_slots);

// The table of an experiment's trials without times and ids, which is what two runs of the same
// experiment are compared by: number, configuration, values, state, epochs, best value.
std::string TrialTable(const Ledger& ledger, std::int64_t experiment);

}  // namespace tutti::simulation
