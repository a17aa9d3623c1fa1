// The calls of CoordinatorClient that change experiments and workers, and the one that explains.

#include <grpcpp/grpcpp.h>

#include "cli/coordinator_connection.h"

namespace tutti::cli {

Result<std::string> CoordinatorClient::Act(Action action, std::int64_t experiment,
                                           std::int64_t trial_no) {
  v1::ActionRequest request;
  request.set_request_id(NewRequestId());
  request.set_experiment_id(experiment);
  request.set_trial_no(trial_no);
  v1::ActionReply reply;
  TUTTI_RETURN_IF_ERROR(connection_->Change(address_, [&](auto* context) {
    auto& stub = *connection_->stub;
    switch (action) {
      case Action::kPause: return stub.Pause(context, request, &reply);
      case Action::kResume: return stub.Resume(context, request, &reply);
      case Action::kCancel: return stub.Cancel(context, request, &reply);
      case Action::kKill: return stub.Kill(context, request, &reply);
      case Action::kArchive: return stub.Archive(context, request, &reply);
      case Action::kUnarchive: return stub.Unarchive(context, request, &reply);
    }
    CheckFailed(__FILE__, __LINE__, "Action", "value outside the enum");
  }));
  return reply.state();
}

Result<std::string> CoordinatorClient::Continue(std::int64_t experiment,
                                                const std::string& canonical_json) {
  v1::ContinueRequest request;
  request.set_request_id(NewRequestId());
  request.set_experiment_id(experiment);
  request.set_canonical_json(canonical_json);
  v1::ContinueReply reply;
  TUTTI_RETURN_IF_ERROR(connection_->Change(address_, [&](auto* context) {
    return connection_->stub->Continue(context, request, &reply);
  }));
  return reply.state();
}

Result<Json> CoordinatorClient::Set(std::int64_t experiment, const Settings& settings) {
  v1::SetExperimentRequest request;
  request.set_request_id(NewRequestId());
  request.set_experiment_id(experiment);
  if (settings.priority) request.set_priority(*settings.priority);
  if (settings.weight) request.set_weight(*settings.weight);
  if (settings.max_slots) request.set_max_slots(*settings.max_slots);
  if (settings.save_experiment_best) {
    request.set_save_experiment_best(*settings.save_experiment_best);
  }
  if (settings.save_trial_best) request.set_save_trial_best(*settings.save_trial_best);
  if (settings.save_trial_latest) request.set_save_trial_latest(*settings.save_trial_latest);
  v1::SetExperimentReply reply;
  TUTTI_RETURN_IF_ERROR(connection_->Change(address_, [&](auto* context) {
    return connection_->stub->SetExperiment(context, request, &reply);
  }));
  return Json::Parse(reply.json());
}

Result<Explanation> CoordinatorClient::Why(std::int64_t experiment, std::int64_t trial_no) {
  v1::WhyRequest request;
  request.set_experiment_id(experiment);
  request.set_trial_no(trial_no);
  v1::WhyReply reply;
  TUTTI_RETURN_IF_ERROR(
      connection_->Unary(address_, std::chrono::seconds(20), [&](auto* context) {
        return connection_->stub->Why(context, request, &reply);
      }));
  Explanation why;
  why.state = reply.state();
  why.lines.assign(reply.lines().begin(), reply.lines().end());
  for (const v1::Decision& decision : reply.decisions()) {
    why.decisions.push_back({decision.at(), decision.subject(), decision.text()});
  }
  return why;
}

Result<Json> CoordinatorClient::Drain(const std::string& node, bool drain, bool now) {
  v1::DrainRequest request;
  request.set_request_id(NewRequestId());
  request.set_node_name(node);
  request.set_drain(drain);
  request.set_now(now);
  v1::DrainReply reply;
  TUTTI_RETURN_IF_ERROR(connection_->Change(address_, [&](auto* context) {
    return connection_->stub->Drain(context, request, &reply);
  }));
  return Json::Parse(reply.json());
}

}  // namespace tutti::cli
