#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "coordinator/engine/command.h"
#include "coordinator/service/worker_desk.h"
#include "tutti/v1/worker.pb.h"

// One node as WorkerDesk's own files see it.

namespace tutti {

struct WorkerDesk::Node {
  NodeId id;
  std::string name;
  std::string hostname;
  std::string version;
  std::string pool;
  std::vector<engine::NodeSlot> slots;
  Session session;  // null: not connected
  std::chrono::steady_clock::time_point last_contact;
  bool lost = false;
  bool welcomed = false;  // this session has its Welcome
  bool reported = false;  // this session has sent a NodeReport
  std::vector<engine::NodeReported::Allocation> allocations;  // of the last NodeReport
  std::set<std::int64_t> known_attempts;  // by the last NodeReport of this session
  // The newest committed one since the node joined; none: its first report is not yet applied.
  std::optional<engine::SetDesired> desired;
  bool unsent = false;  // `desired` has changed since it was last sent
};

}  // namespace tutti
