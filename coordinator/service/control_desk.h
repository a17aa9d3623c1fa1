#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coordinator/service/engine_journal.h"
#include "coordinator/service/progress_board.h"
#include "coordinator/service/request_ledger.h"

namespace tutti::v1 {
class ActionReply;
class ActionRequest;
class ContinueReply;
class ContinueRequest;
class DrainReply;
class DrainRequest;
class SetExperimentReply;
class SetExperimentRequest;
class SubmitReply;
class SubmitRequest;
}  // namespace tutti::v1

// The loop's side of the Control service: what clients ask for becomes events. Event loop's thread
// only; requests and replies live until their Responder has finished.

namespace tutti {

class ControlDesk {
 public:
  using Answer = std::shared_ptr<Responder>;  // shared: see responder.h

  ControlDesk(std::int64_t next_experiment, EngineJournal& journal, Writer& writer,
              const ProgressBoard& progress)
      : next_experiment_(next_experiment), journal_(journal), progress_(progress),
        ledger_(writer) {}

  // `canonical` has been validated. kUnschedulable: it can never be placed.
  void Submit(const v1::SubmitRequest& request, Json canonical, v1::SubmitReply& reply,
              const Answer& answer);
  void Act(engine::Action action, const v1::ActionRequest& request, v1::ActionReply& reply,
           const Answer& answer);

  // `canonical`: the document to go on with, validated; null: as it was.
  void Continue(const v1::ContinueRequest& request, Json canonical, v1::ContinueReply& reply,
                const Answer& answer);
  void Set(const v1::SetExperimentRequest& request, v1::SetExperimentReply& reply,
           const Answer& answer);
  // `describe` makes the reply's JSON, after the event. node none: there is none of this name.
  void Drain(const v1::DrainRequest& request, NodeId node, std::function<std::string()> describe,
             v1::DrainReply& reply, const Answer& answer);

  // Its state, and sentences about why it waits, is held or runs; of what has ended, why it ended
  // (kNotFound).
  struct Explanation {
    std::string state;
    std::vector<std::string> lines;
  };
  Result<Explanation> Why(ExperimentId experiment, std::int64_t trial_no) const;
  // "reason" and "progress" of an experiment (trial_no 0) or trial; kNotFound.
  Result<Json> Live(ExperimentId experiment, std::int64_t trial_no) const;
  // Whether no more logs are to be expected; kNotFound.
  Result<bool> HasEnded(ExperimentId experiment, std::int64_t trial_no) const;

  // From now on nothing new is accepted.
  void BeginDrain() { draining_ = true; }

 private:
  void DoSubmit(const v1::SubmitRequest& request, Json canonical);
  void DoAct(engine::Action action, const std::string& method, const v1::ActionRequest& request);
  void DoContinue(const v1::ContinueRequest& request, Json canonical);
  void DoSet(const v1::SetExperimentRequest& request);
  // The reply speaks of the state after the events and is stored with them and with `also`.
  void CommitWithReply(const std::string& request_id, const std::string& method,
                       std::vector<engine::Event> events,
                       std::function<std::string()> make_reply,
                       std::vector<storage::WriteItem> also = {});
  std::string StateOf(ExperimentId experiment) const;
  // The trial meant (none: the whole experiment), if the action is possible now.
  Result<TrialId> CheckAction(engine::Action action, const v1::ActionRequest& request) const;

  std::int64_t next_experiment_;
  EngineJournal& journal_;
  const ProgressBoard& progress_;
  RequestLedger ledger_;
  bool draining_ = false;
};

}  // namespace tutti
