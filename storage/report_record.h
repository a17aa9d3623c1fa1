#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "experiments/core/record.h"
#include "experiments/core/result.h"
#include "experiments/metrics/evaluation.h"

// Records of docs/records.md that are stored as rows, read into plain values. They come from
// programs that we did not write: every shape is checked here, before a row depends on it.

namespace tutti::storage {

struct StartedRecord {
  std::int64_t resumed_from_step = 0, resumed_from_epoch = 0;
  std::optional<std::int64_t> parameters, flops;
  std::optional<std::string> device, precision;
  std::optional<double> first_step_ms;
  std::optional<std::string> items, class_names, data;  // JSON text
};
struct EpochRecord {
  std::int64_t epoch = 0, step = 0;
  struct Metric {
    std::string split, name;
    double value = 0;  // may be a NaN or infinite
  };
  std::vector<Metric> metrics;
  // In the searcher's time_metric, of a report with the searcher's metric; of programs
  // (entrypoint) only.
  std::optional<std::int64_t> time;
  std::optional<double> lr, seconds, images_per_second, step_ms, allreduce_share;
};
struct StepsRecord {
  struct Step {
    std::int64_t step = 0;
    std::optional<double> loss, lr;
  };
  std::vector<Step> steps;
};
struct CheckpointRecord {
  std::string name, sha256;
  std::int64_t epoch = 0, step = 0, bytes = 0;
  std::optional<double> metric;
  bool best = false, final = false;
};
struct EvaluationRecord {
  std::string split, checkpoint;
  std::optional<std::string> dataset;  // absent: the trial's own
  std::int64_t epoch = 0, step = 0;
  EvaluationMetrics metrics;
  // The payload: n items, n labels in 0 … classes-1 (or all -1: metrics.labelled is false),
  // n x classes logits; or empty.
  std::vector<std::int32_t> items, labels;
  std::string items_and_labels;  // the bytes of both
  std::string logits;            // the bytes
};
struct ExitRecord {
  std::string outcome, failure, message;
  std::optional<std::int64_t> exit_code, signal;
};
// What a task found: the waiting client gets it, nothing of it is stored.
struct TaskResultRecord {};
using ReportRecord = std::variant<StartedRecord, EpochRecord, StepsRecord, CheckpointRecord,
                                  EvaluationRecord, ExitRecord, TaskResultRecord>;

// kInvalidArgument: an unknown type, or a field that is missing, of the wrong type or out of range.
Result<ReportRecord> ParseReport(const Record& record);

}  // namespace tutti::storage
