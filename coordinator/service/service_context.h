#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "coordinator/service/control_desk.h"
#include "coordinator/service/ensemble_desk.h"
#include "coordinator/service/event_loop.h"
#include "coordinator/service/log_files.h"
#include "coordinator/service/task_desk.h"
#include "coordinator/service/task_pool.h"
#include "coordinator/service/watch_desk.h"
#include "coordinator/service/worker_desk.h"
#include "storage/checkpoint_store.h"
#include "storage/read_store.h"

// What the gRPC services use. Desks are touched on the event loop's thread only; all of it outlives
// the services' calls, or the loop and the pools have been stopped before it goes.

namespace tutti {

struct ServiceContext {
  std::string version;
  std::string state_dir;
  std::string query_program;  // see storage/query_process.h
  std::int64_t incarnation = 0;

  EventLoop* loop = nullptr;
  TaskPool* disk = nullptr;     // log and checkpoint files, reads of single rows
  TaskPool* queries = nullptr;  // each query keeps a thread until it ends
  Writer* writer = nullptr;
  EngineJournal* journal = nullptr;
  ControlDesk* control = nullptr;
  WorkerDesk* workers = nullptr;
  TaskDesk* tasks = nullptr;
  EnsembleDesk* ensembles = nullptr;
  WatchDesk* watches = nullptr;
  LogFiles* logs = nullptr;
  storage::CheckpointStore* checkpoints = nullptr;
  // Begins the shutdown; the answer is given when workers have checkpointed. Loop's thread.
  std::function<void(bool checkpoint, std::shared_ptr<Responder> answer)> shut_down;

  std::mutex reader_mutex;                      // guards reader
  std::unique_ptr<storage::ReadStore> reader;  // opened by the first use
};

}  // namespace tutti
