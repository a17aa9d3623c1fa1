#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "experiments/core/check.h"

// Result<T>: a value or an Error with a chain of causes. Used for everything that can go wrong
// because of users, files, peers or the machine; CHECK (check.h) is for our own bugs.

namespace tutti {

// A code exists only where somebody reacts to it: the client maps codes to exit codes, the
// services map them to gRPC status codes, the retry logic looks at kUnavailable.
enum class ErrorCode {
  kInvalidArgument,     // the request or file is wrong; exit 2
  kNotFound,            // exit 3
  kFailedPrecondition,  // wrong state; exit 4
  kUnavailable,         // peer not there (yet); may be retried; exit 5
  kPermissionDenied,    // exit 6
  kUnschedulable,       // can never be placed; exit 7
  kResourceExhausted,   // disk, memory or a quota is full; exit 1
  kDataLoss,            // a file or message is damaged; exit 1
  kDeadlineExceeded,    // exit 124
  kCancelled,           // somebody asked to stop; exit 130
  kFenced,              // an attempt that was replaced still reports; its trainer must stop
  kInternal,            // everything else; exit 1
};

std::string_view ErrorCodeName(ErrorCode code);

// One failure with the context that each layer added. Cheap to move.
class [[nodiscard]] Error {
 public:
  Error(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

  ErrorCode code() const { return code_; }
  // This layer's line only.
  const std::string& message() const { return message_; }
  const Error* cause() const { return cause_.get(); }

  // Adds one line of context from the calling layer; the code stays.
  Error Wrap(std::string context) const;
  // "context: cause: root" in one line.
  std::string ToString() const;

 private:
  ErrorCode code_;
  std::string message_;
  std::shared_ptr<const Error> cause_;  // shared: errors are copied into logs and replies
};

inline Error InvalidArgument(std::string m) { return {ErrorCode::kInvalidArgument, std::move(m)}; }
inline Error NotFound(std::string m) { return {ErrorCode::kNotFound, std::move(m)}; }
inline Error FailedPrecondition(std::string m) {
  return {ErrorCode::kFailedPrecondition, std::move(m)};
}
inline Error Unavailable(std::string m) { return {ErrorCode::kUnavailable, std::move(m)}; }
inline Error DataLoss(std::string m) { return {ErrorCode::kDataLoss, std::move(m)}; }
inline Error Internal(std::string m) { return {ErrorCode::kInternal, std::move(m)}; }

// "<what>: <strerror(error_number)>", with the code that fits the number (ENOENT -> kNotFound,
// EACCES/EPERM/EROFS -> kPermissionDenied, ENOSPC/EDQUOT/EMFILE/ENOMEM -> kResourceExhausted,
// else kInternal).
Error ErrnoError(int error_number, std::string what);

struct Ok {};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  const T& value() const& {
    TUTTI_CHECK(ok(), error_text());
    return std::get<0>(state_);
  }
  T& value() & {
    TUTTI_CHECK(ok(), error_text());
    return std::get<0>(state_);
  }
  T&& value() && {
    TUTTI_CHECK(ok(), error_text());
    return std::get<0>(std::move(state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  // REQUIRES: !ok().
  const Error& error() const {
    TUTTI_CHECK(!ok(), "error() of a Result that holds a value");
    return std::get<1>(state_);
  }

 private:
  std::string error_text() const { return ok() ? "" : std::get<1>(state_).ToString(); }
  std::variant<T, Error> state_;
};

using Status = Result<Ok>;

}  // namespace tutti

#define TUTTI_CONCAT_INNER(a, b) a##b
#define TUTTI_CONCAT(a, b) TUTTI_CONCAT_INNER(a, b)

// Returns the error of `expr` (a Result) from the enclosing function, if it has one.
#define TUTTI_RETURN_IF_ERROR(expr)                    \
  do {                                                 \
    if (auto tutti_result_ = (expr); !tutti_result_) { \
      return tutti_result_.error();                    \
    }                                                  \
  } while (false)

// TUTTI_ASSIGN_OR_RETURN(auto x, Function()): x is the value, or the error is returned.
#define TUTTI_ASSIGN_OR_RETURN(lhs, expr) \
  TUTTI_ASSIGN_OR_RETURN_INNER(TUTTI_CONCAT(tutti_result_, __LINE__), lhs, expr)
#define TUTTI_ASSIGN_OR_RETURN_INNER(tmp, lhs, expr) \
  auto tmp = (expr);                                 \
  if (!tmp) {                                        \
    return tmp.error();                              \
  }                                                  \
  lhs = std::move(tmp).value()
