#include "worker/trainer/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include "experiments/core/check.h"
#include "experiments/core/suggest.h"

namespace tutti::trainer {
namespace {

// ReduceLROnPlateau's eps: a smaller change of the rate is not made.
constexpr double kSmallestChange = 1e-8;

const std::vector<std::string>& Names() {
  static const std::vector<std::string> names{"constant", "step",   "multi_step", "exponential",
                                              "cosine",   "linear", "one_cycle",  "plateau"};
  return names;
}

// From `from` at 0 to `to` at 1 along half a cosine wave.
double Cosine(double from, double to, double part) {
  return to + (from - to) * (1 + std::cos(std::numbers::pi * part)) / 2;
}

double OneCycle(const ScheduleConfig& config, double lr, std::int64_t t, std::int64_t total) {
  const double first = lr / config.div_factor;
  const double peak_at = config.start_fraction * static_cast<double>(total) - 1;
  const double last_at = static_cast<double>(total - 1);
  const auto at = static_cast<double>(t);
  // So few steps that none of them rises, or falls.
  if (peak_at > 0 && at <= peak_at) return Cosine(first, lr, at / peak_at);
  const double start = std::max(peak_at, 0.0);
  if (last_at <= start) return lr;
  return Cosine(lr, first / config.final_div_factor, (at - start) / (last_at - start));
}

// The rate of an epoch, for schedules that change between epochs.
double EpochRate(const ScheduleConfig& config, double lr, std::int64_t epochs_done,
                 const PlateauState& plateau) {
  const auto decayed = [&](std::int64_t times) {
    return lr * std::pow(config.gamma, static_cast<double>(times));
  };
  if (config.name == "step") return decayed(epochs_done / config.every_epochs);
  if (config.name == "exponential") return decayed(epochs_done);
  if (config.name == "multi_step") {
    return decayed(std::count_if(config.milestones.begin(), config.milestones.end(),
                                 [&](std::int64_t m) { return m <= epochs_done; }));
  }
  if (config.name == "plateau") return plateau.lr.value_or(lr);
  TUTTI_CHECK(config.name == "constant", "unknown schedule " + config.name);
  return lr;
}

}  // namespace

Json PlateauState::ToJson() const {
  return Json::MakeObject({{"best", best ? Json(*best) : Json()},
                           {"bad_epochs", bad_epochs},
                           {"lr", lr ? Json(*lr) : Json()}});
}

Result<PlateauState> PlateauState::FromJson(const Json& json) {
  PlateauState state;
  const auto present = [&](const char* key) {
    const Json* value = json.Find(key);
    return value != nullptr && !value->is_null();
  };
  if (present("best")) {
    TUTTI_ASSIGN_OR_RETURN(state.best, json.GetDouble("best"));
  }
  if (present("lr")) {
    TUTTI_ASSIGN_OR_RETURN(state.lr, json.GetDouble("lr"));
  }
  TUTTI_ASSIGN_OR_RETURN(state.bad_epochs, json.GetInt("bad_epochs"));
  return state;
}

Status CheckSchedule(const ScheduleConfig& config) {
  if (std::find(Names().begin(), Names().end(), config.name) != Names().end()) return Ok{};
  return InvalidArgument("training.schedule.name is \"" + config.name + "\"" +
                         DidYouMean(config.name, Names()));
}

double LearningRate(const ScheduleConfig& config, const ScheduleSpan& span, std::int64_t step,
                    const PlateauState& plateau) {
  const std::int64_t warmup =
      std::llround(config.warmup_epochs * static_cast<double>(span.steps_per_epoch));
  double factor = 1;
  if (step < warmup) {
    factor = config.warmup_factor + (1 - config.warmup_factor) * static_cast<double>(step) /
                                        static_cast<double>(warmup);
  }
  const bool by_step =
      config.name == "cosine" || config.name == "linear" || config.name == "one_cycle";
  if (!by_step) {
    return factor * EpochRate(config, span.lr, step / span.steps_per_epoch, plateau);
  }
  if (step < warmup) return factor * span.lr;
  const std::int64_t t = step - warmup;
  const std::int64_t total =
      std::max<std::int64_t>(
          1, (span.steps > 0 ? span.steps : span.steps_per_epoch * span.epochs) - warmup);
  if (config.name == "one_cycle") return OneCycle(config, span.lr, t, total);
  if (config.name == "linear") {
    const double part = static_cast<double>(std::min(t, total)) / static_cast<double>(total);
    return span.lr * (1 + (config.end_factor - 1) * part);
  }
  const double part = static_cast<double>(t * config.cycles % total) / static_cast<double>(total);
  return Cosine(span.lr, config.min_lr, part);
}

void EndPlateauEpoch(const ScheduleConfig& config, double lr, bool smaller_is_better, double metric,
                     PlateauState& state) {
  if (config.name != "plateau") return;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double best = state.best.value_or(smaller_is_better ? kInfinity : -kInfinity);
  const bool better = smaller_is_better ? metric < best * (1 - config.min_delta)
                                        : metric > best * (1 + config.min_delta);
  if (better) {
    state.best = metric;
    state.bad_epochs = 0;
    return;
  }
  if (++state.bad_epochs <= config.patience) return;
  state.bad_epochs = 0;
  const double old = state.lr.value_or(lr);
  const double reduced = std::max(old * config.factor, config.min_lr);
  if (old - reduced > kSmallestChange) state.lr = reduced;
}

}  // namespace tutti::trainer
