#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dashboards/report/scale.h"
#include "dashboards/report/xml_writer.h"

// What all charts with two axes share: size, margins, axes with ticks and grid, legend. Charts
// carry classes, not colours: `ChartStyle()` of style.h paints them, in a page (light or dark) or
// alone.

namespace tutti::report {

// Series colours are the classes c0 … c7 (colour-blind safe); -1 is muted grey.
inline constexpr int kColors = 8;
std::string ColorClass(int color);

struct Axis {
  std::string label;
  Range range;
  bool logarithmic = false;
  bool whole_numbers = false;  // no ticks between them
  // Ticks given instead of computed ones: value and text.
  std::vector<std::pair<double, std::string>> ticks;
};

struct LegendEntry {
  std::string name;
  int color = 0;
  bool dashed = false;
  bool dot = false;    // a dot instead of a line
  std::string source;  // of a number in the name
};

// Width of 12-unit text, roughly.
double TextWidth(std::string_view text);

class ChartFrame {
 public:
  // Draws axes and legend; what follows is drawn into the plot area.
  ChartFrame(std::string aria_label, double width, double plot_height, Axis x, Axis y,
             const std::vector<LegendEntry>& legend);

  XmlWriter& svg() { return svg_; }
  double X(double value) const { return x_scale_(value); }
  double Y(double value) const { return y_scale_(value); }
  double left() const { return left_; }
  double right() const { return right_; }
  double top() const { return top_; }
  double bottom() const { return bottom_; }

  // The finished <svg>.
  std::string Take();

 private:
  void DrawX(const Axis& axis);
  void DrawY(const Axis& axis);
  void DrawLegend(const std::vector<LegendEntry>& legend, double y);

  XmlWriter svg_;
  double width_, left_, right_, top_, bottom_;
  Scale x_scale_, y_scale_;
};

// Opens <svg role="img">: REQUIRES one Close() before Take().
void OpenSvg(XmlWriter& svg, double width, double height, const std::string& aria_label);

// Rows of a legend that wraps at `width`: where each entry stands.
struct LegendPlace {
  double x = 0;
  int row = 0;
};
std::vector<LegendPlace> LayOutLegend(const std::vector<LegendEntry>& legend, double width);

}  // namespace tutti::report
