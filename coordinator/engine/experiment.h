#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/engine/pool.h"
#include "coordinator/engine/score.h"
#include "coordinator/engine/trial.h"
#include "experiments/core/config/experiment_config.h"
#include "experiments/core/enum_table.h"
#include "experiments/core/ids.h"
#include "experiments/core/json.h"
#include "experiments/core/state_table.h"
#include "experiments/search/searcher.h"

namespace tutti::engine {

//            pause                     cancel, kill
//   ACTIVE <--------> PAUSED ---+------------------> STOPPING ---> CANCELLED
//     |      resume     |       |                        (when nothing runs any more)
//     +-----------------+-------+  searcher closed and every trial ended:
//                       |          COMPLETED if one completed or was stopped by the searcher
//                       v          and no ensemble of it failed, else ERROR
//              COMPLETED | ERROR                                    (terminal, absorb)
enum class ExperimentState { kActive, kPaused, kStopping, kCompleted, kCancelled, kError };
inline constexpr EnumTable<ExperimentState, 6> kExperimentStateNames{
    {{{ExperimentState::kActive, "ACTIVE"},
      {ExperimentState::kPaused, "PAUSED"},
      {ExperimentState::kStopping, "STOPPING"},
      {ExperimentState::kCompleted, "COMPLETED"},
      {ExperimentState::kCancelled, "CANCELLED"},
      {ExperimentState::kError, "ERROR"}}}};
inline constexpr StateTable<ExperimentState, 9> kExperimentTransitions{
    {{{ExperimentState::kActive, ExperimentState::kPaused},
      {ExperimentState::kActive, ExperimentState::kStopping},
      {ExperimentState::kActive, ExperimentState::kCompleted},
      {ExperimentState::kActive, ExperimentState::kError},
      {ExperimentState::kPaused, ExperimentState::kActive},
      {ExperimentState::kPaused, ExperimentState::kStopping},
      {ExperimentState::kPaused, ExperimentState::kCompleted},
      {ExperimentState::kPaused, ExperimentState::kError},
      {ExperimentState::kStopping, ExperimentState::kCancelled}}}};

// A point of the search space and its replicates.
struct Configuration {
  std::int64_t no = 0;
  Json hparams;
  std::vector<TrialId> trials;  // by replicate_no; none if it was excluded before it began
  bool closed = false;          // the searcher was told that all replicates have ended
  // Its values cannot be trained: a trainer said so, or a constraint on parameters or FLOPs.
  bool invalid = false;
  std::string why_invalid;
  std::int64_t parameters = 0, flops = 0;  // as the document tells; 0: it does not
  // What the searcher has not heard yet, since a replicate is still behind: time -> replicate_no
  // -> value of its metric, and of the other metrics that it looks at.
  std::map<std::int64_t, std::map<std::int64_t, double>> pending;
  std::map<std::int64_t, std::map<std::int64_t, std::map<std::string, double>>> pending_others;
  std::int64_t fed_time = 0;  // the searcher has heard everything up to here

  // Derived.
  EnsembleId ensemble;   // of its replicates
  std::string document;  // canonical with hparams, as text; empty: not asked for yet
};

// What ExperimentSettingsChanged has set, over what the document says.
struct ExperimentSettings {
  std::optional<std::int64_t> priority;
  std::optional<double> weight;
  std::optional<std::int64_t> max_slots;  // 0: no limit
  std::optional<std::int64_t> save_experiment_best, save_trial_best, save_trial_latest;
};

struct Experiment {
  ExperimentId id;
  ExperimentState state = ExperimentState::kActive;
  Json canonical;
  ExperimentSettings settings;
  ExperimentConfig config;  // derived from canonical and settings
  std::unique_ptr<search::Searcher> searcher;
  bool search_closed = false;
  std::map<std::int64_t, Configuration> configurations;
  std::vector<TrialId> trials;  // trial_no = index + 1
  std::optional<double> best_value;
  std::int64_t created_at_ms = 0, ended_at_ms = 0;
  std::string message;
  bool archived = false;
  std::int64_t attempt_ms = -1;  // mean duration of its last attempts; -1: none has ended
  std::int64_t depth = 2;        // attempts that its gangs may have: about a second of work
  // What waiting for decisions has cost: slot time that nothing used while trials were HELD. Slots
  // that are idle so now count since idle_since_ms.
  std::int64_t held_ms = 0;
  std::int64_t idle_slots = 0, idle_since_ms = 0;
  std::int64_t slot_ms = 0;  // slot time of its attempts that have ended

  std::int64_t turn = 0;               // when it was last served; smaller is earlier
  std::int64_t peak_memory_bytes = 0;  // most that one of its attempts has used; 0: unknown

  // Derived; rebuilt by Restore.
  std::int64_t world_size = 1;
  std::set<TrialId> waiting;       // QUEUED without an attempt
  std::int64_t open_trials = 0;    // not terminal
  std::int64_t held_trials = 0;    // HELD
  std::int64_t good_trials = 0;    // COMPLETED or STOPPED
  std::int64_t slots_in_use = 0;   // of gangs whose front attempt is ours
  std::int64_t slots_leaving = 0;  // … and whose attempts were all told to stop
  std::int64_t slots_next = 0;     // of gangs that stay and whose last attempt is ours
  std::optional<QueueKey> queued;  // its place in the queue
  std::int64_t slots_claimed = 0;  // promised to its trials; only within one pass of placement
  TrialId claimed_until;           // the last trial that has such a promise
  std::int64_t blocked_in = 0;     // the pass in which nothing more of it could be placed
  std::set<std::pair<Score, CheckpointId>> ranking;  // all kept checkpoints, best first
  std::map<CheckpointId, TrialId> checkpoint_owner;
  std::vector<EnsembleId> ensembles;  // in the order of their ids
  std::int64_t open_ensembles = 0;    // FORMING or EVALUATING
  std::vector<std::string> watched;   // metrics beside its own that the searcher looks at
  // What the searcher still has to hear; empty between events.
  std::deque<search::SearchEvent> inbox;

  // Its gangs may share slots.
  bool packs() const { return world_size == 1 && config.resources.max_per_slot > 1; }
};

}  // namespace tutti::engine
