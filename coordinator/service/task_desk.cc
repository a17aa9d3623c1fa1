#include "coordinator/service/task_desk.h"

#include <utility>

#include "coordinator/service/log.h"

namespace tutti {
namespace {

// kInternal for a name that this version does not know.
ErrorCode CodeOf(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::kInternal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    if (ErrorCodeName(code) == name) return code;
  }
  return ErrorCode::kInternal;
}

}  // namespace

Result<TaskResult> AnswerOf(Record result) {
  if (const Json* error = result.header.Find("error"); error != nullptr) {
    const auto code = error->GetString("code");
    const auto message = error->GetString("message");
    return Error(code ? CodeOf(*code) : ErrorCode::kInternal,
                 message ? *message : "the trainer could not do the task");
  }
  for (const char* internal : {"type", "attempt", "task_id"}) result.header.Erase(internal);
  return TaskResult{std::move(result.header), std::move(result.payload)};
}

void TaskDesk::CancelRestored() {
  for (const TaskId task : journal_.engine().OpenTasks()) {
    LogInfo("task " + ToString(task) + " is cancelled: its client and its pictures are gone");
    journal_.Commit(engine::TaskCancelled{WallMs(), task});
  }
}

Result<TaskId> TaskDesk::Open(TaskRequest request, Done done) {
  if (draining_) return Unavailable("the coordinator is shutting down; try again");
  if (open_.size() >= limits_.open) {
    return Error(ErrorCode::kResourceExhausted,
                 std::to_string(open_.size()) + " tasks are open already, at most " +
                     std::to_string(limits_.open) + " may be; try again when some have ended");
  }
  if (request.input.size() > limits_.bytes - bytes_) {
    return Error(ErrorCode::kResourceExhausted,
                 "open tasks hold " + std::to_string(bytes_) + " bytes and this one brings " +
                     std::to_string(request.input.size()) + ", at most " +
                     std::to_string(limits_.bytes) + " may be held; try again later");
  }
  const TaskId task = journal_.engine().next_task();
  Entry& entry = open_[task];
  entry.done = std::move(done);
  entry.bytes = request.input.size();
  bytes_ += entry.bytes;
  if (!request.input.empty()) {
    entry.input = std::make_shared<const std::string>(std::move(request.input));
  }
  journal_.Commit(engine::TaskRequested{WallMs(), task, request.trial,
                                        std::move(request.checkpoint_name),
                                        std::move(request.checkpoint_sha256),
                                        std::move(request.config), std::move(request.work)});
  return task;
}

TaskDesk::Entry TaskDesk::Take(Entries::iterator entry) {
  Entry taken = std::move(entry->second);
  bytes_ -= taken.bytes;
  open_.erase(entry);
  return taken;
}

void TaskDesk::Cancel(TaskId task) {
  const auto found = open_.find(task);
  if (found == open_.end()) return;
  Take(found);
  journal_.Commit(engine::TaskCancelled{WallMs(), task});
}

void TaskDesk::BeginDrain() {
  draining_ = true;
  while (!open_.empty()) {
    const TaskId task = open_.begin()->first;
    const Entry entry = Take(open_.begin());
    entry.done(Unavailable("the coordinator is shutting down; ask again when it is back"));
    journal_.Commit(engine::TaskCancelled{WallMs(), task});
  }
}

std::shared_ptr<const std::string> TaskDesk::InputOf(TaskId task) const {
  const auto found = open_.find(task);
  return found == open_.end() ? nullptr : found->second.input;
}

void TaskDesk::OnResult(TaskId task, Record result) {
  const auto found = open_.find(task);
  if (found == open_.end()) return;
  Entry& entry = found->second;
  const std::size_t old = entry.result ? entry.result->payload.size() : 0;
  bytes_ -= old;
  entry.bytes -= old;
  if (result.payload.size() > limits_.bytes - bytes_) {
    result = {Json::MakeObject(
                  {{"error", Json::MakeObject(
                                 {{"code", ErrorCodeName(ErrorCode::kResourceExhausted)},
                                  {"message", "the result has " +
                                                  std::to_string(result.payload.size()) +
                                                  " bytes and open tasks hold too much; ask for "
                                                  "less, or later"}})}}),
              {}};
  }
  entry.bytes += result.payload.size();
  bytes_ += result.payload.size();
  entry.result = std::make_unique<Record>(std::move(result));
}

void TaskDesk::OnEnded(const engine::TaskEnded& ended) {
  const auto found = open_.find(ended.task);
  if (found == open_.end()) return;
  const Entry entry = Take(found);
  if (!ended.ok) {
    entry.done(Internal("the task failed: " + ended.message));
  } else if (entry.result == nullptr) {
    entry.done(Internal("the task ended without a result"));
  } else {
    entry.done(AnswerOf(std::move(*entry.result)));
  }
}

}  // namespace tutti
