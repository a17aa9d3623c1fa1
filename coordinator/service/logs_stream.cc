#include "coordinator/service/logs_stream.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

#include "coordinator/service/service_context.h"
#include "proto/wire/status.h"
#include "tutti/v1/control.pb.h"

namespace tutti {
namespace {

constexpr std::size_t kChunkBytes = 64u << 10;

// Reads the file chunk by chunk on the disk pool, one chunk in flight, so a slow reader costs one
// chunk of memory. At the end of the file a follower waits for the writer of the logs.
class LogsStream final : public grpc::ServerWriteReactor<v1::LogChunk> {
 public:
  LogsStream(ServiceContext& context, grpc::CallbackServerContext& call,
             const v1::LogsRequest& request)
      : context_(context), call_(call),
        key_{ExperimentId(request.experiment_id()), request.trial_no()},
        follow_(request.follow()), tail_(request.tail()) {}

  // self: kept until the call is over; queued work holds it too.
  void Start(std::shared_ptr<LogsStream> self) {
    self_ = self;
    const bool posted = context_.loop->TryPost([self] {
      const auto ended = self->context_.control->HasEnded(self->key_.experiment,
                                                          self->key_.trial_no);
      if (!ended) {
        self->Fail(ended.error());
      } else {
        self->Begin(self, *ended);
      }
    });
    if (!posted) Fail(Unavailable("the coordinator is busy or shutting down"));
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
      if (!ok) Finished(grpc::Status::CANCELLED);
      if (finished_) return;
    }
    ReadLater();
  }
  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    if (!writing_) Finished(grpc::Status::CANCELLED);
  }
  void OnDone() override {
    if (subscription_ != 0) context_.logs->Unsubscribe(subscription_);
    auto self = std::move(self_);
  }

 private:
  void Begin(const std::shared_ptr<LogsStream>& self, bool ended) {
    std::weak_ptr<LogsStream> weak = self;
    if (ended) {
      const std::lock_guard lock(mutex_);
      follow_ = false;
    } else if (follow_) {
      const std::int64_t number = context_.logs->Subscribe(key_, [weak] {
        if (const auto stream = weak.lock()) stream->OnChange();
      });
      subscription_ = number;
    }
    ReadLater();
  }

  void OnChange() {
    {
      const std::lock_guard lock(mutex_);
      changed_ = true;
      if (!idle_ || finished_) return;
      idle_ = false;
    }
    ReadLater();
  }

  void ReadLater() {
    std::shared_ptr<LogsStream> self;
    {
      const std::lock_guard lock(mutex_);
      if (finished_) return;
      self = self_;
    }
    if (self && !context_.disk->TryPost([self] { self->ReadChunk(); })) {
      Fail(Error(ErrorCode::kResourceExhausted, "too many log readers; try again"));
    }
  }

  void ReadChunk() {
    std::unique_lock lock(mutex_);
    if (finished_) return;
    changed_ = false;
    const bool last_look = !follow_ || context_.logs->HasEnded(key_);
    lock.unlock();
    if (tail_ > 0) offset_ = context_.logs->TailOffset(key_, std::exchange(tail_, 0));
    auto text = context_.logs->Read(key_, offset_, kChunkBytes);
    lock.lock();
    if (finished_) return;
    if (!text) {
      Finished(wire::ErrorToStatus(text.error(), call_));
    } else if (!text->empty()) {
      offset_ += static_cast<std::int64_t>(text->size());
      out_.set_text(std::move(*text));
      writing_ = true;
      StartWrite(&out_);
    } else if (last_look) {
      Finished(grpc::Status::OK);
    } else if (changed_) {
      lock.unlock();
      ReadLater();
    } else {
      idle_ = true;
    }
  }

  void Fail(const Error& why) {
    const std::lock_guard lock(mutex_);
    if (!finished_) Finished(wire::ErrorToStatus(why, call_));
  }
  // REQUIRES: mutex_ held.
  void Finished(const grpc::Status& status) {
    if (finished_) return;
    finished_ = true;
    Finish(status);
  }

  ServiceContext& context_;
  grpc::CallbackServerContext& call_;  // gone some time after Finished
  const LogFiles::Key key_;
  std::int64_t offset_ = 0;  // the one read in flight
  std::mutex mutex_;         // guards all below
  std::shared_ptr<LogsStream> self_;
  bool follow_;
  std::int64_t tail_;
  std::atomic<std::int64_t> subscription_{0};
  v1::LogChunk out_;
  bool changed_ = false;  // since the last read began
  bool idle_ = false;     // waiting for a change
  bool writing_ = false;
  bool finished_ = false;
};

}  // namespace

grpc::ServerWriteReactor<v1::LogChunk>* StartLogs(ServiceContext& context,
                                                  grpc::CallbackServerContext& call,
                                                  const v1::LogsRequest& request) {
  const auto stream = std::make_shared<LogsStream>(context, call, request);
  stream->Start(stream);
  return stream.get();
}

}  // namespace tutti
