#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coordinator/service/responder.h"
#include "coordinator/service/writer.h"

// Mutating calls happen once per request_id: the reply is stored in the transaction of what the
// call did, and a repeated id gets that reply, also while the first one is still under way and
// after a restart. Event loop's thread only.

namespace tutti {

class RequestLedger {
 public:
  explicit RequestLedger(Writer& writer) : writer_(writer) {}

  struct Call {
    std::string request_id;
    std::string method;
    // Fills in the caller's reply from its serialized form.
    std::function<void(const std::string&)> set_reply;
    std::shared_ptr<Responder> responder;
  };
  // Of a request whose reply is this message of its caller.
  template <class Reply>
  static Call MakeCall(const std::string& request_id, std::string_view method, Reply& reply,
                       std::shared_ptr<Responder> responder) {
    return {request_id, std::string(method),
            [&reply](const std::string& bytes) { reply.ParseFromString(bytes); },
            std::move(responder)};
  }
  // Runs `work` if the id is new; work ends in Store + Resolve, or in Reject.
  // Fails the call with kInvalidArgument if the id is missing or belongs to another method.
  void Once(Call call, std::function<void()> work);

  // The item for the transaction.
  static storage::StoredReply Store(const std::string& request_id, const std::string& method,
                                    std::string reply);
  // After the commit: all waiters get the reply.
  void Resolve(const std::string& request_id, const std::string& reply);
  // Nothing was done and nothing is stored.
  void Reject(const std::string& request_id, const Error& why);

 private:
  struct Pending {
    std::string method;
    std::vector<Call> waiting;
  };
  Writer& writer_;
  std::map<std::string, Pending> pending_;
};

}  // namespace tutti
