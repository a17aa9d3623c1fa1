#include "dashboards/report/heat_map.h"

#include <algorithm>
#include <cmath>

#include "dashboards/report/chart_frame.h"
#include "dashboards/report/text.h"
#include "experiments/core/check.h"

namespace tutti::report {
namespace {

// Numbers are written into the cells up to this many classes.
constexpr std::size_t kWrittenClasses = 16;
constexpr std::size_t kLabelText = 12;

struct Grid {
  double left = 0, top = 0, cell = 0, side = 0, width = 0, height = 0;
};

Grid LayOut(const std::vector<std::string>& labels) {
  double widest = 0;
  for (const std::string& label : labels) {
    widest = std::max(widest, TextWidth(Shorten(label, kLabelText)));
  }
  Grid grid;
  const std::size_t n = std::max<std::size_t>(labels.size(), 1);
  grid.left = 22 + widest + 8;
  grid.top = 24 + (widest > 20 ? widest : 12);
  grid.width = HeatMapWidth(n);
  grid.cell = (grid.width - grid.left - 6) / static_cast<double>(n);
  grid.side = grid.cell * static_cast<double>(n);
  grid.height = grid.top + grid.side + 6;
  return grid;
}

void DrawLabels(XmlWriter& svg, const Grid& grid, const std::vector<std::string>& labels,
                const std::string& row_label, const std::string& column_label) {
  const bool slanted = grid.top > 36.5;
  const std::string small = grid.cell < 11 ? "t tiny" : "t";
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::string text = Shorten(labels[i], kLabelText);
    const double middle = (static_cast<double>(i) + 0.5) * grid.cell;
    svg.Leaf("text", {{"class", small}, {"text-anchor", "end"}, {"x", Coordinate(grid.left - 5)},
                      {"y", Coordinate(grid.top + middle + 4)}}, text);
    const std::string x = Coordinate(grid.left + middle + (slanted ? 4 : 0));
    const std::string y = Coordinate(grid.top - 5);
    svg.Leaf("text", {{"class", small}, {"text-anchor", slanted ? "start" : "middle"}, {"x", x},
                      {"y", y},
                      {"transform", slanted ? "rotate(-90 " + x + " " + y + ")" : ""}}, text);
  }
  svg.Leaf("text", {{"class", "l"}, {"text-anchor", "middle"},
                    {"x", Coordinate(grid.left + grid.side / 2)}, {"y", "11"}},
           column_label);
  const std::string middle = Coordinate(grid.top + grid.side / 2);
  svg.Leaf("text", {{"class", "l"}, {"text-anchor", "middle"}, {"x", "12"}, {"y", middle},
                    {"transform", "rotate(-90 12 " + middle + ")"}}, row_label);
}

struct CellLook {
  std::string hue;     // class of the fill
  double shade = 0;    // 0 … 1
  std::string text;    // written into the cell, "" = none
  std::string title;
  std::string source;
};

void DrawCell(XmlWriter& svg, const Grid& grid, std::size_t row, std::size_t column,
              const CellLook& look) {
  const double x = grid.left + static_cast<double>(column) * grid.cell;
  const double y = grid.top + static_cast<double>(row) * grid.cell;
  const std::string side = Fixed(grid.cell - (grid.cell > 12 ? 1 : 0.4), 2);
  svg.Titled("rect", {{"class", look.hue}, {"data-q", look.source}, {"x", Coordinate(x)},
                      {"y", Coordinate(y)}, {"width", side}, {"height", side},
                      {"fill-opacity", Fixed(look.shade, 2)}}, look.title);
  if (look.text.empty()) return;
  const auto characters = static_cast<double>(std::max<std::size_t>(3, TextLength(look.text)));
  const double fits = grid.cell * 1.6 / characters;
  svg.Leaf("text", {{"class", look.shade > 0.6 ? "cell on" : "cell"}, {"data-q", look.source},
                    {"text-anchor", "middle"}, {"font-size", Coordinate(std::min(12.0, fits))},
                    {"x", Coordinate(x + grid.cell / 2)}, {"y", Coordinate(y + grid.cell / 2 + 4)}},
           look.text);
}

void DrawBackground(XmlWriter& svg, const Grid& grid) {
  svg.Leaf("rect", {{"class", "plate"}, {"x", Coordinate(grid.left)}, {"y", Coordinate(grid.top)},
                    {"width", Coordinate(grid.side)}, {"height", Coordinate(grid.side)}});
}

}  // namespace

double HeatMapWidth(std::size_t classes) {
  return std::max(440.0, 60 + 14.0 * static_cast<double>(classes));
}

std::string HeatMap(const HeatMapSpec& spec) {
  const std::size_t n = spec.labels.size();
  TUTTI_CHECK(spec.counts.size() == n * n, "a confusion matrix has classes x classes cells");
  const Grid grid = LayOut(spec.labels);
  XmlWriter svg;
  OpenSvg(svg, grid.width, grid.height, spec.aria_label);
  DrawBackground(svg, grid);
  DrawLabels(svg, grid, spec.labels, spec.row_label, spec.column_label);
  for (std::size_t row = 0; row < n; ++row) {
    std::int64_t support = 0;
    for (std::size_t column = 0; column < n; ++column) support += spec.counts[row * n + column];
    for (std::size_t column = 0; column < n; ++column) {
      const std::int64_t count = spec.counts[row * n + column];
      if (count == 0) continue;
      const double share = static_cast<double>(count) / static_cast<double>(support);
      CellLook look;
      look.hue = row == column ? "right" : "wrong";
      // The square root keeps one mistake in a hundred visible.
      look.shade = std::max(0.08, row == column ? share * share : std::sqrt(share));
      look.source = spec.source + " " + std::to_string(row) + " " + std::to_string(column);
      if (n <= kWrittenClasses) {
        look.text = spec.normalized ? Fixed(100 * share, count == support ? 0 : 1)
                                    : std::to_string(count);
      }
      look.title = spec.row_label + " " + spec.labels[row] + ", " + spec.column_label + " " +
                   spec.labels[column] + ": " + FormatCount(count) + " (" +
                   Fixed(100 * share, 2) + " %)";
      DrawCell(svg, grid, row, column, look);
    }
  }
  svg.Close();
  return svg.Take();
}

std::string ShareMatrix(const ShareMatrixSpec& spec) {
  const std::size_t n = spec.labels.size();
  TUTTI_CHECK(spec.shares.size() == n * n, "a matrix of pairs has members x members cells");
  const Grid grid = LayOut(spec.labels);
  XmlWriter svg;
  OpenSvg(svg, grid.width, grid.height, spec.aria_label);
  DrawBackground(svg, grid);
  DrawLabels(svg, grid, spec.labels, "", "");
  double largest = 0;
  for (const double share : spec.shares) {
    if (std::isfinite(share)) largest = std::max(largest, share);
  }
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t column = 0; column < n; ++column) {
      const double share = spec.shares[row * n + column];
      if (!std::isfinite(share)) continue;
      CellLook look;
      look.hue = "right";
      look.shade = largest > 0 ? 0.08 + 0.72 * share / largest : 0.08;
      look.text = n <= kWrittenClasses ? Fixed(100 * share, 2) : "";
      look.title = spec.labels[row] + " and " + spec.labels[column] + ": " +
                   Fixed(100 * share, 2) + " %";
      look.source = spec.source + " " + std::to_string(row) + " " + std::to_string(column);
      DrawCell(svg, grid, row, column, look);
    }
  }
  svg.Close();
  return svg.Take();
}

}  // namespace tutti::report
