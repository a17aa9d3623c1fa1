#pragma once

#include "experiments/core/result.h"

namespace grpc {
class ClientContext;
class ServerContextBase;
class Status;
}  // namespace grpc

namespace tutti::wire {

// gRPC has fewer codes than we react to, so the name of our ErrorCode travels beside the gRPC
// status as trailing metadata under this key.
inline constexpr char kErrorCodeKey[] = "tutti-code";

// For the end of a call on the server: the gRPC status closest to the error, its whole cause chain
// as the message (cut at 4 KiB: gRPC limits metadata), its code added to the trailing metadata.
// kUnschedulable and kFenced become FAILED_PRECONDITION.
grpc::Status ErrorToStatus(const Error& error, grpc::ServerContextBase& context);

// For the client, after the call has ended: the Error that the server meant. A status without our
// metadata (the server was not reached, a deadline) is mapped by its gRPC code.
// REQUIRES: !status.ok().
Error StatusToError(const grpc::Status& status, const grpc::ClientContext& context);

}  // namespace tutti::wire
