#include "coordinator/service/watch_desk.h"

#include <utility>

#include "coordinator/service/experiment_views.h"
#include "tutti/v1/control.pb.h"

namespace tutti {

WatchDesk::WatchDesk(const engine::Engine& engine, const ProgressBoard& progress)
    : engine_(engine), progress_(progress) {
  for (const ExperimentId id : engine_.Experiments()) {
    if (const auto view = engine_.View(id); view && IsTerminalState(view->row.state)) {
      ended_.insert(id);
    }
  }
}

void WatchDesk::Add(ExperimentId experiment, std::shared_ptr<WatchLink> link) {
  Watcher watcher{experiment, std::move(link)};
  if (SendTo(watcher)) watchers_.push_back(std::move(watcher));
}

void WatchDesk::MarkEnded(ExperimentId experiment) {
  ended_.insert(experiment);
  changed_.insert(experiment);
}

bool WatchDesk::SendTo(const Watcher& watcher) {
  const auto view = engine_.View(watcher.experiment);
  if (!view) return false;
  v1::WatchUpdate update = ToWatchUpdate(*view, progress_);
  const bool ended = ended_.contains(watcher.experiment);
  // The engine may be ahead of the database by one commit; its end is not announced before.
  if (update.terminal() && !ended) return true;
  return watcher.link->Send(update, update.terminal()) && !update.terminal();
}

void WatchDesk::Flush() {
  for (auto watcher = watchers_.begin(); watcher != watchers_.end();) {
    const bool changed = changed_.contains(watcher->experiment);
    if (!watcher->link->IsOpen() || (changed && !SendTo(*watcher))) {
      watcher = watchers_.erase(watcher);
    } else {
      ++watcher;
    }
  }
  changed_.clear();
}

}  // namespace tutti
