#include "coordinator/service/query_stream.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

#include "coordinator/service/service_context.h"
#include "proto/wire/status.h"
#include "storage/query_process.h"
#include "tutti/v1/control.pb.h"

namespace tutti {
namespace {

// A client that does not take a chunk for this long loses the rest.
constexpr auto kStuckAfter = std::chrono::seconds(10);

Result<storage::QueryRequest> MakeQuery(const ServiceContext& context,
                                        const v1::QueryRequest& request) {
  storage::QueryRequest query;
  query.database = context.state_dir + "/tutti.db";
  query.sql = request.sql();
  if (!request.params_json().empty()) {
    auto params = Json::Parse(request.params_json());
    if (!params) return params.error().Wrap("params_json is not JSON");
    if (!params->is_array()) {
      return InvalidArgument("params_json is " + std::string(params->TypeName()) +
                             ", expected a list");
    }
    query.params = params->AsArray();
  }
  if (request.max_rows() < 0) {
    return InvalidArgument("max_rows is " + std::to_string(request.max_rows()) +
                           ", expected 0 (the default) or more");
  }
  if (request.max_rows() > 0) {
    query.limits.max_rows = std::min(query.limits.max_rows, request.max_rows());
  }
  return query;
}

// A thread of the query pool runs the helper process and writes chunk by chunk, waiting for the
// client in between.
class QueryStream final : public grpc::ServerWriteReactor<v1::QueryReply> {
 public:
  QueryStream(ServiceContext& context, grpc::CallbackServerContext& call)
      : context_(context), call_(call) {}

  void Start(std::shared_ptr<QueryStream> self, const v1::QueryRequest& request) {
    self_ = self;  // kept until the call is over; the query's thread holds another
    auto query = MakeQuery(context_, request);
    if (!query) {
      End(query.error());
      return;
    }
    const bool posted = context_.queries->TryPost([self, run = std::move(query).value()] {
      const Status ended = storage::RunQueryInHelper(
          self->context_.query_program, run,
          [&self](const storage::QueryChunk& chunk) { return self->Send(chunk); });
      self->WaitUntilSent();
      self->End(ended);
    });
    if (!posted) {
      End(Error(ErrorCode::kResourceExhausted, "too many queries at once; try again"));
    }
  }

  void OnWriteDone(bool ok) override {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) gone_ = true;
    sent_.notify_all();
  }
  void OnCancel() override {
    const std::lock_guard lock(mutex_);
    gone_ = true;
    sent_.notify_all();
    // A query that was dropped with its queue has nobody else to end it.
    if (!writing_) Finished(grpc::Status::CANCELLED);
  }
  void OnDone() override { auto self = std::move(self_); }

 private:
  bool WaitUntilSent() {
    std::unique_lock lock(mutex_);
    sent_.wait_for(lock, kStuckAfter, [this] { return !writing_ || gone_; });
    if (writing_) call_.TryCancel();
    return !writing_ && !gone_ && !finished_;
  }

  bool Send(const storage::QueryChunk& chunk) {
    if (!WaitUntilSent()) return false;
    const std::lock_guard lock(mutex_);
    if (finished_) return false;
    out_.Clear();
    for (const std::string& column : chunk.columns) out_.add_columns(column);
    out_.set_rows_json(chunk.rows.is_null() ? "[]" : chunk.rows.Dump());
    out_.set_truncated(chunk.truncated);
    writing_ = true;
    StartWrite(&out_);
    return true;
  }

  void End(const Status& ended) {
    const std::lock_guard lock(mutex_);
    if (finished_) return;
    Finished(ended ? grpc::Status::OK : wire::ErrorToStatus(ended.error(), call_));
  }
  // REQUIRES: mutex_ held.
  void Finished(const grpc::Status& status) {
    if (finished_) return;
    finished_ = true;
    Finish(status);
  }

  ServiceContext& context_;
  grpc::CallbackServerContext& call_;
  std::shared_ptr<QueryStream> self_;
  std::mutex mutex_;  // guards all below
  std::condition_variable sent_;
  v1::QueryReply out_;
  bool writing_ = false;
  bool gone_ = false;
  bool finished_ = false;
};

}  // namespace

grpc::ServerWriteReactor<v1::QueryReply>* StartQuery(ServiceContext& context,
                                                     grpc::CallbackServerContext& call,
                                                     const v1::QueryRequest& request) {
  const auto stream = std::make_shared<QueryStream>(context, call);
  stream->Start(stream, request);
  return stream.get();
}

}  // namespace tutti
