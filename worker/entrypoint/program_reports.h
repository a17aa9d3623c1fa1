#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "experiments/core/json.h"
#include "experiments/core/record.h"
#include "experiments/core/result.h"
#include "worker/entrypoint/attempt_order.h"

// What a program says, made into the records of docs/records.md. Pure: no file, no clock.

namespace tutti::entrypoint {

// A checkpoint that the program hands over.
struct HandedOver {
  std::string path;  // directory
  std::int64_t epoch = 0;
  std::int64_t step = 0;
  std::optional<double> metric;  // the searcher's, if the last report was of this epoch
  bool best = false;             // it is the best so far
};

// Counts epochs, steps and time over the reports of one attempt.
class ProgramReports {
 public:
  // From scratch: all are 0; else those of the checkpoint.
  ProgramReports(const AttemptOrder& order, std::int64_t epoch, std::int64_t step,
                 std::int64_t time);

  // A `report` message -> an `epoch` record. Without `epoch`, the next one; without `step`, the
  // epoch (of a program that never gives a step), or the last step. kInvalidArgument says what is
  // wrong with it, and nothing has changed.
  Result<Record> Report(const Json& message);
  // A `checkpoint` message. kInvalidArgument: as above.
  Result<HandedOver> Checkpoint(const Json& message) const;
  // The `progress` record of where the program is.
  Record Progress() const;
  // A `progress` message -> such a record. Fields that are missing or wrong keep their value.
  Record Progress(const Json& message);

  std::int64_t epoch() const { return epoch_; }
  std::int64_t step() const { return step_; }
  // In the searcher's time_metric, of the last report with the searcher's metric.
  std::int64_t time() const { return time_; }

 private:
  // Where a message says it is; absent fields as above.
  Status ReadPlace(const Json& message, bool next, std::int64_t& epoch, std::int64_t& step) const;
  Result<std::int64_t> TimeOf(const Json& message, std::int64_t epoch, std::int64_t step) const;

  std::int64_t attempt_;
  std::string metric_;
  bool smaller_is_better_;
  std::string time_metric_;
  std::int64_t max_time_;
  std::int64_t epoch_, step_;
  bool gives_steps_ = false;
  double progress_epoch_ = 0;  // fractional
  std::int64_t time_;
  std::optional<double> last_metric_;  // of epoch_
  std::optional<double> best_metric_;
  bool last_is_best_ = false;
};

}  // namespace tutti::entrypoint
