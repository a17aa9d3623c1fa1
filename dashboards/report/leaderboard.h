#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dashboards/report/report_data.h"

// Configurations compared: their replicates' mean and spread.

namespace tutti::report {

// n, mean, and sample standard deviation (n - 1) of what is finite.
struct Moments {
  std::int64_t n = 0;
  std::optional<double> mean, deviation;  // deviation needs n >= 2
};
Moments MomentsOf(const std::vector<double>& values);

struct ConfigurationSummary {
  std::int64_t number = 0;
  std::string label;                       // "mnist_cnn(dropout=0.25) lr=0.001"
  std::vector<const TrialData*> trials;    // by trial number
  std::int64_t failed = 0;
  std::optional<std::int64_t> parameters;
  Moments best, test, wall_s;
};

// Best mean first; configurations without a value last, by number. Pointers into `data`.
std::vector<ConfigurationSummary> SummarizeConfigurations(const ReportData& data);

// {"training.optimizer.lr":0.001,"model":{"preset":"mnist_cnn"}} -> "mnist_cnn lr=0.001".
std::string ConfigurationLabel(const Json& hparams);
// {"preset":"mnist_cnn","width":16} -> "mnist_cnn(width=16)".
std::string ValueLabel(const Json& value);

}  // namespace tutti::report
