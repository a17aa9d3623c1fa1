#include "coordinator/engine/attempts.h"

#include <algorithm>
#include <utility>

#include "coordinator/engine/checkpoints.h"
#include "coordinator/engine/constraints.h"
#include "coordinator/engine/dialogue.h"
#include "coordinator/engine/endings.h"
#include "coordinator/engine/experiments.h"
#include "coordinator/engine/gangs.h"
#include "coordinator/engine/queue.h"
#include "coordinator/engine/score.h"
#include "coordinator/engine/tasks.h"
#include "experiments/core/check.h"

namespace tutti::engine {
namespace {

AttemptOrder::Stop OrderFor(StopReason reason) {
  switch (reason) {
    case StopReason::kNone: return AttemptOrder::Stop::kRun;
    case StopReason::kSearcher: return AttemptOrder::Stop::kFinish;
    case StopReason::kPause:
    case StopReason::kCancel: return AttemptOrder::Stop::kCheckpoint;
    case StopReason::kKill:
    case StopReason::kInvalid: return AttemptOrder::Stop::kKill;
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
    const bool only_finishes = trial.stop != StopReason::kNone;
    SetTrialState(cluster, trial, only_finishes ? TrialState::kStopping : TrialState::kRunning,
                  at_ms);
  }
  cluster.outbox.trials.insert(trial.id);
}

// What of a validation the searcher looks at beside its metric.
std::map<std::string, double> WatchedValues(const Experiment& experiment, const Trial& trial,
                                            const std::map<std::string, double>& metrics) {
  std::map<std::string, double> values;
  for (const std::string& name : experiment.watched) {
    const auto it = metrics.find(name);
    if (it != metrics.end()) {
      values[name] = it->second;
    } else if (name == "parameters" && trial.parameters > 0) {
      values[name] = static_cast<double>(trial.parameters);
    } else if (name == "flops" && trial.flops > 0) {
      values[name] = static_cast<double>(trial.flops);
    }
  }
  return values;
}

// What a validation with the searcher's metric changes in the trial and its experiment.
void TakeValue(Cluster& cluster, Trial& trial, const MetricReported& event, double value) {
  Experiment& experiment = cluster.ExperimentOf(trial);
  const SearcherConfig& searcher = experiment.config.searcher;
  std::map<std::string, double> others = WatchedValues(experiment, trial, event.metrics);
  std::string infeasible;
  if (!searcher.constraints.empty()) {
    std::map<std::string, double> all = others;
    all[searcher.metric] = value;
    infeasible = WhyInfeasible(searcher, all);
  }
  trial.last_value = value;
  if (infeasible.empty() && Improves(value, experiment.best_value, searcher.smaller_is_better)) {
    experiment.best_value = value;
    cluster.outbox.experiments.insert(experiment.id);
  }
  if (Improves(value, trial.best_value, searcher.smaller_is_better)) {
    trial.best_value = value;
    trial.best_epoch = event.epoch;
    trial.infeasible = std::move(infeasible);
  }
  trial.metric_time = std::max(trial.metric_time, trial.time_done);
  Configuration& configuration = experiment.configurations.at(trial.configuration_no);
  if (trial.time_done <= configuration.fed_time || configuration.closed) return;
  configuration.pending[trial.time_done][trial.replicate_no] = value;
  if (!others.empty()) {
    configuration.pending_others[trial.time_done][trial.replicate_no] = std::move(others);
  }
  FeedConfiguration(cluster, experiment, configuration);
}

// What resumes evaluates its best weights at its end, and a node may have to fetch them.
void NeedBest(const Cluster& cluster, const Trial& trial, Attempt& attempt) {
  const ExperimentConfig& config = cluster.ExperimentOf(trial).config;
  const bool evaluates = config.entrypoint.empty() && !config.evaluation.splits.empty();
  if (!evaluates || trial.best_checkpoint == trial.last_checkpoint) return;
  const Checkpoint& best = trial.checkpoints.at(trial.best_checkpoint);
  attempt.weights_name = best.name;
  attempt.weights_sha256 = best.sha256;
}

// In time_metric. The service says it; a report that does not is of whole epochs or batches.
std::int64_t TimeOf(const MetricReported& event, const std::string& time_metric) {
  if (event.time > 0) return event.time;
  return time_metric == "batches" ? event.step : event.epoch;
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
  const SearcherConfig& searcher = cluster.ExperimentOf(trial).config.searcher;
  trial.epochs_done = event.epoch;
  trial.time_done = TimeOf(event, searcher.time_metric);
  trial.losses = 0;
  const auto value = event.metrics.find(searcher.metric);
  if (value != event.metrics.end()) TakeValue(cluster, trial, event, value->second);
  cluster.outbox.trials.insert(trial.id);
}

void OnAttemptExited(Cluster& cluster, const AttemptExited& event) {
  const auto it = cluster.attempts.find(event.attempt);
  if (it == cluster.attempts.end()) return;
  cluster.allocations.at(it->second.allocation).seen = true;
  const bool trained = event.outcome == Outcome::kCompleted ||
                       event.outcome == Outcome::kFinished || event.outcome == Outcome::kHeld;
  if (trained) MarkStarted(cluster, it->second, event.at_ms);
  EndAttempt(cluster, event.attempt, event.outcome, event.failure, event.message, event.at_ms);
}

void EndAttempt(Cluster& cluster, AttemptId id, Outcome outcome, FailureClass failure,
                const std::string& message, std::int64_t at_ms) {
  Attempt& attempt = cluster.attempts.at(id);
  const AllocationId allocation_id = attempt.allocation;
  const Allocation& allocation = cluster.allocations.at(allocation_id);
  const bool healthy = outcome == Outcome::kCompleted || outcome == Outcome::kFinished ||
                       outcome == Outcome::kPreempted || outcome == Outcome::kHeld;
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
  const bool prolonged = attempt.prolonged;
  Trial& trial = cluster.trials.at(attempt.trial);
  if (started && !task) {
    cluster.ExperimentOf(trial).slot_ms += attempt.slots * (at_ms - attempt.started_at_ms);
  }
  cluster.attempts.erase(id);
  if (task) {
    OnTaskAttemptEnded(cluster, task, started, outcome, failure, message, at_ms);
  } else {
    trial.attempt = AttemptId();
    MoveOn(cluster, trial, {outcome, failure, message, started, prolonged}, at_ms);
    cluster.outbox.trials.insert(trial.id);
  }
  if (release) Release(cluster, allocation_id, at_ms);
}

void RequestStop(Cluster& cluster, TrialId id, StopReason reason, std::int64_t at_ms) {
  Trial& trial = cluster.trials.at(id);
  if (IsTerminal(trial.state)) return;
  if (!trial.attempt && reason == StopReason::kPause) {
    const bool waits = trial.state == TrialState::kQueued || trial.state == TrialState::kHeld;
    if (waits) WaitAgain(cluster, trial, at_ms);
    return;
  }
  if (reason <= trial.stop) return;
  if (!trial.attempt) {
    if (reason == StopReason::kSearcher) return StopWaiting(cluster, trial, at_ms);
    trial.stop = StopReason::kNone;
    if (reason != StopReason::kInvalid) {
      return SetTrialState(cluster, trial, TrialState::kCancelled, at_ms);
    }
    const Experiment& experiment = cluster.ExperimentOf(trial);
    return SetTrialState(cluster, trial, TrialState::kError, at_ms,
                         experiment.configurations.at(trial.configuration_no).why_invalid);
  }
  if (reason <= trial.stop) return;
  trial.stop = reason;
  if (trial.state != TrialState::kStopping) {
    SetTrialState(cluster, trial, TrialState::kStopping, at_ms);
  }
  Attempt& attempt = cluster.attempts.at(trial.attempt);
  const AttemptOrder::Stop order = OrderFor(reason);
  SetStop(cluster, attempt, order);
}

void SetWaiting(Cluster& cluster, Trial& trial, bool waiting) {
  Experiment& experiment = cluster.ExperimentOf(trial);
  cluster.outbox.trials.insert(trial.id);
  const bool changed = waiting ? experiment.waiting.insert(trial.id).second
                               : experiment.waiting.erase(trial.id) > 0;
  if (!changed) return;
  const std::string& name = experiment.config.resources.resource_pool;
  cluster.pools[name].waiting[experiment.world_size] += waiting ? 1 : -1;
  Requeue(cluster, experiment);
  cluster.dirty_pools.insert(name);
}

void SetTrialState(Cluster& cluster, Trial& trial, TrialState state, std::int64_t at_ms,
                   const std::string& message) {
  TUTTI_CHECK(kTrialTransitions.Allows(trial.state, state), "illegal transition of a trial");
  Experiment& experiment = cluster.ExperimentOf(trial);
  if (trial.state == TrialState::kHeld) --experiment.held_trials;
  if (state == TrialState::kHeld) {
    ++experiment.held_trials;
    cluster.holding.insert(experiment.id);
  }
  trial.state = state;
  cluster.outbox.trials.insert(trial.id);
  if (state != TrialState::kQueued) SetWaiting(cluster, trial, false);
  if (!IsTerminal(state)) return;
  trial.ended_at_ms = at_ms;
  trial.message = message;
  // Before retention takes its own.
  const bool needed_start = !trial.last_checkpoint && !trial.start_name.empty();
  Log(cluster, at_ms, "trial_ended", "trial " + TrialName(trial),
      std::string(kTrialStateNames.Name(state)) + (message.empty() ? "" : ": " + message));
  OnTrialEnded(cluster, trial);
  ApplyRetention(cluster, trial);
  if (needed_start) Unpin(cluster, trial.start_name, trial.parent);
}

void WaitAgain(Cluster& cluster, Trial& trial, std::int64_t at_ms) {
  const bool paused = cluster.ExperimentOf(trial).state == ExperimentState::kPaused;
  const TrialState state = paused       ? TrialState::kPaused
                           : trial.held ? TrialState::kHeld
                                        : TrialState::kQueued;
  if (trial.state != state) SetTrialState(cluster, trial, state, at_ms);
  if (state == TrialState::kQueued) SetWaiting(cluster, trial, true);
}

void PrepareAttempt(Cluster& cluster, const Trial& trial, Attempt& attempt) {
  if (trial.last_checkpoint) {
    const Checkpoint& checkpoint = trial.checkpoints.at(trial.last_checkpoint);
    attempt.resumed_from = checkpoint.id;
    attempt.resume_name = checkpoint.name;
    attempt.resume_sha256 = checkpoint.sha256;
    NeedBest(cluster, trial, attempt);
  } else if (!trial.start_name.empty()) {
    attempt.resumed_from = trial.start_checkpoint;
    attempt.resume_name = trial.start_name;
    attempt.resume_sha256 = trial.start_sha256;
  } else if (const auto& warm = cluster.ExperimentOf(trial).config.training.warm_start) {
    attempt.weights_name = warm->name;
    attempt.weights_sha256 = warm->sha256;
  }
  if (trial.stop == StopReason::kSearcher) attempt.stop = AttemptOrder::Stop::kFinish;
  attempt.config = DocumentOf(cluster, attempt);
  attempt.hparams = HparamsText(cluster, trial);
}

std::string HparamsText(const Cluster& cluster, const Trial& trial) {
  const Configuration& configuration =
      cluster.ExperimentOf(trial).configurations.at(trial.configuration_no);
  return configuration.hparams.is_object() ? configuration.hparams.Dump() : "{}";
}

std::string DocumentOf(Cluster& cluster, const Attempt& attempt) {
  const auto task = cluster.tasks.find(attempt.task);
  if (task != cluster.tasks.end() && !task->second.config.empty()) return task->second.config;
  const Trial& trial = cluster.trials.at(attempt.trial);
  Experiment& experiment = cluster.ExperimentOf(trial);
  Configuration& configuration = experiment.configurations.at(trial.configuration_no);
  if (!configuration.document.empty()) return configuration.document;
  std::string text = ApplyHparams(experiment.canonical, configuration.hparams).Dump();
  if (!configuration.closed) configuration.document = text;  // for its other attempts
  return text;
}

}  // namespace tutti::engine
