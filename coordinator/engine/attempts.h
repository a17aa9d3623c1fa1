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
//   held                       HELD          PAUSED    evaluation CANCELLED
//   preempted                  waits again   PAUSED    STOPPED    CANCELLED
//   lost                       waits again   PAUSED    STOPPED    CANCELLED
//   killed                     failure INFRA PAUSED    STOPPED    CANCELLED
//   error                      failure       failure   STOPPED    CANCELLED
//
// A failure of class INVALID_HP makes the configuration invalid: ERROR for all replicates. One of
// class USER, OOM or NAN would happen again: ERROR. Any other costs one of max_restarts and the
// trial waits again (PAUSED in a paused experiment), or ERROR when they are spent.
//
// evaluation: a trial that its searcher stops while it has no attempt, or whose attempt never
// began, waits for a short one that begins with the order to finish, if it has a checkpoint and its
// experiment asks for evaluations; else it is STOPPED.
void EndAttempt(Cluster& cluster, AttemptId attempt, Outcome outcome, FailureClass failure,
                const std::string& message, std::int64_t at_ms);

// Tells a trial to stop for this reason: at once if nothing of it runs (but see evaluation above),
// else through its attempt. Weaker reasons than the one it already has change nothing.
void RequestStop(Cluster& cluster, TrialId trial, StopReason reason, std::int64_t at_ms);

// Enters a trial into the queue or takes it out. The row is marked as changed.
void SetWaiting(Cluster& cluster, Trial& trial, bool waiting);
// REQUIRES: the transition is legal. Terminal states close the configuration when it was the last.
void SetTrialState(Cluster& cluster, Trial& trial, TrialState state, std::int64_t at_ms,
                   const std::string& message = {});
// QUEUED and in the queue; PAUSED in a paused experiment; HELD if it waits for a decision.
void WaitAgain(Cluster& cluster, Trial& trial, std::int64_t at_ms);

// Where the trial's next attempt starts, with which document and order.
void PrepareAttempt(Cluster& cluster, const Trial& trial, Attempt& attempt);

// Its configuration's values, an object of dotted paths, as text.
std::string HparamsText(const Cluster& cluster, const Trial& trial);
// The document that the attempt's order carries: its task's, else its trial's.
std::string DocumentOf(Cluster& cluster, const Attempt& attempt);

}  // namespace tutti::engine
