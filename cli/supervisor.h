#pragma once

#include <string>
#include <vector>

#include "experiments/core/result.h"

// `tutti up`: a coordinator and a local worker in one process tree, kept alive by a supervisor.

namespace tutti::cli {

struct UpOptions {
  std::string state_dir;
  int port = 0;            // 0: the last one used, else any
  int slots = 0;           // 0: the worker's default
  std::string data_root;   // empty: the worker's default
  bool worker = true;      // false: coordinator only
  std::string log_level = "info";
  std::vector<std::string> labels = {};  // NAME=VALUE, of the worker
};

// Starts a supervisor in the background (its own session) and waits until the coordinator answers
// and, with a worker, until its slots are there. Returns the coordinator's address. Errors: the
// children's own words from their logs.
Result<std::string> StartCluster(const UpOptions& options);

// Asks the coordinator to stop (with `checkpoint`, running trials are saved first) and waits until
// the supervisor and all its children are gone. kUnavailable if nothing runs.
Status StopCluster(const std::string& state_dir, bool checkpoint);

// The supervisor itself: starts the children, restarts a dead one with capped back-off, ends when
// the coordinator ends cleanly or on SIGTERM. Returns the process's exit code.
int RunSupervisor(const UpOptions& options);

}  // namespace tutti::cli
