#pragma once

#include <cstdint>
#include <string>

#include "coordinator/engine/cluster.h"
#include "coordinator/engine/event.h"

// Tasks: evaluations of a checkpoint that somebody waits for (task.h). They are placed by
// placement.cc before the trials of their pool, and run as attempts of kind "evaluate".

namespace tutti::engine {

void OnTaskRequested(Cluster& cluster, const TaskRequested& event);
// Dropped if it waits, else its attempt is killed.
void OnTaskCancelled(Cluster& cluster, const TaskCancelled& event);

// Makes an attempt of the task and gives it to the gang.
// REQUIRES: the task waits; the gang is idle and of one slot.
void AssignTask(Cluster& cluster, TaskId task, AllocationId allocation, std::int64_t at_ms);

// The attempt of a task has ended (and is known no more): ends the task, or has it wait again,
// once, if its gang was lost under it or ended before it had begun.
void OnTaskAttemptEnded(Cluster& cluster, TaskId task, bool started, Outcome outcome,
                        FailureClass failure, const std::string& message, std::int64_t at_ms);

// Enters a task into the queue of its pool or takes it out.
void SetTaskWaiting(Cluster& cluster, const Task& task, bool waiting);

}  // namespace tutti::engine
