#include <algorithm>
#include <cmath>

#include "dashboards/report/line_chart.h"
#include "dashboards/report/sections.h"
#include "dashboards/report/text.h"
#include "experiments/metrics/thinning.h"

namespace tutti::report {
namespace {

constexpr std::size_t kDrawnPoints = 160;
// With more classes only the worst are named; the others are thin grey lines.
constexpr std::size_t kNamedClasses = 10;
constexpr std::size_t kWorstClasses = 5;
constexpr std::int64_t kMicro = -1, kMacro = -2;

struct Kind {
  bool roc = true;
  const char* name() const { return roc ? "roc" : "pr"; }
  const char* area() const { return roc ? "AUC" : "AP"; }
  Integration integration() const { return roc ? Integration::kTrapezoid : Integration::kStep; }
};

std::optional<double> AreaOf(const EvaluationMetrics& m, std::int64_t class_index, Kind kind) {
  if (class_index == kMicro) return kind.roc ? m.micro_auc : m.micro_ap;
  if (class_index == kMacro) return kind.roc ? m.macro_auc : m.macro_ap;
  const ClassMetrics& c = m.per_class[static_cast<std::size_t>(class_index)];
  return kind.roc ? c.auc : c.average_precision;
}

std::string AreaName(std::int64_t class_index, Kind kind) {
  const std::string area = kind.roc ? "auc" : "ap";
  if (class_index == kMicro) return "micro_" + area;
  if (class_index == kMacro) return "macro_" + area;
  return "class " + std::to_string(class_index) + " " + area;
}

// Classes drawn in colour, by number: all of a few, the worst of many.
std::vector<std::int64_t> NamedClasses(const EvaluationMetrics& m, Kind kind) {
  std::vector<std::int64_t> order;
  for (const ClassMetrics& c : m.per_class) {
    if (AreaOf(m, c.class_index, kind)) order.push_back(c.class_index);
  }
  if (order.size() <= kNamedClasses) return order;
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return *AreaOf(m, a, kind) < *AreaOf(m, b, kind);
  });
  order.resize(kWorstClasses);
  return order;
}

Series SeriesOf(const EvaluatedSplit& e, const Curve& curve, Kind kind,
                const std::vector<std::int64_t>& named) {
  Series series;
  const std::int64_t k = curve.class_index;
  const std::string evaluation = "evaluation " + std::to_string(e.evaluation_id) + " ";
  series.source = evaluation + kind.name() + " " + std::to_string(k);
  series.join = kind.roc ? Join::kLine : Join::kStep;
  const std::string label = k == kMicro   ? "micro"
                            : k == kMacro ? "macro"
                            : static_cast<std::size_t>(k) < e.labels.size()
                                ? e.labels[static_cast<std::size_t>(k)]
                                : std::to_string(k);
  const auto area = AreaOf(e.metrics, k, kind);
  series.name = label + "  " + kind.area() + " " + FormatMetric(area);
  series.legend_source = area ? evaluation + AreaName(k, kind) : "";
  const auto place = std::find(named.begin(), named.end(), k);
  if (k < 0) {
    series.bold = true;
    series.color = k == kMicro ? 0 : 1;
  } else if (place == named.end()) {
    series.color = -1;
    series.in_legend = false;
  } else {
    const auto i = static_cast<int>(place - named.begin());
    series.color = 2 + i % (kColors - 2);
    series.dashed = i >= kColors - 2;
  }
  for (const CurvePoint& p : ThinCurve(curve.points, kind.integration(), kDrawnPoints)) {
    series.points.push_back({p.x, p.y, "", ""});
  }
  return series;
}

std::vector<Series> AllSeries(const EvaluatedSplit& e, Kind kind) {
  const std::vector<Curve>& curves = kind.roc ? e.metrics.roc : e.metrics.pr;
  const auto named = NamedClasses(e.metrics, kind);
  std::vector<Series> all;
  for (const bool averages : {true, false}) {  // averages first in the legend
    for (const Curve& curve : curves) {
      if ((curve.class_index < 0) == averages && !curve.points.empty()) {
        all.push_back(SeriesOf(e, curve, kind, named));
      }
    }
  }
  return all;
}

