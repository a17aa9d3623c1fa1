#pragma once

namespace grpc {
class CallbackServerContext;
template <class T>
class ServerReadReactor;
template <class T>
class ServerWriteReactor;
}  // namespace grpc
namespace tutti::v1 {
class CheckpointChunk;
class DownloadRequest;
class UploadReply;
}  // namespace tutti::v1

namespace tutti {

struct ServiceContext;

// Checkpoint files of workers without a shared file system. Each call owns itself until it is over;
// all file work is on the disk pool, one chunk in flight. An upload is taken only from an attempt
// that is live under its fence.
grpc::ServerReadReactor<v1::CheckpointChunk>* StartUpload(ServiceContext& context,
                                                          grpc::CallbackServerContext& call,
                                                          v1::UploadReply& reply);
grpc::ServerWriteReactor<v1::CheckpointChunk>* StartDownload(ServiceContext& context,
                                                             grpc::CallbackServerContext& call,
                                                             const v1::DownloadRequest& request);

}  // namespace tutti
