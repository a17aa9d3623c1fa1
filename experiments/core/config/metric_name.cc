#include <array>
#include <string>
#include <string_view>

#include "experiments/core/config/experiment_config.h"

namespace tutti {
namespace {

struct MetricDirection {
  std::string_view name;
  bool larger_is_better;
};

// What the built-in trainer reports for validation (experiments/metrics); of the training split it
// reports accuracy and loss.
constexpr std::array<MetricDirection, 12> kMetrics{{{"accuracy", true},
                                                    {"loss", false},
                                                    {"macro_auc", true},
                                                    {"micro_auc", true},
                                                    {"macro_ap", true},
                                                    {"micro_ap", true},
                                                    {"macro_precision", true},
                                                    {"macro_recall", true},
                                                    {"macro_f1", true},
                                                    {"ece", false},
                                                    {"brier", false},
                                                    {"latency_ms", false}}};

}  // namespace

Result<std::pair<Split, std::string>> ParseMetricName(const std::string& metric) {
  const std::size_t cut = metric.find('_');
  const std::string head = metric.substr(0, cut);
  const auto split = kSplitNames.Parse(head);
  if (!split || cut == std::string::npos || cut + 1 == metric.size()) {
    return InvalidArgument("metric '" + metric + "' is not of the form <split>_<name> with split " +
                           kSplitNames.Choices() + ", for example validation_accuracy");
  }
  return std::pair{*split, metric.substr(cut + 1)};
}

std::optional<bool> LargerIsBetter(const std::string& metric_name) {
  for (const MetricDirection& metric : kMetrics) {
    if (metric.name == metric_name) return metric.larger_is_better;
  }
  return std::nullopt;
}

std::vector<std::string> MetricNames() {
  std::vector<std::string> names;
  for (const MetricDirection& metric : kMetrics) names.emplace_back(metric.name);
  return names;
}

}  // namespace tutti
