#include "worker/agent/session_messages.h"

#include <tutti/v1/worker.pb.h>

namespace tutti::worker {
namespace {

v1::AllocationStatus::State WireState(GangState state) {
  switch (state) {
    case GangState::kStarting: return v1::AllocationStatus::STARTING;
    case GangState::kReady: return v1::AllocationStatus::READY;
    case GangState::kStopping: return v1::AllocationStatus::STOPPING;
    case GangState::kExited: return v1::AllocationStatus::EXITED;
  }
  CheckFailed(__FILE__, __LINE__, "GangState", "value outside the enum");
}

// A value of a newer coordinator is the safe one: stop.
StopHow StopOf(v1::DesiredAttempt::Stop stop) {
  switch (stop) {
    case v1::DesiredAttempt::RUN: return StopHow::kNone;
    case v1::DesiredAttempt::CHECKPOINT_AND_STOP: return StopHow::kCheckpoint;
    case v1::DesiredAttempt::FINISH: return StopHow::kFinish;
    default: return StopHow::kKill;
  }
}

DesiredAttempt AttemptOf(const v1::DesiredAttempt& message) {
  DesiredAttempt attempt{.attempt = AttemptId(message.attempt_id()),
                         .experiment = ExperimentId(message.experiment_id()),
                         .trial = TrialId(message.trial_id()),
                         .trial_no = message.trial_no(),
                         .fence = message.fence(),
                         .config_json = message.config_json(),
                         .trial_seed = message.trial_seed(),
                         .resume_from = message.resume_from(),
                         .resume_sha256 = message.resume_manifest_sha256(),
                         .weights_from = message.weights_from(),
                         .weights_sha256 = message.weights_manifest_sha256(),
                         .task_id = message.task_id(),
                         .task = message.task(),
                         .input = nullptr,
                         .run_until = message.run_until(),
                         .stop = StopOf(message.stop())};
  if (!message.input().empty()) attempt.input = std::make_shared<std::string>(message.input());
  return attempt;
}

DesiredArrived DesiredOf(const v1::DesiredState& message) {
  DesiredArrived event;
  event.incarnation = message.incarnation();
  for (const auto& allocation : message.allocations()) {
    DesiredAllocation want;
    want.allocation = AllocationId(allocation.allocation_id());
    want.slots.assign(allocation.slots().begin(), allocation.slots().end());
    want.world_size = allocation.world_size();
    for (const auto& attempt : allocation.attempts()) want.attempts.push_back(AttemptOf(attempt));
    want.first_rank = allocation.first_rank();
    want.leader = allocation.leader() || allocation.parts().empty();
    for (const auto& part : allocation.parts()) {
      want.parts.push_back(
          {part.node_id(), part.node_name(), {part.slots().begin(), part.slots().end()}});
    }
    event.state.allocations.push_back(std::move(want));
  }
  return event;
}

AckArrived AckOf(const v1::ReportAck& message) {
  AckArrived event{AttemptId(message.attempt_id()), message.seq(), AckArrived::Outcome::kCommitted};
  if (message.outcome() == v1::ReportAck::GAP) event.outcome = AckArrived::Outcome::kGap;
  if (message.outcome() == v1::ReportAck::FENCED) event.outcome = AckArrived::Outcome::kFenced;
  return event;
}

}  // namespace

void FillHello(const NodeDescription& node, std::int64_t incarnation_seen,
               v1::FromWorker& message) {
  v1::Hello& hello = *message.mutable_hello();
  hello.set_node_name(node.node_name);
  hello.set_version(node.version);
  hello.set_resource_pool(node.resource_pool);
  hello.set_hostname(node.hostname);
  hello.set_cores(node.cores);
  hello.set_incarnation_seen(incarnation_seen);
  for (const SlotDescription& slot : node.slots) {
    v1::Slot& wire = *hello.add_slots();
    wire.set_index(slot.index);
    wire.set_kind(slot.kind);
    wire.set_uuid(slot.uuid);
    wire.set_name(slot.name);
    wire.set_memory_bytes(slot.memory_bytes);
  }
  hello.set_spans_nodes(node.spans_nodes);
  for (const auto& [name, value] : node.labels) (*hello.mutable_labels())[name] = value;
  for (const auto& dataset : node.datasets) {
    v1::Dataset& wire = *hello.add_datasets();
    wire.set_name(dataset.name);
    wire.set_sha256(dataset.sha256);
  }
}

void FillNode(const NodeReport& report, v1::FromWorker& message) {
  v1::NodeReport& node = *message.mutable_node();
  node.set_shares_state_dir(report.shares_state_dir);
  for (const AllocationReport& allocation : report.allocations) {
    v1::AllocationStatus& wire = *node.add_allocations();
    wire.set_allocation_id(allocation.allocation.value);
    wire.set_state(WireState(allocation.state));
    wire.set_message(allocation.message);
    wire.set_peak_memory_bytes(allocation.peak_memory_bytes);
    for (const AttemptId attempt : allocation.attempts) wire.add_attempts(attempt.value);
  }
}

void FillReport(AttemptId attempt, std::int64_t fence, const Spool::Part& part,
                v1::Report& report) {
  report.set_attempt_id(attempt.value);
  report.set_fence(fence);
  report.set_seq(part.seq);
  report.set_part(part.part);
  report.set_parts(part.parts);
  report.set_data(part.data);
}

void FillTelemetry(const std::vector<ProgressReport>& progress, const std::vector<LogReport>& logs,
                   v1::FromWorker& message) {
  v1::Telemetry& telemetry = *message.mutable_telemetry();
  for (const ProgressReport& item : progress) {
    v1::Progress& wire = *telemetry.add_progress();
    wire.set_attempt_id(item.attempt.value);
    wire.set_epoch(item.epoch);
    wire.set_epochs(item.epochs);
    wire.set_step(item.step);
    wire.set_images_per_second(item.images_per_second);
    wire.set_section(item.section);
  }
  for (const LogReport& item : logs) {
    v1::LogLines& wire = *telemetry.add_logs();
    wire.set_attempt_id(item.attempt.value);
    wire.set_text(item.text);
  }
}

void FillRemoteExec(AllocationId allocation, int part, const std::vector<std::string>& argv,
                    v1::FromWorker& message) {
  v1::RemoteExec& exec = *message.mutable_remote_exec();
  exec.set_allocation_id(allocation.value);
  exec.set_part(part);
  for (const std::string& argument : argv) exec.add_argv(argument);
}

std::optional<SessionEvent> EventOf(const v1::FromCoordinator& message) {
  switch (message.kind_case()) {
    case v1::FromCoordinator::kWelcome: {
      const v1::Welcome& w = message.welcome();
      return Welcomed{w.node_id(),      w.incarnation(), w.self_kill_after_ms(),
                      w.heartbeat_ms(), w.state_dir(),   w.nonce()};
    }
    case v1::FromCoordinator::kDesired:
      return DesiredOf(message.desired());
    case v1::FromCoordinator::kAck:
      return AckOf(message.ack());
    case v1::FromCoordinator::kRemoteExec: {
      const v1::RemoteExec& exec = message.remote_exec();
      return RemoteExecArrived{AllocationId(exec.allocation_id()),
                               {exec.argv().begin(), exec.argv().end()}};
    }
    case v1::FromCoordinator::kRefused:
      return RefusedByCoordinator{message.refused().reason()};
    case v1::FromCoordinator::KIND_NOT_SET:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace tutti::worker
