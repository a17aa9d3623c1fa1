#pragma once

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/event.h"

// Nodes come, report, vanish and are given up.

namespace tutti::engine {

void OnNodeJoined(Cluster& cluster, const NodeJoined& event);
// A gang is gone when it is reported EXITED, when it was known to the node and is not listed any
// more, or when the first report after a NodeJoined does not list it. A gang that the node has not
// heard of yet may be missing: the report was sent before; unless it has been given up since.
void OnNodeReported(Cluster& cluster, const NodeReported& event);
void OnNodeUnreachable(Cluster& cluster, const NodeUnreachable& event);
void OnNodeLost(Cluster& cluster, const NodeLost& event);
void OnNodeDrainRequested(Cluster& cluster, const NodeDrainRequested& event);
// Releases gangs that have been idle for too long.
void OnTick(Cluster& cluster, const Tick& event);

// engine.h.
bool AwaitsReport(const Cluster& cluster, NodeId node);

}  // namespace tutti::engine
