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
  std::vector<TrialId> trials;  // by replicate_no
  bool closed = false;          // the searcher was told that all replicates have ended
  // Values of the searcher's metric that it has not heard yet, since a replicate is still behind:
  // epoch -> replicate_no -> value.
  std::map<std::int64_t, std::map<std::int64_t, double>> pending;
  std::int64_t fed_epoch = 0;  // the searcher has heard everything up to here
  EnsembleId ensemble;         // derived: of its replicates
};

struct Experiment {
  ExperimentId id;
  ExperimentState state = ExperimentState::kActive;
  Json canonical;
  ExperimentConfig config;  // derived from canonical
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
  std::int64_t held_ms = 0;  // slot time for which its held trials did not train

  // Derived; rebuilt by Restore.
  std::int64_t world_size = 1;
  std::set<TrialId> waiting;       // QUEUED without an attempt
  std::int64_t open_trials = 0;    // not terminal
  std::int64_t good_trials = 0;    // COMPLETED or STOPPED
  std::int64_t slots_in_use = 0;   // of gangs whose front attempt is ours
  std::set<std::pair<Score, CheckpointId>> ranking;  // all kept checkpoints, best first
  std::map<CheckpointId, TrialId> checkpoint_owner;
  std::vector<EnsembleId> ensembles;  // in the order of their ids
  std::int64_t open_ensembles = 0;    // FORMING or EVALUATING
  // What the searcher still has to hear; empty between events.
  std::deque<search::SearchEvent> inbox;
};

}  // namespace tutti::engine
