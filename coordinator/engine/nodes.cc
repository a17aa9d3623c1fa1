#include "coordinator/engine/nodes.h"

#include <map>
#include <set>
#include <vector>

#include "coordinator/engine/gangs.h"
#include "experiments/core/check.h"

namespace tutti::engine {
namespace {

using Reported = NodeReported::Allocation;

std::string Subject(const Node& node) { return "node " + ToString(node.id); }

std::vector<AllocationId> GangsOf(const Node& node) {
  return {node.allocations.begin(), node.allocations.end()};
}

// The node's share of a gang.
template <class A>  // Allocation or const Allocation
auto& PartOn(A& allocation, NodeId node) {
  for (auto* part : allocation.Parts()) {
    if (part->node == node) return *part;
  }
  TUTTI_CHECK(false, "the gang has no part on this node");
  return *allocation.Parts().front();
}

// How many gangs of an experiment fit on one slot rests on the most that one of them has used.
void LearnMemory(Cluster& cluster, const Allocation& allocation, std::int64_t peak_bytes) {
  if (!allocation.packed) return;
  Experiment& experiment = cluster.experiments.at(allocation.last_experiment);
  if (peak_bytes <= experiment.peak_memory_bytes) return;
  experiment.peak_memory_bytes = peak_bytes;
  std::set<NodeId> nodes;
  for (const auto& [id, gang] : cluster.allocations) {
    if (gang.packed && gang.last_experiment == experiment.id) nodes.insert(gang.node);
  }
  for (const NodeId id : nodes) RefreshNode(cluster, id);
}

void OnListed(Cluster& cluster, NodeId node, AllocationId id, const Reported& reported,
              std::int64_t at_ms) {
  Allocation& allocation = cluster.allocations.at(id);
  GangPart& part = PartOn(allocation, node);
  part.seen = true;
  part.unconfirmed = false;
  LearnMemory(cluster, allocation, reported.peak_memory_bytes);
  switch (reported.state) {
    case Reported::State::kStarting:
      return;
    case Reported::State::kReady:
      if (allocation.state == AllocationState::kStarting && allocation.node == node) {
        allocation.state = AllocationState::kReady;
      }
      return;
    case Reported::State::kStopping:
      allocation.unusable = true;
      if (allocation.attempts.empty()) return Release(cluster, id, at_ms);
      return Refresh(cluster, allocation);
    case Reported::State::kExited:
      return RemovePart(cluster, id, node, Gone::kExited, reported.message, at_ms);
  }
}

void OnMissing(Cluster& cluster, NodeId node, AllocationId id, std::int64_t at_ms) {
  const Allocation& allocation = cluster.allocations.at(id);
  const GangPart& part = PartOn(allocation, node);
  // One that was given up before the node had heard of it will never be listed.
  const bool never = allocation.state == AllocationState::kReleased;
  if (part.unconfirmed) {
    RemovePart(cluster, id, node, Gone::kMissing, "its node came back without it", at_ms);
  } else if (part.seen || never) {
    RemovePart(cluster, id, node, Gone::kExited, "its node does not list it any more", at_ms);
  }
}

}  // namespace

void OnNodeJoined(Cluster& cluster, const NodeJoined& event) {
  Node& node = cluster.nodes[event.node];
  const bool known = static_cast<bool>(node.id);
  node.id = event.node;
  node.name = event.name;
  node.pool = event.pool;
  node.slots = event.slots;
  node.datasets = event.datasets;
  node.labels = event.labels;
  node.spans_nodes = event.spans_nodes;
  node.state = NodeState::kOnline;
  node.awaiting_report = !node.allocations.empty();
  for (const AllocationId id : node.allocations) {
    PartOn(cluster.allocations.at(id), node.id).unconfirmed = true;
  }
  Log(cluster, event.at_ms, known ? "node_rejoined" : "node_joined", Subject(node),
      node.name + " with " + std::to_string(node.slots.size()) + " slots in pool " + node.pool);
  cluster.outbox.nodes.insert(node.id);
  cluster.outbox.desired.insert(node.id);
  RefreshNode(cluster, node.id);
}

void OnNodeReported(Cluster& cluster, const NodeReported& event) {
  const auto it = cluster.nodes.find(event.node);
  if (it == cluster.nodes.end() || it->second.state != NodeState::kOnline) return;
  Node& node = it->second;
  std::map<AllocationId, Reported> listed;
  for (const Reported& reported : event.allocations) listed[reported.allocation] = reported;
  for (const AllocationId id : GangsOf(node)) {
    const auto found = listed.find(id);
    if (found != listed.end()) {
      OnListed(cluster, node.id, id, found->second, event.at_ms);
    } else {
      OnMissing(cluster, node.id, id, event.at_ms);
    }
  }
  if (node.awaiting_report) {
    node.awaiting_report = false;
    cluster.outbox.desired.insert(node.id);
  }
  RefreshNode(cluster, node.id);
}

void OnNodeUnreachable(Cluster& cluster, const NodeUnreachable& event) {
  const auto it = cluster.nodes.find(event.node);
  if (it == cluster.nodes.end() || it->second.state != NodeState::kOnline) return;
  it->second.state = NodeState::kUnreachable;
  Log(cluster, event.at_ms, "node_unreachable", Subject(it->second), it->second.name);
  cluster.outbox.nodes.insert(event.node);
  RefreshNode(cluster, event.node);
}

void OnNodeLost(Cluster& cluster, const NodeLost& event) {
  const auto it = cluster.nodes.find(event.node);
  if (it == cluster.nodes.end() || it->second.state == NodeState::kLost) return;
  Node& node = it->second;
  node.state = NodeState::kLost;
  node.awaiting_report = false;
  Log(cluster, event.at_ms, "node_lost", Subject(node), node.name);
  cluster.outbox.nodes.insert(node.id);
  for (const AllocationId id : GangsOf(node)) {
    RemovePart(cluster, id, node.id, Gone::kNodeLost, "node " + node.name + " is lost",
               event.at_ms);
  }
  RefreshNode(cluster, node.id);
}

void OnNodeDrainRequested(Cluster& cluster, const NodeDrainRequested& event) {
  const auto it = cluster.nodes.find(event.node);
  if (it == cluster.nodes.end()) return;
  Node& node = it->second;
  node.draining = event.drain;
  cluster.outbox.nodes.insert(node.id);
  Log(cluster, event.at_ms, event.drain ? "node_draining" : "node_undrained", Subject(node),
      node.name + (event.drain && event.now ? ", now" : ""));
  RefreshNode(cluster, node.id);
  if (!event.drain) return;
  for (const AllocationId id : GangsOf(node)) {
    Vacate(cluster, id, event.now, "moved off " + node.name + ", which is drained", event.at_ms);
  }
}

void OnTick(Cluster& cluster, const Tick& event) {
  std::vector<AllocationId> expired;
  const auto look = [&](const std::set<AllocationId>& gangs) {
    for (const AllocationId id : gangs) {
      const std::int64_t idle_for = event.at_ms - cluster.allocations.at(id).idle_since_ms;
      if (idle_for >= cluster.settings.idle_allocation_ms) expired.push_back(id);
    }
  };
  for (const auto& [name, pool] : cluster.pools) {
    for (const auto& [key, gangs] : pool.idle) look(gangs);
    for (const auto& [experiment, gangs] : pool.idle_shared) look(gangs);
  }
  for (const AllocationId id : expired) {
    const Allocation& allocation = cluster.allocations.at(id);
    Log(cluster, event.at_ms, "gang_released", "node " + ToString(allocation.node),
        "gang " + ToString(id) + " had no work");
    Release(cluster, id, event.at_ms);
  }
}

bool AwaitsReport(const Cluster& cluster, NodeId id) {
  const auto it = cluster.nodes.find(id);
  if (it == cluster.nodes.end() || it->second.state != NodeState::kOnline) return false;
  if (it->second.awaiting_report) return true;
  for (const AllocationId allocation : it->second.allocations) {
    if (cluster.allocations.at(allocation).state == AllocationState::kReleased) return true;
  }
  return false;
}

}  // namespace tutti::engine
