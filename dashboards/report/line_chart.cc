#include "dashboards/report/line_chart.h"

#include <cmath>

#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

Range FittedRange(const LineChartSpec& spec, bool x) {
  const Axis& axis = x ? spec.x : spec.y;
  if (axis.range.lo <= axis.range.hi) return axis.range;
  std::vector<double> values;
  for (const Series& series : spec.series) {
    for (const Point& point : series.points) {
      const double v = x ? point.x : point.y;
      if (std::isfinite(point.x) && std::isfinite(point.y) && (!axis.logarithmic || v > 0)) {
        values.push_back(v);
      }
    }
  }
  if (axis.logarithmic) {
    if (values.empty()) return {1, 10};
    const Range range = RangeOf(values);
    return {std::max(range.lo, 1e-300) / 1.3, range.hi * 1.3};
  }
  const Range range = RangeOf(values);
  return axis.whole_numbers ? range : Rounded(range, 5);
}

bool Drawable(const ChartFrame& frame, const Point& point) {
  return std::isfinite(point.x) && std::isfinite(point.y) && std::isfinite(frame.X(point.x)) &&
         std::isfinite(frame.Y(point.y));
}

// A new sub-path after every gap; a lone point has no length and needs a dot.
std::string PathOf(const ChartFrame& frame, const Series& series) {
  std::string path;
  bool pen_down = false;
  for (const Point& point : series.points) {
    if (!Drawable(frame, point)) {
      pen_down = false;
      continue;
    }
    const std::string x = Coordinate(frame.X(point.x));
    const std::string y = Coordinate(frame.Y(point.y));
    if (!pen_down) {
      path += "M" + x + " " + y;
    } else if (series.join == Join::kStep) {
      path += "V" + y + "H" + x;
    } else {
      path += "L" + x + " " + y;
    }
    pen_down = true;
  }
  return path;
}

void DrawSeries(ChartFrame& frame, const Series& series) {
  XmlWriter& svg = frame.svg();
  const std::string path = PathOf(frame, series);
  if (path.empty()) return;
  if (series.join != Join::kNone) {
    svg.Titled("path", {{"class", "line " + ColorClass(series.color) +
                                      (series.dashed ? " dash" : "") +
                                      (series.bold ? " bold" : "")},
                        {"data-q", series.source}, {"d", path}}, series.name);
  }
  const bool dots = series.dots || series.join == Join::kNone ||
                    path.find_first_of("LVH") == std::string::npos;
  for (const Point& point : series.points) {
    if (!Drawable(frame, point) || (!dots && point.title.empty())) continue;
    svg.Titled("circle", {{"class", dots ? "dot " + ColorClass(series.color) : "hit"},
                          {"data-q", point.source},
                          {"cx", Coordinate(frame.X(point.x))},
                          {"cy", Coordinate(frame.Y(point.y))},
                          {"r", !dots ? "6" : series.join == Join::kNone ? "4" : "3"}},
               point.title);
  }
}

}  // namespace

std::string LineChart(const LineChartSpec& spec) {
  Axis x = spec.x;
  Axis y = spec.y;
  x.range = FittedRange(spec, true);
  y.range = FittedRange(spec, false);
  std::vector<LegendEntry> legend;
  for (const Series& series : spec.series) {
    if (!series.in_legend || series.name.empty()) continue;
    legend.push_back({series.name, series.color, series.dashed, series.join == Join::kNone,
                      series.legend_source});
  }
  ChartFrame frame(spec.aria_label, spec.width, spec.height, x, y, legend);
  if (spec.diagonal) {
    frame.svg().Leaf("line", {{"class", "diagonal"},
                              {"x1", Coordinate(frame.X(x.range.lo))},
                              {"y1", Coordinate(frame.Y(y.range.lo))},
                              {"x2", Coordinate(frame.X(x.range.hi))},
                              {"y2", Coordinate(frame.Y(y.range.hi))}});
  }
  // Muted ones first, bold ones on top.
  for (const bool bold : {false, true}) {
    for (const Series& series : spec.series) {
      if (series.bold == bold) DrawSeries(frame, series);
    }
  }
  return frame.Take();
}

}  // namespace tutti::report
