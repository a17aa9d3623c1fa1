#pragma once

#include <string>
#include <vector>

#include "coordinator/engine/cluster.h"

namespace tutti::engine {

// Checks what must hold after every event and returns one sentence per violation:
// - no slot belongs to two gangs, every gang is of one node and complete, and a node's free slots
//   are those that no gang holds;
// - a trial has at most one live attempt, it is on exactly one gang, its fence is the newest;
// - every open trial of an active experiment waits in the queue or has an attempt, none does both;
//   terminal trials do neither; no trial is lost or doubled between its experiment and the table;
// - restarts are within max_restarts, slots in use within max_slots;
// - what is derived (counters, queues, indexes) equals its recomputation.
std::vector<std::string> AuditCluster(const Cluster& cluster);

}  // namespace tutti::engine