std::string NamingNote(const EvaluatedSplit& e) {
  return e.metrics.per_class.size() > kNamedClasses
             ? "The " + std::to_string(kWorstClasses) +
                   " classes with the smallest area are named; the others are grey."
             : "";
}

Axis Share(const std::string& label) {
  Axis axis;
  axis.label = label;
  axis.range = {0, 1};
  return axis;
}

Chart RocChart(const EvaluatedSplit& e) {
  LineChartSpec spec;
  spec.aria_label = "ROC curves of " + e.checkpoint + " on " + e.split;
  spec.x = Share("false positive rate");
  spec.y = Share("true positive rate");
  spec.diagonal = true;
  spec.height = 360;
  spec.series = AllSeries(e, {true});
  return {"roc", "ROC", LineChart(spec), NamingNote(e), false, 0};
}

// Good models hug the corner: the same curves with a logarithmic axis show how they differ.
Chart RocCorner(const EvaluatedSplit& e) {
  LineChartSpec spec;
  spec.aria_label = "ROC curves of " + e.checkpoint + " on " + e.split +
                    ", false positive rate logarithmic";
  spec.x = Share("false positive rate (logarithmic)");
  spec.x.logarithmic = true;
  double smallest = 0.1;
  spec.series = AllSeries(e, {true});
  double lowest = 1;
  for (Series& series : spec.series) {
    double before = 0;  // a curve enters at the height it has left of the axis
    std::vector<Point> shown;
    for (const Point& p : series.points) {
      if (p.x > 0) {
        if (shown.empty()) lowest = std::min(lowest, before);
        smallest = std::min(smallest, p.x);
        shown.push_back(p);
      } else {
        before = p.y;
      }
    }
    series.points = std::move(shown);
    series.source += " log";
  }
  spec.x.range = {std::pow(10.0, std::floor(std::log10(smallest) + 1e-9)), 1};
  for (Series& series : spec.series) series.in_legend = false;
  spec.y = Share("true positive rate");
  for (const Series& series : spec.series) {
    for (const Point& p : series.points) lowest = std::min(lowest, p.y);
  }
  spec.y.range = {std::min(std::floor(lowest * 10) / 10, 0.9), 1};
  spec.height = 360;
  return {"roc-corner", "ROC, close to the corner", LineChart(spec),
          "The same curves from their first false positive on; colours as in the chart before.",
          false, 0};
}

Chart PrChart(const EvaluatedSplit& e) {
  LineChartSpec spec;
  spec.aria_label = "precision-recall curves of " + e.checkpoint + " on " + e.split;
  spec.x = Share("recall");
  spec.y = Share("precision");
  spec.height = 360;
  spec.series = AllSeries(e, {false});
  std::string note = NamingNote(e);
  const auto macro = AreaOf(e.metrics, kMacro, {false});
  if (macro) {
    note += (note.empty() ? "" : " ");
    note += "There is no macro curve of precision; the macro AP is in the table above.";
  }
  return {"precision-recall", "Precision and recall", LineChart(spec), note, false, 0};
}

}  // namespace

std::optional<Section> CurvesSection(const ReportData& data) {
  const EvaluatedSplit* e = ShownEvaluation(data);
  if (e == nullptr || (e->metrics.roc.empty() && e->metrics.pr.empty())) return std::nullopt;
  Section section{"curves", "ROC and precision-recall", {}};
  if (!e->metrics.roc.empty()) {
    section.blocks.emplace_back(RocChart(*e));
    section.blocks.emplace_back(RocCorner(*e));
  }
  if (!e->metrics.pr.empty()) section.blocks.emplace_back(PrChart(*e));
  return section;
}

}  // namespace tutti::report
