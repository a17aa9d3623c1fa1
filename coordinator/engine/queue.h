#pragma once

#include "coordinator/engine/cluster.h"

// Who is served next, and who uses how much: weighted fair shares within a priority.

namespace tutti::engine {

// Brings the experiment's place in its pool's queue up to date with its waiting trials and with
// what it has. Idempotent; call it after every change of either.
void Requeue(Cluster& cluster, Experiment& experiment);
// As Requeue, after the experiment got something: it goes behind all that have as much.
void TakeTurn(Cluster& cluster, Experiment& experiment);
QueueKey KeyOf(const Experiment& experiment);

// Adds (sign 1) or takes away (-1) what the gang means for the slots of the experiments whose
// attempts it has. Call it with -1 before and with 1 after every change of its attempts or of what
// they were told.
void CountGang(Cluster& cluster, const Allocation& allocation, std::int64_t sign);
// Counts all gangs, from nothing.
void CountAllGangs(Cluster& cluster);

// Slots that the experiment holds and was not told to give up.
inline std::int64_t KeptSlots(const Experiment& experiment) {
  return experiment.slots_in_use - experiment.slots_leaving;
}

// Whether `poor`, getting a gang of `gain` slots, would still have no more for its weight than
// `rich` after losing `loss`. Only then a gang moves from one to the other, so that none ever moves
// back: fair shares are reached and kept.
bool MayTakeFrom(const Experiment& poor, std::int64_t gain, const Experiment& rich,
                 std::int64_t loss);

// A live change of priority, weight or max_slots (the experiment has its new settings already):
// takes effect at once.
void OnResourcesChanged(Cluster& cluster, Experiment& experiment, std::int64_t at_ms);

}  // namespace tutti::engine
