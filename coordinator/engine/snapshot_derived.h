#pragma once

#include "coordinator/engine/cluster.h"
#include "experiments/core/result.h"

// What a snapshot does not hold, after its fields were read.

namespace tutti::engine {

// Every id that something refers to exists; the rest of the engine relies on it. Else kDataLoss.
Status CheckReferences(const Cluster& cluster);

// Queues, counters and indexes from what was read. REQUIRES: CheckReferences is content.
void Derive(Cluster& cluster);

}  // namespace tutti::engine
