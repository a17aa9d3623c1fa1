#pragma once

#include <cstdint>
#include <string>
#include <vector>

// A matrix of counts, true class against predicted class: shades, with the numbers written into the
// cells where they fit. Right answers (the diagonal) and mistakes have a hue each.

namespace tutti::report {

struct HeatMapSpec {
  std::string aria_label;
  std::vector<std::string> labels;    // one per class
  std::vector<std::int64_t> counts;   // n x n, row = true class
  bool normalized = false;            // cells show the share of their row instead of counts
  std::string source;                 // of a cell: this and " TRUE PREDICTED" (class numbers)
  std::string row_label = "true";
  std::string column_label = "predicted";
};

// REQUIRES: counts.size() == labels.size() squared (CHECK).
std::string HeatMap(const HeatMapSpec& spec);

// Its width in units of the drawing: with more classes than fit a narrow page it is scrolled.
double HeatMapWidth(std::size_t classes);

// A symmetric matrix of shares in [0, 1], or NaN = empty: disagreement of ensemble members.
struct ShareMatrixSpec {
  std::string aria_label;
  std::vector<std::string> labels;
  std::vector<double> shares;          // n x n
  std::string source;                  // of a cell: this and " ROW COLUMN" (positions)
};
std::string ShareMatrix(const ShareMatrixSpec& spec);

}  // namespace tutti::report
