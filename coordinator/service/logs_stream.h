#pragma once

namespace grpc {
class CallbackServerContext;
template <class T>
class ServerWriteReactor;
}  // namespace grpc
namespace tutti::v1 {
class LogsRequest;
class LogChunk;
}  // namespace tutti::v1

namespace tutti {

struct ServiceContext;

// Answers one Logs call; owns itself until the call is over.
grpc::ServerWriteReactor<v1::LogChunk>* StartLogs(ServiceContext& context,
                                                      grpc::CallbackServerContext& call,
                                                      const v1::LogsRequest& request);

}  // namespace tutti
