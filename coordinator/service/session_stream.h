#pragma once

namespace grpc {
class CallbackServerContext;
template <class In, class Out>
class ServerBidiReactor;
}  // namespace grpc
namespace tutti::v1 {
class FromCoordinator;
class FromWorker;
}  // namespace tutti::v1

namespace tutti {

struct ServiceContext;

// Serves one worker's session; owns itself until the stream is over.
grpc::ServerBidiReactor<v1::FromWorker, v1::FromCoordinator>* StartSession(
    ServiceContext& context, grpc::CallbackServerContext& call);

}  // namespace tutti
