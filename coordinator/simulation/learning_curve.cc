#include "coordinator/simulation/learning_curve.h"

#include <algorithm>
#include <cmath>

#include "experiments/core/rng.h"

namespace tutti::simulation {

double Badness(const LearningCurve& curve, const Json& hparams) {
  const Json* value = curve.path.empty() ? nullptr : hparams.Find(curve.path);
  if (value != nullptr && value->is_number() && value->AsDouble() > 0) {
    // Three decades away from the optimum is as bad as it gets.
    const double decades = std::abs(std::log10(value->AsDouble() / curve.optimum));
    return std::min(decades / 3, 1.0);
  }
  return Rng(0).Split(hparams.Dump()).Uniform();
}

std::map<std::string, double> LearningCurve::Metrics(const Json& hparams, std::uint64_t seed,
                                                     std::int64_t time) const {
  const double bottom = floor + spread * Badness(*this, hparams);
  const double clean =
      bottom + (start - bottom) * std::pow(1 + static_cast<double>(time), -rate);
  Rng rng = Rng(seed).Split("curve", {static_cast<std::uint64_t>(time)});
  const auto noisy = [&](double factor) { return clean * factor * (1 + noise * rng.Normal()); };
  const double train = noisy(0.9), validation = noisy(1.0), test = noisy(1.02);
  const auto accuracy = [](double loss) { return std::exp(-std::max(loss, 0.0)); };
  return {{"train_loss", train},
          {"train_accuracy", accuracy(train)},
          {"validation_loss", validation},
          {"validation_accuracy", accuracy(validation)},
          {"validation_macro_f1", accuracy(validation) * 0.99},
          {"test_loss", test},
          {"test_accuracy", accuracy(test)}};
}

}  // namespace tutti::simulation
