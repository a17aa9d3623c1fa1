#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "coordinator/service/checkpoint_streams.h"
#include "coordinator/service/services.h"
#include "coordinator/service/session_stream.h"
#include "tutti/v1/worker.grpc.pb.h"

namespace tutti {
namespace {

class WorkerService final : public v1::Worker::CallbackService {
 public:
  explicit WorkerService(ServiceContext& context) : context_(context) {}

  grpc::ServerBidiReactor<v1::FromWorker, v1::FromCoordinator>* Session(
      grpc::CallbackServerContext* call) override {
    return StartSession(context_, *call);
  }
  grpc::ServerReadReactor<v1::CheckpointChunk>* UploadCheckpoint(
      grpc::CallbackServerContext* call, v1::UploadReply* reply) override {
    return StartUpload(context_, *call, *reply);
  }
  grpc::ServerWriteReactor<v1::CheckpointChunk>* DownloadCheckpoint(
      grpc::CallbackServerContext* call, const v1::DownloadRequest* request) override {
    return StartDownload(context_, *call, *request);
  }

 private:
  ServiceContext& context_;
};

}  // namespace

std::shared_ptr<grpc::Service> MakeWorkerService(ServiceContext& context) {
  return std::make_shared<WorkerService>(context);
}

}  // namespace tutti
