#include "coordinator/service/session_messages.h"

#include <algorithm>
#include <set>
#include <string>

#include "tutti/v1/worker.pb.h"

namespace tutti {
namespace {

constexpr int kMaxSlots = 1024;
constexpr std::size_t kMaxName = 128;
constexpr std::int64_t kMaxLabels = 64;

bool IsName(const std::string& name) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !name.empty() && name.size() <= kMaxName &&
         name.find_first_not_of(kAllowed) == std::string::npos;
}

v1::DesiredAttempt::Stop ToProto(engine::AttemptOrder::Stop stop) {
  switch (stop) {
    case engine::AttemptOrder::Stop::kRun: return v1::DesiredAttempt::RUN;
    case engine::AttemptOrder::Stop::kCheckpoint: return v1::DesiredAttempt::CHECKPOINT_AND_STOP;
    case engine::AttemptOrder::Stop::kKill: return v1::DesiredAttempt::KILL;
    case engine::AttemptOrder::Stop::kFinish: return v1::DesiredAttempt::FINISH;
  }
  CheckFailed(__FILE__, __LINE__, "AttemptOrder::Stop", "value outside the enum");
}

}  // namespace

Result<engine::NodeJoined> ToNodeJoined(const v1::Hello& hello, NodeId node, std::int64_t at_ms) {
  engine::NodeJoined out;
  out.at_ms = at_ms;
  out.node = node;
  out.name = hello.node_name();
  out.pool = hello.resource_pool().empty() ? "default" : hello.resource_pool();
  if (!IsName(out.name) || !IsName(out.pool)) {
    return InvalidArgument("node name '" + out.name + "' and pool '" + out.pool +
                           "' must be 1 to 128 of [A-Za-z0-9._-]");
  }
  if (hello.slots_size() < 1 || hello.slots_size() > kMaxSlots) {
    return InvalidArgument("node '" + out.name + "' offers " +
                           std::to_string(hello.slots_size()) + " slots, expected 1 to " +
                           std::to_string(kMaxSlots));
  }
  std::set<std::int64_t> seen;
  for (const v1::Slot& slot : hello.slots()) {
    if (slot.index() < 0 || !seen.insert(slot.index()).second) {
      return InvalidArgument("node '" + out.name + "' has slot index " +
                             std::to_string(slot.index()) + " twice or below 0");
    }
    out.slots.push_back({slot.index(), slot.kind(), std::max<std::int64_t>(slot.memory_bytes(), 0)});
  }
  if (hello.labels_size() > kMaxLabels) {
    return InvalidArgument("node '" + out.name + "' has " + std::to_string(hello.labels_size()) +
                           " labels, expected at most " + std::to_string(kMaxLabels));
  }
  for (const auto& [name, value] : hello.labels()) {
    if (!IsName(name) || value.size() > kMaxName) {
      return InvalidArgument("label '" + name + "' of node '" + out.name +
                             "' must be 1 to 128 of [A-Za-z0-9._-], with at most 128 bytes as its "
                             "value");
    }
    out.labels[name] = value;
  }
  out.spans_nodes = hello.spans_nodes();
  for (const v1::Dataset& dataset : hello.datasets()) {
    out.datasets[dataset.name()] = dataset.sha256();
  }
  return out;
}

engine::NodeReported ToNodeReported(const v1::NodeReport& report, NodeId node,
                                    std::int64_t at_ms) {
  using State = engine::NodeReported::Allocation::State;
  engine::NodeReported out;
  out.at_ms = at_ms;
  out.node = node;
  for (const v1::AllocationStatus& status : report.allocations()) {
    engine::NodeReported::Allocation allocation;
    allocation.allocation = AllocationId(status.allocation_id());
    switch (status.state()) {
      case v1::AllocationStatus::READY: allocation.state = State::kReady; break;
      case v1::AllocationStatus::STOPPING: allocation.state = State::kStopping; break;
      case v1::AllocationStatus::EXITED: allocation.state = State::kExited; break;
      default: allocation.state = State::kStarting; break;
    }
    allocation.message = status.message();
    allocation.peak_memory_bytes = std::max<std::int64_t>(status.peak_memory_bytes(), 0);
    out.allocations.push_back(std::move(allocation));
  }
  std::sort(out.allocations.begin(), out.allocations.end(),
            [](const auto& a, const auto& b) { return a.allocation < b.allocation; });
  return out;
}

v1::DesiredState ToProto(const engine::SetDesired& desired, std::int64_t incarnation) {
  v1::DesiredState out;
  out.set_incarnation(incarnation);
  for (const engine::AllocationOrder& order : desired.allocations) {
    v1::DesiredAllocation& allocation = *out.add_allocations();
    allocation.set_allocation_id(order.allocation.value);
    for (const std::int64_t slot : order.slots) {
      allocation.add_slots(static_cast<std::int32_t>(slot));
    }
    allocation.set_world_size(static_cast<std::int32_t>(order.world_size));
    allocation.set_first_rank(static_cast<std::int32_t>(order.first_rank));
    allocation.set_leader(order.leader);
    for (const engine::AllocationOrder::Part& from : order.parts) {
      v1::AllocationPart& part = *allocation.add_parts();
      part.set_node_id(from.node.value);
      part.set_node_name(from.name);
      for (const std::int64_t slot : from.slots) part.add_slots(static_cast<std::int32_t>(slot));
    }
    for (const engine::AttemptOrder& from : order.attempts) {
      v1::DesiredAttempt& to = *allocation.add_attempts();
      to.set_attempt_id(from.attempt.value);
      to.set_experiment_id(from.experiment.value);
      to.set_trial_id(from.trial.value);
      to.set_trial_no(from.trial_no);
      to.set_fence(from.fence);
      to.set_config_json(from.config);
      to.set_run_until(from.run_until);
      to.set_trial_seed(from.seed);
      to.set_resume_from(from.resume_from);
      to.set_resume_manifest_sha256(from.resume_sha256);
      to.set_weights_from(from.weights_from);
      to.set_weights_manifest_sha256(from.weights_sha256);
      to.set_task_id(from.task_id.value);
      to.set_task(from.task);
      to.set_stop(ToProto(from.stop));
    }
  }
  return out;
}

void AskAllToCheckpoint(v1::DesiredState& desired) {
  for (v1::DesiredAllocation& allocation : *desired.mutable_allocations()) {
    for (v1::DesiredAttempt& attempt : *allocation.mutable_attempts()) {
      if (attempt.stop() == v1::DesiredAttempt::RUN) {
        attempt.set_stop(v1::DesiredAttempt::CHECKPOINT_AND_STOP);
      }
    }
  }
}

}  // namespace tutti
