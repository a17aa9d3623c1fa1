#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/engine/command.h"
#include "coordinator/engine/event.h"
#include "experiments/core/enum_table.h"
#include "experiments/core/ids.h"
#include "experiments/core/json.h"
#include "experiments/core/state_table.h"

namespace tutti::engine {

//             enough members ended well           evaluated
//   FORMING ---------------------------> EVALUATING ------> COMPLETED
//      |                                  |  ^  ^               |
//      | too few are left,       it cannot|  |  | asked again   |
//      | or the experiment was   be done  |  |  +---------------+
//      v cancelled                        v  |
//    FAILED <-----------------------------+  |
//      +-------------------------------------+ asked again
//
// One of an experiment that is continued goes from FAILED back to FORMING.
// An ensemble that was evaluated once stays COMPLETED when a later evaluation of it fails.
enum class EnsembleState { kForming, kEvaluating, kCompleted, kFailed };
inline constexpr EnumTable<EnsembleState, 4> kEnsembleStateNames{
    {{{EnsembleState::kForming, "FORMING"},
      {EnsembleState::kEvaluating, "EVALUATING"},
      {EnsembleState::kCompleted, "COMPLETED"},
      {EnsembleState::kFailed, "FAILED"}}}};
inline constexpr StateTable<EnsembleState, 7> kEnsembleTransitions{
    {{{EnsembleState::kForming, EnsembleState::kEvaluating},
      {EnsembleState::kForming, EnsembleState::kFailed},
      {EnsembleState::kEvaluating, EnsembleState::kCompleted},
      {EnsembleState::kEvaluating, EnsembleState::kFailed},
      {EnsembleState::kCompleted, EnsembleState::kEvaluating},
      {EnsembleState::kFailed, EnsembleState::kEvaluating},
      {EnsembleState::kFailed, EnsembleState::kForming}}}};

// Trained networks whose stored predictions are combined. Belongs to an experiment whose document
// has an `ensemble` section, or to nobody.
struct Ensemble {
  EnsembleId id;
  ExperimentId experiment;            // none: asked for by somebody
  std::int64_t configuration_no = 0;  // replicates: of this configuration
  TrialId trial;                      // snapshots: of this trial
  std::string name;
  Json spec;
  std::string combine;
  std::int64_t min_members = 0;
  EnsembleState state = EnsembleState::kForming;
  std::vector<EnsembleMember> members;
  std::vector<PersistEnsemble::LeftOut> left_out;
  bool evaluated = false;  // it has results
  std::int64_t created_at_ms = 0, ended_at_ms = 0;
  std::string message;

  bool is_open() const {
    return state == EnsembleState::kForming || state == EnsembleState::kEvaluating;
  }
};

}  // namespace tutti::engine
