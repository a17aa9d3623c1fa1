#include "coordinator/service/evaluate_call.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "coordinator/service/checkpoint_lookup.h"
#include "coordinator/service/responder.h"
#include "coordinator/service/service_context.h"
#include "experiments/core/config/experiment_config.h"
#include "experiments/core/config/task_spec.h"
#include "proto/wire/status.h"
#include "tutti/v1/control.pb.h"

namespace tutti {
namespace {

constexpr std::size_t kMaxDocumentBytes = 1u << 20;

// What can be said against a request without looking at anything else.
Result<TaskRequest> CheckRequest(const v1::EvaluateRequest& request) {
  TaskRequest task;
  auto work = Json::Parse(request.task_json());
  if (!work) return InvalidArgument("task_json is not JSON: " + work.error().ToString());
  task.work = std::move(*work);
  TUTTI_ASSIGN_OR_RETURN(const TaskSpec spec, ReadTaskSpec(task.work));
  if (static_cast<std::int64_t>(request.input().size()) != spec.input_bytes()) {
    return InvalidArgument("input has " + std::to_string(request.input().size()) +
                           " bytes, expected " + std::to_string(spec.input_bytes()) +
                           " (n x channels x height x width of the task)");
  }
  if (request.config_json().size() > kMaxDocumentBytes) {
    return InvalidArgument("config_json is larger than 1 MiB");
  }
  if (!request.config_json().empty()) {
    auto document = Json::Parse(request.config_json());
    if (!document) return InvalidArgument("config_json: " + document.error().ToString());
    auto config = ReadExperimentConfig(*document);
    if (!config) return InvalidArgument("config_json: " + config.error().ToString());
    task.config = document->Dump();
  }
  task.input = request.input();
  return task;
}

// Blocks on the disk.
Result<KnownCheckpoint> FindCheckpoint(ServiceContext& context, std::int64_t experiment,
                                       std::int64_t trial_no, const std::string& which) {
  TUTTI_ASSIGN_OR_RETURN(
      const CheckpointReference reference,
      ParseCheckpointReference(std::to_string(experiment) + "." + std::to_string(trial_no) +
                               (which.empty() ? "" : "@" + which)));
  const std::lock_guard lock(context.reader_mutex);
  if (!context.reader) {
    TUTTI_ASSIGN_OR_RETURN(context.reader,
                           storage::ReadStore::Open(context.state_dir + "/tutti.db"));
  }
  return LookUpKeptCheckpoint(*context.reader, reference);
}

// Runs on gRPC's threads, then on the disk pool, then on the loop; the last holder of its responder
// ends it.
class EvaluateCall final : public grpc::ServerUnaryReactor {
 public:
  EvaluateCall(ServiceContext& context, grpc::CallbackServerContext& call,
               v1::EvaluateReply& reply)
      : context_(context), call_(call), reply_(reply) {}

  void Start(const std::shared_ptr<EvaluateCall>& self, const v1::EvaluateRequest& request) {
    self_ = self;
    const auto answer = std::make_shared<Responder>([self](const Status& status) {
      self->Finish(status ? grpc::Status::OK : wire::ErrorToStatus(status.error(), self->call_));
    });
    auto checked = CheckRequest(request);
    if (!checked) return answer->Finish(checked.error());
    const bool posted = context_.disk->TryPost(
        [self, answer, task = std::move(*checked), experiment = request.experiment_id(),
         trial_no = request.trial_no(), checkpoint = request.checkpoint()]() mutable {
          auto found = FindCheckpoint(self->context_, experiment, trial_no, checkpoint);
          if (!found) return answer->Finish(found.error());
          task.trial = found->trial;
          task.checkpoint_name = std::move(found->name);
          task.checkpoint_sha256 = std::move(found->sha256);
          self->context_.loop->TryPost([self, answer, ready = std::move(task)]() mutable {
            self->Open(std::move(ready), answer);
          });
        });
    if (!posted) answer->Finish(Error(ErrorCode::kResourceExhausted, "too many calls; try again"));
  }

  void OnCancel() override {
    context_.loop->Post([self = self_] {
      self->cancelled_ = true;
      if (self->task_) self->context_.tasks->Cancel(self->task_);
    });
  }
  void OnDone() override { auto self = std::move(self_); }

 private:
  using Answer = std::shared_ptr<Responder>;  // shared: see responder.h

  // Loop's thread. Whoever drops `answer` ends the call.
  void Open(TaskRequest task, const Answer& answer) {
    if (cancelled_) return answer->Finish(Error(ErrorCode::kCancelled, "the client went away"));
    auto opened = context_.tasks->Open(
        std::move(task), [self = self_, answer](Result<TaskResult> result) {
          if (!result) return answer->Finish(result.error());
          self->reply_.set_result_json(result->header.Dump());
          self->reply_.set_payload(std::move(result->payload));
          answer->Finish(Ok{});
        });
    if (!opened) return answer->Finish(opened.error());
    task_ = *opened;
  }

  ServiceContext& context_;
  grpc::CallbackServerContext& call_;
  v1::EvaluateReply& reply_;
  std::shared_ptr<EvaluateCall> self_;  // until the call is over
  // Loop's thread only.
  TaskId task_;
  bool cancelled_ = false;
};

}  // namespace

grpc::ServerUnaryReactor* StartEvaluate(ServiceContext& context, grpc::CallbackServerContext& call,
                                        const v1::EvaluateRequest& request,
                                        v1::EvaluateReply& reply) {
  const auto started = std::make_shared<EvaluateCall>(context, call, reply);
  started->Start(started, request);
  return started.get();
}

}  // namespace tutti
