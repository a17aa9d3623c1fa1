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
  // Joined with gangs whose fate its first report will tell; gets no work and no orders before.
  bool awaiting_report = false;
  std::set<AllocationId> allocations;

  // Derived by Placement::Refresh.
  std::vector<std::int64_t> free;  // slot indices held by no gang, ascending
  std::int64_t releasing = 0;      // slots of released gangs that are not gone yet
  std::int64_t idle = 0;           // slots of warm gangs without an attempt
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

// A gang of processes on slots of one node. It outlives its attempts while it is healthy.
struct Allocation {
  AllocationId id;
  NodeId node;
  std::vector<std::int64_t> slots;
  AllocationState state = AllocationState::kStarting;
  bool seen = false;         // the node knows it: it was listed, or one of its attempts reported
  bool unconfirmed = false;  // its node joined again and has not reported yet
  bool unusable = false;     // the node is stopping it: no further attempts
  std::vector<AttemptId> attempts;  // the front one runs, the other is assigned ahead
  std::int64_t idle_since_ms = 0;   // REQUIRES: attempts is empty
  ExperimentId last_experiment;     // its data sets are probably still loaded

  std::int64_t world_size() const { return static_cast<std::int64_t>(slots.size()); }
};

}  // namespace tutti::engine
