#include "coordinator/service/request_ledger.h"

#include <utility>

#include "coordinator/service/engine_journal.h"

namespace tutti {
namespace {

constexpr std::size_t kMaxRequestId = 128;

Error OtherMethod(const std::string& request_id, const std::string& method) {
  return InvalidArgument("request id '" + request_id + "' was used for " + method +
                         " already; every request needs an id of its own");
}

}  // namespace

void RequestLedger::Once(Call call, std::function<void()> work) {
  if (call.request_id.empty() || call.request_id.size() > kMaxRequestId) {
    call.responder->Finish(InvalidArgument("request_id has " +
                                           std::to_string(call.request_id.size()) +
                                           " characters, expected a UUID"));
    return;
  }
  const std::string id = call.request_id;
  if (const auto running = pending_.find(id); running != pending_.end()) {
    if (running->second.method != call.method) {
      call.responder->Finish(OtherMethod(id, running->second.method));
    } else {
      running->second.waiting.push_back(std::move(call));
    }
    return;
  }
  Pending& pending = pending_[id];
  pending.method = call.method;
  pending.waiting.push_back(std::move(call));
  writer_.FindReply(id, [this, id, work = std::move(work)](
                            const std::optional<storage::StoredReply>& stored) {
    if (!stored) {
      work();
    } else if (stored->method != pending_.at(id).method) {
      Reject(id, OtherMethod(id, stored->method));
    } else {
      Resolve(id, stored->reply);
    }
  });
}

storage::StoredReply RequestLedger::Store(const std::string& request_id, const std::string& method,
                                          std::string reply) {
  return {request_id, method, std::move(reply), WallMs()};
}

void RequestLedger::Resolve(const std::string& request_id, const std::string& reply) {
  const auto pending = pending_.extract(request_id);
  if (pending.empty()) return;
  for (const Call& call : pending.mapped().waiting) {
    call.set_reply(reply);
    call.responder->Finish(Ok{});
  }
}

void RequestLedger::Reject(const std::string& request_id, const Error& why) {
  const auto pending = pending_.extract(request_id);
  if (pending.empty()) return;
  for (const Call& call : pending.mapped().waiting) call.responder->Finish(why);
}

}  // namespace tutti
