#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/gangs.h"

// One pass over the queue of a pool after every event that moved it.

namespace tutti::engine {

// Assigns waiting tasks and trials to gangs until nothing more fits. Tasks come first, since
// somebody sits before them, but take nothing that is in use. Experiments are served in the order
// of the queue (queue.h), one trial at a time. For each, in this order: a warm gang of its size;
// free slots (the fullest node that fits, else the fewest nodes); slots that are being given up, or
// that idle gangs give up; slots taken from less important or richer work (preemption.h); a place
// behind an attempt that runs. What fits nowhere yet keeps nodes from whoever comes later (a
// reservation), so that later work only gets what the first in the queue cannot use.
void Schedule(Cluster& cluster, std::int64_t at_ms);

// What the pass knows while it goes through the queue.
struct Pass {
  Cluster& cluster;
  Pool& pool;
  std::int64_t at_ms;
  std::set<NodeId> nodes = {};               // with claims
  std::vector<ExperimentId> claimants = {};  // with promises

  // The first experiment of each kind that was not served. Later ones of its kind get nothing
  // that it was refused.
  struct Blocked {
    const Experiment* experiment;
    QueueKey key;
    // The last of its kind that found nobody to take a gang from, and its share with that gang.
    std::int64_t priority = 0;
    double after = 0;
  };
  std::vector<Blocked> blocked = {};
  // A pass ends after so many of either, so that it is short however much is on the move; the events
  // of what is being given up bring the next ones.
  static constexpr int kMostPromises = 96, kMostTakings = 4;
  int promises = 0;  // of slots that somebody gives up
  int takings = 0;   // plans of MakeRoom that were carried out
  // Comparisons on the way to a busy gang that a trial may wait behind: a convenience, and looked
  // for only so long.
  static constexpr int kMostLooks = 2048;
  int looks = 0;
  // Where an experiment stands now that was to have a gang's next turn and lost it to a poorer one.
  std::optional<QueueKey> poorer = {};
};

// Promises slots of these nodes to the experiment's next trial, within this pass. Slots of idle
// gangs are released for it where nothing else will do.
void Claim(Pass& pass, Experiment& experiment, const Shares& shares);

// Where a gang of `world` slots of the experiment fits, looking at one of the pool's four counts of
// slots: the fullest node that fits, else, if it may span nodes, the fewest. Empty: nowhere.
using SlotIndex = std::set<Pool::NodeEntry> Pool::*;
Shares FindShares(const Pass& pass, const Experiment& experiment, SlotIndex index,
                  bool several_nodes);
// Its gangs may be of several nodes. Those of a program (entrypoint) are started by one worker.
inline bool MaySpan(const Experiment& experiment) {
  return experiment.world_size > 1 && !experiment.config.resources.is_single_node &&
         experiment.config.entrypoint.empty();
}

}  // namespace tutti::engine
