#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "cli/coordinator_client.h"
#include "tutti/v1/control.grpc.pb.h"

// The connection as coordinator_client.cc and coordinator_changes.cc share it; nobody else includes
// this.

namespace tutti::cli {

std::string NewRequestId();

struct CoordinatorClient::Connection {
  std::unique_ptr<v1::Control::Stub> stub;

  using UnaryCall = std::function<grpc::Status(grpc::ClientContext*)>;
  // Runs one call and turns its status into a Status.
  Status Unary(const std::string& address, std::chrono::milliseconds deadline,
               const UnaryCall& call);
  // The same for a call that changes something: repeated, with the same request id, while the
  // coordinator is away (it may be restarting).
  Status Change(const std::string& address, const UnaryCall& call);
  static Status FromStatus(const std::string& address, const grpc::ClientContext& context,
                           const grpc::Status& status);
};

}  // namespace tutti::cli
