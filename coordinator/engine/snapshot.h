#pragma once

#include "coordinator/engine/cluster.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// The engine's state as JSON. What can be derived (queues, indexes, counters) is not in it.

namespace tutti::engine {

Json SnapshotOf(const Cluster& cluster);

// Fills a cluster that is empty but for its settings. kDataLoss: the snapshot is damaged or of
// another version; the cluster must not be used then.
Status RestoreInto(Cluster& cluster, const Json& snapshot);

}  // namespace tutti::engine
