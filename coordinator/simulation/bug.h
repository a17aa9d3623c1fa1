#pragma once

#include "experiments/core/enum_table.h"

namespace tutti::simulation {

// Mistakes that a simulation can be told to make on purpose, in what reaches the engine or in what
// its commands become: each stands for a class of bugs of the engine, the searchers or the worker,
// and the test of the simulator shows that every one of them is found.
enum class Bug {
  kNone,
  kLoseDesired,        // some desired states never leave the coordinator
  kLoseExit,           // the end of an attempt is swallowed
  kReorder,            // reports overtake each other: the sequence check is off
  kPartialGang,        // a gang is ordered with a slot less
  kOverlappingGang,    // a gang is ordered on a slot of another
  kDoubledTrial,       // an attempt is ordered on a second gang too
  kIgnoreStop,         // attempts do not hear of stop orders
  kTrainTooLong,       // trials train past their end
  kForgetProgress,     // a resumed trial begins from scratch
  kSkipProgress,       // a resumed trial skips time that nobody trained
  kTooManyTrials,      // the searcher has a larger max_trials than the experiment
  kTooManySlots,       // max_slots is not looked at
  kTooManyAtOnce,      // max_concurrent_trials is not looked at
  kNeverLost,          // a node that is gone is never declared lost
  kZombieNode,         // a worker without contact does not end its gangs
  kStaleSnapshot,      // a restart forgets what came after its snapshot
  kLoseMetric,         // a validation does not reach the engine
  kResurrect,          // a trial that has ended is stored as waiting again
  kKeepSlots,          // a worker does not give up the slots of a released gang
  kNoPriorities,       // the scheduler does not look at priorities
  kNoWeights,          // nor at weights
};
inline constexpr EnumTable<Bug, 22> kBugNames{{{{Bug::kNone, "none"},
                                                {Bug::kLoseDesired, "lose_desired"},
                                                {Bug::kLoseExit, "lose_exit"},
                                                {Bug::kReorder, "reorder"},
                                                {Bug::kPartialGang, "partial_gang"},
                                                {Bug::kOverlappingGang, "overlapping_gang"},
                                                {Bug::kDoubledTrial, "doubled_trial"},
                                                {Bug::kIgnoreStop, "ignore_stop"},
                                                {Bug::kTrainTooLong, "train_too_long"},
                                                {Bug::kForgetProgress, "forget_progress"},
                                                {Bug::kSkipProgress, "skip_progress"},
                                                {Bug::kTooManyTrials, "too_many_trials"},
                                                {Bug::kTooManySlots, "too_many_slots"},
                                                {Bug::kTooManyAtOnce, "too_many_at_once"},
                                                {Bug::kNeverLost, "never_lost"},
                                                {Bug::kZombieNode, "zombie_node"},
                                                {Bug::kStaleSnapshot, "stale_snapshot"},
                                                {Bug::kLoseMetric, "lose_metric"},
                                                {Bug::kResurrect, "resurrect"},
                                                {Bug::kKeepSlots, "keep_slots"},
                                                {Bug::kNoPriorities, "no_priorities"},
                                                {Bug::kNoWeights, "no_weights"}}}};

}  // namespace tutti::simulation
