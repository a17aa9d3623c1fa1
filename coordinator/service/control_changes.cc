// What ControlDesk does with calls that change how experiments and nodes are run, and what it says
// of why something waits or has ended.

#include <optional>
#include <utility>

#include "coordinator/service/continuation.h"
#include "coordinator/service/control_desk.h"
#include "coordinator/service/experiment_views.h"
#include "coordinator/service/explanations.h"
#include "coordinator/service/log.h"
#include "tutti/v1/control.pb.h"

namespace tutti {
namespace {

constexpr std::int64_t kMostKept = 1'000'000;      // checkpoints
constexpr std::int64_t kMostSlots = 1'000'000'000;  // more than any cluster has
constexpr double kMostWeight = 1e6;

// Ranges as in the experiment file; each value that is given.
Status CheckRanges(const v1::SetExperimentRequest& request) {
  if (request.has_priority() && (request.priority() < 1 || request.priority() > 99)) {
    return InvalidArgument("priority is " + std::to_string(request.priority()) +
                           ", expected 1 (first) to 99");
  }
  if (request.has_weight() && !(request.weight() > 0 && request.weight() <= kMostWeight)) {
    return InvalidArgument("weight is " + std::to_string(request.weight()) +
                           ", expected more than 0 and at most 1000000");
  }
  if (request.has_max_slots() &&
      (request.max_slots() < 0 || request.max_slots() > kMostSlots)) {
    return InvalidArgument("max_slots is " + std::to_string(request.max_slots()) +
                           ", expected 1 or more, or 0 for no limit");
  }
  struct Kept {
    const char* name;
    bool given;
    std::int64_t value;
  };
  for (const Kept& kept :
       {Kept{"save_experiment_best", request.has_save_experiment_best(),
             request.save_experiment_best()},
        Kept{"save_trial_best", request.has_save_trial_best(), request.save_trial_best()},
        Kept{"save_trial_latest", request.has_save_trial_latest(), request.save_trial_latest()}}) {
    if (kept.given && (kept.value < 0 || kept.value > kMostKept)) {
      return InvalidArgument(std::string(kept.name) + " is " + std::to_string(kept.value) +
                             ", expected 0 to 1000000 checkpoints");
    }
  }
  return Ok{};
}

bool AsksForSlots(const v1::SetExperimentRequest& request) {
  return request.has_priority() || request.has_weight() || request.has_max_slots();
}

bool AsksForRetention(const v1::SetExperimentRequest& request) {
  return request.has_save_experiment_best() || request.has_save_trial_best() ||
         request.has_save_trial_latest();
}

Json SettingsOf(const engine::PersistExperiment& row) {
  return Json::MakeObject({{"experiment_id", row.experiment.value},
                           {"priority", row.priority},
                           {"weight", row.weight},
                           {"max_slots", row.max_slots ? Json(*row.max_slots) : Json()},
                           {"save_experiment_best", row.save_experiment_best},
                           {"save_trial_best", row.save_trial_best},
                           {"save_trial_latest", row.save_trial_latest}});
}

// max_slots below a gang would stop the experiment for good without saying so.
Status CheckMaxSlots(const v1::SetExperimentRequest& request, const Json* document) {
  if (request.max_slots() == 0 || document == nullptr) return Ok{};
  const Json* slots = document->FindPath("resources.slots_per_trial");
  if (slots == nullptr || !slots->is_int() || slots->AsInt() <= request.max_slots()) return Ok{};
  return Error(ErrorCode::kUnschedulable,
               "a trial needs " + slots->Dump() + " slots, but max_slots would be " +
                   std::to_string(request.max_slots()) + "; `tutti pause` stops an experiment");
}

Status CheckSet(const v1::SetExperimentRequest& request, const engine::Engine& engine) {
  const ExperimentId id(request.experiment_id());
  const auto view = engine.View(id);
  if (!view) return NoExperiment(id);
  if (!AsksForSlots(request) && !AsksForRetention(request)) {
    return InvalidArgument("nothing to set: give priority, weight, max_slots or a number of "
                           "checkpoints to keep");
  }
  TUTTI_RETURN_IF_ERROR(CheckRanges(request));
  if (AsksForSlots(request) && IsTerminalState(view->row.state)) {
    return FailedPrecondition("priority, weight and max_slots are of no use any more: experiment " +
                              ToString(id) + " is " + view->row.state + " already");
  }
  return CheckMaxSlots(request, engine.Document(id));
}

// What was set while the experiment ran would stay above what the new document says.
std::optional<engine::ExperimentSettingsChanged> SettingsOfDocument(ExperimentId experiment,
                                                                    const Json& before,
                                                                    const Json& after) {
  engine::ExperimentSettingsChanged event;
  event.at_ms = WallMs();
  event.experiment = experiment;
  bool any = false;
  const auto changed = [&](const char* path) -> const Json* {
    static const Json kNone;
    const Json* was = before.FindPath(path);
    const Json* is = after.FindPath(path);
    if ((was == nullptr ? kNone : *was) == (is == nullptr ? kNone : *is)) return nullptr;
    any = true;
    return is == nullptr ? &kNone : is;
  };
  const auto take = [&](const char* path, std::optional<std::int64_t>& setting) {
    const Json* value = changed(path);
    if (value != nullptr) setting = value->is_int() ? value->AsInt() : 0;
  };
  take("resources.priority", event.priority);
  take("resources.max_slots", event.max_slots);
  take("checkpoint_storage.save_experiment_best", event.save_experiment_best);
  take("checkpoint_storage.save_trial_best", event.save_trial_best);
  take("checkpoint_storage.save_trial_latest", event.save_trial_latest);
  const Json* weight = changed("resources.weight");
  if (weight != nullptr && weight->is_number()) event.weight = weight->AsDouble();
  return any ? std::optional(event) : std::nullopt;
}

template <class T>
std::optional<T> Maybe(bool given, T value) {
  return given ? std::optional<T>(value) : std::nullopt;
}

}  // namespace

void ControlDesk::Set(const v1::SetExperimentRequest& request, v1::SetExperimentReply& reply,
                      const Answer& answer) {
  ledger_.Once(RequestLedger::MakeCall(request.request_id(), "SetExperiment", reply, answer),
               [this, &request] { DoSet(request); });
}

void ControlDesk::DoSet(const v1::SetExperimentRequest& request) {
  const std::string id = request.request_id();
  if (const Status possible = CheckSet(request, journal_.engine()); !possible) {
    ledger_.Reject(id, possible.error());
    return;
  }
  engine::ExperimentSettingsChanged event;
  event.at_ms = WallMs();
  event.experiment = ExperimentId(request.experiment_id());
  event.priority = Maybe<std::int64_t>(request.has_priority(), request.priority());
  event.weight = Maybe(request.has_weight(), request.weight());
  event.max_slots = Maybe<std::int64_t>(request.has_max_slots(), request.max_slots());
  event.save_experiment_best =
      Maybe<std::int64_t>(request.has_save_experiment_best(), request.save_experiment_best());
  event.save_trial_best =
      Maybe<std::int64_t>(request.has_save_trial_best(), request.save_trial_best());
  event.save_trial_latest =
      Maybe<std::int64_t>(request.has_save_trial_latest(), request.save_trial_latest());
  const ExperimentId experiment = event.experiment;
  LogInfo("settings of experiment " + ToString(experiment) + " change");
  CommitWithReply(id, "SetExperiment", {std::move(event)}, [this, experiment] {
    v1::SetExperimentReply reply;
    if (const auto view = journal_.engine().View(experiment)) {
      reply.set_json(SettingsOf(view->row).Dump());
    }
    return reply.SerializeAsString();
  });
}

void ControlDesk::Continue(const v1::ContinueRequest& request, Json canonical,
                           v1::ContinueReply& reply, const Answer& answer) {
  ledger_.Once(RequestLedger::MakeCall(request.request_id(), "Continue", reply, answer),
               [this, &request, document = std::move(canonical)] {
                 DoContinue(request, document);
               });
}

void ControlDesk::DoContinue(const v1::ContinueRequest& request, Json canonical) {
  const std::string id = request.request_id();
  const ExperimentId experiment(request.experiment_id());
  const auto refuse = [&](const Error& why) {
    ledger_.Reject(id, why.Wrap("experiment " + ToString(experiment) + " cannot go on"));
  };
  const Json* before = journal_.engine().Document(experiment);
  if (before == nullptr) return ledger_.Reject(id, NoExperiment(experiment));
  if (draining_) return ledger_.Reject(id, Unavailable("the coordinator is shutting down"));
  const std::string state = StateOf(experiment);
  if (!IsTerminalState(state)) {
    return refuse(FailedPrecondition("it is " + state + ", it has not ended" +
                                     (state == "PAUSED" ? "; `tutti resume` goes on" : "")));
  }
  if (canonical.is_null()) canonical = *before;
  if (const Status fits = CheckContinuation(*before, canonical, state); !fits) {
    return refuse(fits.error());
  }
  if (const Status fits = journal_.engine().CheckPlaceable(canonical); !fits) {
    return refuse(fits.error());
  }
  LogInfo("experiment " + ToString(experiment) + " goes on");
  storage::ContinuedDocument stored{experiment, canonical.Dump()};
  std::vector<engine::Event> events;
  auto settings = SettingsOfDocument(experiment, *before, canonical);
  events.emplace_back(engine::ExperimentContinued{WallMs(), experiment, std::move(canonical)});
  if (settings) events.emplace_back(std::move(*settings));
  CommitWithReply(id, "Continue", std::move(events),
                  [this, experiment] {
                    v1::ContinueReply reply;
                    reply.set_state(StateOf(experiment));
                    return reply.SerializeAsString();
                  },
                  {std::move(stored)});
}

void ControlDesk::Drain(const v1::DrainRequest& request, NodeId node,
                        std::function<std::string()> describe, v1::DrainReply& reply,
                        const Answer& answer) {
  ledger_.Once(RequestLedger::MakeCall(request.request_id(), "Drain", reply, answer),
               [this, &request, node, describe = std::move(describe)] {
                 if (!node) {
                   ledger_.Reject(request.request_id(),
                                  NotFound("there is no worker '" + request.node_name() +
                                           "'; `tutti workers` lists them"));
                   return;
                 }
                 if (request.now() && !request.drain()) {
                   ledger_.Reject(request.request_id(),
                                  InvalidArgument("`now` is for draining a worker, not for using "
                                                  "it again"));
                   return;
                 }
                 LogInfo("worker " + request.node_name() +
                         (request.drain() ? " is drained" : " is used again"));
                 CommitWithReply(request.request_id(), "Drain",
                                 {engine::NodeDrainRequested{WallMs(), node, request.drain(),
                                                             request.now()}},
                                 [describe] {
                                   v1::DrainReply made;
                                   made.set_json(describe());
                                   return made.SerializeAsString();
                                 });
               });
}

Result<ControlDesk::Explanation> ControlDesk::Why(ExperimentId experiment,
                                                  std::int64_t trial_no) const {
  const auto view = journal_.engine().View(experiment);
  if (!view) return NoExperiment(experiment);
  if (trial_no == 0) {
    if (IsTerminalState(view->row.state)) return Explanation{view->row.state, WhyEnded(*view)};
    return Explanation{view->row.state, journal_.engine().Why(experiment)};
  }
  for (const engine::TrialView& trial : view->trials) {
    if (trial.row.trial_no != trial_no) continue;
    if (IsTerminalState(trial.row.state)) return Explanation{trial.row.state, WhyEnded(trial)};
    return Explanation{trial.row.state, journal_.engine().Why(experiment, trial.row.trial)};
  }
  return NoTrial(experiment, trial_no);
}

}  // namespace tutti
