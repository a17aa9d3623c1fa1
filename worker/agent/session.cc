#include "worker/agent/session.h"

#include <grpcpp/grpcpp.h>
#include <tutti/v1/worker.grpc.pb.h>

#include <condition_variable>
#include <deque>
#include <mutex>

#include "worker/agent/session_messages.h"

namespace tutti::worker {
namespace {

constexpr std::size_t kMaxOutBytes = 4u << 20;
constexpr std::size_t kMaxInEvents = 256;
// Small reports that wait for the stream are put into one message up to this size.
constexpr std::size_t kMaxJoinedBytes = 64u << 10;
constexpr int kMaxSentBytes = 4 << 20;
// A desired state brings the pixels of tasks, of which the coordinator holds at most 256 MiB.
constexpr int kMaxReceivedBytes = 320 << 20;
constexpr int kKeepaliveMs = 30'000;
constexpr int kKeepaliveTimeoutMs = 10'000;

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // Each session connects anew: the back-off between sessions is the agent's.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetMaxReceiveMessageSize(kMaxReceivedBytes);
  arguments.SetMaxSendMessageSize(kMaxSentBytes);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

class GrpcSession final : public Session,
                          public grpc::ClientBidiReactor<v1::FromWorker, v1::FromCoordinator> {
 public:
  GrpcSession(const std::string& address, const NodeDescription& node,
              std::int64_t incarnation_seen, std::function<void()> wake)
      : wake_(std::move(wake)), stub_(v1::Worker::NewStub(MakeChannel(address))) {
    stub_->async()->Session(&context_, this);
    v1::FromWorker hello;
    FillHello(node, incarnation_seen, hello);
    {
      const std::lock_guard lock(mutex_);
      out_.push_back(std::move(hello));
      WriteLocked();
    }
    // Writes start outside of gRPC's reactions: the hold keeps the stream from completing under
    // them. It is given up with the read that fails.
    AddHold();
    StartRead(&incoming_);
    StartCall();
  }

  ~GrpcSession() override {
    context_.TryCancel();
    std::unique_lock lock(mutex_);
    if (read_paused_) ResumeReadLocked();
    done_changed_.wait(lock, [this] { return done_; });
  }

  std::vector<SessionEvent> Take() override {
    const std::lock_guard lock(mutex_);
    std::vector<SessionEvent> events(std::make_move_iterator(in_.begin()),
                                     std::make_move_iterator(in_.end()));
    in_.clear();
    if (read_paused_) ResumeReadLocked();
    return events;
  }

  bool SendNode(const NodeReport& report) override {
    v1::FromWorker message;
    FillNode(report, message);
    return Enqueue(std::move(message));
  }
  bool SendReport(AttemptId attempt, std::int64_t fence, const Spool::Part& part) override {
    v1::Report report;
    FillReport(attempt, fence, part, report);
    {
      const std::lock_guard lock(mutex_);
      if (closed_ || out_bytes_ >= kMaxOutBytes) return false;
      if (JoinLocked(report)) return true;
    }
    v1::FromWorker message;
    *message.mutable_reports()->add_reports() = std::move(report);
    return Enqueue(std::move(message));
  }
  bool SendTelemetry(const std::vector<ProgressReport>& progress,
                     const std::vector<LogReport>& logs) override {
    v1::FromWorker message;
    FillTelemetry(progress, logs, message);
    return Enqueue(std::move(message));
  }
  bool SendRemoteExec(AllocationId allocation, int part,
                      const std::vector<std::string>& argv) override {
    v1::FromWorker message;
    FillRemoteExec(allocation, part, argv, message);
    return Enqueue(std::move(message));
  }
  bool HasRoom() const override {
    const std::lock_guard lock(mutex_);
    return !closed_ && out_bytes_ < kMaxOutBytes;
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      {
        const std::lock_guard lock(mutex_);
        closed_ = true;
      }
      return RemoveHold();  // OnDone says why
    }
    {
      const std::lock_guard lock(mutex_);
      if (auto event = EventOf(incoming_)) in_.push_back(std::move(*event));
      if (in_.size() < kMaxInEvents) {
        StartRead(&incoming_);
      } else {
        read_paused_ = true;
      }
    }
    wake_();
  }

  void OnWriteDone(bool ok) override {
    bool room = false;
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
      const bool was_full = out_bytes_ >= kMaxOutBytes;
      out_bytes_ -= std::min(out_bytes_, out_.front().ByteSizeLong());
      out_.pop_front();
      room = was_full && out_bytes_ < kMaxOutBytes;
      if (ok) WriteLocked();
    }
    if (room) wake_();
  }

  void OnDone(const grpc::Status& status) override {
    // All under the lock: the destructor waits for it, and nothing here is touched after it.
    const std::lock_guard lock(mutex_);
    SessionClosed event;
    event.reason = status.ok() ? "the coordinator ended the session" : status.error_message();
    in_.push_back(std::move(event));
    done_ = true;
    wake_();
    done_changed_.notify_all();
  }

 private:
  bool Enqueue(v1::FromWorker message) {
    const std::lock_guard lock(mutex_);
    if (closed_ || out_bytes_ >= kMaxOutBytes) return false;
    out_bytes_ += message.ByteSizeLong();
    out_.push_back(std::move(message));
    WriteLocked();
    return true;
  }

  // Adds the report to the last message of the queue if that is one of small reports and has not
  // begun to leave.
  bool JoinLocked(v1::Report& report) {
    if (out_.size() < (writing_ ? 2u : 1u) || !out_.back().has_reports()) return false;
    v1::FromWorker& last = out_.back();
    const std::size_t before = last.ByteSizeLong();
    if (before + report.data().size() > kMaxJoinedBytes) return false;
    *last.mutable_reports()->add_reports() = std::move(report);
    out_bytes_ += last.ByteSizeLong() - before;
    return true;
  }

  void WriteLocked() {
    if (writing_ || out_.empty() || closed_) return;
    writing_ = true;
    // The next message follows at once: no need for a packet of its own.
    grpc::WriteOptions options;
    if (out_.size() > 1) options.set_buffer_hint();
    StartWrite(&out_.front(), options);
  }

  void ResumeReadLocked() {
    read_paused_ = false;
    StartRead(&incoming_);
  }

  const std::function<void()> wake_;
  const std::unique_ptr<v1::Worker::Stub> stub_;
  grpc::ClientContext context_;
  v1::FromCoordinator incoming_;  // owned by the read that is under way

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable done_changed_;
  std::deque<v1::FromWorker> out_;  // the front is being written while writing_
  std::size_t out_bytes_ = 0;
  bool writing_ = false;
  bool closed_ = false;
  bool done_ = false;
  bool read_paused_ = false;
  std::deque<SessionEvent> in_;
};

}  // namespace

std::unique_ptr<Session> Session::Open(const std::string& address, const NodeDescription& node,
                                       std::int64_t incarnation_seen, std::function<void()> wake) {
  return std::make_unique<GrpcSession>(address, node, incarnation_seen, std::move(wake));
}

}  // namespace tutti::worker
