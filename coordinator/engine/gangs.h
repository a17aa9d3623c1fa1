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

// Makes the trial's next attempt (fence + 1, from its newest checkpoint) and gives it to the gang.
// REQUIRES: the trial waits; the gang is not released.
void Assign(Cluster& cluster, TrialId trial, AllocationId allocation, std::int64_t at_ms);

// Have the nodes of a gang get their desired states, or be looked at by placement again.
void MarkDesired(Cluster& cluster, const Allocation& allocation);
void RefreshNodesOf(Cluster& cluster, const Allocation& allocation);

// Gives a new attempt to its gang, behind what the gang has.
void Give(Cluster& cluster, Attempt attempt);

// Takes an attempt off its gang; a gang without attempts becomes idle.
void Detach(Cluster& cluster, const Attempt& attempt, std::int64_t at_ms);

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
