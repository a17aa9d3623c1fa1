#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "worker/agent/checkpoint_transfer.h"
#include "worker/agent/coordinator_link.h"
#include "worker/agent/devices.h"
#include "worker/agent/gang.h"
#include "worker/agent/gang_output.h"
#include "worker/agent/launcher.h"
#include "worker/agent/memory_watch.h"
#include "worker/agent/report_outbox.h"
#include "worker/agent/telemetry.h"
#include "worker/agent/trainer_command.h"
#include "worker/agent/trainer_link.h"

// The worker of one node: joins what the coordinator wants (coordinator_link, reconcile) with what
// runs here (launcher, trainer_link, gangs) and carries reports up (report_outbox, telemetry). One
// thread, one loop; nothing in it blocks.

namespace tutti::worker {

struct AgentOptions {
  CoordinatorLink::AddressSource coordinator;
  NodeDescription node;
  Devices devices;
  TrainerProgram program;  // `socket` and `directory` are set by the agent
  std::filesystem::path work_dir;
  std::string data_root;   // for configurations that name none
  Gang::Limits gang_limits;
  SpoolBudget spool;
  std::uint64_t jitter_seed = 0;
};

// A path whose sockets have names that are short enough for the kernel: `name` below work_dir, else
// in a private folder of this user below /tmp.
Result<std::string> ShortPath(const std::filesystem::path& work_dir, const std::string& name);

// Makes the directory and locks it while the descriptor, or a copy of it in a child process, is
// open. Taken before the launcher is forked: the launcher of a killed worker then holds it until
// its last trainer is gone, and a new worker waits that long, at most `patience`, before it gives
// the same slots away. kFailedPrecondition: another worker uses it.
Result<FileDescriptor> LockWorkDirectory(const std::filesystem::path& directory,
                                         std::chrono::milliseconds patience);

class Agent final : public GangHost {
 public:
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;

  // Makes the directories below work_dir and listens for trainers. REQUIRES: the caller holds the
  // lock of work_dir (LockWorkDirectory).
  static Result<std::unique_ptr<Agent>> Create(AgentOptions options, Launcher launcher);
  ~Agent() override;

  // One turn: handles what is there, waits at most `longest` for more.
  void Turn(std::chrono::milliseconds longest);
  // Takes no work any more and ends its gangs (their attempts are given back).
  void BeginShutdown();
  // All gangs are gone and their last reports committed (or 2 s have passed since they are gone).
  bool ShutdownDone();
  // Why the worker must end, "" if it need not: refused by the coordinator, or its launcher died.
  const std::string& fatal() const { return fatal_; }

  EventLoop& loop() { return *loop_; }

 private:
  struct Entry {
    std::unique_ptr<Gang> gang;
    std::unique_ptr<GangOutput> output;
    std::int64_t oom_kills_before = 0;
    bool entrypoint = false;  // its processes are tutti-entrypoint and a program
    std::string directory;    // of tutti-entrypoint
    bool launched = false;  // its launcher's events say the rest
  };

  Agent(AgentOptions options, Launcher launcher);

  // GangHost
  void SendToRank(AllocationId gang, int rank, const Record& record) override;
  void StopProcesses(AllocationId gang, std::chrono::milliseconds grace) override;
  Record RunRecord(const DesiredAttempt& attempt) override;
  void OnReport(AllocationId gang, AttemptId attempt, Record&& record) override;
  void OnProgress(AttemptId attempt, const Json& header) override;
  void OnLog(AttemptId attempt, const std::string& text) override;
  void OnEnd(AllocationId gang, const DesiredAttempt& attempt, const AttemptEnd& end) override;

  // agent.cc
  void HandleSession(Time now);
  void OnWelcome(const Welcomed& welcome);
  void OnAck(const AckArrived& ack, Time now);
  void HandleTransfers(Time now);
  void ReadLauncher();
  void OnRemoteExec(const RemoteExecArrived& exec);
  // From a process of mpirun on this node.
  bool ForwardRemoteExec(const Record& request);
  void CheckContact(Time now);
  void SendUp(Time now);
  NodeReport MakeReport() const;
  std::chrono::milliseconds Patience(Time now, std::chrono::milliseconds longest) const;

  // agent_gangs.cc
  void ApplyDesired(Time now);
  Result<LaunchRequest> CommandOf(const DesiredAllocation& order, const GangNeeds& needs);
  // REQUIRES: it has attempts, or another node leads it.
  void StartGang(const DesiredAllocation& order, Time now);
  // Hands the command to the launcher; on an error the gang is over.
  void Launch(Entry& entry, const Result<LaunchRequest>& command);
  void QueueAttempt(Entry& entry, const DesiredAttempt& attempt, Time now);
  void ForgetCommitted();
  // Checkpoints that must be fetched before it can begin.
  std::vector<std::string> MissingCheckpoints(const DesiredAttempt& attempt) const;
  void OnLaunchEvent(const LaunchEvent& event);
  Entry* Find(AllocationId allocation);
  std::vector<std::string> GpusOf(const Entry& entry) const;
  bool ReportsPending(const Gang& gang) const;
  std::filesystem::path CheckpointRoot() const;

  AgentOptions options_;
  // Behind a pointer: descriptors of the parts below are removed from it when they go.
  std::unique_ptr<EventLoop> loop_;
  Launcher launcher_;
  std::unique_ptr<TrainerLink> trainers_;
  std::unique_ptr<ReportOutbox> outbox_;
  std::unique_ptr<CheckpointTransfer> transfer_;
  Telemetry telemetry_;
  MemoryWatch memory_;
  std::unique_ptr<CoordinatorLink> link_;
  std::map<AllocationId, Entry> gangs_;
  std::optional<DesiredState> desired_;
  bool shares_state_dir_ = false;
  std::string state_dir_;
  std::chrono::milliseconds self_kill_after_{60'000};
  std::chrono::milliseconds heartbeat_{1000};
  NodeReport last_report_;
  bool report_due_ = false;  // a new session has not had one
  Time last_report_at_;
  bool self_killed_ = false;
  bool stopping_ = false;
  std::optional<Time> all_gone_at_;
  std::string fatal_;
  std::int64_t next_ticket_ = 1;
};

}  // namespace tutti::worker
