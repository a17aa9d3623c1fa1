#pragma once

#include <optional>
#include <string>
#include <vector>

// One row per configuration: every trial as a dot, their mean as a line, one standard deviation to
// both sides as a band. Shows at a glance whether a difference is larger than the seeds'.

namespace tutti::report {

struct DotRow {
  std::string name;
  std::vector<double> values;         // dots; what is not finite is left out
  std::vector<std::string> titles;    // one per value, or empty
  std::vector<std::string> sources;   // one per value, or empty
  std::optional<double> mean, deviation;
  std::string source;                 // of mean and deviation
  bool highlighted = false;
};

struct DotPlotSpec {
  std::string aria_label;
  std::string x_label;
  std::vector<DotRow> rows;           // from the top
  double width = 900;
};

std::string DotPlot(const DotPlotSpec& spec);

}  // namespace tutti::report
