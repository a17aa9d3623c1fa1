#include "experiments/core/result.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

namespace tutti {

std::string_view ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "invalid argument";
    case ErrorCode::kNotFound: return "not found";
    case ErrorCode::kFailedPrecondition: return "wrong state";
    case ErrorCode::kUnavailable: return "unavailable";
    case ErrorCode::kPermissionDenied: return "permission denied";
    case ErrorCode::kUnschedulable: return "can never be scheduled";
    case ErrorCode::kResourceExhausted: return "resource exhausted";
    case ErrorCode::kDataLoss: return "data loss";
    case ErrorCode::kDeadlineExceeded: return "deadline exceeded";
    case ErrorCode::kCancelled: return "cancelled";
    case ErrorCode::kFenced: return "fenced";
    case ErrorCode::kInternal: return "internal error";
  }
  CheckFailed(__FILE__, __LINE__, "ErrorCode", "value outside the enum");
}

Error Error::Wrap(std::string context) const {
  Error outer(code_, std::move(context));
  outer.cause_ = std::make_shared<const Error>(*this);
  return outer;
}

std::string Error::ToString() const {
  std::string text = message_;
  for (const Error* e = cause(); e != nullptr; e = e->cause()) {
    text += ": ";
    text += e->message();
  }
  return text;
}

Error ErrnoError(int error_number, std::string what) {
  ErrorCode code = ErrorCode::kInternal;
  switch (error_number) {
    case ENOENT: code = ErrorCode::kNotFound; break;
    case EACCES:
    case EPERM:
    case EROFS: code = ErrorCode::kPermissionDenied; break;
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
    case ENOMEM: code = ErrorCode::kResourceExhausted; break;
    case ECONNREFUSED:
    case EAGAIN:
    case EPIPE:
    case ECONNRESET: code = ErrorCode::kUnavailable; break;
    default: break;
  }
  return Error(code, std::move(what) + ": " + std::generic_category().message(error_number));
}

void CheckFailed(const char* file, int line, const char* condition, std::string_view message) {
  std::fprintf(stderr, "%s:%d: CHECK failed: %s: %.*s\n", file, line, condition,
               static_cast<int>(message.size()), message.data());
  std::abort();
}

}  // namespace tutti
