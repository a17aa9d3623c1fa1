#pragma once

#include <optional>

#include "worker/agent/session.h"

namespace tutti::v1 {
class FromCoordinator;
class FromWorker;
class Report;
}  // namespace tutti::v1

// Between the session's own types and the protocol's. Internal to session.cc.

namespace tutti::worker {

void FillHello(const NodeDescription& node, std::int64_t incarnation_seen, v1::FromWorker& message);
void FillNode(const NodeReport& report, v1::FromWorker& message);
void FillReport(AttemptId attempt, std::int64_t fence, const Spool::Part& part,
                v1::Report& report);
void FillTelemetry(const std::vector<ProgressReport>& progress, const std::vector<LogReport>& logs,
                   v1::FromWorker& message);
void FillRemoteExec(AllocationId allocation, int part, const std::vector<std::string>& argv,
                    v1::FromWorker& message);
// nullopt: a kind that this version does not know.
std::optional<SessionEvent> EventOf(const v1::FromCoordinator& message);

}  // namespace tutti::worker
