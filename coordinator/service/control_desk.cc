#include "coordinator/service/control_desk.h"

#include <utility>

#include "coordinator/service/experiment_views.h"
#include "coordinator/service/log.h"
#include "experiments/core/enum_table.h"
#include "tutti/v1/control.pb.h"

namespace tutti {
namespace {

using engine::Action;

constexpr EnumTable<Action, 6> kActionNames{{{{Action::kPause, "Pause"},
                                              {Action::kResume, "Resume"},
                                              {Action::kCancel, "Cancel"},
                                              {Action::kKill, "Kill"},
                                              {Action::kArchive, "Archive"},
                                              {Action::kUnarchive, "Unarchive"}}}};

Result<const engine::TrialView*> FindTrial(const engine::ExperimentView& view,
                                           std::int64_t trial_no) {
  for (const engine::TrialView& trial : view.trials) {
    if (trial.row.trial_no == trial_no) return &trial;
  }
  return NoTrial(view.row.experiment, trial_no);
}

}  // namespace

void ControlDesk::Submit(const v1::SubmitRequest& request, Json canonical, v1::SubmitReply& reply,
                         const Answer& answer) {
  ledger_.Once(RequestLedger::MakeCall(request.request_id(), "Submit", reply, answer),
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
  storage::SubmittedDocument document{experiment, request.raw_text(), canonical.Dump(),
                                      request.provenance_json(), request.user()};
  LogInfo("experiment " + ToString(experiment) + " submitted");
  CommitWithReply(id, "Submit",
                  {engine::ExperimentSubmitted{WallMs(), experiment, std::move(canonical)}},
                  [this, experiment] {
                    v1::SubmitReply reply;
                    reply.set_experiment_id(experiment.value);
                    reply.set_state(StateOf(experiment));
                    if (journal_.engine().slots_total() == 0) {
                      reply.add_warnings(
                          "no worker is connected yet: the experiment waits for one");
                    }
                    return reply.SerializeAsString();
                  },
                  {std::move(document)});
}

void ControlDesk::CommitWithReply(const std::string& request_id, const std::string& method,
                                  std::vector<engine::Event> events,
                                  std::function<std::string()> make_reply,
                                  std::vector<storage::WriteItem> also) {
  EngineJournal::Change change;
  change.events = std::move(events);
  const auto bytes = std::make_shared<std::string>();
  change.after = [request_id, method, make = std::move(make_reply), bytes,
                  more = std::move(also)](std::vector<storage::WriteItem>& items) {
    *bytes = make();
    items.insert(items.end(), more.begin(), more.end());
    items.push_back(RequestLedger::Store(request_id, method, *bytes));
  };
  change.on_committed = [this, request_id, bytes] { ledger_.Resolve(request_id, *bytes); };
  journal_.Commit(std::move(change));
}

std::string ControlDesk::StateOf(ExperimentId experiment) const {
  const auto view = journal_.engine().View(experiment);
  return view ? view->row.state : "";
}

void ControlDesk::Act(engine::Action action, const v1::ActionRequest& request,
                      v1::ActionReply& reply, const Answer& answer) {
  const std::string method(kActionNames.Name(action));
  ledger_.Once(RequestLedger::MakeCall(request.request_id(), method, reply, answer),
               [this, action, method, &request] { DoAct(action, method, request); });
}

namespace {

Error NotPossible(const std::string& verb, const std::string& what, const std::string& is) {
  return FailedPrecondition(verb + " is not possible: " + what + " is " + is);
}

// Archiving is for what has ended, everything else for what has not.
Status CheckState(Action action, const std::string& verb, const engine::PersistExperiment& row) {
  const std::string name = "experiment " + ToString(row.experiment);
  const bool ended = IsTerminalState(row.state);
  if (action == Action::kArchive || action == Action::kUnarchive) {
    if (!ended) return NotPossible(verb, name, row.state + "; `tutti cancel` ends it");
    if (row.archived == (action == Action::kArchive)) {
      return NotPossible(verb, name, row.archived ? "archived already" : "not archived");
    }
    return Ok{};
  }
  if (ended) return NotPossible(verb, name, row.state + " already");
  if ((action == Action::kPause || action == Action::kResume) && row.state == "STOPPING") {
    return NotPossible(verb, name, "STOPPING");
  }
  return Ok{};
}

}  // namespace

Result<TrialId> ControlDesk::CheckAction(Action action, const v1::ActionRequest& request) const {
  const ExperimentId id(request.experiment_id());
  const auto view = journal_.engine().View(id);
  if (!view) return NoExperiment(id);
  const std::string verb(kActionNames.Name(action));
  if (action != Action::kCancel && action != Action::kKill && request.trial_no() != 0) {
    return InvalidArgument(verb + " takes a whole experiment, not a trial of it");
  }
  TUTTI_RETURN_IF_ERROR(CheckState(action, verb, view->row));
  if (request.trial_no() == 0) return TrialId();
  TUTTI_ASSIGN_OR_RETURN(const engine::TrialView* trial, FindTrial(*view, request.trial_no()));
  if (IsTerminalState(trial->row.state)) {
    return NotPossible(verb, "trial " + ToString(id) + "." + std::to_string(request.trial_no()),
                       trial->row.state + " already");
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
  LogInfo(method + " of experiment " + ToString(experiment));
  CommitWithReply(id, method, {engine::ActionRequested{WallMs(), action, experiment, *trial}},
                  [this, experiment, trial_no = request.trial_no()] {
                    v1::ActionReply reply;
                    if (const auto view = journal_.engine().View(experiment)) {
                      reply.set_state(view->row.state);
                      const auto found = FindTrial(*view, trial_no);
                      if (found) reply.set_state((*found)->row.state);
                    }
                    return reply.SerializeAsString();
                  });
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
