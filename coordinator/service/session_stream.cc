#include "coordinator/service/session_stream.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "coordinator/service/log.h"
#include "coordinator/service/service_context.h"
#include "proto/wire/report_parts.h"
#include "proto/wire/status.h"
#include "tutti/v1/worker.pb.h"

namespace tutti {
namespace {

// Unfinished reports of one session: one record of the largest size and its neighbours.
constexpr std::size_t kMaxUnfinishedBytes = kMaxRecordPayload + (64u << 20);
constexpr std::size_t kMaxExecs = 256;

// Reads one message, decodes it here (off the loop's thread), hands it to the loop and reads the
// next when the loop says so. Writes the newest of each kind of thing there is to say.
class SessionStream final : public grpc::ServerBidiReactor<v1::FromWorker, v1::FromCoordinator>,
                            public SessionLink {
 public:
  SessionStream(ServiceContext& context, grpc::CallbackServerContext& call)
      : context_(context), call_(call), peer_(call.peer()), assembler_(kMaxUnfinishedBytes) {}

  // self: the loop's thread shares the stream, and either may be done first.
  void Start(const std::shared_ptr<SessionStream>& self) {
    self_ = self;
    StartRead(&in_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      End(grpc::Status::OK);
      return;
    }
    Handle();
  }
  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) {
      Finished(grpc::Status::CANCELLED);
    } else if (ending_) {
      Finished(*ending_);
    } else {
      Pump();
    }
  }
  void OnCancel() override { End(grpc::Status::CANCELLED); }
  void OnDone() override {
    auto self = std::move(self_);
    context_.loop->Post([&desk = context_.workers, self] { desk->OnEnd(self); });
  }

  void SendWelcome(const v1::Welcome& welcome) override {
    const std::lock_guard lock(mutex_);
    welcome_ = welcome;
    Pump();
  }
  void SendDesired(v1::DesiredState desired) override {
    const std::lock_guard lock(mutex_);
    desired_ = std::move(desired);
    Pump();
  }
  void SendAck(const v1::ReportAck& ack) override {
    const std::lock_guard lock(mutex_);
    acks_[ack.attempt_id()] = ack;
    Pump();
  }
  void SendRemoteExec(const v1::RemoteExec& exec) override {
    const std::lock_guard lock(mutex_);
    if (execs_.size() < kMaxExecs) execs_.push_back(exec);
    Pump();
  }
  void Refuse(const std::string& reason) override {
    LogWarning("session of " + peer_ + " refused: " + reason);
    const std::lock_guard lock(mutex_);
    refused_ = reason;
    Pump();
  }
  void Close(const Error& why) override {
    LogWarning("session of " + peer_ + " closed: " + why.ToString());
    const std::lock_guard lock(mutex_);
    if (!finished_) EndLocked(wire::ErrorToStatus(why, call_));
  }
  void ReadNext() override {
    const std::lock_guard lock(mutex_);
    if (!finished_) StartRead(&in_);
  }

 private:
  using Self = std::shared_ptr<SessionStream>;

  void Handle() {
    const Self self = self_;
    switch (in_.kind_case()) {
      case v1::FromWorker::kReport:
        return HandleReports({&in_.report()});
      case v1::FromWorker::kReports: {
        std::vector<const v1::Report*> reports;
        for (const v1::Report& report : in_.reports().reports()) reports.push_back(&report);
        return HandleReports(reports);
      }
      case v1::FromWorker::kHello:
        Hand([self](WorkerDesk& desk) { desk.OnHello(self, self->in_.hello()); });
        return;
      case v1::FromWorker::kNode:
        Hand([self](WorkerDesk& desk) { desk.OnNodeReport(self, self->in_.node()); });
        return;
      case v1::FromWorker::kTelemetry:
        Hand([self](WorkerDesk& desk) { desk.OnTelemetry(self, self->in_.telemetry()); });
        return;
      case v1::FromWorker::kRemoteExec:
        Hand([self](WorkerDesk& desk) { desk.OnRemoteExec(self, self->in_.remote_exec()); });
        return;
      case v1::FromWorker::KIND_NOT_SET:
        // A kind that a newer worker knows: not for us.
        ReadNext();
        return;
    }
  }

  void HandleReports(const std::vector<const v1::Report*>& parts) {
    std::vector<wire::NumberedRecord> whole;
    for (const v1::Report* part : parts) {
      auto report = assembler_.Add(*part);
      if (!report) return Close(report.error());
      if (*report) whole.push_back(std::move(**report));
    }
    if (whole.empty()) return ReadNext();
    Hand([reports = std::move(whole), self = self_](WorkerDesk& desk) {
      desk.OnReports(self, reports);
    });
  }

  // in_ stays untouched until the desk asks for the next message.
  template <class Message>
  void Hand(Message message) {
    const bool posted = context_.loop->TryPost(
        [&desk = context_.workers, run = std::move(message)] { run(*desk); });
    if (!posted) {
      Close(Unavailable("the coordinator is shutting down or has too much to do; try again"));
    }
  }

  void End(const grpc::Status& status) {
    const std::lock_guard lock(mutex_);
    EndLocked(status);
  }
  // REQUIRES: mutex_ held, for the three below.
  void EndLocked(const grpc::Status& status) {
    if (finished_) return;
    if (writing_) {
      // A peer that does not read would keep the write, and with it the stream, for ever.
      ending_ = status;
      call_.TryCancel();
    } else {
      Finished(status);
    }
  }
  void Finished(const grpc::Status& status) {
    if (finished_) return;
    finished_ = true;
    Finish(status);
  }
  void Pump() {
    if (writing_ || finished_) return;
    out_.Clear();
    if (welcome_) {
      *out_.mutable_welcome() = std::move(*welcome_);
      welcome_.reset();
    } else if (refused_) {
      out_.mutable_refused()->set_reason(*refused_);
      refused_.reset();
      ending_ = grpc::Status(grpc::StatusCode::ABORTED, out_.refused().reason());
    } else if (!acks_.empty()) {
      *out_.mutable_ack() = std::move(acks_.begin()->second);
      acks_.erase(acks_.begin());
    } else if (desired_) {
      *out_.mutable_desired() = std::move(*desired_);
      desired_.reset();
    } else if (!execs_.empty()) {
      *out_.mutable_remote_exec() = std::move(execs_.front());
      execs_.pop_front();
    } else {
      return;
    }
    writing_ = true;
    // The next message follows at once: no need for a packet of its own.
    grpc::WriteOptions options;
    if (!acks_.empty() || desired_ || !execs_.empty()) options.set_buffer_hint();
    StartWrite(&out_, options);
  }

  ServiceContext& context_;
  grpc::CallbackServerContext& call_;  // gone some time after Finished
  const std::string peer_;
  wire::ReportAssembler assembler_;  // one read at a time
  v1::FromWorker in_;
  std::mutex mutex_;  // guards all below
  Self self_;
  v1::FromCoordinator out_;
  std::optional<v1::Welcome> welcome_;
  std::optional<v1::DesiredState> desired_;
  std::map<std::int64_t, v1::ReportAck> acks_;  // newest per attempt
  std::deque<v1::RemoteExec> execs_;
  std::optional<std::string> refused_;
  std::optional<grpc::Status> ending_;  // when the write that runs is done
  bool writing_ = false;
  bool finished_ = false;
};

}  // namespace

grpc::ServerBidiReactor<v1::FromWorker, v1::FromCoordinator>* StartSession(
    ServiceContext& context, grpc::CallbackServerContext& call) {
  const auto stream = std::make_shared<SessionStream>(context, call);
  stream->Start(stream);
  return stream.get();
}

}  // namespace tutti
