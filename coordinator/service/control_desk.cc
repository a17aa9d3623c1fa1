#include "coordinator/service/control_desk.h"

#include <utility>

#include "coordinator/service/experiment_views.h"
#include "coordinator/service/log.h"
#include "experiments/core/enum_table.h"
#include "tutti/v1/control.pb.h"

namespace tutti {
namespace {

using engine::Action;

constexpr EnumTable<Action, 4> kActionNames{{{{Action::kPause, "Pause"},
                                              {Action::kResume, "Resume"},
                                              {Action::kCancel, "Cancel"},
                                              {Action::kKill, "Kill"}}}};

Error NoExperiment(ExperimentId id) {
  return NotFound("there is no experiment " + ToString(id) + "; `tutti ls` lists them");
}

Error NoTrial(ExperimentId experiment, std::int64_t trial_no) {
  return NotFound("there is no trial " + ToString(experiment) + "." + std::to_string(trial_no));
}

Result<const engine::TrialView*> FindTrial(const engine::ExperimentView& view,
                                           std::int64_t trial_no) {
  for (const engine::TrialView& trial : view.trials) {
    if (trial.row.trial_no == trial_no) return &trial;
  }
  return NoTrial(view.row.experiment, trial_no);
}

template <class Reply>
RequestLedger::Call MakeCall(const std::string& request_id, std::string_view method, Reply& reply,
                             const ControlDesk::Answer& answer) {
  return {request_id, std::string(method),
          [&reply](const std::string& bytes) { reply.ParseFromString(bytes); }, answer};
}

}  // namespace

void ControlDesk::Submit(const v1::SubmitRequest& request, Json canonical, v1::SubmitReply& reply,
                         const Answer& answer) {
  ledger_.Once(MakeCall(request.request_id(), "Submit", reply, answer),
               [this, &request, document = std::move(canonical)] { DoSubmit(request, document); });
}

void ControlDesk::DoSubmit(const v1::SubmitRequest& request, Json canonical) {
  const std::string id = request.request_id();
  if (draining_) {
    ledger_.Reject(id, Unavailable("the coordinator is shutting down"));
    return;
  }
  if (const Status placeable = journal_.engine().CheckPlaceable(canonical); !placeable) {
    ledger_.Reject(id, placeable.error());
    return;
  }
  const ExperimentId experiment(next_experiment_++);
  EngineJournal::Change change;
  storage::SubmittedDocument document{experiment, request.raw_text(), canonical.Dump(),
                                      request.provenance_json(), request.user()};
  change.events.push_back(
      engine::ExperimentSubmitted{WallMs(), experiment, std::move(canonical)});
  // The reply speaks of the state after the event and is stored with it.
  const auto bytes = std::make_shared<std::string>();
  change.after = [this, id, experiment, bytes,
                  stored = std::move(document)](std::vector<storage::WriteItem>& items) {
    v1::SubmitReply reply;
    reply.set_experiment_id(experiment.value);
    if (const auto view = journal_.engine().View(experiment)) reply.set_state(view->row.state);
    if (journal_.engine().slots_total() == 0) {
      reply.add_warnings("no worker is connected yet: the experiment waits for one");
    }
    *bytes = reply.SerializeAsString();
    items.push_back(stored);
    items.push_back(RequestLedger::Store(id, "Submit", *bytes));
  };
  change.on_committed = [this, id, bytes] { ledger_.Resolve(id, *bytes); };
  LogInfo("experiment " + ToString(experiment) + " submitted");
  journal_.Commit(std::move(change));
}

void ControlDesk::Act(engine::Action action, const v1::ActionRequest& request,
                      v1::ActionReply& reply, const Answer& answer) {
  const std::string method(kActionNames.Name(action));
  ledger_.Once(MakeCall(request.request_id(), method, reply, answer),
               [this, action, method, &request] { DoAct(action, method, request); });
}

Result<TrialId> ControlDesk::CheckAction(Action action, const v1::ActionRequest& request) const {
  const ExperimentId id(request.experiment_id());
  const auto view = journal_.engine().View(id);
  if (!view) return NoExperiment(id);
  const std::string name = "experiment " + ToString(id);
  const std::string verb(kActionNames.Name(action));
  const bool whole_only = action == Action::kPause || action == Action::kResume;
  if (whole_only && request.trial_no() != 0) {
    return InvalidArgument(verb + " takes a whole experiment, not a trial of it");
  }
  if (IsTerminalState(view->row.state)) {
    return FailedPrecondition(verb + " is not possible: " + name + " is " + view->row.state +
                              " already");
  }
  if (whole_only && view->row.state == "STOPPING") {
    return FailedPrecondition(verb + " is not possible: " + name + " is STOPPING");
  }
  if (request.trial_no() == 0) return TrialId();
  TUTTI_ASSIGN_OR_RETURN(const engine::TrialView* trial, FindTrial(*view, request.trial_no()));
  if (IsTerminalState(trial->row.state)) {
    return FailedPrecondition(verb + " is not possible: trial " + ToString(id) + "." +
                              std::to_string(request.trial_no()) + " is " + trial->row.state +
                              " already");
  }
  return trial->row.trial;
}

void ControlDesk::DoAct(Action action, const std::string& method,
                        const v1::ActionRequest& request) {
  const std::string id = request.request_id();
  const ExperimentId experiment(request.experiment_id());
  const auto trial = CheckAction(action, request);
  if (!trial) {
    ledger_.Reject(id, trial.error());
    return;
  }
  EngineJournal::Change change;
  change.events.push_back(engine::ActionRequested{WallMs(), action, experiment, *trial});
  const auto bytes = std::make_shared<std::string>();
  change.after = [this, id, method, experiment, trial_no = request.trial_no(),
                  bytes](std::vector<storage::WriteItem>& items) {
    v1::ActionReply reply;
    if (const auto view = journal_.engine().View(experiment)) {
      reply.set_state(view->row.state);
      if (const auto found = FindTrial(*view, trial_no)) reply.set_state((*found)->row.state);
    }
    *bytes = reply.SerializeAsString();
    items.push_back(RequestLedger::Store(id, method, *bytes));
  };
  change.on_committed = [this, id, bytes] { ledger_.Resolve(id, *bytes); };
  LogInfo(method + " of experiment " + ToString(experiment));
  journal_.Commit(std::move(change));
}

Result<Json> ControlDesk::Live(ExperimentId experiment, std::int64_t trial_no) const {
  const auto view = journal_.engine().View(experiment);
  if (!view) return NoExperiment(experiment);
  if (trial_no == 0) return LiveFields(*view);
  TUTTI_ASSIGN_OR_RETURN(const engine::TrialView* trial, FindTrial(*view, trial_no));
  return LiveFields(*trial, progress_);
}

Result<bool> ControlDesk::HasEnded(ExperimentId experiment, std::int64_t trial_no) const {
  const auto view = journal_.engine().View(experiment);
  if (!view) return NoExperiment(experiment);
  if (trial_no == 0) return IsTerminalState(view->row.state);
  TUTTI_ASSIGN_OR_RETURN(const engine::TrialView* trial, FindTrial(*view, trial_no));
  return IsTerminalState(trial->row.state);
}

}  // namespace tutti
