#include "coordinator/engine/attempts.h"

#include <algorithm>
#include <utility>

#include "coordinator/engine/checkpoints.h"
#include "coordinator/engine/experiments.h"
#include "coordinator/engine/gangs.h"
#include "coordinator/engine/score.h"
#include "coordinator/engine/tasks.h"
#include "experiments/core/check.h"

namespace tutti::engine {
namespace {

constexpr std::int64_t kMostLosses = 10;

// How far an order goes; one that was given is never taken back.
int Strength(AttemptOrder::Stop stop) {
  switch (stop) {
    case AttemptOrder::Stop::kRun: return 0;
    case AttemptOrder::Stop::kFinish: return 1;
    case AttemptOrder::Stop::kCheckpoint: return 2;
    case AttemptOrder::Stop::kKill: return 3;
  }
  return 0;
}

AttemptOrder::Stop OrderFor(StopReason reason) {
  switch (reason) {
    case StopReason::kNone: return AttemptOrder::Stop::kRun;
    case StopReason::kSearcher: return AttemptOrder::Stop::kFinish;
    case StopReason::kPause:
    case StopReason::kCancel: return AttemptOrder::Stop::kCheckpoint;
    case StopReason::kKill: return AttemptOrder::Stop::kKill;
  }
  return AttemptOrder::Stop::kRun;
}

AttemptState EndState(Outcome outcome) {
  switch (outcome) {
    case Outcome::kCompleted: return AttemptState::kCompleted;
    case Outcome::kPreempted: return AttemptState::kPreempted;
    case Outcome::kFinished:
    case Outcome::kKilled: return AttemptState::kStopped;
    case Outcome::kError: return AttemptState::kError;
    case Outcome::kLost: return AttemptState::kLost;
    case Outcome::kHeld: return AttemptState::kHeld;
  }
  return AttemptState::kError;
}

// The first sign of life of an attempt; also from a report that overtook nothing but says more.
void MarkStarted(Cluster& cluster, Attempt& attempt, std::int64_t at_ms) {
  cluster.allocations.at(attempt.allocation).seen = true;
  if (attempt.state != AttemptState::kAssigned) return;
  attempt.state = AttemptState::kRunning;
  attempt.started_at_ms = at_ms;
  cluster.outbox.attempts[attempt.id] = AttemptRow(attempt);
  if (attempt.task) return;
  Trial& trial = cluster.trials.at(attempt.trial);
  if (trial.started_at_ms == 0) trial.started_at_ms = at_ms;
  if (trial.state == TrialState::kQueued) {
    SetTrialState(cluster, trial, TrialState::kRunning, at_ms);
  }
  cluster.outbox.trials.insert(trial.id);
}

void OnFailure(Cluster& cluster, Trial& trial, FailureClass failure, const std::string& message,
               std::int64_t at_ms) {
  const std::string text = std::string(kFailureClassNames.Name(failure)) +
                           (failure == FailureClass::kNone ? "" : ": ") + message;
  const std::int64_t budget = cluster.ExperimentOf(trial).config.max_restarts;
  const bool repeats = failure == FailureClass::kUser || failure == FailureClass::kOom ||
                       failure == FailureClass::kNan;
  if (repeats) {
    SetTrialState(cluster, trial, TrialState::kError, at_ms, text);
  } else if (trial.restarts >= budget) {
    SetTrialState(cluster, trial, TrialState::kError, at_ms,
                  text + " (max_restarts " + std::to_string(budget) + " used)");
  } else {
    ++trial.restarts;
    trial.message = text;
    Log(cluster, at_ms, "trial_restarts", "trial " + TrialName(trial),
        std::to_string(trial.restarts) + " of " + std::to_string(budget) + ": " + text);
    WaitAgain(cluster, trial, at_ms);
  }
}

// The table in attempts.h.
void MoveOn(Cluster& cluster, Trial& trial, Outcome outcome, FailureClass failure,
            const std::string& message, std::int64_t at_ms) {
  const StopReason reason = std::exchange(trial.stop, StopReason::kNone);
  if (outcome == Outcome::kCompleted) {
    // "stopped early at epoch 7: …" of a trial that ended itself, else "".
    return SetTrialState(cluster, trial, TrialState::kCompleted, at_ms, message);
  }
  if (outcome == Outcome::kFinished) {
    return SetTrialState(cluster, trial, TrialState::kStopped, at_ms);
  }
  if (reason == StopReason::kCancel || reason == StopReason::kKill) {
    return SetTrialState(cluster, trial, TrialState::kCancelled, at_ms);
  }
  if (reason == StopReason::kSearcher) {
    return SetTrialState(cluster, trial, TrialState::kStopped, at_ms, message);
  }
  if (outcome == Outcome::kError) {
    return OnFailure(cluster, trial, failure, message, at_ms);
  }
  if (outcome == Outcome::kKilled && reason == StopReason::kNone) {
    return OnFailure(cluster, trial, FailureClass::kInfra,
                     message.empty() ? "killed by nobody's order" : message, at_ms);
  }
  // A lost node is not the trial's fault, but a trial that takes every node with it must end.
  const bool was_running = trial.state == TrialState::kRunning;
  if (outcome == Outcome::kLost && was_running && ++trial.losses > kMostLosses) {
    return SetTrialState(cluster, trial, TrialState::kError, at_ms,
                         "lost its node " + std::to_string(trial.losses) +
                             " times without finishing an epoch: " + message);
  }
  WaitAgain(cluster, trial, at_ms);
}

// What the searcher's metric of one validation changes in the trial and its experiment.
void TakeValue(Cluster& cluster, Trial& trial, std::int64_t epoch, double value) {
  Experiment& experiment = cluster.ExperimentOf(trial);
  const bool smaller = experiment.config.searcher.smaller_is_better;
  trial.last_value = value;
  if (Improves(value, trial.best_value, smaller)) {
    trial.best_value = value;
    trial.best_epoch = epoch;
  }
  if (Improves(value, experiment.best_value, smaller)) {
    experiment.best_value = value;
    cluster.outbox.experiments.insert(experiment.id);
  }
  trial.metric_time = std::max(trial.metric_time, epoch);
  Configuration& configuration = experiment.configurations.at(trial.configuration_no);
  if (epoch > configuration.fed_epoch) {
    configuration.pending[epoch][trial.replicate_no] = value;
    FeedConfiguration(cluster, experiment, configuration);
  }
}

}  // namespace

void OnAttemptStarted(Cluster& cluster, const AttemptStarted& event) {
  const auto it = cluster.attempts.find(event.attempt);
  if (it == cluster.attempts.end()) return;
  MarkStarted(cluster, it->second, event.at_ms);
  if (it->second.task) return;
  Trial& trial = cluster.trials.at(it->second.trial);
  if (trial.parameters == event.parameters) return;
  trial.parameters = event.parameters;
  cluster.outbox.trials.insert(trial.id);
}

void OnMetric(Cluster& cluster, const MetricReported& event) {
  const auto it = cluster.attempts.find(event.attempt);
  if (it == cluster.attempts.end()) return;
  MarkStarted(cluster, it->second, event.at_ms);
  if (it->second.task) return;
  Trial& trial = cluster.trials.at(it->second.trial);
  trial.epochs_done = event.epoch;
  trial.time_done = event.time;
  trial.losses = 0;
  const auto value = event.metrics.find(cluster.ExperimentOf(trial).config.searcher.metric);
  if (value != event.metrics.end()) TakeValue(cluster, trial, event.epoch, value->second);
  cluster.outbox.trials.insert(trial.id);
}

void OnAttemptExited(Cluster& cluster, const AttemptExited& event) {
  const auto it = cluster.attempts.find(event.attempt);
  if (it == cluster.attempts.end()) return;
  cluster.allocations.at(it->second.allocation).seen = true;
  const bool trained =
      event.outcome == Outcome::kCompleted || event.outcome == Outcome::kFinished;
  if (trained) MarkStarted(cluster, it->second, event.at_ms);
  EndAttempt(cluster, event.attempt, event.outcome, event.failure, event.message, event.at_ms);
}

void EndAttempt(Cluster& cluster, AttemptId id, Outcome outcome, FailureClass failure,
                const std::string& message, std::int64_t at_ms) {
  Attempt& attempt = cluster.attempts.at(id);
  const AllocationId allocation_id = attempt.allocation;
  const Allocation& allocation = cluster.allocations.at(allocation_id);
  const bool healthy = outcome == Outcome::kCompleted || outcome == Outcome::kFinished ||
                       outcome == Outcome::kPreempted;
  // An attempt that ended before its turn says nothing about the gang.
  const bool ran = allocation.attempts.front() == id;
  const bool release = ran && (!healthy || allocation.unusable);

  const bool started = attempt.state == AttemptState::kRunning;
  const AttemptState state = EndState(outcome);
  TUTTI_CHECK(kAttemptTransitions.Allows(attempt.state, state), "illegal transition of an attempt");
  attempt.state = state;
  PersistAttempt row = AttemptRow(attempt);
  row.ended_at_ms = at_ms;
  row.failure = kFailureClassNames.Name(failure);
  row.message = message;
  cluster.outbox.attempts[id] = std::move(row);

  Detach(cluster, attempt, at_ms);
  const TaskId task = attempt.task;
  Trial& trial = cluster.trials.at(attempt.trial);
  cluster.attempts.erase(id);
  if (task) {
    OnTaskAttemptEnded(cluster, task, started, outcome, failure, message, at_ms);
  } else {
    trial.attempt = AttemptId();
    MoveOn(cluster, trial, outcome, failure, message, at_ms);
    cluster.outbox.trials.insert(trial.id);
  }
  if (release) Release(cluster, allocation_id, at_ms);
}

void RequestStop(Cluster& cluster, TrialId id, StopReason reason, std::int64_t at_ms) {
  Trial& trial = cluster.trials.at(id);
  if (IsTerminal(trial.state)) return;
  if (!trial.attempt) {
    if (reason == StopReason::kPause) {
      if (trial.state == TrialState::kQueued) WaitAgain(cluster, trial, at_ms);
    } else {
      SetTrialState(cluster, trial,
                    reason == StopReason::kSearcher ? TrialState::kStopped
                                                    : TrialState::kCancelled,
                    at_ms);
    }
    return;
  }
  if (reason <= trial.stop) return;
  trial.stop = reason;
  if (trial.state != TrialState::kStopping) {
    SetTrialState(cluster, trial, TrialState::kStopping, at_ms);
  }
  Attempt& attempt = cluster.attempts.at(trial.attempt);
  const AttemptOrder::Stop order = OrderFor(reason);
  if (Strength(order) <= Strength(attempt.stop)) return;
  attempt.stop = order;
  cluster.outbox.desired.insert(cluster.allocations.at(attempt.allocation).node);
}

void SetWaiting(Cluster& cluster, Trial& trial, bool waiting) {
  Experiment& experiment = cluster.ExperimentOf(trial);
  cluster.outbox.trials.insert(trial.id);
  const bool changed = waiting ? experiment.waiting.insert(trial.id).second
                               : experiment.waiting.erase(trial.id) > 0;
  if (!changed) return;
  const std::string& name = experiment.config.resources.resource_pool;
  Pool& pool = cluster.pools[name];
  std::int64_t& count = pool.waiting[experiment.world_size];
  count += waiting ? 1 : -1;
  const std::pair key{experiment.config.resources.priority, experiment.id};
  if (experiment.waiting.empty()) {
    pool.queue.erase(key);
  } else {
    pool.queue.insert(key);
  }
  cluster.dirty_pools.insert(name);
}

void SetTrialState(Cluster& cluster, Trial& trial, TrialState state, std::int64_t at_ms,
                   const std::string& message) {
  TUTTI_CHECK(kTrialTransitions.Allows(trial.state, state), "illegal transition of a trial");
  trial.state = state;
  cluster.outbox.trials.insert(trial.id);
  if (state != TrialState::kQueued) SetWaiting(cluster, trial, false);
  if (!IsTerminal(state)) return;
  trial.ended_at_ms = at_ms;
  trial.message = message;
  Log(cluster, at_ms, "trial_ended", "trial " + TrialName(trial),
      std::string(kTrialStateNames.Name(state)) + (message.empty() ? "" : ": " + message));
  OnTrialEnded(cluster, trial);
  ApplyRetention(cluster, trial);
}

void WaitAgain(Cluster& cluster, Trial& trial, std::int64_t at_ms) {
  const TrialState state = cluster.ExperimentOf(trial).state == ExperimentState::kPaused
                               ? TrialState::kPaused
                               : TrialState::kQueued;
  if (trial.state != state) SetTrialState(cluster, trial, state, at_ms);
  if (state == TrialState::kQueued) SetWaiting(cluster, trial, true);
}

std::string TrialDocument(const Cluster& cluster, const Trial& trial) {
  const Experiment& experiment = cluster.ExperimentOf(trial);
  return ApplyHparams(experiment.canonical,
                      experiment.configurations.at(trial.configuration_no).hparams)
      .Dump();
}

std::string HparamsText(const Cluster& cluster, const Trial& trial) {
  const Configuration& configuration =
      cluster.ExperimentOf(trial).configurations.at(trial.configuration_no);
  return configuration.hparams.is_object() ? configuration.hparams.Dump() : "{}";
}

std::string DocumentOf(const Cluster& cluster, const Attempt& attempt) {
  const auto task = cluster.tasks.find(attempt.task);
  if (task != cluster.tasks.end() && !task->second.config.empty()) return task->second.config;
  return TrialDocument(cluster, cluster.trials.at(attempt.trial));
}

}  // namespace tutti::engine
