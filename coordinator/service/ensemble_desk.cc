#include "coordinator/service/ensemble_desk.h"

#include <algorithm>
#include <utility>

#include "coordinator/service/checkpoint_lookup.h"
#include "coordinator/service/log.h"
#include "tutti/v1/control.pb.h"

namespace tutti {
namespace {

constexpr std::size_t kMaxName = 200;

v1::EnsembleReply MakeReply(EnsembleId ensemble, const std::string& state,
                            const std::string& message) {
  v1::EnsembleReply reply;
  reply.set_ensemble_id(ensemble.value);
  reply.set_state(state);
  reply.set_message(message);
  return reply;
}

Error NoEnsemble(EnsembleId id) {
  return NotFound("there is no ensemble " + ToString(id) +
                  "; `tutti sql \"SELECT * FROM v_ensembles\"` lists them");
}

// "1.1, 1.2, 1.3@e4 and 2 more"
std::string NameOf(const google::protobuf::RepeatedPtrField<std::string>& members) {
  constexpr int kNamed = 3;
  std::string name;
  for (int i = 0; i < std::min(members.size(), kNamed); ++i) {
    if (i > 0) name += ", ";
    name += members[i];
  }
  if (members.size() > kNamed) name += " and " + std::to_string(members.size() - kNamed) + " more";
  return name;
}

}  // namespace

EnsembleDesk::EnsembleDesk(Evaluator evaluator, TaskPool& pool, EventLoop& loop,
                           EngineJournal& journal, Writer& writer)
    : evaluator_(std::move(evaluator)), pool_(pool), loop_(loop), journal_(journal),
      ledger_(writer) {}

void EnsembleDesk::OnOrdered(const engine::EvaluateEnsemble& order) {
  const std::int64_t serial = next_serial_++;
  newest_[order.ensemble] = serial;
  queue_.push_back({serial, order});
  Pump();
}

void EnsembleDesk::Pump() {
  while (!busy_ && !draining_ && !queue_.empty()) {
    Job job = std::move(queue_.front());
    queue_.pop_front();
    // An older order of an ensemble always stands before its newest.
    if (newest_.at(job.order.ensemble) != job.serial) continue;
    // One at a time: an evaluation may hold gigabytes.
    busy_ = pool_.TryPost([this, job] {
      // Shared, since a closure must be copyable and the result is large.
      const auto result = std::make_shared<Result<EvaluatedEnsemble>>(evaluator_(job.order));
      loop_.Post([this, job, result] {
        busy_ = false;
        OnResult(job, *result);
        Pump();
      });
    });
  }
}

void EnsembleDesk::OnResult(const Job& job, const Result<EvaluatedEnsemble>& result) {
  const EnsembleId id = job.order.ensemble;
  if (newest_.at(id) != job.serial) return;  // asked for again meanwhile
  newest_.erase(id);
  const auto row = journal_.engine().FindEnsemble(id);
  if (!row || row->state != "EVALUATING") return;  // cancelled meanwhile
  engine::EnsembleEvaluated event;
  event.at_ms = WallMs();
  event.ensemble = id;
  event.ok = result.ok();
  event.message = result ? result->message : result.error().ToString();
  if (result) event.members = result->members;
  if (result) {
    LogInfo("ensemble " + ToString(id) + " evaluated");
  } else {
    LogWarning("ensemble " + ToString(id) + " is not evaluated: " + result.error().ToString());
  }
  EngineJournal::Change change;
  if (result) {
    // After the journal entry: its rows belong to the members that the entry stores.
    change.after = [rows = result->result](std::vector<storage::WriteItem>& items) {
      items.push_back(rows);
    };
  }
  // Whoever waits hears how this evaluation went; the ensemble may have older results.
  std::vector<Waiter> waiting;
  if (auto found = waiters_.extract(id); !found.empty()) waiting = std::move(found.mapped());
  change.on_committed = [waiting = std::move(waiting),
                         reply = MakeReply(id, event.ok ? "COMPLETED" : "FAILED",
                                           event.message)] {
    for (const Waiter& waiter : waiting) {
      *waiter.reply = reply;
      waiter.answer->Finish(Ok{});
    }
  };
  change.events.push_back(std::move(event));
  journal_.Commit(std::move(change));
}

void EnsembleDesk::OnChanged(const engine::PersistEnsemble& row) {
  if (row.ended_at_ms == 0) return;
  const auto waiting = waiters_.extract(row.ensemble);
  if (waiting.empty()) return;
  for (const Waiter& waiter : waiting.mapped()) {
    *waiter.reply = MakeReply(row.ensemble, row.state, row.message);
    waiter.answer->Finish(Ok{});
  }
}

EnsembleDesk::Answer EnsembleDesk::ThenWait(v1::EnsembleReply& reply, const Answer& answer) {
  return std::make_shared<Responder>([this, &reply, answer](const Status& status) {
    if (!status) {
      answer->Finish(status);
      return;
    }
    const EnsembleId id(reply.ensemble_id());
    const auto row = journal_.engine().FindEnsemble(id);
    if (!row) {
      answer->Finish(NoEnsemble(id));
    } else if (row->ended_at_ms == 0) {
      waiters_[id].push_back({&reply, answer});
    } else {
      reply = MakeReply(id, row->state, row->message);
      answer->Finish(Ok{});
    }
  });
}

void EnsembleDesk::Begin(const std::string& request_id, const std::string& method,
                         engine::EnsembleRequested event) {
  const auto bytes = std::make_shared<std::string>();
  EngineJournal::Change change;
  // What is stored only says which ensemble it is: a repeated call waits for that one.
  change.after = [request_id, method, id = event.ensemble,
                  bytes](std::vector<storage::WriteItem>& items) {
    *bytes = MakeReply(id, "EVALUATING", "").SerializeAsString();
    items.push_back(RequestLedger::Store(request_id, method, *bytes));
  };
  change.on_committed = [this, request_id, bytes] { ledger_.Resolve(request_id, *bytes); };
  change.events.push_back(std::move(event));
  journal_.Commit(std::move(change));
}

void EnsembleDesk::Create(const v1::CreateEnsembleRequest& request,
                          std::vector<engine::EnsembleMember> members, v1::EnsembleReply& reply,
                          const Answer& answer) {
  const std::string id = request.request_id();
  RequestLedger::Call call{id, "CreateEnsemble",
                           [&reply](const std::string& bytes) { reply.ParseFromString(bytes); },
                           ThenWait(reply, answer)};
  ledger_.Once(std::move(call), [this, id, &request, found = std::move(members)] {
    if (draining_) return ledger_.Reject(id, Unavailable("the coordinator is shutting down"));
    if (request.name().size() > kMaxName) {
      return ledger_.Reject(id, InvalidArgument("the name of an ensemble has " +
                                                std::to_string(request.name().size()) +
                                                " bytes, expected at most " +
                                                std::to_string(kMaxName)));
    }
    auto spec = ReadEnsembleSpec(request.spec_json(), static_cast<std::int64_t>(found.size()));
    if (!spec) return ledger_.Reject(id, spec.error());
    engine::EnsembleRequested event;
    event.at_ms = WallMs();
    event.ensemble = journal_.engine().next_ensemble();
    event.name = request.name().empty() ? NameOf(request.members()) : request.name();
    event.spec = std::move(spec).value();
    event.members = found;
    Begin(id, "CreateEnsemble", std::move(event));
  });
}

void EnsembleDesk::EvaluateAgain(const v1::EvaluateEnsembleRequest& request,
                                 v1::EnsembleReply& reply, const Answer& answer) {
  const std::string id = request.request_id();
  RequestLedger::Call call{id, "EvaluateEnsemble",
                           [&reply](const std::string& bytes) { reply.ParseFromString(bytes); },
                           ThenWait(reply, answer)};
  ledger_.Once(std::move(call), [this, id, &request] {
    if (draining_) return ledger_.Reject(id, Unavailable("the coordinator is shutting down"));
    const EnsembleId ensemble(request.ensemble_id());
    const auto row = journal_.engine().FindEnsemble(ensemble);
    if (!row) return ledger_.Reject(id, NoEnsemble(ensemble));
    const std::string name = "ensemble " + ToString(ensemble);
    if (row->state == "FORMING" || row->state == "EVALUATING") {
      return ledger_.Reject(id, FailedPrecondition(name + " is " + row->state +
                                                   "; evaluate it when that has ended"));
    }
    if (row->members.empty()) {
      return ledger_.Reject(id, FailedPrecondition(name + " has no members: " + row->message));
    }
    auto spec =
        ReadEnsembleSpec(request.spec_json(), static_cast<std::int64_t>(row->members.size()));
    if (!spec) return ledger_.Reject(id, spec.error());
    engine::EnsembleRequested event;
    event.at_ms = WallMs();
    event.ensemble = ensemble;
    event.spec = std::move(spec).value();
    Begin(id, "EvaluateEnsemble", std::move(event));
  });
}

Result<Json> ReadEnsembleSpec(const std::string& spec_json, std::int64_t members) {
  if (spec_json.empty()) return Json::MakeObject();
  auto spec = Json::Parse(spec_json);
  if (!spec) return InvalidArgument("spec_json is not JSON: " + spec.error().ToString());
  if (!spec->is_object()) return InvalidArgument("spec_json is not a map");
  for (const auto& [key, value] : spec->AsObject()) {
    if (key == "combine") {
      if (!value.is_string() || !kCombinerNames.Parse(value.AsString())) {
        return InvalidArgument("combine is " + value.Dump() + ", must be " +
                               kCombinerNames.Choices());
      }
    } else if (key == "min_members") {
      if (!value.is_int() || value.AsInt() < 1) {
        return InvalidArgument("min_members is " + value.Dump() + ", expected a number from 1");
      }
    } else if (key == "weights") {
      const bool numbers =
          value.is_array() && std::all_of(value.AsArray().begin(), value.AsArray().end(),
                                          [](const Json& weight) { return weight.is_number(); });
      if (!numbers) return InvalidArgument("weights is " + value.Dump() + ", expected numbers");
      if (value.size() != 0 && static_cast<std::int64_t>(value.size()) != members) {
        return InvalidArgument("there are " + std::to_string(value.size()) + " weights for " +
                               std::to_string(members) + " members; give one for each");
      }
    } else {
      return InvalidArgument("unknown field " + key +
                             " of an ensemble, expected combine, weights or min_members");
    }
  }
  return spec;
}

Result<std::vector<engine::EnsembleMember>> LookUpMembers(storage::ReadStore& store,
                                                          const std::vector<std::string>& texts) {
  if (texts.empty() || texts.size() > kMaxEnsembleMembers) {
    return InvalidArgument("an ensemble of " + std::to_string(texts.size()) +
                           " members, expected 1 to " + std::to_string(kMaxEnsembleMembers));
  }
  std::vector<engine::EnsembleMember> members;
  for (const std::string& text : texts) {
    TUTTI_ASSIGN_OR_RETURN(const CheckpointReference reference, ParseCheckpointReference(text));
    engine::EnsembleMember member;
    if (reference.which == "best") {
      TUTTI_ASSIGN_OR_RETURN(member.trial, LookUpTrial(store, reference));
    } else {
      TUTTI_ASSIGN_OR_RETURN(const KnownCheckpoint found, LookUpCheckpoint(store, reference));
      member = {found.trial, found.name};
    }
    if (std::find(members.begin(), members.end(), member) != members.end()) {
      return InvalidArgument("member " + text + " is named twice");
    }
    members.push_back(std::move(member));
  }
  return members;
}

}  // namespace tutti
