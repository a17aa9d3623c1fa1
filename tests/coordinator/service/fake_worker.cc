#include "tests/coordinator/service/fake_worker.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "proto/wire/report_parts.h"
#include "tutti/v1/worker.grpc.pb.h"

namespace tutti {

struct FakeWorker::Impl {
  std::string name;
  std::unique_ptr<v1::Worker::Stub> stub;
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReaderWriter<v1::FromWorker, v1::FromCoordinator>> stream;
  std::thread reader;
  std::mutex write_mutex;
  std::recursive_mutex mutex;  // recursive: accessors are used inside Await, too; guards the rest
  std::condition_variable_any changed;
  std::optional<v1::Welcome> welcome;
  std::optional<v1::DesiredState> desired;
  std::vector<int> gangs_desired;
  std::map<std::int64_t, std::vector<std::string>> acks;
  std::string refused;
  bool ended = false;

  void Write(const v1::FromWorker& message) {
    const std::lock_guard lock(write_mutex);
    stream->Write(message);
  }
  void Read() {
    v1::FromCoordinator message;
    while (stream->Read(&message)) {
      const std::lock_guard lock(mutex);
      if (message.has_welcome()) welcome = message.welcome();
      if (message.has_desired()) {
        desired = message.desired();
        gangs_desired.push_back(desired->allocations_size());
      }
      if (message.has_refused()) refused = message.refused().reason();
      if (message.has_ack()) {
        acks[message.ack().attempt_id()].push_back(
            v1::ReportAck::Outcome_Name(message.ack().outcome()) + " " +
            std::to_string(message.ack().seq()));
      }
      changed.notify_all();
    }
    const std::lock_guard lock(mutex);
    ended = true;
    changed.notify_all();
  }
};

FakeWorker::FakeWorker(const std::string& address, std::string name)
    : impl_(std::make_unique<Impl>()) {
  impl_->name = std::move(name);
  // A channel of its own: a shared one would survive its "machine".
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  impl_->stub = v1::Worker::NewStub(
      grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  impl_->stream = impl_->stub->Session(&impl_->context);
  impl_->reader = std::thread([this] { impl_->Read(); });
}

FakeWorker::~FakeWorker() {
  impl_->context.TryCancel();
  impl_->reader.join();
}

void FakeWorker::Hello(int slots, std::int64_t incarnation_seen) {
  v1::FromWorker message;
  v1::Hello& hello = *message.mutable_hello();
  hello.set_node_name(impl_->name);
  hello.set_version("test");
  hello.set_incarnation_seen(incarnation_seen);
  hello.set_cores(slots);
  for (int i = 0; i < slots; ++i) {
    v1::Slot& slot = *hello.add_slots();
    slot.set_index(i);
    slot.set_kind("cpu");
  }
  impl_->Write(message);
}

bool FakeWorker::Join(int slots) {
  Hello(slots);
  if (!Await([this] { return welcomed(); })) return false;
  ReportAllocations({});
  return Await([this] { return has_desired(); });
}

void FakeWorker::ReportAllocations(const std::vector<std::int64_t>& ready) {
  v1::FromWorker message;
  message.mutable_node();
  for (const std::int64_t allocation : ready) {
    v1::AllocationStatus& status = *message.mutable_node()->add_allocations();
    status.set_allocation_id(allocation);
    status.set_state(v1::AllocationStatus::READY);
  }
  impl_->Write(message);
}

void FakeWorker::ReportReady() {
  std::vector<std::int64_t> ready;
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->desired) {
      for (const auto& allocation : impl_->desired->allocations()) {
        ready.push_back(allocation.allocation_id());
      }
    }
  }
  ReportAllocations(ready);
}

void FakeWorker::ReportKnown() {
  v1::FromWorker message;
  message.mutable_node();
  for (const DesiredAttemptSeen& attempt : attempts()) {
    v1::AllocationStatus& status = *message.mutable_node()->add_allocations();
    status.set_allocation_id(attempt.allocation);
    status.set_state(v1::AllocationStatus::READY);
    status.add_attempts(attempt.attempt);
  }
  impl_->Write(message);
}

void FakeWorker::Send(const DesiredAttemptSeen& attempt, std::int64_t seq, Json header,
                      std::string payload) {
  header.Set("attempt", attempt.attempt);
  const std::string frame = EncodeRecord({std::move(header), std::move(payload)});
  // Small parts, so that every test also tests putting them together.
  for (const v1::Report& part :
       wire::SplitFrame(AttemptId(attempt.attempt), attempt.fence, seq, frame, 100)) {
    v1::FromWorker message;
    *message.mutable_report() = part;
    impl_->Write(message);
  }
}

void FakeWorker::SendLog(std::int64_t attempt, const std::string& text) {
  v1::FromWorker message;
  v1::LogLines& lines = *message.mutable_telemetry()->add_logs();
  lines.set_attempt_id(attempt);
  lines.set_text(text);
  impl_->Write(message);
}

void FakeWorker::SendProgress(std::int64_t attempt, double epoch, double epochs) {
  v1::FromWorker message;
  v1::Progress& progress = *message.mutable_telemetry()->add_progress();
  progress.set_attempt_id(attempt);
  progress.set_epoch(epoch);
  progress.set_epochs(epochs);
  progress.set_images_per_second(1000);
  impl_->Write(message);
}

bool FakeWorker::Await(const std::function<bool()>& met) {
  std::unique_lock lock(impl_->mutex);
  return impl_->changed.wait_for(lock, std::chrono::seconds(20), met);
}

bool FakeWorker::welcomed() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->welcome.has_value();
}
bool FakeWorker::has_desired() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->desired.has_value();
}
std::int64_t FakeWorker::incarnation() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->welcome ? impl_->welcome->incarnation() : 0;
}
bool FakeWorker::ended() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->ended;
}
std::string FakeWorker::refused() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->refused;
}

std::vector<int> FakeWorker::gangs_desired() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->gangs_desired;
}

std::vector<DesiredAttemptSeen> FakeWorker::attempts() const {
  const std::lock_guard lock(impl_->mutex);
  std::vector<DesiredAttemptSeen> out;
  if (!impl_->desired) return out;
  for (const v1::DesiredAllocation& allocation : impl_->desired->allocations()) {
    for (const v1::DesiredAttempt& attempt : allocation.attempts()) {
      out.push_back({allocation.allocation_id(), attempt.attempt_id(), attempt.experiment_id(),
                     attempt.trial_no(), attempt.fence(), attempt.resume_from(),
                     v1::DesiredAttempt::Stop_Name(attempt.stop()), attempt.task_id(),
                     attempt.task(), attempt.weights_from(), attempt.weights_manifest_sha256(),
                     attempt.input(), attempt.config_json()});
    }
  }
  return out;
}

std::vector<std::string> FakeWorker::acks(std::int64_t attempt) const {
  const std::lock_guard lock(impl_->mutex);
  const auto found = impl_->acks.find(attempt);
  return found == impl_->acks.end() ? std::vector<std::string>() : found->second;
}

bool FakeWorker::acked(std::int64_t attempt, const std::string& ack) const {
  const auto all = acks(attempt);
  return std::find(all.begin(), all.end(), ack) != all.end();
}

std::optional<DesiredAttemptSeen> FakeWorker::AwaitAttempt() {
  if (!Await([this] { return !attempts().empty(); })) return std::nullopt;
  return attempts().front();
}

bool FakeWorker::AwaitAck(std::int64_t attempt, const std::string& ack) {
  return Await([this, attempt, &ack] { return acked(attempt, ack); });
}

}  // namespace tutti
