#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <mutex>

#include "coordinator/service/checkpoint_streams.h"
#include "coordinator/service/log.h"
#include "coordinator/service/service_context.h"
#include "proto/wire/status.h"
#include "tutti/v1/worker.pb.h"

namespace tutti {
namespace {

class UploadStream final : public grpc::ServerReadReactor<v1::CheckpointChunk> {
 public:
  UploadStream(ServiceContext& context, grpc::CallbackServerContext& call, v1::UploadReply& reply)
      : context_(context), call_(call), reply_(reply) {}

  void Start(const std::shared_ptr<UploadStream>& self) {
    self_ = self;  // kept until the call is over; queued work holds it too
    StartRead(&chunk_);
  }

  void OnReadDone(bool ok) override {
    const Self self = self_;
    if (!ok) {
      OnDisk([self] { self->Publish(); });
    } else if (!receiver_) {
      CheckFence(self);
    } else {
      OnDisk([self] { self->Store(); });
    }
  }
  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    Finished(grpc::Status::CANCELLED);
  }
  void OnDone() override { auto self = std::move(self_); }

 private:
  using Self = std::shared_ptr<UploadStream>;

  void CheckFence(const Self& self) {
    const bool posted = context_.loop->TryPost([self] {
      const AttemptId attempt(self->chunk_.attempt_id());
      const auto live = self->context_.journal->engine().FindLive(attempt);
      if (!live || live->fence != self->chunk_.fence()) {
        self->Fail(Error(ErrorCode::kFenced,
                         "attempt " + ToString(attempt) + " with fence " +
                             std::to_string(self->chunk_.fence()) +
                             " was replaced or has ended: its checkpoint is not taken"));
        return;
      }
      self->OnDisk([self] { self->Open(); });
    });
    if (!posted) Fail(Unavailable("the coordinator is shutting down"));
  }

  void OnDisk(TaskPool::Task task) {
    if (!context_.disk->TryPost(std::move(task))) {
      Fail(Error(ErrorCode::kResourceExhausted, "too many transfers at once; try again"));
    }
  }

  void Open() {
    auto receiver = context_.checkpoints->Receive(chunk_.checkpoint());
    if (!receiver) {
      Fail(receiver.error());
      return;
    }
    receiver_ = std::move(receiver).value();
    name_ = chunk_.checkpoint();
    Store();
  }

  void Store() {
    if (!chunk_.file().empty()) {
      Status stored = receiver_->Append(chunk_.file(), chunk_.offset(), chunk_.data());
      if (stored && !chunk_.sha256().empty()) {
        stored = receiver_->FinishFile(chunk_.file(), chunk_.sha256());
      }
      if (!stored) {
        Fail(stored.error().Wrap("cannot take checkpoint " + name_));
        return;
      }
    }
    const std::lock_guard lock(mutex_);
    if (!finished_) StartRead(&chunk_);
  }

  void Publish() {
    {
      // The client has gone rather than finished: nothing is published.
      const std::lock_guard lock(mutex_);
      if (finished_ || call_.IsCancelled()) {
        Finished(grpc::Status::CANCELLED);
        return;
      }
    }
    if (!receiver_) {
      Fail(InvalidArgument("an upload without a single chunk"));
      return;
    }
    auto sha256 = receiver_->Commit();
    if (!sha256) {
      Fail(sha256.error().Wrap("cannot publish checkpoint " + name_));
      return;
    }
    LogInfo("checkpoint " + name_ + " received");
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    reply_.set_manifest_sha256(*sha256);
    Finished(grpc::Status::OK);
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
  v1::UploadReply& reply_;             // likewise
  v1::CheckpointChunk chunk_;  // the one in flight
  std::unique_ptr<storage::CheckpointReceiver> receiver_;
  std::string name_;
  std::mutex mutex_;  // guards finished_ and self_
  Self self_;
  bool finished_ = false;
};

}  // namespace

grpc::ServerReadReactor<v1::CheckpointChunk>* StartUpload(ServiceContext& context,
                                                          grpc::CallbackServerContext& call,
                                                          v1::UploadReply& reply) {
  const auto stream = std::make_shared<UploadStream>(context, call, reply);
  stream->Start(stream);
  return stream.get();
}

}  // namespace tutti
