#include "coordinator/engine/tasks.h"

#include <algorithm>
#include <utility>

#include "coordinator/engine/attempts.h"
#include "coordinator/engine/checkpoints.h"
#include "coordinator/engine/gangs.h"
#include "experiments/core/check.h"

namespace tutti::engine {
namespace {

std::string Subject(TaskId id) { return "task " + ToString(id); }

// The task is over, whoever waits for it is told.
void End(Cluster& cluster, TaskId id, bool ok, const std::string& message, std::int64_t at_ms) {
  const auto it = cluster.tasks.find(id);
  const Task task = std::move(it->second);
  cluster.tasks.erase(it);
  if (!task.attempt) SetTaskWaiting(cluster, task, false);
  Log(cluster, at_ms, "task_ended", Subject(id), ok ? "ok" : message);
  cluster.outbox.ended.push_back(TaskEnded{id, ok, ok ? std::string() : message});
  Unpin(cluster, task.checkpoint_name, task.trial);
}

}  // namespace

void OnTaskRequested(Cluster& cluster, const TaskRequested& event) {
  if (cluster.tasks.contains(event.task)) return;
  cluster.next_task = std::max(cluster.next_task, event.task.value + 1);
  const auto trial = cluster.trials.find(event.trial);
  if (trial == cluster.trials.end()) {
    cluster.outbox.ended.push_back(
        TaskEnded{event.task, false, "there is no trial with id " + ToString(event.trial)});
    return;
  }
  Task& task = cluster.tasks[event.task];
  task.id = event.task;
  task.trial = event.trial;
  task.checkpoint_name = event.checkpoint_name;
  task.checkpoint_sha256 = event.checkpoint_sha256;
  task.config = event.config;
  task.work = event.work;
  Pin(cluster, task.checkpoint_name);
  Log(cluster, event.at_ms, "task_requested", Subject(task.id),
      "trial " + TrialName(trial->second) + ", checkpoint " + task.checkpoint_name);
  SetTaskWaiting(cluster, task, true);
}

void OnTaskCancelled(Cluster& cluster, const TaskCancelled& event) {
  const auto it = cluster.tasks.find(event.task);
  if (it == cluster.tasks.end()) return;
  Task& task = it->second;
  if (!task.attempt) return End(cluster, task.id, false, "cancelled", event.at_ms);
  if (std::exchange(task.cancelled, true)) return;
  SetStop(cluster, cluster.attempts.at(task.attempt), AttemptOrder::Stop::kKill);
}

void AssignTask(Cluster& cluster, TaskId id, AllocationId allocation_id, std::int64_t at_ms) {
  Task& task = cluster.tasks.at(id);
  TUTTI_CHECK(!task.attempt, "the task does not wait");
  const Allocation& allocation = cluster.allocations.at(allocation_id);
  TUTTI_CHECK(allocation.world_size() == 1 && allocation.attempts.empty(),
              "a task needs an idle gang of one slot");
  Trial& trial = cluster.trials.at(task.trial);
  SetTaskWaiting(cluster, task, false);
  Attempt attempt;
  attempt.id = AttemptId(cluster.next_attempt++);
  attempt.trial = trial.id;
  attempt.allocation = allocation_id;
  attempt.fence = ++trial.fence;
  attempt.slots = 1;
  attempt.weights_name = task.checkpoint_name;
  attempt.weights_sha256 = task.checkpoint_sha256;
  attempt.task = id;
  attempt.config = DocumentOf(cluster, attempt);
  attempt.hparams = HparamsText(cluster, trial);
  task.attempt = attempt.id;
  Log(cluster, at_ms, "placed", Subject(id),
      "attempt " + ToString(attempt.id) + " on gang " + ToString(allocation_id) + " of node " +
          ToString(allocation.node));
  Give(cluster, std::move(attempt));
}

void OnTaskAttemptEnded(Cluster& cluster, TaskId id, bool started, Outcome outcome,
                        FailureClass failure, const std::string& message, std::int64_t at_ms) {
  Task& task = cluster.tasks.at(id);
  if (outcome == Outcome::kCompleted) return End(cluster, id, true, {}, at_ms);
  if (task.cancelled) return End(cluster, id, false, "cancelled", at_ms);
  const bool never_began =
      !started && (outcome == Outcome::kPreempted || failure == FailureClass::kInfra);
  if ((outcome == Outcome::kLost || never_began) && !task.retried) {
    task.retried = true;
    task.attempt = AttemptId();
    SetTaskWaiting(cluster, task, true);
    return;
  }
  std::string why(kFailureClassNames.Name(failure));
  if (!why.empty() && !message.empty()) why += ": ";
  why += message;
  if (why.empty()) why = "the attempt ended as " + std::string(kOutcomeNames.Name(outcome));
  End(cluster, id, false, why, at_ms);
}

void SetTaskWaiting(Cluster& cluster, const Task& task, bool waiting) {
  const Experiment& experiment = cluster.ExperimentOf(cluster.trials.at(task.trial));
  const std::string& name = experiment.config.resources.resource_pool;
  Pool& pool = cluster.pools[name];
  const bool changed =
      waiting ? pool.tasks.insert(task.id).second : pool.tasks.erase(task.id) > 0;
  if (changed) cluster.dirty_pools.insert(name);
}

}  // namespace tutti::engine
