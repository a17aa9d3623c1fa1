#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/event.h"

// Allocations: starting a gang, giving it attempts, releasing it, and what follows when it is gone.

namespace tutti::engine {

// How many slots of which node; the first leads.
using Shares = std::vector<std::pair<NodeId, std::int64_t>>;

// A new gang on that many free slots of each node, lowest indices first.
// REQUIRES: the nodes have that many.
AllocationId StartGang(Cluster& cluster, const Shares& shares);

// A new gang on one slot that is free or that gangs of the same experiment share.
AllocationId StartSharingGang(Cluster& cluster, NodeId node, std::int64_t slot,
                              ExperimentId experiment);

// Makes the trial's next attempt (fence + 1, from its newest checkpoint) and gives it to the gang.
// REQUIRES: the trial waits; the gang is not released.
void Assign(Cluster& cluster, TrialId trial, AllocationId allocation, std::int64_t at_ms);

// Have the nodes of a gang get their desired states; bring the indexes up to date with it.
void MarkDesired(Cluster& cluster, const Allocation& allocation);
void Refresh(Cluster& cluster, const Allocation& allocation);

// Gives a new attempt to its gang, behind what the gang has.
void Give(Cluster& cluster, Attempt attempt);

// Takes an attempt off its gang; a gang without attempts becomes idle.
void Detach(Cluster& cluster, const Attempt& attempt, std::int64_t at_ms);

// Tells an attempt to stop. A weaker order than it already has changes nothing.
void SetStop(Cluster& cluster, Attempt& attempt, AttemptOrder::Stop stop);
// Tells an attempt, or all of a gang, to checkpoint; their trials wait again, at no cost and with
// this reason. Tasks, and what was told to stop already, are left alone.
void TakeBack(Cluster& cluster, AttemptId attempt, const std::string& why, std::int64_t at_ms);
void Preempt(Cluster& cluster, AllocationId allocation, const std::string& why, std::int64_t at_ms);
// Gives the gang no further work: what was assigned ahead is taken back, and with `now` what runs.
void Vacate(Cluster& cluster, AllocationId allocation, bool now, const std::string& why,
            std::int64_t at_ms);

// Stops listing the gang. Its slots stay held until the node has let go of them. Attempts that it
// still has are ended first: those that never started wait again, at no cost.
void Release(Cluster& cluster, AllocationId allocation, std::int64_t at_ms);

// Why a gang is gone.
enum class Gone {
  kExited,   // its processes ended: the running attempt failed (INFRA)
  kMissing,  // its node came back without it: the running attempt is LOST
  kNodeLost
};
// The gang ends with its first part that is gone; only that part's slots are free then, the other
// nodes still have to let go of theirs. With the last part the gang is forgotten.
void RemovePart(Cluster& cluster, AllocationId allocation, NodeId node, Gone why,
                const std::string& message, std::int64_t at_ms);

}  // namespace tutti::engine
