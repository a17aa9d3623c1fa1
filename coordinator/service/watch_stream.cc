#include "coordinator/service/watch_stream.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <mutex>
#include <optional>

#include "coordinator/service/service_context.h"
#include "proto/wire/status.h"
#include "tutti/v1/control.pb.h"

namespace tutti {
namespace {

// A reader that has not taken a snapshot for this long is gone or stuck.
constexpr auto kStuckAfter = std::chrono::seconds(60);

class WatchStream final : public grpc::ServerWriteReactor<v1::WatchUpdate>, public WatchLink {
 public:
  explicit WatchStream(grpc::CallbackServerContext& call) : call_(call) {}

  // self: kept until the call is over, since the loop may outlive it or the other way round.
  void Start(std::shared_ptr<WatchStream> self, ServiceContext& context, ExperimentId experiment) {
    self_ = self;
    const bool posted = context.loop->TryPost([&context, self, experiment] {
      if (const auto ended = context.control->HasEnded(experiment, 0); !ended) {
        self->Fail(ended.error());
        return;
      }
      context.watches->Add(experiment, self);
    });
    if (!posted) Fail(Unavailable("the coordinator is busy or shutting down"));
  }

  bool Send(const v1::WatchUpdate& update, bool last) override {
    const std::lock_guard lock(mutex_);
    if (finished_) return false;
    next_ = update;
    last_ = last;
    if (writing_ && std::chrono::steady_clock::now() - write_began_ > kStuckAfter) {
      call_.TryCancel();
      return false;
    }
    Pump();
    return true;
  }

  bool IsOpen() override {
    const std::lock_guard lock(mutex_);
    return !finished_;
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) Finished(grpc::Status::CANCELLED);
    Pump();
  }
  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    if (!writing_) Finished(grpc::Status::CANCELLED);
  }
  void OnDone() override { auto self = std::move(self_); }

 private:
  void Fail(const Error& why) {
    const std::lock_guard lock(mutex_);
    if (!finished_) Finished(wire::ErrorToStatus(why, call_));
  }
  // REQUIRES: mutex_ held, for both.
  void Finished(const grpc::Status& status) {
    if (finished_) return;
    finished_ = true;
    Finish(status);
  }
  void Pump() {
    if (finished_ || writing_) return;
    if (next_) {
      out_ = std::move(*next_);
      next_.reset();
      writing_ = true;
      write_began_ = std::chrono::steady_clock::now();
      StartWrite(&out_);
    } else if (last_) {
      Finished(grpc::Status::OK);
    }
  }

  grpc::CallbackServerContext& call_;  // gone some time after Finished
  std::shared_ptr<WatchStream> self_;
  std::mutex mutex_;  // guards all below
  v1::WatchUpdate out_;
  std::optional<v1::WatchUpdate> next_;
  std::chrono::steady_clock::time_point write_began_;
  bool writing_ = false;
  bool last_ = false;
  bool finished_ = false;
};

}  // namespace

grpc::ServerWriteReactor<v1::WatchUpdate>* StartWatch(ServiceContext& context,
                                                      grpc::CallbackServerContext& call,
                                                      const v1::WatchRequest& request) {
  const auto stream = std::make_shared<WatchStream>(call);
  stream->Start(stream, context, ExperimentId(request.experiment_id()));
  return stream.get();
}

}  // namespace tutti
