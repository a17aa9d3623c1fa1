#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/service/engine_journal.h"
#include "coordinator/service/ensemble_evaluator.h"
#include "coordinator/service/event_loop.h"
#include "coordinator/service/request_ledger.h"
#include "coordinator/service/task_pool.h"
#include "storage/read_store.h"

namespace tutti::v1 {
class CreateEnsembleRequest;
class EnsembleReply;
class EvaluateEnsembleRequest;
}  // namespace tutti::v1

// The loop's side of ensembles: what the engine orders goes to the evaluator, one at a time, and
// comes back as an event together with its rows; calls that ask for one wait for that. Event loop's
// thread only, but for what runs on the pool.

namespace tutti {

class EnsembleDesk {
 public:
  using Answer = std::shared_ptr<Responder>;  // shared: see responder.h
  // Blocks; runs on the pool.
  using Evaluator = std::function<Result<EvaluatedEnsemble>(const engine::EvaluateEnsemble&)>;

  // `pool` must have stopped before the desk goes.
  EnsembleDesk(Evaluator evaluator, TaskPool& pool, EventLoop& loop, EngineJournal& journal,
               Writer& writer);

  // A committed order of the engine; after a start, each of Engine::OpenEvaluations.
  void OnOrdered(const engine::EvaluateEnsemble& order);
  // A committed row: calls that wait for an ensemble which has ended otherwise are answered.
  void OnChanged(const engine::PersistEnsemble& row);

  // `members` have been looked up, in the request's order. Answered when the ensemble has been
  // evaluated, also to a repeated request after a restart. A failed evaluation is a reply with the
  // state FAILED. kInvalidArgument (the spec), kNotFound, kFailedPrecondition (it is being
  // evaluated, or has no members).
  void Create(const v1::CreateEnsembleRequest& request, std::vector<engine::EnsembleMember> members,
              v1::EnsembleReply& reply, const Answer& answer);
  void EvaluateAgain(const v1::EvaluateEnsembleRequest& request, v1::EnsembleReply& reply,
                     const Answer& answer);

  // From now on nothing new is accepted and nothing further evaluated.
  void BeginDrain() { draining_ = true; }

 private:
  struct Job {
    std::int64_t serial = 0;
    engine::EvaluateEnsemble order;
  };
  struct Waiter {
    v1::EnsembleReply* reply = nullptr;
    Answer answer;
  };
  void Pump();
  void OnResult(const Job& job, const Result<EvaluatedEnsemble>& result);
  void Begin(const std::string& request_id, const std::string& method,
             engine::EnsembleRequested event);
  // An answer for the ledger that goes on to wait for the ensemble named in `reply`.
  Answer ThenWait(v1::EnsembleReply& reply, const Answer& answer);

  const Evaluator evaluator_;
  TaskPool& pool_;
  EventLoop& loop_;
  EngineJournal& journal_;
  RequestLedger ledger_;
  std::deque<Job> queue_;  // at most one per ensemble that is EVALUATING, and stale ones
  std::map<EnsembleId, std::int64_t> newest_;  // serial of the newest order
  std::map<EnsembleId, std::vector<Waiter>> waiters_;
  std::int64_t next_serial_ = 1;
  bool busy_ = false;
  bool draining_ = false;
};

// The spec of a request: {"combine"?, "weights"?, "min_members"?}, checked; an empty text is {}.
Result<Json> ReadEnsembleSpec(const std::string& spec_json, std::int64_t members);

// What each "12.3[@best|last|eN]" of a request means; for a pool's thread. kInvalidArgument (not a
// checkpoint's name, one named twice), kNotFound.
Result<std::vector<engine::EnsembleMember>> LookUpMembers(storage::ReadStore& store,
                                                          const std::vector<std::string>& texts);

}  // namespace tutti
