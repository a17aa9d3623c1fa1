#include <algorithm>
#include <cmath>
#include <map>

#include "dashboards/report/leaderboard.h"
#include "dashboards/report/line_chart.h"
#include "dashboards/report/sections.h"
#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

constexpr std::size_t kMaxTrialsDrawn = 64;
constexpr std::size_t kMaxPoints = 200;        // of a curve
constexpr std::size_t kMaxPointTitles = 400;   // of a chart
constexpr int kColoredConfigurations = 7;

const EpochCurve* FindCurve(const TrialData& trial, const std::string& split,
                            const std::string& name) {
  for (const EpochCurve& curve : trial.curves) {
    if (curve.split == split && curve.name == name) return &curve;
  }
  return nullptr;
}

// At most kMaxPoints of them, evenly, the last one included.
std::vector<Point> PointsOf(const EpochCurve& curve) {
  std::vector<Point> points;
  const std::size_t n = curve.points.size();
  const std::size_t kept = std::min(n, kMaxPoints);
  for (std::size_t k = 0; k < kept; ++k) {
    const std::size_t i = kept < 2 ? 0 : k * (n - 1) / (kept - 1);
    points.push_back({static_cast<double>(curve.points[i].epoch), curve.points[i].value, "", ""});
  }
  return points;
}

void AddPointTitles(LineChartSpec& spec) {
  std::size_t total = 0;
  for (const Series& series : spec.series) total += series.points.size();
  if (total > kMaxPointTitles) return;
  for (Series& series : spec.series) {
    for (Point& point : series.points) {
      point.title = series.name + ", epoch " + std::to_string(static_cast<std::int64_t>(point.x)) +
                    ": " + FormatMetric(point.y);
      point.source = series.source;
    }
  }
}

Axis EpochAxis() {
  Axis x;
  x.label = "epoch";
  x.range = kFromData;
  x.whole_numbers = true;
  return x;
}

struct Panel {
  std::string split, name;
};

std::string PanelTitle(const Panel& panel) {
  std::string split = panel.split;
  split[0] = static_cast<char>(split[0] - 'a' + 'A');
  return split + " " + MetricLabel(panel.name);
}

// One metric of all trials: a colour per configuration, the best trial on top.
std::optional<Chart> PanelOf(const ReportData& data, const Panel& panel,
                             const std::map<std::int64_t, int>& colors,
                             const std::map<std::int64_t, std::string>& names) {
  LineChartSpec spec;
  spec.aria_label = PanelTitle(panel) + " by epoch, one line per trial";
  spec.x = EpochAxis();
  spec.y.range = kFromData;
  const TrialData* best = BestTrial(data);
  std::map<int, bool> named;
  std::size_t drawn = 0;
  for (const TrialData& trial : data.trials) {
    if (drawn == kMaxTrialsDrawn) break;
    const EpochCurve* curve = FindCurve(trial, panel.split, panel.name);
    if (curve == nullptr) continue;
    ++drawn;
    Series series;
    series.name = trial.trial;
    series.points = PointsOf(*curve);
    const auto color = colors.find(trial.configuration_no);
    series.color = color == colors.end() ? -1 : color->second;
    series.bold = &trial == best;
    series.in_legend = false;
    series.source = "epochs " + trial.trial + " " + panel.split + " " + panel.name;
    spec.series.push_back(std::move(series));
    named[spec.series.back().color] = true;
  }
  if (drawn == 0) return std::nullopt;
  AddPointTitles(spec);
  for (const auto& [number, color] : colors) {
    if (!named[color] || colors.size() < 2) continue;
    Series entry;  // a legend entry without a line
    entry.name = names.at(number);
    entry.color = color;
    spec.series.push_back(std::move(entry));
  }
  if (named[-1] && !colors.empty()) {
    Series entry;
    entry.name = "other configurations";
    entry.color = -1;
    spec.series.push_back(std::move(entry));
  }
  Chart chart{panel.split + "-" + panel.name, PanelTitle(panel), LineChart(spec), "", false, 0};
  if (data.trials.size() > drawn && drawn == kMaxTrialsDrawn) {
    chart.note = "The best " + std::to_string(drawn) + " of " +
                 std::to_string(data.trials.size()) + " trials.";
  }
  return chart;
}

// Train and validation of one trial in one chart: where they part, it overfits.
std::optional<Chart> BestTrialChart(const TrialData& trial, const std::string& name) {
  LineChartSpec spec;
  spec.aria_label = name + " of trial " + trial.trial + " by epoch";
  spec.x = EpochAxis();
  spec.y.range = kFromData;
  int color = 0;
  for (const char* split : {"train", "validation", "test"}) {
    const EpochCurve* curve = FindCurve(trial, split, name);
    if (curve != nullptr) {
      Series series;
      series.name = split;
      series.points = PointsOf(*curve);
      series.color = color;
      series.dashed = color == 0;
      series.bold = color != 0;
      series.dots = series.points.size() <= 30;
      series.source = "epochs " + trial.trial + " " + split + " " + name;
      spec.series.push_back(std::move(series));
    }
    ++color;
  }
  if (spec.series.empty()) return std::nullopt;
  AddPointTitles(spec);
  return Chart{"best-trial-" + name, "Trial " + trial.trial + ": " + name, LineChart(spec),
               name == "loss" ? "Train loss includes dropout and augmentation; validation does not."
                              : "",
               false, 0};
}

}  // namespace

std::optional<Section> TrainingSection(const ReportData& data) {
  const TrialData* best = BestTrial(data);
  if (best == nullptr) return std::nullopt;
  Section section{"training", "Training", {}};
  for (const char* name : {"loss", "accuracy"}) {
    if (auto chart = BestTrialChart(*best, name)) section.blocks.emplace_back(std::move(*chart));
  }
  if (data.trials.size() > 1) {
    std::map<std::int64_t, int> colors;
    std::map<std::int64_t, std::string> names;
    for (const ConfigurationSummary& c : SummarizeConfigurations(data)) {
      if (static_cast<int>(colors.size()) == kColoredConfigurations) break;
      colors.emplace(c.number, static_cast<int>(colors.size()));
      names.emplace(c.number, c.label);
    }
    std::vector<Panel> panels{{"validation", "loss"}, {"validation", "accuracy"},
                              {"train", "loss"}, {"train", "accuracy"}};
    for (const Panel& panel : panels) {
      if (auto chart = PanelOf(data, panel, colors, names)) {
        section.blocks.emplace_back(std::move(*chart));
      }
    }
  }
  if (section.blocks.empty()) return std::nullopt;
  return section;
}

}  // namespace tutti::report
