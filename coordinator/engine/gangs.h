#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/event.h"

// Allocations: starting a gang, giving it attempts, releasing it, and what follows when it is gone.

namespace tutti::engine {

// A new gang on `world_size` free slots of the node, lowest indices first.
// REQUIRES: the node has that many.
AllocationId StartGang(Cluster& cluster, NodeId node, std::int64_t world_size);

// Makes the trial's next attempt (fence + 1, from its newest checkpoint) and gives it to the gang.
// REQUIRES: the trial waits; the gang is not released and has at most one attempt.
void Assign(Cluster& cluster, TrialId trial, AllocationId allocation, std::int64_t at_ms);

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
// Frees the slots.
void RemoveGang(Cluster& cluster, AllocationId allocation, Gone why, const std::string& message,
                std::int64_t at_ms);

}  // namespace tutti::engine
