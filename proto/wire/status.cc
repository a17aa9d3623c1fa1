#include "proto/wire/status.h"

#include <grpcpp/client_context.h>
#include <grpcpp/server_context.h>

#include <array>
#include <string>

namespace tutti::wire {
namespace {

struct CodePair {
  ErrorCode ours;
  grpc::StatusCode theirs;
};

// The first row with a gRPC code is what that code means when it comes without our metadata.
constexpr std::array<CodePair, 12> kCodes{{
    {ErrorCode::kInvalidArgument, grpc::StatusCode::INVALID_ARGUMENT},
    {ErrorCode::kNotFound, grpc::StatusCode::NOT_FOUND},
    {ErrorCode::kFailedPrecondition, grpc::StatusCode::FAILED_PRECONDITION},
    {ErrorCode::kUnavailable, grpc::StatusCode::UNAVAILABLE},
    {ErrorCode::kPermissionDenied, grpc::StatusCode::PERMISSION_DENIED},
    {ErrorCode::kUnschedulable, grpc::StatusCode::FAILED_PRECONDITION},
    {ErrorCode::kResourceExhausted, grpc::StatusCode::RESOURCE_EXHAUSTED},
    {ErrorCode::kDataLoss, grpc::StatusCode::DATA_LOSS},
    {ErrorCode::kDeadlineExceeded, grpc::StatusCode::DEADLINE_EXCEEDED},
    {ErrorCode::kCancelled, grpc::StatusCode::CANCELLED},
    {ErrorCode::kFenced, grpc::StatusCode::FAILED_PRECONDITION},
    {ErrorCode::kInternal, grpc::StatusCode::INTERNAL},
}};

constexpr std::size_t kMaxMessageBytes = 4096;

ErrorCode FromGrpcCode(grpc::StatusCode code) {
  for (const CodePair& row : kCodes) {
    if (row.theirs == code) return row.ours;
  }
  if (code == grpc::StatusCode::UNAUTHENTICATED) return ErrorCode::kPermissionDenied;
  if (code == grpc::StatusCode::ALREADY_EXISTS || code == grpc::StatusCode::ABORTED) {
    return ErrorCode::kFailedPrecondition;
  }
  if (code == grpc::StatusCode::OUT_OF_RANGE) return ErrorCode::kInvalidArgument;
  return ErrorCode::kInternal;
}

}  // namespace

grpc::Status ErrorToStatus(const Error& error, grpc::ServerContextBase& context) {
  grpc::StatusCode code = grpc::StatusCode::INTERNAL;
  for (const CodePair& row : kCodes) {
    if (row.ours == error.code()) code = row.theirs;
  }
  context.AddTrailingMetadata(kErrorCodeKey, std::string(ErrorCodeName(error.code())));
  std::string message = error.ToString();
  if (message.size() > kMaxMessageBytes) {
    message.resize(kMaxMessageBytes);
    message += " … (cut)";
  }
  return grpc::Status(code, message);
}

Error StatusToError(const grpc::Status& status, const grpc::ClientContext& context) {
  ErrorCode code = FromGrpcCode(status.error_code());
  const auto& metadata = context.GetServerTrailingMetadata();
  if (const auto found = metadata.find(kErrorCodeKey); found != metadata.end()) {
    const std::string_view name(found->second.data(), found->second.size());
    for (const CodePair& row : kCodes) {
      if (ErrorCodeName(row.ours) == name) code = row.ours;
    }
  }
  std::string message = status.error_message();
  if (message.empty()) message = "the coordinator gave no reason";
  return Error(code, std::move(message));
}

}  // namespace tutti::wire
