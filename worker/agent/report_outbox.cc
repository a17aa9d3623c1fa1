#include "worker/agent/report_outbox.h"

#include <system_error>

#include "worker/agent/log.h"

namespace tutti::worker {

Result<std::unique_ptr<ReportOutbox>> ReportOutbox::Create(const std::filesystem::path& directory,
                                                           SpoolBudget budget) {
  std::error_code error;
  std::filesystem::remove_all(directory, error);
  std::filesystem::create_directories(directory, error);
  if (error) return ErrnoError(error.value(), "making the spool directory " + directory.string());
  return std::unique_ptr<ReportOutbox>(new ReportOutbox(directory, budget));
}

void ReportOutbox::Open(AttemptId attempt, std::int64_t fence) {
  if (spools_.contains(attempt)) return;
  spools_[attempt].spool =
      std::make_unique<Spool>(attempt, fence, directory_ / ToString(attempt), budget_);
}

std::int64_t ReportOutbox::FenceOf(AttemptId attempt) const {
  const auto it = spools_.find(attempt);
  return it == spools_.end() ? 0 : it->second.spool->fence();
}

void ReportOutbox::Append(AttemptId attempt, const Record& record, Spool::Class cls,
                          std::int64_t hold_ticket) {
  const auto it = spools_.find(attempt);
  if (it == spools_.end() || it->second.finished) return;
  it->second.spool->Append(EncodeRecord(record), cls, hold_ticket);
}

void ReportOutbox::Release(AttemptId attempt, std::int64_t ticket) {
  const auto it = spools_.find(attempt);
  if (it != spools_.end()) it->second.spool->Release(ticket);
}

void ReportOutbox::Discard(AttemptId attempt, std::int64_t ticket) {
  const auto it = spools_.find(attempt);
  if (it != spools_.end()) it->second.spool->Discard(ticket);
  EraseIfDone(attempt);
}

void ReportOutbox::Finish(AttemptId attempt) {
  const auto it = spools_.find(attempt);
  if (it == spools_.end()) return;
  it->second.finished = true;
  if (const std::int64_t n = it->second.spool->thinned(); n > 0) {
    LogWarning("attempt " + ToString(attempt) + ": " + std::to_string(n) +
               " step records were dropped because the spool was full");
  }
  EraseIfDone(attempt);
}

void ReportOutbox::EraseIfDone(AttemptId attempt) {
  const auto it = spools_.find(attempt);
  if (it != spools_.end() && it->second.finished && it->second.spool->empty()) spools_.erase(it);
}

void ReportOutbox::OnAck(const AckArrived& ack) {
  const auto it = spools_.find(ack.attempt);
  if (it == spools_.end()) return;  // acknowledged a second time after a replay
  switch (ack.outcome) {
    case AckArrived::Outcome::kCommitted:
      it->second.spool->Acknowledge(ack.seq);
      break;
    case AckArrived::Outcome::kGap:
      it->second.refused.reset();
      it->second.spool->Gap(ack.seq);
      break;
    case AckArrived::Outcome::kFenced:
      spools_.erase(it);
      return;
  }
  EraseIfDone(ack.attempt);
}

void ReportOutbox::RewindAll() {
  for (auto& [attempt, outgoing] : spools_) {
    outgoing.refused.reset();
    outgoing.spool->RewindAll();
  }
}

void ReportOutbox::Pump(Session& session) {
  bool any = true;
  while (any && session.HasRoom()) {
    any = false;
    for (auto& [attempt, outgoing] : spools_) {
      if (!outgoing.refused) outgoing.refused = outgoing.spool->Next();
      if (!outgoing.refused) continue;
      if (!session.SendReport(attempt, outgoing.spool->fence(), *outgoing.refused)) return;
      outgoing.refused.reset();
      any = true;
    }
  }
}

}  // namespace tutti::worker
