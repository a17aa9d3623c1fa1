// Where a training is, in searcher.time_metric: whole epochs or batches.

#include <algorithm>

#include "worker/trainer/training_run.h"

namespace tutti::trainer {

std::int64_t TrainingRun::Length() const {
  const TrainingConfig& training = order_.config.training;
  return in_batches() ? training.max_batches : training.epochs;
}

std::int64_t TrainingRun::NextMark() const {
  if (!in_batches()) return steps_per_epoch_;
  const std::int64_t now = state_.step;
  std::int64_t next = Length();
  if (run_until_ > now) next = std::min(next, run_until_);
  const std::int64_t period = order_.config.min_validation_period;
  if (period > 0) next = std::min(next, (now / period + 1) * period);
  return std::min(steps_per_epoch_, state_.step_in_epoch + next - now);
}

bool TrainingRun::ReportIsDue() const {
  // Between epochs there is always a report of the training split.
  if (!in_batches()) return true;
  return ValidationIsRegular() || state_.step == run_until_;
}

bool TrainingRun::ValidationIsRegular() const {
  const std::int64_t period = order_.config.min_validation_period;
  if (Time() == Length()) return true;
  // A length in batches without a period: after every epoch.
  if (in_batches() && period == 0) return state_.step_in_epoch == 0;
  return Time() % std::max<std::int64_t>(1, period) == 0;
}

Result<std::int64_t> TrainingRun::Agreed(std::int64_t mine) {
  if (gang_.host->size() > 1) {
    TUTTI_RETURN_IF_ERROR(gang_.host->Broadcast({&mine, 1, comm::DataType::kInt64}, 0));
  }
  return mine;
}

Result<bool> TrainingRun::Holds() {
  if (run_until_ == 0 || Time() < run_until_) return false;
  // The searcher may have decided while the attempt ran.
  std::int64_t newest = run_until_;
  if (is_reporter()) newest = link_.PollRunUntil(order_.attempt).value_or(run_until_);
  TUTTI_ASSIGN_OR_RETURN(run_until_, Agreed(newest));
  return run_until_ != 0 && Time() >= run_until_;
}

Result<StopRequest> TrainingRun::AgreedStop() {
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t stop, Agreed(static_cast<int>(PollStop())));
  return static_cast<StopRequest>(static_cast<int>(stop));
}

}  // namespace tutti::trainer
