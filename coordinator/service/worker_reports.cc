// What WorkerDesk does with numbered reports and with telemetry.

#include <utility>

#include "coordinator/service/log.h"
#include "coordinator/service/record_events.h"
#include "coordinator/service/worker_desk_node.h"

namespace tutti {

void WorkerDesk::Ack(NodeId node, AttemptId attempt, std::int64_t seq, int outcome) {
  const auto found = nodes_.find(node);
  if (found == nodes_.end() || !found->second.session) return;
  v1::ReportAck ack;
  ack.set_attempt_id(attempt.value);
  ack.set_seq(seq);
  ack.set_outcome(static_cast<v1::ReportAck::Outcome>(outcome));
  found->second.session->SendAck(ack);
}

void WorkerDesk::OnReports(const Session& session, std::vector<wire::NumberedRecord> reports) {
  Node* node = NodeOf(session);
  if (node == nullptr) {
    session->Close(DataLoss("a Report before Hello"));
    return;
  }
  for (wire::NumberedRecord& report : reports) TakeReport(*node, std::move(report));
  NextMessage(session);
}

void WorkerDesk::TakeReport(Node& node, wire::NumberedRecord report) {
  const auto live = journal_.engine().FindLive(report.attempt);
  const auto fence = live ? std::optional<std::int64_t>(live->fence) : std::nullopt;
  const auto decision = positions_.Check(report.attempt, report.fence, report.seq, fence);
  using Kind = ReportPositions::Decision::Kind;
  switch (decision.kind) {
    case Kind::kAccept:
      gaps_.erase(report.attempt);
      Accept(node, std::move(report));
      break;
    case Kind::kDuplicate:
      // What is not yet committed is acknowledged by its commit.
      Ack(node.id, report.attempt, decision.committed, v1::ReportAck::COMMITTED);
      break;
    case Kind::kGap:
      // All that was on its way behind the gap arrives too; one notice makes the sender go back.
      if (gaps_.try_emplace(report.attempt, decision.committed).second) {
        Ack(node.id, report.attempt, decision.committed, v1::ReportAck::GAP);
      }
      break;
    case Kind::kFenced:
      Fence(node, std::move(report));
      break;
  }
}

void WorkerDesk::Accept(Node& node, wire::NumberedRecord report) {
  const std::int64_t at_ms = WallMs();
  const AttemptId attempt = report.attempt;
  const std::int64_t seq = report.seq;
  positions_.Accepted(attempt, report.fence, seq);

  if (report.record.type() == "result") TakeResult(attempt, report.record);
  storage::StoredReport stored;
  stored.attempt = attempt;
  stored.fence = report.fence;
  stored.seq = seq;
  stored.at_ms = at_ms;
  EngineJournal::Change change;
  const auto live = journal_.engine().FindLive(attempt);
  auto event = EventOfRecord(report.record, attempt, at_ms, live ? live->time_metric : "epochs");
  if (!event) {
    LogWarning("report " + std::to_string(seq) + " of attempt " + ToString(attempt) +
               " from node " + node.name + " is refused: " + event.error().ToString());
    stored.record = RefusedRecord(report.record, event.error());
  } else {
    stored.record = std::move(report.record);
    if (event->has_value()) {
      if (auto* checkpoint = std::get_if<engine::CheckpointCommitted>(&**event)) {
        checkpoint->checkpoint = CheckpointId(next_checkpoint_++);
        stored.checkpoint = checkpoint->checkpoint;
      }
      change.events.push_back(std::move(**event));
    }
  }
  change.before.push_back(std::move(stored));
  change.on_committed = [this, id = node.id, attempt, seq] {
    positions_.Committed(attempt, seq);
    Ack(id, attempt, seq, v1::ReportAck::COMMITTED);
  };
  journal_.Commit(std::move(change));
}

// What a task found goes to its client and is not stored; the report's number is.
void WorkerDesk::TakeResult(AttemptId attempt, Record& record) {
  const auto live = journal_.engine().FindLive(attempt);
  Record taken{record.header, std::move(record.payload)};
  record.payload.clear();
  if (live && live->task) tasks_.OnResult(live->task, std::move(taken));
}

void WorkerDesk::Fence(Node& node, wire::NumberedRecord report) {
  LogInfo("report " + std::to_string(report.seq) + " of attempt " + ToString(report.attempt) +
          " with fence " + std::to_string(report.fence) + " from node " + node.name +
          " is kept as non-canonical: the attempt was replaced or has ended");
  storage::NoncanonicalReport stored;
  stored.attempt = report.attempt;
  stored.fence = report.fence;
  stored.seq = report.seq;
  stored.at_ms = WallMs();
  stored.record = std::move(report.record);
  if (stored.record.type() == "result") stored.record.payload.clear();  // for nobody now
  EngineJournal::Change change;
  change.before.push_back(std::move(stored));
  change.on_committed = [this, id = node.id, attempt = report.attempt, seq = report.seq] {
    Ack(id, attempt, seq, v1::ReportAck::FENCED);
  };
  journal_.Commit(std::move(change));
}

// Lines of an attempt may come after its end, but not after thousands of others have begun.
void WorkerDesk::SetName(AttemptId attempt, Name name) {
  constexpr std::size_t kMost = 16'384;
  if (names_.size() >= kMost) older_names_ = std::exchange(names_, {});
  names_[attempt] = name;
}

void WorkerDesk::OnTelemetry(const Session& session, const v1::Telemetry& telemetry) {
  if (NodeOf(session) == nullptr) {
    session->Close(DataLoss("Telemetry before Hello"));
    return;
  }
  for (const v1::Progress& progress : telemetry.progress()) {
    const auto live = journal_.engine().FindLive(AttemptId(progress.attempt_id()));
    if (!live) continue;
    progress_.Set(AttemptId(progress.attempt_id()),
                  {progress.epoch(), progress.epochs(), progress.step(),
                   progress.images_per_second(), progress.section()});
    on_progress_(live->experiment);
  }
  for (const v1::LogLines& lines : telemetry.logs()) {
    const AttemptId attempt(lines.attempt_id());
    if (const auto live = journal_.engine().FindLive(attempt)) {
      SetName(attempt, {live->experiment, live->trial_no});
    }
    for (const auto* names : {&names_, &older_names_}) {
      const auto name = names->find(attempt);
      if (name == names->end()) continue;
      logs_.Append({name->second.experiment, name->second.trial_no}, lines.text());
      break;
    }
  }
  NextMessage(session);
}

}  // namespace tutti
