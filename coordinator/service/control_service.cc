#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>
#include <unistd.h>

#include "coordinator/service/ensemble_calls.h"
#include "coordinator/service/evaluate_call.h"
#include "coordinator/service/learned_from.h"
#include "coordinator/service/logs_stream.h"
#include "coordinator/service/query_stream.h"
#include "coordinator/service/row_reader.h"
#include "coordinator/service/warm_start.h"
#include "coordinator/service/service_context.h"
#include "coordinator/service/services.h"
#include "coordinator/service/watch_stream.h"
#include "experiments/spec/spec.h"
#include "proto/wire/status.h"
#include "tutti/v1/control.grpc.pb.h"

namespace tutti {
namespace {

constexpr std::size_t kMaxDocumentBytes = 1u << 20;

using Call = grpc::CallbackServerContext;
using Unary = grpc::ServerUnaryReactor;
using Answer = std::shared_ptr<Responder>;

Answer MakeAnswer(Call* call, Unary* reactor) {
  return std::make_shared<Responder>([call, reactor](const Status& status) {
    reactor->Finish(status ? grpc::Status::OK : wire::ErrorToStatus(status.error(), *call));
  });
}

Result<Json> CheckCanonical(const std::string& text) {
  if (text.size() > kMaxDocumentBytes) {
    return InvalidArgument("an experiment document is larger than 1 MiB");
  }
  auto parsed = Json::Parse(text);
  if (!parsed) return parsed.error().Wrap("canonical_json is not JSON");
  auto canonical = spec::ValidateCanonical(*parsed);
  if (canonical) return canonical;
  return Error(ErrorCode::kInvalidArgument, canonical.error().ToString());
}

Result<Json> CheckDocument(const v1::SubmitRequest& request) {
  if (request.raw_text().size() > kMaxDocumentBytes ||
      request.provenance_json().size() > kMaxDocumentBytes) {
    return InvalidArgument("an experiment document is larger than 1 MiB");
  }
  return CheckCanonical(request.canonical_json());
}

class ControlService final : public v1::Control::CallbackService {
 public:
  explicit ControlService(ServiceContext& context) : context_(context) {}

  Unary* Submit(Call* call, const v1::SubmitRequest* request, v1::SubmitReply* reply) override {
    Unary* reactor = call->DefaultReactor();
    const Answer answer = MakeAnswer(call, reactor);
    auto canonical = CheckDocument(*request);
    if (!canonical) {
      answer->Finish(canonical.error());
      return reactor;
    }
    if (!HasWarmStart(*canonical) && !LearnsFrom(*canonical)) {
      Submit(*request, std::move(*canonical), *reply, answer);
      return reactor;
    }
    context_.disk->TryPost([this, request, reply, answer, json = std::move(*canonical)] {
      auto resolved = ResolveReferences(json);
      if (!resolved) {
        answer->Finish(resolved.error());
        return;
      }
      Submit(*request, std::move(*resolved), *reply, answer);
    });
    return reactor;
  }

  Unary* Pause(Call* call, const v1::ActionRequest* request, v1::ActionReply* reply) override {
    return Act(engine::Action::kPause, call, request, reply);
  }
  Unary* Resume(Call* call, const v1::ActionRequest* request, v1::ActionReply* reply) override {
    return Act(engine::Action::kResume, call, request, reply);
  }
  Unary* Cancel(Call* call, const v1::ActionRequest* request, v1::ActionReply* reply) override {
    return Act(engine::Action::kCancel, call, request, reply);
  }
  Unary* Kill(Call* call, const v1::ActionRequest* request, v1::ActionReply* reply) override {
    return Act(engine::Action::kKill, call, request, reply);
  }

  Unary* Archive(Call* call, const v1::ActionRequest* request, v1::ActionReply* reply) override {
    return Act(engine::Action::kArchive, call, request, reply);
  }
  Unary* Unarchive(Call* call, const v1::ActionRequest* request, v1::ActionReply* reply) override {
    return Act(engine::Action::kUnarchive, call, request, reply);
  }

