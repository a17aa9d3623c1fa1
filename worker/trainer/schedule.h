#pragma once

#include <cstdint>
#include <optional>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// The learning rate as a function of where a training is. Formulas are torch.optim.lr_scheduler's
// in their closed form, so that a resumed run needs no history; only plateau has a state.

namespace tutti::trainer {

// The length of a training, in optimiser steps.
struct ScheduleSpan {
  double lr = 0;                     // training.optimizer.lr: the full rate; one_cycle's peak
  std::int64_t steps_per_epoch = 1;  // optimiser steps, >= 1
  std::int64_t epochs = 1;
  std::int64_t steps = 0;  // in all, where the last epoch is not whole; 0: steps_per_epoch x epochs
};

// What plateau remembers between epochs.
struct PlateauState {
  std::optional<double> best;   // of the searcher's metric
  std::int64_t bad_epochs = 0;  // measured epochs since that were no better
  std::optional<double> lr;     // absent until it is reduced for the first time

  Json ToJson() const;
  static Result<PlateauState> FromJson(const Json& json);
};

// kInvalidArgument for a name that LearningRate does not know.
Status CheckSchedule(const ScheduleConfig& config);

// The rate of optimiser step `step`, counted from 0 over the whole training. With e the whole
// epochs before it, W the steps of the warm-up (rounded), T all others and t = step - W:
//   constant     lr
//   step         lr gamma^(e div every)                          StepLR
//   multi_step   lr gamma^(milestones <= e)                      MultiStepLR
//   exponential  lr gamma^e                                      ExponentialLR
//   plateau      state.lr, or lr                                 ReduceLROnPlateau
//   cosine       min_lr + (lr - min_lr)(1 + cos(pi p)) / 2,      CosineAnnealingLR (1 cycle),
//                p = (t cycles mod T) / T                        CosineAnnealingWarmRestarts
//   linear       lr (1 + (end_factor - 1) t / T)                 LinearLR
//   one_cycle    a cosine from lr / div_factor up to lr within start_fraction T - 1 steps, another
//                down to lr / div_factor / final_div_factor at the last step. Momentum stays as it
//                is.                                             OneCycleLR, cycle_momentum=False
// A warm-up multiplies the full rate (or the epoch's rate of a schedule by epochs) by a factor that
// grows linearly with the step from warmup_factor to 1 (LinearLR); cosine, linear and one_cycle
// begin after it (SequentialLR). REQUIRES: CheckSchedule(config).
double LearningRate(const ScheduleConfig& config, const ScheduleSpan& span, std::int64_t step,
                    const PlateauState& plateau);

// What plateau learns from a measured epoch. `metric` is better than the best if it is by more than
// min_delta times the best (threshold_mode='rel'); NaN never is. After more than `patience` epochs
// that were not, the rate is multiplied by `factor`, but never falls below min_lr. No effect for
// other schedules.
void EndPlateauEpoch(const ScheduleConfig& config, double lr, bool smaller_is_better, double metric,
                     PlateauState& state);

}  // namespace tutti::trainer
