#pragma once

#include "experiments/core/result.h"

// The exit codes of `tutti`, documented in docs and in `tutti --help`.

namespace tutti::cli {

enum ExitCode : int {
  kExitOk = 0,
  kExitFailed = 1,         // it ran and failed
  kExitUsage = 2,          // usage or invalid file
  kExitNotFound = 3,
  kExitWrongState = 4,
  kExitUnreachable = 5,    // no coordinator
  kExitNotAllowed = 6,
  kExitUnschedulable = 7,  // can never be placed
  kExitGate = 8,           // doctor or another gate failed
  kExitTimeout = 124,
  kExitInterrupted = 130,
};

constexpr int ExitCodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return kExitUsage;
    case ErrorCode::kNotFound: return kExitNotFound;
    case ErrorCode::kFailedPrecondition: return kExitWrongState;
    case ErrorCode::kUnavailable: return kExitUnreachable;
    case ErrorCode::kPermissionDenied: return kExitNotAllowed;
    case ErrorCode::kUnschedulable: return kExitUnschedulable;
    case ErrorCode::kDeadlineExceeded: return kExitTimeout;
    case ErrorCode::kCancelled: return kExitInterrupted;
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kDataLoss:
    case ErrorCode::kFenced:
    case ErrorCode::kInternal: return kExitFailed;
  }
  return kExitFailed;
}

// Prints "tutti: error: …" to stderr and returns the exit code that fits.
int Fail(const Error& error);

}  // namespace tutti::cli
