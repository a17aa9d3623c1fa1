#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "worker/agent/desired_state.h"
#include "worker/agent/spool.h"

// One stream to the coordinator (tutti.v1.Worker.Session). gRPC's threads only move messages
// between the wire and two bounded queues; everything else happens on the agent's loop thread.

namespace tutti::worker {

struct SlotDescription {
  int index = 0;
  std::string kind;  // "cpu" | "cuda"
  std::string uuid, name;
  std::int64_t memory_bytes = 0;
};

struct NodeDescription {
  std::string node_name;
  std::string version;
  std::string resource_pool;
  std::string hostname;
  int cores = 1;
  std::vector<SlotDescription> slots;
  struct Dataset {
    std::string name, sha256;
  };
  std::vector<Dataset> datasets;
  std::map<std::string, std::string> labels;
  bool spans_nodes = false;
};

struct AllocationReport {
  AllocationId allocation;
  GangState state = GangState::kStarting;
  std::vector<AttemptId> attempts;
  std::string message;
  std::int64_t peak_memory_bytes = 0;  // 0: not measured yet
  friend bool operator==(const AllocationReport&, const AllocationReport&) = default;
};
struct NodeReport {
  std::vector<AllocationReport> allocations;
  bool shares_state_dir = false;
  friend bool operator==(const NodeReport&, const NodeReport&) = default;
};

struct ProgressReport {
  AttemptId attempt;
  double epoch = 0, epochs = 0;
  std::int64_t step = 0;
  double images_per_second = 0;
  std::string section;
};
struct LogReport {
  AttemptId attempt;
  std::string text;  // whole lines
};

// What arrives.
struct Welcomed {
  std::int64_t node_id = 0;
  std::int64_t incarnation = 0;
  std::int64_t self_kill_after_ms = 0;
  std::int64_t heartbeat_ms = 0;
  std::string state_dir, nonce;
};
struct DesiredArrived {
  DesiredState state;
  std::int64_t incarnation = 0;
};
struct AckArrived {
  AttemptId attempt;
  std::int64_t seq = 0;
  enum class Outcome { kCommitted, kGap, kFenced } outcome = Outcome::kCommitted;
};
struct RefusedByCoordinator {
  std::string reason;
};
// Start this daemon (argv[0] is a name, not a path) of a gang that another node leads.
struct RemoteExecArrived {
  AllocationId allocation;
  std::vector<std::string> argv;
};
// The last event of a session.
struct SessionClosed {
  std::string reason;
};
using SessionEvent = std::variant<Welcomed, DesiredArrived, AckArrived, RemoteExecArrived,
                                  RefusedByCoordinator, SessionClosed>;

class Session {
 public:
  // Starts to connect to `address` and queues the hello. `wake` is called from gRPC's threads when
  // Take() may have something or the outgoing queue got room; it must be cheap and outlive this.
  static std::unique_ptr<Session> Open(const std::string& address, const NodeDescription& node,
                                       std::int64_t incarnation_seen, std::function<void()> wake);
  // Cancels the stream and waits until gRPC has let go of it (milliseconds).
  virtual ~Session() = default;

  // All events so far, in order. A bounded number: reading stops until they are taken.
  virtual std::vector<SessionEvent> Take() = 0;

  // false: the queue is full (4 MiB) or the stream is closed; try again after the next wake.
  virtual bool SendNode(const NodeReport& report) = 0;
  virtual bool SendReport(AttemptId attempt, std::int64_t fence, const Spool::Part& part) = 0;
  virtual bool SendTelemetry(const std::vector<ProgressReport>& progress,
                             const std::vector<LogReport>& logs) = 0;
  // part: index among the allocation's parts.
  virtual bool SendRemoteExec(AllocationId allocation, int part,
                              const std::vector<std::string>& argv) = 0;
  virtual bool HasRoom() const = 0;
};

}  // namespace tutti::worker
