#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/engine/event.h"
#include "experiments/core/enum_table.h"
#include "experiments/core/ids.h"
#include "experiments/core/state_table.h"

namespace tutti::engine {

//   ONLINE <---> UNREACHABLE (nothing is given away) ---> LOST ---> ONLINE (joined again, empty)
enum class NodeState { kOnline, kUnreachable, kLost };
inline constexpr EnumTable<NodeState, 3> kNodeStateNames{{{{NodeState::kOnline, "ONLINE"},
                                                           {NodeState::kUnreachable, "UNREACHABLE"},
                                                           {NodeState::kLost, "LOST"}}}};

struct Node {
  NodeId id;
  std::string name;
  std::string pool;
  NodeState state = NodeState::kOnline;
  std::vector<NodeSlot> slots;
  std::map<std::string, std::string> datasets;
  std::map<std::string, std::string> labels;
  bool spans_nodes = false;
  bool draining = false;  // gets no new work
  // Joined with gangs whose fate its first report will tell; gets no work and no orders before.
  bool awaiting_report = false;
  std::set<AllocationId> allocations;

  // Derived by RefreshNode. A slot that several gangs share counts as its busiest gang.
  std::vector<std::int64_t> free;  // slot indices held by no gang, ascending
  std::int64_t releasing = 0;      // slots of released gangs that are not gone yet
  std::int64_t idle = 0;           // slots of warm gangs without an attempt
  std::int64_t leaving = 0;        // slots of gangs whose attempts were told to stop
  std::int64_t claimed = 0;        // promised to a waiting gang; only within one pass
};

//   STARTING ---> READY ---> RELEASED ---> gone (its slots are free)
//        +---------------------^
// RELEASED: the desired state no longer lists it; its processes may still hold the slots. A gang
// that the node reports EXITED is gone from any state.
enum class AllocationState { kStarting, kReady, kReleased };
inline constexpr EnumTable<AllocationState, 3> kAllocationStateNames{
    {{{AllocationState::kStarting, "STARTING"},
      {AllocationState::kReady, "READY"},
      {AllocationState::kReleased, "RELEASED"}}}};
inline constexpr StateTable<AllocationState, 3> kAllocationTransitions{
    {{{AllocationState::kStarting, AllocationState::kReady},
      {AllocationState::kStarting, AllocationState::kReleased},
      {AllocationState::kReady, AllocationState::kReleased}}}};

// The slots of a gang on one node.
struct GangPart {
  NodeId node;
  std::vector<std::int64_t> slots;
  bool seen = false;         // the node knows it: it was listed, or one of its attempts reported
  bool unconfirmed = false;  // its node joined again and has not reported yet
  bool gone = false;         // its node holds the slots no more; others may still hold theirs
};

// A gang of processes on slots of one or several nodes. It outlives its attempts while it is
// healthy. The part that it is itself leads: its node starts the processes and gets the attempts.
struct Allocation : GangPart {
  AllocationId id;
  std::vector<GangPart> others;  // the parts behind it, by rank
  AllocationState state = AllocationState::kStarting;
  bool unusable = false;  // a node is stopping it: no further attempts
  bool packed = false;    // its one slot may hold further gangs of the same experiment
  std::vector<AttemptId> attempts;  // the front one runs, the others are assigned ahead
  std::int64_t idle_since_ms = 0;   // REQUIRES: attempts is empty
  ExperimentId last_experiment;     // its data sets are probably still loaded

  std::int64_t world_size() const {
    std::size_t size = slots.size();
    for (const GangPart& part : others) size += part.slots.size();
    return static_cast<std::int64_t>(size);
  }
  // The leading one first.
  std::vector<GangPart*> Parts() {
    std::vector<GangPart*> parts{this};
    for (GangPart& part : others) parts.push_back(&part);
    return parts;
  }
  std::vector<const GangPart*> Parts() const {
    std::vector<const GangPart*> parts{this};
    for (const GangPart& part : others) parts.push_back(&part);
    return parts;
  }
};

}  // namespace tutti::engine