  Unary* SetExperiment(Call* call, const v1::SetExperimentRequest* request,
                       v1::SetExperimentReply* reply) override {
    Unary* reactor = call->DefaultReactor();
    context_.loop->TryPost([this, request, reply, answer = MakeAnswer(call, reactor)] {
      context_.control->Set(*request, *reply, answer);
    });
    return reactor;
  }

  Unary* Continue(Call* call, const v1::ContinueRequest* request,
                  v1::ContinueReply* reply) override {
    Unary* reactor = call->DefaultReactor();
    const Answer answer = MakeAnswer(call, reactor);
    Json document;
    if (!request->canonical_json().empty()) {
      auto canonical = CheckCanonical(request->canonical_json());
      if (!canonical) {
        answer->Finish(canonical.error());
        return reactor;
      }
      document = std::move(*canonical);
    }
    context_.loop->TryPost([this, request, reply, answer, json = std::move(document)] {
      context_.control->Continue(*request, json, *reply, answer);
    });
    return reactor;
  }

  Unary* Drain(Call* call, const v1::DrainRequest* request, v1::DrainReply* reply) override {
    Unary* reactor = call->DefaultReactor();
    context_.loop->TryPost([this, request, reply, answer = MakeAnswer(call, reactor)] {
      const NodeId node = context_.workers->FindNode(request->node_name());
      auto describe = [this, node] { return context_.workers->Describe(node).Dump(); };
      context_.control->Drain(*request, node, std::move(describe), *reply, answer);
    });
    return reactor;
  }

  // What runs is known to the engine, what was decided to the database.
  Unary* Why(Call* call, const v1::WhyRequest* request, v1::WhyReply* reply) override {
    Unary* reactor = call->DefaultReactor();
    const Answer answer = MakeAnswer(call, reactor);
    context_.loop->TryPost([this, request, reply, answer] {
      auto why = context_.control->Why(ExperimentId(request->experiment_id()),
                                       request->trial_no());
      if (!why) {
        answer->Finish(why.error());
        return;
      }
      reply->set_state(why->state);
      for (std::string& line : why->lines) reply->add_lines(std::move(line));
      context_.disk->TryPost([this, request, reply, answer] {
        auto decisions = ReadDecisions(context_, request->experiment_id(), request->trial_no());
        if (!decisions) {
          answer->Finish(decisions.error());
          return;
        }
        for (const Json& row : decisions->AsArray()) {
          v1::Decision& decision = *reply->add_decisions();
          decision.set_at(row["at"].AsString());
          decision.set_subject(row["subject"].AsString());
          decision.set_text(row["text"].AsString());
        }
        answer->Finish(Ok{});
      });
    });
    return reactor;
  }

  // The row comes from the database (what is committed), the reason and progress from the engine.
  Unary* Get(Call* call, const v1::GetRequest* request, v1::GetReply* reply) override {
    Unary* reactor = call->DefaultReactor();
    const Answer answer = MakeAnswer(call, reactor);
    context_.loop->TryPost([this, request, reply, answer] {
      auto live = context_.control->Live(ExperimentId(request->experiment_id()),
                                         request->trial_no());
      if (!live) {
        answer->Finish(live.error());
        return;
      }
      context_.disk->TryPost([this, request, reply, answer, fields = std::move(*live)] {
        auto row = ReadRow(context_, request->experiment_id(), request->trial_no());
        if (!row) {
          answer->Finish(row.error());
          return;
        }
        for (const auto& [key, value] : fields.AsObject()) row->Set(key, value);
        reply->set_json(row->Dump());
        answer->Finish(Ok{});
      });
    });
    return reactor;
  }

  Unary* List(Call* call, const v1::ListRequest* request, v1::ListReply* reply) override {
    Unary* reactor = call->DefaultReactor();
    const Answer answer = MakeAnswer(call, reactor);
    if (request->what() == v1::ListRequest::WORKERS) {
      context_.loop->TryPost([this, reply, answer] {
        reply->set_json(context_.workers->Describe().Dump());
        answer->Finish(Ok{});
      });
      return reactor;
    }
    context_.disk->TryPost([this, request, reply, answer] {
      auto rows = request->what() == v1::ListRequest::TRIALS
                      ? ReadTrials(context_, request->experiment_id())
                      : ReadExperiments(context_);
      if (rows) reply->set_json(rows->Dump());
      answer->Finish(rows ? Status(Ok{}) : Status(rows.error()));
    });
    return reactor;
  }

