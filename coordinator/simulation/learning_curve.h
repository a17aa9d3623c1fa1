#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "experiments/core/json.h"

// How well a simulated network has learned after some time: a parametric curve instead of training.

namespace tutti::simulation {

// Power laws describe measured curves well (Hestness et al., "Deep learning scaling is predictable,
// empirically", 2017), hence loss(t) = floor + (start - floor) * (1 + t)^-rate.
struct LearningCurve {
  double start = 2.303;  // loss of guessing among ten classes: ln 10
  double floor = 0.05;   // of the best configuration
  double rate = 0.9;
  double spread = 0.6;   // how much worse the floor of the worst configuration is
  double noise = 0.01;   // standard deviation, relative
  // Dotted path of a hyperparameter that decides the quality of a configuration, best at `optimum`
  // (compared by decimal logarithm); "": quality is a hash of all values.
  std::string path;
  double optimum = 1e-3;

  // The metrics of a validation at `time` (in units of the experiment's time_metric, from 1), by
  // "<split>_<name>": loss and accuracy of train, validation and test, and macro_f1 of validation.
  // A function of (hparams, seed, time) alone: a trial that resumes goes on with the same numbers.
  std::map<std::string, double> Metrics(const Json& hparams, std::uint64_t seed,
                                        std::int64_t time) const;
};

// 0 (best) to 1 (worst): where a configuration stands on the curve's path, or by its hash.
double Badness(const LearningCurve& curve, const Json& hparams);

}  // namespace tutti::simulation
