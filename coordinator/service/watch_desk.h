#pragma once

#include <list>
#include <memory>
#include <set>

#include "coordinator/engine/engine.h"
#include "coordinator/service/progress_board.h"
#include "coordinator/service/session_link.h"

// Who watches which experiment: a snapshot at once, then on change at the pace of Flush, and a last
// one when the experiment has ended. Event loop's thread only.

namespace tutti {

class WatchDesk {
 public:
  // Experiments that have ended before are known from the engine.
  WatchDesk(const engine::Engine& engine, const ProgressBoard& progress);

  // REQUIRES: the experiment exists.
  void Add(ExperimentId experiment, std::shared_ptr<WatchLink> link);
  void MarkChanged(ExperimentId experiment) { changed_.insert(experiment); }
  // Its end is committed: whoever sees the last snapshot finds it in the database.
  void MarkEnded(ExperimentId experiment);
  // REQUIRES: called about ten times a second.
  void Flush();

 private:
  struct Watcher {
    ExperimentId experiment;
    std::shared_ptr<WatchLink> link;  // shared with its stream, which may end first
  };
  // False: the watcher is done.
  bool SendTo(const Watcher& watcher);

  const engine::Engine& engine_;
  const ProgressBoard& progress_;
  std::list<Watcher> watchers_;
  std::set<ExperimentId> changed_;
  std::set<ExperimentId> ended_;
};

}  // namespace tutti
