#pragma once

namespace grpc {
class CallbackServerContext;
class ServerUnaryReactor;
}  // namespace grpc

namespace tutti::v1 {
class CreateEnsembleRequest;
class EnsembleReply;
class EvaluateEnsembleRequest;
}  // namespace tutti::v1

// Control.CreateEnsemble and Control.EvaluateEnsemble: members are looked up on a pool's thread,
// the rest is the desk's (ensemble_desk.h).

namespace tutti {

struct ServiceContext;

grpc::ServerUnaryReactor* StartCreateEnsemble(ServiceContext& context,
                                              grpc::CallbackServerContext& call,
                                              const v1::CreateEnsembleRequest& request,
                                              v1::EnsembleReply& reply);
grpc::ServerUnaryReactor* StartEvaluateEnsemble(ServiceContext& context,
                                                grpc::CallbackServerContext& call,
                                                const v1::EvaluateEnsembleRequest& request,
                                                v1::EnsembleReply& reply);

}  // namespace tutti
