#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "experiments/core/json.h"
#include "experiments/core/record.h"
#include "experiments/core/result.h"

// What is to be run: a program, and one attempt of it. Read from the worker's `run` record
// (docs/records.md).

namespace tutti::entrypoint {

struct Program {
  std::vector<std::string> argv;
  std::string directory;  // working directory
  std::map<std::string, std::string> environment;
  friend bool operator==(const Program&, const Program&) = default;
};

// How long a program may take. The experiment's `environment` sets them, in seconds (1 to 604800).
struct Limits {
  // Without a word from it in an attempt: TUTTI_PROGRESS_LIMIT.
  std::chrono::milliseconds progress{3'600'000};
  // From an order to stop until it is sent TERM: TUTTI_STOP_GRACE.
  std::chrono::milliseconds stop_grace{60'000};
  // From TERM to KILL: TUTTI_TERM_GRACE.
  std::chrono::milliseconds term_grace{10'000};
};

struct AttemptOrder {
  std::int64_t attempt = 0;
  std::int64_t experiment = 0;
  std::int64_t trial = 0;
  std::int64_t trial_no = 0;
  std::int64_t seed = 0;
  bool task = false;  // not a training: something a foreign program cannot do
  Program program;
  Limits limits;
  Json hparams;  // an object of dotted paths
  std::string metric;
  bool smaller_is_better = true;
  std::string time_metric;     // epochs | batches | a name that the program reports
  std::int64_t max_time = 0;   // 0: the program knows
  std::int64_t run_until = 0;  // 0: to the end
  std::string data_root;
  std::string checkpoint_root;
  std::string resume_from;  // "": from scratch
  std::string resume_sha256;
};

// kInvalidArgument: the record lacks a field, has one of the wrong type, or a limit is no number of
// seconds.
Result<AttemptOrder> ReadOrder(const Record& run);

}  // namespace tutti::entrypoint
