// A training that goes on: from a checkpoint of its own, or from that of a parent, another trial whose
// training it takes over with values of its own (searcher pbt).

#include <ATen/core/Tensor.h>

#include <algorithm>

#include "worker/checkpoint/checkpoint_directory.h"
#include "worker/trainer/training_run.h"

namespace tutti::trainer {

Status TrainingRun::Resume() {
  if (order_.resume_from.empty()) return Ok{};
  TUTTI_ASSIGN_OR_RETURN(const auto from, checkpoint::CheckpointId::Parse(order_.resume_from));
  const bool inherits = from.trial != order_.trial;
  Trained trained{&*network_, &*optimizer_, average_ ? &*average_ : nullptr, data_->class_names,
                  {}};
  auto loaded =
      LoadTraining(order_.checkpoint_root, order_.resume_from, order_.resume_sha256, trained);
  if (!loaded) {
    if (!inherits || loaded.error().code() != ErrorCode::kDataLoss) return loaded.error();
    return loaded.error().Wrap(
        "this trial cannot go on from checkpoint " + order_.resume_from +
        " of another one: values that change the model, its data, the optimiser, ema or precision "
        "must be the same for both");
  }
  state_ = std::move(*loaded);
  if (inherits && Inherit()) trained.accumulated = at::Tensor();
  TUTTI_RETURN_IF_ERROR(RestoreAccumulated(trained.accumulated));
  // The best so far may have been this very checkpoint: the manifest cannot name itself.
  if (!inherits && state_.best_step == state_.step && state_.best_checkpoint.empty()) {
    state_.best_checkpoint = order_.resume_from;
    state_.best_sha256 = order_.resume_sha256;
  }
  resumed_step_ = state_.step;
  resumed_time_ = Time();
  saved_step_ = state_.step;
  return Ok{};
}

Status TrainingRun::RestoreAccumulated(const at::Tensor& parts) {
  const std::int64_t accumulate = order_.config.training.accumulate;
  if (parts.defined() != (state_.step_in_epoch % accumulate != 0)) {
    return DataLoss("checkpoint " + order_.resume_from +
                    " was written with another training.gradient.accumulate than " +
                    std::to_string(accumulate));
  }
  if (!parts.defined()) return Ok{};
  // The same gang goes on with the same bits; another one needs the sum only.
  const std::int64_t rank = gang_.host->rank();
  if (parts.size(0) == gang_.host->size()) {
    accumulated_.copy_(parts[rank]);
  } else if (rank == 0) {
    accumulated_.copy_(parts.sum(0));
  }
  return Ok{};
}

bool TrainingRun::Inherit() {
  // The parent's best weights are the parent's; what a rate that fell on a plateau means for another
  // rate, nobody can tell.
  state_.best_value.reset();
  state_.best_epoch = state_.best_step = 0;
  state_.best_checkpoint.clear();
  state_.best_sha256.clear();
  state_.plateau = {};
  state_.early_stopping = {};
  state_.early_stopping.best_epoch = state_.epoch - 1;  // patience counts from here
  const std::int64_t batch = order_.config.training.batch_size;
  if (state_.batch_size == 0 || state_.batch_size == batch || state_.step_in_epoch == 0) {
    return false;
  }
  // The same part of the epoch in batches of another size, from the beginning of a group.
  const std::int64_t items =
      std::min(state_.step_in_epoch * state_.batch_size, data_->train.size());
  const std::int64_t steps = std::min(items / batch, steps_per_epoch_ - 1);
  state_.step_in_epoch = steps - steps % order_.config.training.accumulate;
  return true;
}

}  // namespace tutti::trainer
