#pragma once

namespace grpc {
class CallbackServerContext;
template <class T>
class ServerWriteReactor;
}  // namespace grpc
namespace tutti::v1 {
class WatchRequest;
class WatchUpdate;
}  // namespace tutti::v1

namespace tutti {

struct ServiceContext;

// Answers one Watch call; owns itself until the call is over.
grpc::ServerWriteReactor<v1::WatchUpdate>* StartWatch(ServiceContext& context,
                                                      grpc::CallbackServerContext& call,
                                                      const v1::WatchRequest& request);

}  // namespace tutti
