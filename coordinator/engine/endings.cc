#include "coordinator/engine/endings.h"

#include <utility>

#include "coordinator/engine/attempts.h"
#include "coordinator/engine/dialogue.h"

namespace tutti::engine {
namespace {

constexpr std::int64_t kMostLosses = 10;

// Whether a trial that is stopped without an attempt gets one that evaluates what it has.
bool NeedsEvaluation(const Cluster& cluster, const Trial& trial) {
  const ExperimentConfig& config = cluster.ExperimentOf(trial).config;
  return trial.best_checkpoint && config.entrypoint.empty() && !config.evaluation.splits.empty();
}

void OnFailure(Cluster& cluster, Trial& trial, FailureClass failure, const std::string& message,
               std::int64_t at_ms) {
  const std::string text = std::string(kFailureClassNames.Name(failure)) +
                           (failure == FailureClass::kNone ? "" : ": ") + message;
  const ExperimentConfig& config = cluster.ExperimentOf(trial).config;
  const std::int64_t budget = config.max_restarts;
  // The built-in trainer's own errors come again; why a program ended as it did, nobody knows.
  const bool repeats = (failure == FailureClass::kUser && config.entrypoint.empty()) ||
                       failure == FailureClass::kOom || failure == FailureClass::kNan;
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

// What the searcher has stopped: "rung 1: 9th of 16, top 4 kept".
void MoveOnStopped(Cluster& cluster, Trial& trial, const Ending& end, std::int64_t at_ms) {
  const bool never_began =
      !end.started && (end.outcome == Outcome::kPreempted || end.outcome == Outcome::kLost);
  if (end.outcome == Outcome::kHeld || never_began) {
    return StopWaiting(cluster, trial, at_ms);
  }
  std::string text = trial.verdict;
  if (!end.message.empty()) text += (text.empty() ? "" : "; while it finished: ") + end.message;
  SetTrialState(cluster, trial, TrialState::kStopped, at_ms, text);
}

}  // namespace

void StopWaiting(Cluster& cluster, Trial& trial, std::int64_t at_ms) {
  if (!NeedsEvaluation(cluster, trial)) {
    return SetTrialState(cluster, trial, TrialState::kStopped, at_ms, trial.verdict);
  }
  trial.stop = StopReason::kSearcher;
  trial.held = false;
  trial.run_until = 0;  // it is there already, and would be held again
  WaitAgain(cluster, trial, at_ms);
}

void MoveOn(Cluster& cluster, Trial& trial, const Ending& end, std::int64_t at_ms) {
  const StopReason reason = std::exchange(trial.stop, StopReason::kNone);
  if (end.outcome == Outcome::kCompleted) {
    trial.finished = true;
    // "stopped early at epoch 7: …" of a trial that ended itself, else "".
    return SetTrialState(cluster, trial, TrialState::kCompleted, at_ms, end.message);
  }
  if (end.outcome == Outcome::kFinished) {
    trial.finished = true;
    return SetTrialState(cluster, trial, TrialState::kStopped, at_ms, trial.verdict);
  }
  if (reason == StopReason::kInvalid) {
    const Experiment& experiment = cluster.ExperimentOf(trial);
    return SetTrialState(cluster, trial, TrialState::kError, at_ms,
                         experiment.configurations.at(trial.configuration_no).why_invalid);
  }
  if (reason == StopReason::kCancel || reason == StopReason::kKill) {
    return SetTrialState(cluster, trial, TrialState::kCancelled, at_ms);
  }
  if (end.outcome == Outcome::kError && end.failure == FailureClass::kInvalidHp) {
    return Invalidate(cluster, trial, end.message, at_ms);
  }
  if (reason == StopReason::kSearcher) return MoveOnStopped(cluster, trial, end, at_ms);
  if (end.outcome == Outcome::kHeld && (trial.run_until > 0 || end.prolonged)) {
    return Hold(cluster, trial, end.prolonged, at_ms);
  }
  if (end.outcome == Outcome::kHeld) {
    return OnFailure(cluster, trial, FailureClass::kInfra, "ended as held without being asked to",
                     at_ms);
  }
  if (end.outcome == Outcome::kError) {
    return OnFailure(cluster, trial, end.failure, end.message, at_ms);
  }
  if (end.outcome == Outcome::kKilled && reason == StopReason::kNone) {
    return OnFailure(cluster, trial, FailureClass::kInfra,
                     end.message.empty() ? "killed by nobody's order" : end.message, at_ms);
  }
  // A lost node is not the trial's fault, but a trial that takes every node with it must end.
  const bool was_running = trial.state == TrialState::kRunning;
  if (end.outcome == Outcome::kLost && was_running && ++trial.losses > kMostLosses) {
    return SetTrialState(cluster, trial, TrialState::kError, at_ms,
                         "lost its node " + std::to_string(trial.losses) +
                             " times without finishing an epoch: " + end.message);
  }
  WaitAgain(cluster, trial, at_ms);
}

}  // namespace tutti::engine
