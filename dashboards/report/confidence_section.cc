#include <cmath>

#include "dashboards/report/bar_chart.h"
#include "dashboards/report/predictions.h"
#include "dashboards/report/sections.h"
#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

constexpr std::int64_t kFewItems = 10;

std::string BinText(std::size_t bin) {
  return Fixed(static_cast<double>(bin) / kConfidenceBins, 2) + "–" +
         Fixed(static_cast<double>(bin + 1) / kConfidenceBins, 2);
}

Chart Reliability(const EvaluatedSplit& e, const ConfidenceBins& bins) {
  const std::string evaluation = "evaluation " + std::to_string(e.evaluation_id) + " ";
  Bars accuracy{"accuracy", 0, {}};
  for (std::size_t bin = 0; bin < kConfidenceBins; ++bin) {
    const std::int64_t n = bins.Count(bin);
    if (n == 0) {
      accuracy.bars.push_back({});
      continue;
    }
    const double share = static_cast<double>(bins.right[bin]) / static_cast<double>(n);
    accuracy.bars.push_back(
        {share,
         "confidence " + BinText(bin) + ": " + Fixed(100 * share, 1) +
             " % right, mean confidence " +
             Fixed(100 * bins.confidence_sum[bin] / static_cast<double>(n), 1) + " %, " +
             Plural(n, "item"),
         evaluation + "bin " + std::to_string(bin) + " accuracy", n < kFewItems});
  }
  BarChartSpec spec;
  spec.aria_label = "reliability diagram of " + e.checkpoint + " on " + e.split;
  spec.x_label = "confidence (largest probability)";
  spec.y_label = "accuracy";
  spec.y_max = 1;
  spec.diagonal = true;
  spec.height = 260;
  spec.series.push_back(std::move(accuracy));
  return {"calibration", "Calibration", BarChart(spec),
          "Bars above the dashed line: the model is right more often than it believes; below: it "
          "is too sure. Pale bars rest on fewer than 10 items.",
          false, 0};
}

Bars Counted(const EvaluatedSplit& e, const std::string& name, int color,
             const std::array<std::int64_t, kConfidenceBins>& counts) {
  Bars bars{name, color, {}};
  for (std::size_t bin = 0; bin < kConfidenceBins; ++bin) {
    bars.bars.push_back({static_cast<double>(counts[bin]),
                         name + ", confidence " + BinText(bin) + ": " + FormatCount(counts[bin]),
                         "evaluation " + std::to_string(e.evaluation_id) + " bin " +
                             std::to_string(bin) + " " + name,
                         false});
  }
  return bars;
}

Chart Histogram(const EvaluatedSplit& e, const std::string& name, int color,
                const std::array<std::int64_t, kConfidenceBins>& counts) {
  std::int64_t total = 0;
  for (const std::int64_t n : counts) total += n;
  BarChartSpec spec;
  spec.aria_label = "confidence of the " + name + " answers of " + e.checkpoint + " on " + e.split;
  spec.x_label = "confidence (largest probability)";
  spec.y_label = "items";
  spec.height = 260;
  spec.series.push_back(Counted(e, name, color, counts));
  return {"confidence-" + name,
          "Confidence where it is " + name + " (" + Plural(total, "item") + ")", BarChart(spec),
          "", false, 0};
}

}  // namespace

std::optional<Section> ConfidenceSection(const ReportData& data) {
  const EvaluatedSplit* e = ShownEvaluation(data);
  if (e == nullptr || e->predictions.labels.empty()) return std::nullopt;
  const auto predictions = Predict(e->predictions, e->metrics.classes);
  const ConfidenceBins bins = BinConfidence(predictions);
  Section section{"confidence", "Confidence", {}};
  Paragraph p;
  const std::string evaluation = "evaluation " + std::to_string(e->evaluation_id) + " ";
  p.spans = {Plain("Expected calibration error on " + e->split + ": "),
             Number(FormatMetric(e->metrics.ece), evaluation + "ece"), Plain("; Brier score "),
             Number(FormatMetric(e->metrics.brier), evaluation + "brier"), Plain(".")};
  section.blocks.emplace_back(std::move(p));
  section.blocks.emplace_back(Reliability(*e, bins));
  section.blocks.emplace_back(Histogram(*e, "right", 0, bins.right));
  section.blocks.emplace_back(Histogram(*e, "wrong", 1, bins.wrong));
  return section;
}

}  // namespace tutti::report
