#include "coordinator/engine/constraints.h"

#include <algorithm>
#include <cmath>

#include "experiments/spec/model_cost.h"

namespace tutti::engine {
namespace {

// Counts are printed as such: "600000", not "600000.0".
std::string Text(double value) {
  const bool whole = std::abs(value) < 1e15 && value == std::floor(value);
  return whole ? std::to_string(static_cast<std::int64_t>(value)) : FormatDouble(value);
}

bool VariesModel(const Experiment& experiment) {
  const SearchSpace& space = experiment.config.hyperparameters;
  return std::any_of(space.begin(), space.end(), [](const SearchDimension& dimension) {
    return dimension.path.starts_with("model") || dimension.path.starts_with("data");
  });
}

}  // namespace

std::vector<std::string> WatchedMetrics(const SearcherConfig& searcher) {
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (name == searcher.metric) return;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const ObjectiveConfig& objective : searcher.objectives) add(objective.metric);
  for (const ConstraintConfig& constraint : searcher.constraints) add(constraint.metric);
  return names;
}

std::string FindCost(const Experiment& experiment, Configuration& configuration) {
  const bool varies = VariesModel(experiment);
  const auto first = experiment.configurations.begin();
  if (!varies && first != experiment.configurations.end() && first->first != configuration.no) {
    configuration.parameters = first->second.parameters;
    configuration.flops = first->second.flops;
  } else {
    const auto cost =
        spec::FindModelCost(ApplyHparams(experiment.canonical, configuration.hparams));
    if (!cost.ok()) return varies ? cost.error().ToString() : std::string();
    if (*cost) {
      configuration.parameters = (*cost)->parameters;
      configuration.flops = (*cost)->flops;
    }
  }
  std::map<std::string, double> values;
  if (configuration.parameters > 0) {
    values["parameters"] = static_cast<double>(configuration.parameters);
  }
  if (configuration.flops > 0) values["flops"] = static_cast<double>(configuration.flops);
  return WhyInfeasible(experiment.config.searcher, values);
}

std::string WhyInfeasible(const SearcherConfig& searcher,
                          const std::map<std::string, double>& values) {
  for (const ConstraintConfig& constraint : searcher.constraints) {
    const auto it = values.find(constraint.metric);
    if (it == values.end()) continue;
    const double value = it->second;
    if (std::isnan(value)) return constraint.metric + " is NaN";
    if (constraint.max && value > *constraint.max) {
      return constraint.metric + " " + Text(value) + " is above " + Text(*constraint.max);
    }
    if (constraint.min && value < *constraint.min) {
      return constraint.metric + " " + Text(value) + " is below " + Text(*constraint.min);
    }
  }
  return {};
}

}  // namespace tutti::engine
