#pragma once

namespace grpc {
class CallbackServerContext;
template <class T>
class ServerWriteReactor;
}  // namespace grpc
namespace tutti::v1 {
class QueryRequest;
class QueryReply;
}  // namespace tutti::v1

namespace tutti {

struct ServiceContext;

// Answers one Query call; owns itself until the call is over.
grpc::ServerWriteReactor<v1::QueryReply>* StartQuery(ServiceContext& context,
                                                      grpc::CallbackServerContext& call,
                                                      const v1::QueryRequest& request);

}  // namespace tutti
