#pragma once

#include <cstdint>
#include <optional>

#include "coordinator/engine/placement.h"

// Which gang a trial gets, as the pool is now. Nothing here moves anybody; new gangs are started.

namespace tutti::engine {

// A warm gang of the size that the experiment needs, preferably one that `user` used last.
std::optional<AllocationId> IdleGang(const Pass& pass, const Experiment& experiment,
                                     ExperimentId user);

// A gang on slots that the experiment's gangs share already: a warm one, or a slot with room.
// `may_start`: it may be the first on its slot that has work.
std::optional<AllocationId> GangBeside(const Pass& pass, const Experiment& experiment,
                                       bool may_start);

// A gang that has nothing to do, or a new one.
std::optional<AllocationId> FreeGang(const Pass& pass, const Experiment& experiment);

// A busy gang for the trial to wait behind. Only while as many trials would still wait as there
// are gangs, so that the last ones go to whichever gang is free first; and only where the trial
// would also come next if the gang were free now.
std::optional<AllocationId> GangAhead(Pass& pass, const Experiment& experiment);

// Some gang on the slot has attempts that were not told to stop.
bool HasWork(const Cluster& cluster, const Node& node, std::int64_t slot);

}  // namespace tutti::engine
