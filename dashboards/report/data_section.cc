#include <algorithm>

#include "dashboards/report/bar_chart.h"
#include "dashboards/report/sections.h"
#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

constexpr std::size_t kIntensityBins = 32;  // of 256 pixel values

int ColorOf(const std::string& split) {
  return split == "train" ? 0 : split == "validation" ? 1 : 2;
}

// Shares, so that splits of different sizes can be compared; the tooltips have the counts.
Chart ClassDistribution(const std::vector<SplitStatistics>& splits) {
  BarChartSpec spec;
  spec.aria_label = "class distribution of each split";
  spec.x_label = "class";
  spec.y_label = "% of the split";
  std::size_t classes = 0;
  for (const SplitStatistics& s : splits) {
    if (s.labels.size() > spec.categories.size()) spec.categories = s.labels;
    classes = std::max(classes, s.class_counts.size());
    Bars bars{s.split, ColorOf(s.split), {}};
    std::int64_t labelled = 0;
    for (const std::int64_t n : s.class_counts) labelled += n;
    for (std::size_t k = 0; k < s.class_counts.size(); ++k) {
      const double share = labelled == 0 ? 0
                                         : 100 * static_cast<double>(s.class_counts[k]) /
                                               static_cast<double>(labelled);
      const std::string label = k < s.labels.size() ? s.labels[k] : std::to_string(k);
      bars.bars.push_back({share,
                           s.split + ", class " + label + ": " + FormatCount(s.class_counts[k]) +
                               " (" + Fixed(share, 2) + " %)",
                           "statistics " + s.split + " class " + std::to_string(k), false});
    }
    spec.series.push_back(std::move(bars));
  }
  const bool wide = classes > 14;
  spec.width = wide ? 900 : 440;
  return {"class-distribution", "Class distribution", BarChart(spec), "", wide,
          wide ? 700.0 : 0.0};
}

Chart IntensityDistribution(const std::vector<SplitStatistics>& splits) {
  BarChartSpec spec;
  spec.aria_label = "distribution of pixel values of each split";
  spec.x_label = "pixel value (1 to 255; 0, the background, is left out)";
  spec.y_label = "% of all pixels";
  spec.bins = {0, 256};
  std::string note;
  for (const SplitStatistics& s : splits) {
    if (s.intensity.size() != 256) continue;
    std::int64_t total = 0;
    for (const std::int64_t n : s.intensity) total += n;
    if (total == 0) continue;
    Bars bars{s.split, ColorOf(s.split), std::vector<Bar>(kIntensityBins)};
    constexpr std::size_t kWidth = 256 / kIntensityBins;
    for (std::size_t bin = 0; bin < kIntensityBins; ++bin) {
      std::int64_t n = 0;
      for (std::size_t v = bin * kWidth; v < (bin + 1) * kWidth; ++v) {
        n += v == 0 ? 0 : s.intensity[v];
      }
      const double share = 100 * static_cast<double>(n) / static_cast<double>(total);
      bars.bars[bin] = {share,
                        s.split + ", values " + std::to_string(bin == 0 ? 1 : bin * kWidth) + "–" +
                            std::to_string((bin + 1) * kWidth - 1) + ": " + Fixed(share, 3) + " %",
                        "statistics " + s.split + " intensity " + std::to_string(bin), false};
    }
    note += (note.empty() ? "Background: " : ", ") +
            Fixed(100 * static_cast<double>(s.intensity[0]) / static_cast<double>(total), 1) +
            " % of " + s.split;
    spec.series.push_back(std::move(bars));
  }
  return {"intensity-distribution", "Pixel intensities", BarChart(spec), note, false, 0};
}

Table SplitTable(const std::vector<SplitStatistics>& splits) {
  Table table;
  table.caption = "Splits";
  table.sortable = false;
  table.columns = {{"split", false, ""}, {"labelled images", true, ""},
                   {"classes", true, "with images"},
                   {"smallest class", true, "images"}, {"largest class", true, "images"}};
  for (const SplitStatistics& s : splits) {
    const std::string source = "statistics " + s.split + " ";
    std::int64_t present = 0, smallest = 0, largest = 0;
    for (const std::int64_t n : s.class_counts) {
      if (n == 0) continue;
      smallest = present == 0 ? n : std::min(smallest, n);
      largest = std::max(largest, n);
      ++present;
    }
    table.rows.push_back({{s.split, "", std::nullopt}, CountCell(s.n, source + "n"),
                          CountCell(present, source + "classes"),
                          CountCell(smallest, source + "smallest"),
                          CountCell(largest, source + "largest")});
  }
  return table;
}

}  // namespace

std::optional<Section> DataSection(const ReportData& data) {
  if (data.statistics.empty()) return std::nullopt;
  Section section{"data", "Data", {}};
  section.blocks.emplace_back(SplitTable(data.statistics));
  section.blocks.emplace_back(ClassDistribution(data.statistics));
  for (const SplitStatistics& s : data.statistics) {
    if (s.intensity.size() == 256) {
      section.blocks.emplace_back(IntensityDistribution(data.statistics));
      break;
    }
  }
  return section;
}

}  // namespace tutti::report
