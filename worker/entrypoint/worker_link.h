#pragma once

#include <functional>
#include <memory>
#include <string>

#include "experiments/core/record.h"
#include "worker/process/event_loop.h"

namespace tutti::entrypoint {

// The connection to the worker, as any trainer has it (docs/records.md).
class WorkerLink {
 public:
  // `on_closed`: the worker is gone.
  static Result<std::unique_ptr<WorkerLink>> Connect(worker::EventLoop& loop,
                                                     const std::string& path,
                                                     std::function<void(Record&&)> on_record,
                                                     std::function<void()> on_closed);
  ~WorkerLink();
  WorkerLink(const WorkerLink&) = delete;
  WorkerLink& operator=(const WorkerLink&) = delete;

  // Waits if the worker is slow to read. Nothing after it is gone.
  void Send(const Record& record);

 private:
  WorkerLink(worker::EventLoop& loop, worker::FileDescriptor socket,
             std::function<void(Record&&)> on_record, std::function<void()> on_closed);
  void Read();
  void Close();

  worker::EventLoop& loop_;
  worker::FileDescriptor socket_;
  std::function<void(Record&&)> on_record_;
  std::function<void()> on_closed_;
  RecordDecoder decoder_;
};

}  // namespace tutti::entrypoint
