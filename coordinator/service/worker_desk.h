#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/service/engine_journal.h"
#include "coordinator/service/log_files.h"
#include "coordinator/service/progress_board.h"
#include "coordinator/service/report_positions.h"
#include "coordinator/service/session_link.h"
#include "coordinator/service/task_desk.h"
#include "experiments/core/record.h"
#include "proto/wire/report_parts.h"

namespace tutti::v1 {
class Hello;
class NodeReport;
class RemoteExec;
class Telemetry;
}  // namespace tutti::v1

// The loop's side of the worker sessions: who is here, what each node shall run, which report comes
// next, and who has been silent for too long. Event loop's thread only.

namespace tutti {

class WorkerDesk {
 public:
  struct Settings {
    std::int64_t heartbeat_ms = 2'000;
    std::int64_t lost_after_ms = 90'000;
    std::int64_t self_kill_after_ms = 60'000;
    std::int64_t drain_ms = 30'000;  // how long a shutdown waits for checkpoints
    std::int64_t incarnation = 0;
    std::string state_dir;
    std::string nonce;
  };
  struct Known {
    std::vector<storage::RunStore::KnownNode> nodes;
    std::vector<storage::RunStore::AttemptPosition> positions;
    storage::RunStore::NextIds next_ids;
  };
  using ProgressSink = std::function<void(ExperimentId)>;

  // Nodes known from before are unreachable until they come back.
  WorkerDesk(Settings settings, const Known& known, EngineJournal& journal, Writer& writer,
             TaskDesk& tasks, ProgressBoard& progress, LogFiles& logs, ProgressSink on_progress);
  ~WorkerDesk();

  using Session = std::shared_ptr<SessionLink>;  // shared with its stream, which may end first
  void OnHello(const Session& session, const v1::Hello& hello);
  void OnNodeReport(const Session& session, const v1::NodeReport& report);
  // Reports in the order in which they came.
  void OnReports(const Session& session, std::vector<wire::NumberedRecord> reports);
  void OnTelemetry(const Session& session, const v1::Telemetry& telemetry);
  // Passed on if the sender leads that gang and the named part of it lies on a connected node.
  void OnRemoteExec(const Session& session, const v1::RemoteExec& exec);
  void OnEnd(const Session& session);

  // A committed desired state; the newest of each node leaves with FlushDesired, unless something
  // else that the node was to hear took it along.
  void OnDesired(engine::SetDesired desired);
  // After all that one commit has brought.
  void FlushDesired();
  // REQUIRES: called about ten times within lost_after_ms, at least.
  void CheckLiveness();
  // After a commit: streams that waited for room in the writer's queue read on.
  void ResumeReading();

  // Asks all attempts to checkpoint and stop, gives out no new ones, refuses new sessions. on_done
  // runs when they have ended or after drain_ms.
  void BeginDrain(std::function<void()> on_done);
  void CheckDrain();
  bool draining() const { return draining_; }

  int connected() const;
  // For List(WORKERS): an object for each known node; or the one of this node, null if there is none.
  Json Describe() const;
  Json Describe(NodeId node) const;
  // None if there is no node of this name.
  NodeId FindNode(const std::string& name) const;

 private:
  struct Node;
  struct Name {
    ExperimentId experiment;
    std::int64_t trial_no = 0;
  };
  Node* NodeOf(const Session& session);
  void SetName(AttemptId attempt, Name name);
  void NextMessage(const Session& session);
  void Welcome(Node& node);
  void SendDesired(Node& node);
  // Pictures of tasks that the node does not know yet.
  void AttachInputs(const Node& node, v1::DesiredState& desired) const;
  void KeepDrainedOnly(v1::DesiredState& desired) const;
  void TakeReport(Node& node, wire::NumberedRecord report);
  void Accept(Node& node, wire::NumberedRecord report);
  void TakeResult(AttemptId attempt, Record& record);
  void Fence(Node& node, wire::NumberedRecord report);
  void Ack(NodeId node, AttemptId attempt, std::int64_t seq, int outcome);

  const Settings settings_;
  EngineJournal& journal_;
  Writer& writer_;
  TaskDesk& tasks_;
  ProgressBoard& progress_;
  LogFiles& logs_;
  const ProgressSink on_progress_;
  std::int64_t next_checkpoint_;
  std::int64_t next_node_;
  std::map<NodeId, Node> nodes_;
  std::map<std::string, NodeId> by_name_;
  std::map<SessionLink*, NodeId> sessions_;
  std::vector<Session> parked_;  // not reading until the writer has room
  ReportPositions positions_;
  // Of attempts that were given out or seen alive: thousands of the latest, and the rest forgotten.
  std::map<AttemptId, Name> names_, older_names_;
  // An attempt that a gap was reported for, with the seq that ends it: one notice per gap.
  std::map<AttemptId, std::int64_t> gaps_;
  bool draining_ = false;
  std::set<AttemptId> drained_;  // those that had been given out when the drain began
  std::chrono::steady_clock::time_point drain_deadline_;
  std::function<void()> on_drained_;
};

}  // namespace tutti
