#include "dashboards/report/leaderboard.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace tutti::report {

Moments MomentsOf(const std::vector<double>& values) {
  Moments m;
  double sum = 0;
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    sum += v;
    ++m.n;
  }
  if (m.n == 0) return m;
  const double mean = sum / static_cast<double>(m.n);
  m.mean = mean;
  if (m.n < 2) return m;
  double squares = 0;
  for (const double v : values) {
    if (std::isfinite(v)) squares += (v - mean) * (v - mean);
  }
  m.deviation = std::sqrt(squares / static_cast<double>(m.n - 1));
  return m;
}

std::string ValueLabel(const Json& value) {
  if (value.is_string()) return value.AsString();
  if (value.is_double()) return ShortDouble(value.AsDouble());
  if (!value.is_object()) return value.Dump();
  std::string head;
  std::string rest;
  for (const auto& [key, part] : value.AsObject()) {
    if (head.empty() && (key == "preset" || key == "name") && part.is_string()) {
      head = part.AsString();
    } else {
      rest += (rest.empty() ? "" : ", ") + key + "=" + ValueLabel(part);
    }
  }
  return rest.empty() ? head : head + "(" + rest + ")";
}

std::string ConfigurationLabel(const Json& hparams) {
  if (!hparams.is_object()) return "as written";
  std::string text;
  for (const auto& [path, value] : hparams.AsObject()) {
    const std::string name = path.substr(path.rfind('.') + 1);
    text += (text.empty() ? "" : "  ") + (path == "model" ? "" : name + "=") + ValueLabel(value);
  }
  return text.empty() ? "as written" : text;
}

std::vector<ConfigurationSummary> SummarizeConfigurations(const ReportData& data) {
  std::map<std::int64_t, ConfigurationSummary> by_number;
  for (const TrialData& trial : data.trials) {
    ConfigurationSummary& c = by_number[trial.configuration_no];
    c.number = trial.configuration_no;
    c.label = ConfigurationLabel(trial.hparams);
    c.trials.push_back(&trial);
    c.failed += trial.state == "ERROR" ? 1 : 0;
    if (trial.parameters) c.parameters = trial.parameters;
  }
  std::vector<ConfigurationSummary> list;
  for (auto& [number, c] : by_number) {
    std::sort(c.trials.begin(), c.trials.end(),
              [](const TrialData* a, const TrialData* b) { return a->trial_no < b->trial_no; });
    std::vector<double> best, test, wall;
    for (const TrialData* trial : c.trials) {
      if (trial->best_value) best.push_back(*trial->best_value);
      if (trial->test_accuracy) test.push_back(*trial->test_accuracy);
      if (trial->wall_s) wall.push_back(*trial->wall_s);
    }
    c.best = MomentsOf(best);
    c.test = MomentsOf(test);
    c.wall_s = MomentsOf(wall);
    list.push_back(std::move(c));
  }
  const auto key = [&](const ConfigurationSummary& c) {
    if (!c.best.mean) return std::numeric_limits<double>::infinity();
    return data.smaller_is_better ? *c.best.mean : -*c.best.mean;
  };
  std::stable_sort(list.begin(), list.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
  return list;
}

}  // namespace tutti::report
