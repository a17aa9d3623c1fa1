#pragma once

#include <string>
#include <vector>

#include "dashboards/report/chart_frame.h"

// Bars over categories or over bins of a range (histograms), one or several series side by side or
// stacked.

namespace tutti::report {

struct Bar {
  double value = 0;     // not finite or 0: no bar
  std::string title;    // tooltip
  std::string source;
  bool faint = false;   // rests on too little to be trusted
};

struct Bars {
  std::string name;
  int color = 0;
  std::vector<Bar> bars;  // one per category or bin
};

struct BarChartSpec {
  std::string aria_label;
  std::string x_label, y_label;
  std::vector<std::string> categories;  // empty: bins of equal width over `bins`
  Range bins{0, 1};
  std::vector<Bars> series;
  bool stacked = false;
  bool diagonal = false;   // reliability diagrams: where accuracy equals confidence
  double y_max = 0;        // 0: from the data
  double width = 440;
  double height = 220;
};

std::string BarChart(const BarChartSpec& spec);

}  // namespace tutti::report
