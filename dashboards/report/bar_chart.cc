#include "dashboards/report/bar_chart.h"

#include <algorithm>
#include <cmath>

#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

std::size_t SlotCount(const BarChartSpec& spec) {
  std::size_t n = spec.categories.size();
  for (const Bars& bars : spec.series) n = std::max(n, bars.bars.size());
  return std::max<std::size_t>(n, 1);
}

double ValueOf(const Bars& bars, std::size_t slot) {
  if (slot >= bars.bars.size()) return 0;
  const double v = bars.bars[slot].value;
  return std::isfinite(v) && v > 0 ? v : 0;
}

double LargestBar(const BarChartSpec& spec) {
  double largest = 0;
  for (std::size_t slot = 0; slot < SlotCount(spec); ++slot) {
    double sum = 0;
    for (const Bars& bars : spec.series) {
      const double v = ValueOf(bars, slot);
      sum = spec.stacked ? sum + v : std::max(sum, v);
    }
    largest = std::max(largest, sum);
  }
  return largest > 0 ? largest : 1;
}

Axis XAxis(const BarChartSpec& spec, std::size_t slots) {
  Axis x;
  x.label = spec.x_label;
  if (spec.categories.empty()) {
    x.range = spec.bins;
    return x;
  }
  x.range = {0, static_cast<double>(slots)};
  for (std::size_t i = 0; i < slots; ++i) {
    x.ticks.emplace_back(static_cast<double>(i) + 0.5, Shorten(spec.categories[i], 10));
  }
  return x;
}

void DrawBar(ChartFrame& frame, const Bars& bars, std::size_t slot, double x, double width,
             double from, double to) {
  const Bar& bar = bars.bars[slot];
  const double top = frame.Y(to);
  frame.svg().Titled("rect", {{"class", "bar " + ColorClass(bars.color) +
                                        (bar.faint ? " faint" : "")},
                              {"data-q", bar.source},
                              {"x", Coordinate(x)}, {"y", Coordinate(top)},
                              {"width", Fixed(std::max(width, 0.3), 2)},
                              {"height", Fixed(std::max(frame.Y(from) - top, 0.5), 2)}},
                     bar.title);
}

}  // namespace

std::string BarChart(const BarChartSpec& spec) {
  const std::size_t slots = SlotCount(spec);
  Axis y;
  y.label = spec.y_label;
  y.range = spec.y_max > 0 ? Range{0, spec.y_max} : Rounded({0, LargestBar(spec)}, 5);
  std::vector<LegendEntry> legend;
  if (spec.series.size() > 1) {
    for (const Bars& b : spec.series) legend.push_back({b.name, b.color, false, true, ""});
  }
  ChartFrame frame(spec.aria_label, spec.width, spec.height, XAxis(spec, slots), y, legend);
  const double slot_width = (frame.right() - frame.left()) / static_cast<double>(slots);
  const double inner = slot_width * (spec.categories.empty() ? 0.94 : 0.8);
  const auto side_by_side = static_cast<double>(std::max<std::size_t>(spec.series.size(), 1));
  const double each = spec.stacked ? inner : inner / side_by_side;
  for (std::size_t slot = 0; slot < slots; ++slot) {
    double x = frame.left() + slot_width * static_cast<double>(slot) + (slot_width - inner) / 2;
    double base = 0;
    for (const Bars& bars : spec.series) {
      const double value = ValueOf(bars, slot);
      if (value > 0) DrawBar(frame, bars, slot, x, each, base, base + value);
      if (spec.stacked) {
        base += value;
      } else {
        x += each;
      }
    }
  }
  if (spec.diagonal) {
    frame.svg().Leaf("line", {{"class", "diagonal"}, {"x1", Coordinate(frame.left())},
                              {"y1", Coordinate(frame.Y(0))}, {"x2", Coordinate(frame.right())},
                              {"y2", Coordinate(frame.Y(y.range.hi))}});
  }
  return frame.Take();
}

}  // namespace tutti::report
