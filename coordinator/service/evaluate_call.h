#pragma once

namespace grpc {
class CallbackServerContext;
class ServerUnaryReactor;
}  // namespace grpc

namespace tutti::v1 {
class EvaluateReply;
class EvaluateRequest;
}  // namespace tutti::v1

namespace tutti {

struct ServiceContext;

// Control.Evaluate: checks the request, finds the checkpoint, waits for the task's end. Cancels the
// task when the client goes away or its deadline passes. The call owns itself until it is over.
grpc::ServerUnaryReactor* StartEvaluate(ServiceContext& context, grpc::CallbackServerContext& call,
                                        const v1::EvaluateRequest& request,
                                        v1::EvaluateReply& reply);

}  // namespace tutti
