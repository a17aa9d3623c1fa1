#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "coordinator/service/engine_journal.h"
#include "experiments/core/record.h"

// The loop's side of tasks (Control.Evaluate): what clients wait for. Pictures and results are in
// memory here only, so a task ends with this process. Event loop's thread only.

namespace tutti {

struct TaskRequest {
  TrialId trial;
  std::string checkpoint_name, checkpoint_sha256;
  std::string config;  // canonical document; "": the trial's own
  Json work;           // what to do (docs/records.md, Tasks)
  std::string input;   // pixels
};

struct TaskResult {
  Json header;  // of the trainer's `result`
  std::string payload;
};

class TaskDesk {
 public:
  struct Limits {
    std::size_t open = 64;
    std::size_t bytes = 256u << 20;  // pictures and results of all open tasks
  };
  using Done = std::function<void(Result<TaskResult>)>;

  explicit TaskDesk(EngineJournal& journal) : TaskDesk(journal, Limits{}) {}
  TaskDesk(EngineJournal& journal, Limits limits) : journal_(journal), limits_(limits) {}

  // Ends the tasks that a restored engine still has: nobody waits for them any more.
  void CancelRestored();

  // `done` is called once, after the commit of the task's end; not at all after Cancel. Errors:
  // kResourceExhausted (too many open tasks, or too large), kUnavailable (shutting down).
  Result<TaskId> Open(TaskRequest request, Done done);
  // The client went away.
  void Cancel(TaskId task);
  // From now on nothing new; open tasks are answered with kUnavailable.
  void BeginDrain();

  // A task's pictures; null if it has none or is not open.
  std::shared_ptr<const std::string> InputOf(TaskId task) const;
  // The trainer's `result`, before its commit. A later one of the same task replaces it.
  void OnResult(TaskId task, Record result);
  // The engine's command, after its commit.
  void OnEnded(const engine::TaskEnded& ended);

 private:
  struct Entry {
    Done done;
    // Shared: a message that is being sent may outlive the task.
    std::shared_ptr<const std::string> input;
    std::unique_ptr<Record> result;
    std::size_t bytes = 0;  // of both
  };
  using Entries = std::map<TaskId, Entry>;
  // Forgets the task; its entry is given back.
  Entry Take(Entries::iterator entry);

  EngineJournal& journal_;
  const Limits limits_;
  Entries open_;
  std::size_t bytes_ = 0;
  bool draining_ = false;
};

// The answer that a trainer's `result` stands for: its content, or the error it tells.
Result<TaskResult> AnswerOf(Record result);

}  // namespace tutti