  Unary* Info(Call* call, const v1::InfoRequest*, v1::InfoReply* reply) override {
    Unary* reactor = call->DefaultReactor();
    const Answer answer = MakeAnswer(call, reactor);
    context_.loop->TryPost([this, reply, answer] {
      reply->set_version(context_.version);
      reply->set_incarnation(context_.incarnation);
      reply->set_process_id(::getpid());
      reply->set_state_dir(context_.state_dir);
      reply->set_workers(context_.workers->connected());
      reply->set_slots(context_.journal->engine().slots_total());
      reply->set_slots_free(context_.journal->engine().slots_free());
      reply->set_last_commit_age_ms(context_.writer->last_commit_age_ms());
      answer->Finish(Ok{});
    });
    return reactor;
  }

  Unary* Evaluate(Call* call, const v1::EvaluateRequest* request,
                  v1::EvaluateReply* reply) override {
    return StartEvaluate(context_, *call, *request, *reply);
  }
  Unary* CreateEnsemble(Call* call, const v1::CreateEnsembleRequest* request,
                        v1::EnsembleReply* reply) override {
    return StartCreateEnsemble(context_, *call, *request, *reply);
  }
  Unary* EvaluateEnsemble(Call* call, const v1::EvaluateEnsembleRequest* request,
                          v1::EnsembleReply* reply) override {
    return StartEvaluateEnsemble(context_, *call, *request, *reply);
  }

  Unary* Shutdown(Call* call, const v1::ShutdownRequest* request, v1::ShutdownReply*) override {
    Unary* reactor = call->DefaultReactor();
    const Answer answer = MakeAnswer(call, reactor);
    context_.loop->TryPost([this, checkpoint = request->checkpoint(), answer] {
      context_.shut_down(checkpoint, answer);
    });
    return reactor;
  }

  grpc::ServerWriteReactor<v1::WatchUpdate>* Watch(Call* call,
                                                   const v1::WatchRequest* request) override {
    return StartWatch(context_, *call, *request);
  }
  grpc::ServerWriteReactor<v1::LogChunk>* Logs(Call* call,
                                               const v1::LogsRequest* request) override {
    return StartLogs(context_, *call, *request);
  }
  grpc::ServerWriteReactor<v1::QueryReply>* Query(Call* call,
                                                  const v1::QueryRequest* request) override {
    return StartQuery(context_, *call, *request);
  }

 private:
  // What other experiments a document speaks of, as it is now.
  Result<Json> ResolveReferences(Json canonical) {
    if (HasWarmStart(canonical)) {
      TUTTI_ASSIGN_OR_RETURN(canonical, ResolveWarmStart(context_, std::move(canonical)));
    }
    if (LearnsFrom(canonical)) return ResolveObservations(context_, std::move(canonical));
    return canonical;
  }

  // A closure that the loop or a pool drops answers its call as unavailable (responder.h).
  void Submit(const v1::SubmitRequest& request, Json canonical, v1::SubmitReply& reply,
              const Answer& answer) {
    context_.loop->TryPost([this, &request, &reply, answer, document = std::move(canonical)] {
      context_.control->Submit(request, document, reply, answer);
    });
  }

  Unary* Act(engine::Action action, Call* call, const v1::ActionRequest* request,
             v1::ActionReply* reply) {
    Unary* reactor = call->DefaultReactor();
    const Answer answer = MakeAnswer(call, reactor);
    context_.loop->TryPost([this, action, request, reply, answer] {
      context_.control->Act(action, *request, *reply, answer);
    });
    return reactor;
  }

  ServiceContext& context_;
};

}  // namespace

std::shared_ptr<grpc::Service> MakeControlService(ServiceContext& context) {
  return std::make_shared<ControlService>(context);
}

}  // namespace tutti
