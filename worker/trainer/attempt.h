#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/json.h"
#include "experiments/core/record.h"
#include "experiments/core/result.h"

// One run of a trial: what is ordered, how it can be stopped, and how it ended.

namespace tutti::trainer {

struct AttemptOrder {
  std::int64_t attempt = 0;
  std::int64_t experiment = 0;
  std::int64_t trial = 0;
  std::uint64_t seed = 0;
  ExperimentConfig config;
  int threads = 1;
  std::string data_root;        // where data sets lie if the configuration names no root
  std::string checkpoint_root;  // directory
  std::string resume_from;      // name below it; empty = from scratch
  std::string resume_sha256;
  // In searcher.time_metric: a validation and a checkpoint there, then the end as "held". 0: none.
  std::int64_t run_until = 0;
  bool finish = false;  // one that resumes trains nothing, but evaluates the best and ends
  // The checkpoint whose weights are loaded: training.warm_start of an attempt that starts from
  // scratch, or what a task evaluates. Empty = none.
  std::string weights_from;
  std::string weights_sha256;
  // A task instead of a training: what it asks (null = training), and its pictures.
  std::int64_t task_id = 0;
  Json task;
  std::string input;
  std::chrono::steady_clock::time_point received;
  // Standalone only: write the summed gradients of the first step to this file (safetensors).
  std::string dump_gradients;
};

// Reads the `run` record of docs/records.md. kInvalidArgument names what is wrong.
Result<AttemptOrder> ReadAttemptOrder(const Json& run);

// What a stop asks for; the values travel in a sum over the ranks, rank 0 alone counts.
enum class StopRequest : int { kNone = 0, kCheckpoint = 1, kFinish = 2, kKill = 3 };

// Where records go and stops come from: the worker's socket, or files when standalone.
class Link {
 public:
  virtual ~Link() = default;
  // Results and telemetry. Ends the process if the other side is gone.
  virtual void Send(Record record) = 0;
  // Asked between steps; never blocks.
  virtual StopRequest PollStop(std::int64_t attempt) = 0;
  // The newest change of the attempt's run_until that has come; nullopt: none. Never blocks.
  virtual std::optional<std::int64_t> PollRunUntil(std::int64_t attempt) = 0;
};

struct AttemptEnd {
  std::string outcome = "completed";  // completed | held | preempted | finished | killed | error
  std::string failure;                // USER | INVALID_HP | OOM | NAN | INFRA, for error
  std::string message;
};

}  // namespace tutti::trainer
