#include "dashboards/report/dot_plot.h"

#include <algorithm>
#include <cmath>

#include "dashboards/report/chart_frame.h"
#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

constexpr double kRow = 36;

Range RangeOfRows(const std::vector<DotRow>& rows) {
  std::vector<double> all;
  for (const DotRow& row : rows) {
    all.insert(all.end(), row.values.begin(), row.values.end());
    if (!row.mean) continue;
    all.push_back(*row.mean - row.deviation.value_or(0));
    all.push_back(*row.mean + row.deviation.value_or(0));
  }
  return Rounded(RangeOf(all), 6);
}

std::string At(const std::vector<std::string>& list, std::size_t i) {
  return i < list.size() ? list[i] : std::string();
}

// The name stands above its row, so that long names need no margin.
void DrawRow(ChartFrame& frame, const DotRow& row, double y) {
  XmlWriter& svg = frame.svg();
  svg.Open("text", {{"class", row.highlighted ? "l strong" : "l"},
                    {"x", Coordinate(frame.left() + 2)}, {"y", Coordinate(y - 9)}});
  svg.Text(Shorten(row.name, 72));
  svg.Leaf("title", {}, row.name);
  svg.Close();
  const std::string hue = row.highlighted ? "c0" : "cm";
  if (row.mean && std::isfinite(*row.mean)) {
    const double deviation = row.deviation.value_or(0);
    if (deviation > 0) {
      svg.Leaf("rect", {{"class", "band " + hue}, {"data-q", row.source},
                        {"x", Coordinate(frame.X(*row.mean - deviation))},
                        {"y", Coordinate(y - 4)},
                        {"width", Coordinate(frame.X(*row.mean + deviation) -
                                             frame.X(*row.mean - deviation))},
                        {"height", "12"}, {"rx", "3"}});
    }
    svg.Titled("line", {{"class", "line bold " + hue}, {"data-q", row.source},
                        {"x1", Coordinate(frame.X(*row.mean))},
                        {"x2", Coordinate(frame.X(*row.mean))},
                        {"y1", Coordinate(y - 5)}, {"y2", Coordinate(y + 9)}},
               "mean " + FormatMetric(*row.mean) +
                   (row.deviation ? " ± " + FormatMetric(*row.deviation) : ""));
  }
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    if (!std::isfinite(row.values[i])) continue;
    svg.Titled("circle", {{"class", "dot open " + hue}, {"data-q", At(row.sources, i)},
                          {"cx", Coordinate(frame.X(row.values[i]))}, {"cy", Coordinate(y + 2)},
                          {"r", "4"}}, At(row.titles, i));
  }
}

}  // namespace

std::string DotPlot(const DotPlotSpec& spec) {
  Axis x;
  x.label = spec.x_label;
  x.range = RangeOfRows(spec.rows);
  const double height = kRow * static_cast<double>(std::max<std::size_t>(spec.rows.size(), 1));
  Axis y;
  y.range = {0, 1};
  y.ticks = {{0, ""}};  // names stand in the rows
  ChartFrame frame(spec.aria_label, spec.width, height, x, y, {});
  for (const double tick : NiceTicks(x.range.lo, x.range.hi, 6)) {
    frame.svg().Leaf("line", {{"class", "grid"}, {"x1", Coordinate(frame.X(tick))},
                              {"x2", Coordinate(frame.X(tick))},
                              {"y1", Coordinate(frame.top())},
                              {"y2", Coordinate(frame.bottom())}});
  }
  for (std::size_t i = 0; i < spec.rows.size(); ++i) {
    DrawRow(frame, spec.rows[i], frame.top() + kRow * (static_cast<double>(i) + 0.62));
  }
  return frame.Take();
}

}  // namespace tutti::report
