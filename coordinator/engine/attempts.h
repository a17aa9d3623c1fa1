#pragma once

#include <cstdint>
#include <string>

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/event.h"

// The life of an attempt and what its end means for its trial.

namespace tutti::engine {

// Reports of attempts that are unknown or have ended change nothing.
void OnAttemptStarted(Cluster& cluster, const AttemptStarted& event);
void OnMetric(Cluster& cluster, const MetricReported& event);
void OnAttemptExited(Cluster& cluster, const AttemptExited& event);

// Ends a live attempt. That of a task ends or repeats the task (tasks.h); one that trains moves its
// trial on:
//
//   outcome     asked to stop for: nothing   pause     searcher   cancel, kill
//   completed                  COMPLETED     COMPLETED COMPLETED  COMPLETED
//   finished                   STOPPED       STOPPED   STOPPED    STOPPED
//   preempted                  waits again   PAUSED    STOPPED    CANCELLED
//   lost                       waits again   PAUSED    STOPPED    CANCELLED
//   killed                     failure INFRA PAUSED    STOPPED    CANCELLED
//   error                      failure       failure   STOPPED    CANCELLED
//
// A failure of class USER, OOM or NAN would happen again: ERROR. Any other costs one of
// max_restarts and the trial waits again (PAUSED in a paused experiment), or ERROR when they are
// spent.
void EndAttempt(Cluster& cluster, AttemptId attempt, Outcome outcome, FailureClass failure,
                const std::string& message, std::int64_t at_ms);

// Tells a trial to stop for this reason: at once if nothing of it runs, else through its attempt.
// Weaker reasons than the one it already has change nothing.
void RequestStop(Cluster& cluster, TrialId trial, StopReason reason, std::int64_t at_ms);

// Enters a trial into the queue or takes it out. The row is marked as changed.
void SetWaiting(Cluster& cluster, Trial& trial, bool waiting);
// REQUIRES: the transition is legal. Terminal states close the configuration when it was the last.
void SetTrialState(Cluster& cluster, Trial& trial, TrialState state, std::int64_t at_ms,
                   const std::string& message = {});
// QUEUED and in the queue, or PAUSED in a paused experiment.
void WaitAgain(Cluster& cluster, Trial& trial, std::int64_t at_ms);

// The trial's canonical document as text.
std::string TrialDocument(const Cluster& cluster, const Trial& trial);
// Its configuration's values, an object of dotted paths, as text.
std::string HparamsText(const Cluster& cluster, const Trial& trial);
// The document that the attempt's order carries: its task's, else its trial's.
std::string DocumentOf(const Cluster& cluster, const Attempt& attempt);

}  // namespace tutti::engine
