#include "coordinator/service/ensemble_calls.h"

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/service/ensemble_desk.h"
#include "coordinator/service/service_context.h"
#include "proto/wire/status.h"
#include "tutti/v1/control.pb.h"

namespace tutti {
namespace {

using Answer = std::shared_ptr<Responder>;

Answer MakeAnswer(grpc::CallbackServerContext& call, grpc::ServerUnaryReactor* reactor) {
  return std::make_shared<Responder>([&call, reactor](const Status& status) {
    reactor->Finish(status ? grpc::Status::OK : wire::ErrorToStatus(status.error(), call));
  });
}

Result<std::vector<engine::EnsembleMember>> Members(ServiceContext& context,
                                                    const v1::CreateEnsembleRequest& request) {
  const std::lock_guard lock(context.reader_mutex);
  if (!context.reader) {
    TUTTI_ASSIGN_OR_RETURN(context.reader,
                           storage::ReadStore::Open(context.state_dir + "/tutti.db"));
  }
  return LookUpMembers(*context.reader, {request.members().begin(), request.members().end()});
}

}  // namespace

grpc::ServerUnaryReactor* StartCreateEnsemble(ServiceContext& context,
                                              grpc::CallbackServerContext& call,
                                              const v1::CreateEnsembleRequest& request,
                                              v1::EnsembleReply& reply) {
  grpc::ServerUnaryReactor* reactor = call.DefaultReactor();
  const Answer answer = MakeAnswer(call, reactor);
  // A closure that a pool or the loop drops answers its call as unavailable (responder.h).
  context.disk->TryPost([&context, &request, &reply, answer] {
    auto members = Members(context, request);
    if (!members) {
      answer->Finish(members.error());
      return;
    }
    context.loop->TryPost([&context, &request, &reply, answer, found = std::move(*members)] {
      context.ensembles->Create(request, found, reply, answer);
    });
  });
  return reactor;
}

grpc::ServerUnaryReactor* StartEvaluateEnsemble(ServiceContext& context,
                                                grpc::CallbackServerContext& call,
                                                const v1::EvaluateEnsembleRequest& request,
                                                v1::EnsembleReply& reply) {
  grpc::ServerUnaryReactor* reactor = call.DefaultReactor();
  const Answer answer = MakeAnswer(call, reactor);
  context.loop->TryPost([&context, &request, &reply, answer] {
    context.ensembles->EvaluateAgain(request, reply, answer);
  });
  return reactor;
}

}  // namespace tutti
