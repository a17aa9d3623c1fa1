#include "coordinator/service/coordinator.h"

#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>

#include "coordinator/service/experiment_views.h"
#include "coordinator/service/grpc_server.h"
#include "coordinator/service/log.h"
#include "coordinator/service/restore.h"
#include "coordinator/service/service_context.h"
#include "coordinator/service/services.h"
#include "coordinator/service/state_files.h"
#include "storage/state_lock.h"

namespace tutti {

// In the order of construction: what stands below uses what stands above.
struct Coordinator::Parts {
  CoordinatorOptions options;
  std::optional<storage::StateLock> lock;
  EventLoop loop;
  TaskPool disk{2, 10'000};
  TaskPool queries{2, 16};
  TaskPool evaluations{1, 4};  // of ensembles, one at a time
  ProgressBoard progress;
  std::unique_ptr<storage::CheckpointStore> checkpoints;
  std::unique_ptr<LogFiles> logs;
  std::unique_ptr<Writer> writer;
  std::unique_ptr<EngineJournal> journal;
  std::unique_ptr<WatchDesk> watches;
  std::unique_ptr<TaskDesk> tasks;
  std::unique_ptr<EnsembleDesk> ensembles;
  std::unique_ptr<WorkerDesk> workers;
  std::unique_ptr<ControlDesk> control;
  ServiceContext context;
  std::shared_ptr<grpc::Service> control_service;  // shared: see services.h
  std::shared_ptr<grpc::Service> worker_service;
  std::unique_ptr<grpc::Server> server;
  int port = 0;

  std::mutex mutex;  // guards shutdown_ready
  std::condition_variable changed;
  bool shutdown_ready = false;

  Status Open();
  void MakeDesks(const WorkerDesk::Known& known, engine::Engine engine, std::string nonce);
  void FillContext();
  void OnCommitted(engine::Command& command);
  void DeleteFiles(const engine::DeleteCheckpoint& deletion);
  void StartTimers();
  Status Listen();
  void ShutDown(bool checkpoint, std::shared_ptr<Responder> answer);
  // Runs `task` on the loop and waits for it.
  void OnLoop(std::function<void()> task);
  // grace: for what has been written to streams to reach their peers.
  void EndCalls(std::chrono::milliseconds grace);
};

namespace {

// Ends of attempts are known to the engine, but a worker may not have got their acknowledgement:
// their positions tell a repeated report from a fenced one.
Result<std::vector<storage::RunStore::AttemptPosition>> ReadPositions(
    const std::string& database, storage::RunStore& store) {
  TUTTI_ASSIGN_OR_RETURN(auto positions, store.LoadPositions());
  TUTTI_ASSIGN_OR_RETURN(const auto reader, storage::ReadStore::Open(database));
  TUTTI_ASSIGN_OR_RETURN(
      const storage::Table ended,
      reader->Query("SELECT attempt_id, fence, last_seq FROM attempts ORDER BY attempt_id DESC", {},
                    {100'000, 30'000}));
  std::vector<storage::RunStore::AttemptPosition> all;
  for (const storage::Row& row : ended.rows) {
    all.push_back({AttemptId(row[0].AsInt()), row[1].AsInt(), row[2].AsInt()});
  }
  all.insert(all.end(), positions.begin(), positions.end());
  return all;
}

}  // namespace

Status Coordinator::Parts::Open() {
  auto acquired = storage::StateLock::Acquire(options.state_dir);
  if (!acquired) return acquired.error();
  lock.emplace(std::move(acquired).value());
  const std::string database = options.state_dir + "/tutti.db";
  TUTTI_ASSIGN_OR_RETURN(auto store, storage::RunStore::Open({database}));
  context.incarnation = store->incarnation();
  TUTTI_ASSIGN_OR_RETURN(const auto saved, store->LoadJournal());
  TUTTI_ASSIGN_OR_RETURN(Restored restored, RestoreEngine(saved, {}));
  WorkerDesk::Known known;
  TUTTI_ASSIGN_OR_RETURN(known.nodes, store->LoadNodes());
  TUTTI_ASSIGN_OR_RETURN(known.positions, ReadPositions(database, *store));
  TUTTI_ASSIGN_OR_RETURN(known.next_ids, store->LoadNextIds());
  TUTTI_ASSIGN_OR_RETURN(checkpoints,
                         storage::CheckpointStore::Open(options.state_dir + "/checkpoints"));
  TUTTI_ASSIGN_OR_RETURN(logs, LogFiles::Open(options.state_dir + "/logs"));
  TUTTI_ASSIGN_OR_RETURN(std::string nonce, WriteNonce(options.state_dir));
  LogInfo("state directory " + options.state_dir + ", incarnation " +
          std::to_string(context.incarnation) + ", replayed " +
          std::to_string(saved.events.size()) + " journal entries");
  writer = std::make_unique<Writer>(std::move(store), loop);
  MakeDesks(known, std::move(restored.engine), std::move(nonce));
  // A journal never mixes versions: what follows is of this one.
  if (saved.engine_version != engine::kEngineVersion) journal->SaveSnapshot();
  for (const engine::DeleteCheckpoint& deletion : restored.deletions) DeleteFiles(deletion);
  for (const auto& [id, name] : known.nodes) {
    if (journal->engine().NodeState(id) == "ONLINE") {
      journal->Commit(engine::NodeUnreachable{WallMs(), id});
    }
  }
  tasks->CancelRestored();
  for (const engine::EvaluateEnsemble& order : journal->engine().OpenEvaluations()) {
    ensembles->OnOrdered(order);
  }
  return Ok{};
}

void Coordinator::Parts::MakeDesks(const WorkerDesk::Known& known, engine::Engine engine,
                                   std::string nonce) {
  journal = std::make_unique<EngineJournal>(std::move(engine), *writer, options.snapshot_every);
  journal->SetSink([this](engine::Command& command) { OnCommitted(command); });
  writer->SetAfterCommit([this] { workers->FlushDesired(); });
  watches = std::make_unique<WatchDesk>(journal->engine(), progress);
  tasks = std::make_unique<TaskDesk>(*journal);
  ensembles = std::make_unique<EnsembleDesk>(
      [this](const engine::EvaluateEnsemble& order) {
        return RunEnsembleEvaluation(options.state_dir + "/tutti.db", options.query_program, order);
      },
      evaluations, loop, *journal, *writer);
  WorkerDesk::Settings settings;
  settings.heartbeat_ms = options.heartbeat_ms;
  settings.lost_after_ms = options.lost_after_ms;
  settings.self_kill_after_ms = options.self_kill_after_ms;
  settings.drain_ms = options.drain_ms;
  settings.incarnation = context.incarnation;
  settings.state_dir = options.state_dir;
  settings.nonce = std::move(nonce);
  workers = std::make_unique<WorkerDesk>(
      std::move(settings), known, *journal, *writer, *tasks, progress, *logs,
      [this](ExperimentId experiment) { watches->MarkChanged(experiment); });
  control = std::make_unique<ControlDesk>(known.next_ids.experiment, *journal, *writer, progress);
}

void Coordinator::Parts::FillContext() {
  context.version = options.version;
  context.state_dir = options.state_dir;
  context.query_program = options.query_program;
  context.loop = &loop;
  context.disk = &disk;
  context.queries = &queries;
  context.writer = writer.get();
  context.journal = journal.get();
  context.control = control.get();
  context.workers = workers.get();
  context.tasks = tasks.get();
  context.ensembles = ensembles.get();
  context.watches = watches.get();
  context.logs = logs.get();
  context.checkpoints = checkpoints.get();
  context.shut_down = [this](bool checkpoint, std::shared_ptr<Responder> answer) {
    ShutDown(checkpoint, std::move(answer));
  };
}

void Coordinator::Parts::OnCommitted(engine::Command& command) {
  if (auto* desired = std::get_if<engine::SetDesired>(&command)) {
    workers->OnDesired(std::move(*desired));
  } else if (const auto* deletion = std::get_if<engine::DeleteCheckpoint>(&command)) {
    DeleteFiles(*deletion);
  } else if (const auto* trial = std::get_if<engine::PersistTrial>(&command)) {
    watches->MarkChanged(trial->experiment);
    if (IsTerminalState(trial->state)) logs->End({trial->experiment, trial->trial_no});
  } else if (const auto* experiment = std::get_if<engine::PersistExperiment>(&command)) {
    watches->MarkChanged(experiment->experiment);
  } else if (const auto* attempt = std::get_if<engine::PersistAttempt>(&command)) {
    if (attempt->ended_at_ms != 0) progress.Forget(attempt->attempt);
  } else if (const auto* task = std::get_if<engine::TaskEnded>(&command)) {
    tasks->OnEnded(*task);
  } else if (const auto* evaluation = std::get_if<engine::EvaluateEnsemble>(&command)) {
    ensembles->OnOrdered(*evaluation);
  } else if (const auto* ensemble = std::get_if<engine::PersistEnsemble>(&command)) {
    ensembles->OnChanged(*ensemble);
    if (ensemble->experiment) watches->MarkChanged(ensemble->experiment);
  } else if (const auto* ended = std::get_if<engine::ExperimentEnded>(&command)) {
    LogInfo("experiment " + ToString(ended->experiment) + " ended");
    watches->MarkEnded(ended->experiment);
    logs->End({ended->experiment, 0});
  }
}

void Coordinator::Parts::DeleteFiles(const engine::DeleteCheckpoint& deletion) {
  const bool posted = disk.TryPost([this, name = deletion.name] {
    if (const Status deleted = checkpoints->Delete(name); !deleted) {
      LogWarning("checkpoint " + name + " is not deleted: " + deleted.error().ToString());
    }
  });
  if (!posted) LogWarning("checkpoint " + deletion.name + " is deleted at the next start");
}

void Coordinator::Parts::StartTimers() {
  using std::chrono::milliseconds;
  loop.RunEvery(milliseconds(1'000), [this] { journal->Tick(WallMs()); });
  loop.RunEvery(milliseconds(std::clamp<std::int64_t>(options.lost_after_ms / 20, 5, 1'000)),
                [this] { workers->CheckLiveness(); });
  loop.RunEvery(milliseconds(100), [this] { watches->Flush(); });
  loop.RunEvery(milliseconds(20), [this] {
    workers->ResumeReading();
    workers->CheckDrain();
  });
}

Status Coordinator::Parts::Listen() {
  control_service = MakeControlService(context);
  worker_service = MakeWorkerService(context);
  const std::vector<grpc::Service*> services{control_service.get(), worker_service.get()};
  const int last = options.port != 0 ? options.port : ReadLastPort(options.state_dir);
  auto started = StartServer(options.host, last, services);
  if (!started && options.port == 0 && last != 0) {
    LogWarning("port " + std::to_string(last) + " of the last start is in use; taking another");
    started = StartServer(options.host, 0, services);
  }
  if (!started) return started.error();
  server = std::move(started->server);
  port = started->port;
  return WriteLastPort(options.state_dir, port);
}

void Coordinator::Parts::ShutDown(bool checkpoint, std::shared_ptr<Responder> answer) {
  if (server && server->GetHealthCheckService() != nullptr) {
    server->GetHealthCheckService()->SetServingStatus(false);
  }
  control->BeginDrain();
  tasks->BeginDrain();
  ensembles->BeginDrain();
  auto ready = [this, done = std::move(answer)] {
    if (done) done->Finish(Ok{});
    const std::lock_guard lock_ready(mutex);
    shutdown_ready = true;
    changed.notify_all();
  };
  if (checkpoint) {
    workers->BeginDrain(std::move(ready));
  } else {
    ready();
  }
}

void Coordinator::Parts::OnLoop(std::function<void()> task) {
  std::promise<void> done;
  loop.Post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

void Coordinator::Parts::EndCalls(std::chrono::milliseconds grace) {
  // Closures that are dropped here, and desks with calls that wait, answer their calls.
  loop.Stop();
  disk.Stop();
  queries.Stop();
  evaluations.Stop();
  if (server) {
    control.reset();
    workers.reset();
    tasks.reset();
    ensembles.reset();
    watches.reset();
    server->Shutdown(std::chrono::system_clock::now() + grace);
    server.reset();
  }
}

Status ValidateOptions(const CoordinatorOptions& options) {
  if (options.host != "127.0.0.1" && options.host != "::1" && options.host != "localhost") {
    return InvalidArgument("--host is '" + options.host +
                           "': this version serves 127.0.0.1, ::1 and localhost only, since other "
                           "addresses need TLS certificates, which it does not have yet");
  }
  if (options.port < 0 || options.port > 65'535) {
    return InvalidArgument("--port is " + std::to_string(options.port) + ", expected 0 to 65535");
  }
  if (options.heartbeat_ms < 1 || options.heartbeat_ms >= options.self_kill_after_ms) {
    return InvalidArgument("--heartbeat-ms is " + std::to_string(options.heartbeat_ms) +
                           ", expected 1 to less than --self-kill-after-ms (" +
                           std::to_string(options.self_kill_after_ms) + ")");
  }
  if (options.self_kill_after_ms >= options.lost_after_ms) {
    return InvalidArgument(
        "--self-kill-after-ms is " + std::to_string(options.self_kill_after_ms) +
        ", expected less than --lost-after-ms (" + std::to_string(options.lost_after_ms) +
        "): a worker must have stopped its trainers before their slots are given away");
  }
  if (options.state_dir.empty()) {
    return InvalidArgument("--state is empty, expected a directory");
  }
  return Ok{};
}

Coordinator::Coordinator(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Coordinator>> Coordinator::Start(CoordinatorOptions options) {
  TUTTI_RETURN_IF_ERROR(ValidateOptions(options));
  auto parts = std::make_unique<Parts>();
  parts->options = std::move(options);
  if (parts->options.query_program.empty()) {
    std::string path(4096, '\0');
    const ssize_t n = ::readlink("/proc/self/exe", path.data(), path.size());
    if (n <= 0) return ErrnoError(errno, "cannot read /proc/self/exe");
    parts->options.query_program = path.substr(0, static_cast<std::size_t>(n));
  }
  TUTTI_RETURN_IF_ERROR(parts->Open());
  parts->FillContext();
  parts->StartTimers();
  parts->loop.Start();
  std::unique_ptr<Coordinator> coordinator(new Coordinator(std::move(parts)));
  TUTTI_RETURN_IF_ERROR(coordinator->parts_->Listen());
  TUTTI_RETURN_IF_ERROR(WriteCoordinatorFile(
      coordinator->parts_->options.state_dir,
      {coordinator->address(), coordinator->port(), static_cast<std::int64_t>(::getpid()),
       coordinator->incarnation(), coordinator->parts_->options.version}));
  LogInfo("serving on " + coordinator->address());
  return coordinator;
}

Coordinator::~Coordinator() {
  if (parts_->writer) parts_->writer->Abandon();
  parts_->EndCalls(std::chrono::milliseconds(0));
}

int Coordinator::port() const { return parts_->port; }
std::int64_t Coordinator::incarnation() const { return parts_->context.incarnation; }

std::string Coordinator::address() const {
  return ServerAddress(parts_->options.host, parts_->port);
}

void Coordinator::RequestShutdown(bool checkpoint) {
  parts_->loop.Post([parts = parts_.get(), checkpoint] { parts->ShutDown(checkpoint, nullptr); });
}

bool Coordinator::WaitForShutdown(std::int64_t timeout_ms) {
  std::unique_lock lock(parts_->mutex);
  return parts_->changed.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                                  [this] { return parts_->shutdown_ready; });
}

Status Coordinator::Stop() {
  parts_->OnLoop([this] { parts_->journal->SaveSnapshot(); });
  const Status closed = parts_->writer->Close();
  parts_->OnLoop([] {});  // the acknowledgements of the last commit have left
  parts_->EndCalls(std::chrono::seconds(1));
  RemoveCoordinatorFile(parts_->options.state_dir);
  LogInfo("stopped");
  return closed;
}

}  // namespace tutti
