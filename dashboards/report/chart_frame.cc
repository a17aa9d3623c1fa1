#include "dashboards/report/chart_frame.h"

#include <algorithm>
#include <cmath>

#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

constexpr double kLegendRow = 18;
constexpr std::size_t kLegendText = 44;

struct Ticks {
  std::vector<double> values;
  std::vector<std::string> labels;
};

Ticks TicksOf(const Axis& axis, int count) {
  Ticks ticks;
  if (!axis.ticks.empty()) {
    for (const auto& [value, label] : axis.ticks) {
      ticks.values.push_back(value);
      ticks.labels.push_back(label);
    }
    return ticks;
  }
  ticks.values = axis.logarithmic ? LogTicks(axis.range.lo, axis.range.hi)
                                  : NiceTicks(axis.range.lo, axis.range.hi, count);
  if (axis.whole_numbers) {
    std::erase_if(ticks.values, [](double v) { return v != std::floor(v); });
  }
  ticks.labels = TickLabels(ticks.values);
  return ticks;
}

double WidestLabel(const Axis& axis, int count) {
  double width = 0;
  for (const std::string& label : TicksOf(axis, count).labels) {
    width = std::max(width, TextWidth(label));
  }
  return width;
}

constexpr int kXTicks = 6;
constexpr int kYTicks = 5;

}  // namespace

std::string ColorClass(int color) {
  return color < 0 ? "cm" : "c" + std::to_string(color % kColors);
}

double TextWidth(std::string_view text) { return 7.0 * static_cast<double>(TextLength(text)); }

void OpenSvg(XmlWriter& svg, double width, double height, const std::string& aria_label) {
  svg.Open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                   {"class", "chart"},
                   {"viewBox", "0 0 " + Coordinate(width) + " " + Coordinate(height)},
                   {"role", "img"},
                   {"aria-label", aria_label}});
}

std::vector<LegendPlace> LayOutLegend(const std::vector<LegendEntry>& legend, double width) {
  std::vector<LegendPlace> places;
  double x = 0;
  int row = 0;
  for (const LegendEntry& entry : legend) {
    const double needed = 28 + TextWidth(Shorten(entry.name, kLegendText)) + 10;
    if (x > 0 && x + needed > width) {
      x = 0;
      ++row;
    }
    places.push_back({x, row});
    x += needed;
  }
  return places;
}

ChartFrame::ChartFrame(std::string aria_label, double width, double plot_height, Axis x, Axis y,
                       const std::vector<LegendEntry>& legend)
    : width_(width) {
  left_ = std::max(34.0, WidestLabel(y, kYTicks) + 12) + (y.label.empty() ? 0 : 16);
  right_ = width - 22;
  top_ = 10;
  bottom_ = top_ + plot_height;
  x_scale_ = {x.range.lo, x.range.hi, left_, right_, x.logarithmic};
  y_scale_ = {y.range.lo, y.range.hi, bottom_, top_, y.logarithmic};
  const auto places = LayOutLegend(legend, width - 16);
  const double below = 20 + (x.label.empty() ? 0 : 18);
  const double legend_height = legend.empty() ? 0 : 8 + kLegendRow * (places.back().row + 1);
  OpenSvg(svg_, width, bottom_ + below + legend_height, aria_label);
  DrawX(x);
  DrawY(y);
  DrawLegend(legend, bottom_ + below + 14);
}

void ChartFrame::DrawX(const Axis& axis) {
  Ticks ticks = TicksOf(axis, kXTicks);
  // Labels that would touch are left out; their ticks stay.
  double free_from = -1e9;
  for (std::size_t i = 0; i < ticks.values.size(); ++i) {
    const double x = X(ticks.values[i]);
    svg_.Leaf("line", {{"class", "tick"}, {"x1", Coordinate(x)}, {"x2", Coordinate(x)},
                       {"y1", Coordinate(bottom_)}, {"y2", Coordinate(bottom_ + 4)}});
    const double half = TextWidth(ticks.labels[i]) / 2;
    if (x - half < free_from) continue;
    free_from = x + half + 6;
    svg_.Leaf("text", {{"class", "t"}, {"text-anchor", "middle"}, {"x", Coordinate(x)},
                       {"y", Coordinate(bottom_ + 17)}}, ticks.labels[i]);
  }
  svg_.Leaf("line", {{"class", "axis"}, {"x1", Coordinate(left_)}, {"x2", Coordinate(right_)},
                     {"y1", Coordinate(bottom_)}, {"y2", Coordinate(bottom_)}});
  if (axis.label.empty()) return;
  svg_.Leaf("text", {{"class", "l"}, {"text-anchor", "middle"},
                     {"x", Coordinate((left_ + right_) / 2)}, {"y", Coordinate(bottom_ + 34)}},
            axis.label);
}

void ChartFrame::DrawY(const Axis& axis) {
  const Ticks ticks = TicksOf(axis, kYTicks);
  for (std::size_t i = 0; i < ticks.values.size(); ++i) {
    const double y = Y(ticks.values[i]);
    svg_.Leaf("line", {{"class", "grid"}, {"x1", Coordinate(left_)}, {"x2", Coordinate(right_)},
                       {"y1", Coordinate(y)}, {"y2", Coordinate(y)}});
    svg_.Leaf("text", {{"class", "t"}, {"text-anchor", "end"}, {"x", Coordinate(left_ - 6)},
                       {"y", Coordinate(y + 4)}}, ticks.labels[i]);
  }
  if (axis.label.empty()) return;
  const std::string middle = Coordinate((top_ + bottom_) / 2);
  svg_.Leaf("text", {{"class", "l"}, {"text-anchor", "middle"}, {"x", "12"}, {"y", middle},
                     {"transform", "rotate(-90 12 " + middle + ")"}}, axis.label);
}

void ChartFrame::DrawLegend(const std::vector<LegendEntry>& legend, double y) {
  const auto places = LayOutLegend(legend, width_ - 16);
  for (std::size_t i = 0; i < legend.size(); ++i) {
    const double x = 8 + places[i].x;
    const double at = y + kLegendRow * places[i].row;
    if (legend[i].dot) {
      svg_.Leaf("circle", {{"class", "dot " + ColorClass(legend[i].color)},
                           {"cx", Coordinate(x + 10)}, {"cy", Coordinate(at - 4)}, {"r", "4"}});
    } else {
      svg_.Leaf("line", {{"class", "line " + ColorClass(legend[i].color) +
                                       (legend[i].dashed ? " dash" : "")},
                         {"x1", Coordinate(x)}, {"x2", Coordinate(x + 20)},
                         {"y1", Coordinate(at - 4)}, {"y2", Coordinate(at - 4)}});
    }
    const std::string text = Shorten(legend[i].name, kLegendText);
    svg_.Open("text", {{"class", "l"}, {"data-q", legend[i].source},
                       {"x", Coordinate(x + 26)}, {"y", Coordinate(at)}});
    svg_.Text(text);
    if (text != legend[i].name) svg_.Leaf("title", {}, legend[i].name);
    svg_.Close();
  }
}

std::string ChartFrame::Take() {
  svg_.Close();
  return svg_.Take();
}

}  // namespace tutti::report
