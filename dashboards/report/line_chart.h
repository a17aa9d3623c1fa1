#pragma once

#include <string>
#include <vector>

#include "dashboards/report/chart_frame.h"

// Lines, steps and points over two axes: training curves, ROC, precision-recall, scatter plots.

namespace tutti::report {

struct Point {
  double x = 0, y = 0;  // what is not finite is a gap
  std::string title;    // tooltip of the point; "" = none
  std::string source;   // of a point drawn as a dot
};

// How the points of a series are joined. kStep: each y holds from the x before it up to its own
// (precision over recall, as average precision integrates it).
enum class Join { kLine, kStep, kNone };

struct Series {
  std::string name;
  std::vector<Point> points;
  int color = 0;
  Join join = Join::kLine;
  bool dashed = false;
  bool bold = false;
  bool dots = false;         // a dot at every point; kNone and lone points always have one
  bool in_legend = true;
  std::string source;        // where the points come from (README: sources)
  std::string legend_source; // of a number in the name
};

struct LineChartSpec {
  std::string aria_label;
  Axis x, y;               // a range with lo > hi is computed from the points
  std::vector<Series> series;
  bool diagonal = false;   // a thin line from the lower left to the upper right corner
  double width = 440;
  double height = 220;     // of the plot area
};

inline constexpr Range kFromData{1, 0};

std::string LineChart(const LineChartSpec& spec);

}  // namespace tutti::report
