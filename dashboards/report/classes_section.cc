#include <algorithm>

#include "dashboards/report/heat_map.h"
#include "dashboards/report/sections.h"
#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

constexpr std::size_t kConfusedPairs = 12;

std::string Source(const EvaluatedSplit& e, const std::string& what) {
  return "evaluation " + std::to_string(e.evaluation_id) + " " + what;
}

Table SummaryTable(const ReportData& data) {
  Table table;
  table.caption = "Evaluations of the best checkpoint";
  table.sortable = false;
  table.columns = {{"split", false, ""}, {"checkpoint", false, ""}, {"n", true, "items"},
                   {"accuracy", true, ""}, {"loss", true, "mean negative log-likelihood"},
                   {"macro F1", true, ""}, {"macro AUC", true, "mean of the classes' AUC"},
                   {"macro AP", true, "mean of the classes' average precision"},
                   {"ECE", true, "expected calibration error, 15 bins"},
                   {"Brier", true, "sum over classes, mean over items"}};
  for (const EvaluatedSplit& e : data.evaluations) {
    const EvaluationMetrics& m = e.metrics;
    const bool measured = !m.per_class.empty();
    const auto number = [&](std::optional<double> value, const char* name) {
      return measured ? NumberCell(value, Source(e, name)) : Cell{"–", "", std::nullopt};
    };
    table.rows.push_back(
        {{e.dataset.empty() ? e.split : e.dataset + " " + e.split, "", std::nullopt},
         {e.checkpoint, "", std::nullopt},
         CountCell(m.n, Source(e, "n")),
         number(m.accuracy, "accuracy"), number(m.loss, "loss"), number(m.macro_f1, "macro_f1"),
         number(m.macro_auc, "macro_auc"), number(m.macro_ap, "macro_ap"), number(m.ece, "ece"),
         number(m.brier, "brier")});
  }
  return table;
}

Table ClassTable(const EvaluatedSplit& e) {
  Table table;
  table.caption = "Per class, " + e.split;
  table.columns = {{"class", false, ""},
                   {"precision", true, "share right of what was called this class"},
                   {"recall", true, "share found of this class: its accuracy"},
                   {"F1", true, "harmonic mean of precision and recall"},
                   {"support", true, "items of this class"},
                   {"AUC", true, "area under ROC, one against the rest"},
                   {"AP", true, "average precision"}};
  for (const ClassMetrics& c : e.metrics.per_class) {
    const auto k = static_cast<std::size_t>(c.class_index);
    const std::string source = Source(e, "class " + std::to_string(c.class_index) + " ");
    table.rows.push_back({{k < e.labels.size() ? e.labels[k] : std::to_string(k), "",
                           static_cast<double>(k)},
                          NumberCell(c.precision, source + "precision"),
                          NumberCell(c.recall, source + "recall"),
                          NumberCell(c.f1, source + "f1"),
                          CountCell(c.support, source + "support"),
                          NumberCell(c.auc, source + "auc"),
                          NumberCell(c.average_precision, source + "ap")});
  }
  const EvaluationMetrics& m = e.metrics;
  table.rows.push_back({{"macro", "", 1e9},
                        NumberCell(m.macro_precision, Source(e, "macro_precision")),
                        NumberCell(m.macro_recall, Source(e, "macro_recall")),
                        NumberCell(m.macro_f1, Source(e, "macro_f1")),
                        CountCell(m.n, Source(e, "n")),
                        NumberCell(m.macro_auc, Source(e, "macro_auc")),
                        NumberCell(m.macro_ap, Source(e, "macro_ap"))});
  return table;
}

Chart Confusion(const EvaluatedSplit& e, bool normalized) {
  HeatMapSpec spec;
  spec.labels = e.labels;
  spec.counts = e.metrics.confusion;
  spec.normalized = normalized;
  spec.source = Source(e, normalized ? "confusion_share" : "confusion");
  const std::string what = normalized ? "share of each true class, %" : "items";
  spec.aria_label = "confusion matrix of " + e.checkpoint + " on " + e.split + ", " + what;
  Chart chart;
  chart.name = normalized ? "confusion-normalized" : "confusion";
  chart.title = normalized ? "Confusion, % of the true class" : "Confusion, items";
  chart.svg = HeatMap(spec);
  const bool large = e.labels.size() > 40;
  chart.wide = large;
  chart.min_width = e.labels.size() > 20 ? HeatMapWidth(e.labels.size()) * 0.8 : 0;
  chart.note = "Row: true class; column: prediction. Blue is right, orange is wrong.";
  return chart;
}

std::optional<Table> ConfusedPairs(const EvaluatedSplit& e) {
  struct Pair {
    std::size_t truth, predicted;
    std::int64_t n;
  };
  const std::size_t k = e.labels.size();
  std::vector<Pair> pairs;
  for (std::size_t t = 0; t < k; ++t) {
    for (std::size_t p = 0; p < k; ++p) {
      const std::int64_t n = e.metrics.confusion[t * k + p];
      if (t != p && n > 0) pairs.push_back({t, p, n});
    }
  }
  if (pairs.empty()) return std::nullopt;
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.n > b.n; });
  if (pairs.size() > kConfusedPairs) pairs.resize(kConfusedPairs);
  Table table;
  table.caption = "Most frequent mistakes";
  table.columns = {{"true", false, ""}, {"predicted", false, ""}, {"items", true, ""},
                   {"of the class", true, "share of the true class"}};
  for (const Pair& pair : pairs) {
    std::int64_t support = 0;
    for (std::size_t p = 0; p < k; ++p) support += e.metrics.confusion[pair.truth * k + p];
    const double share = static_cast<double>(pair.n) / static_cast<double>(support);
    const std::string at = std::to_string(pair.truth) + " " + std::to_string(pair.predicted);
    table.rows.push_back({{e.labels[pair.truth], "", std::nullopt},
                          {e.labels[pair.predicted], "", std::nullopt},
                          CountCell(pair.n, Source(e, "confusion " + at)),
                          {Fixed(100 * share, 1) + " %", Source(e, "confusion_share " + at),
                           share}});
  }
  return table;
}

}  // namespace

std::optional<Section> ClassesSection(const ReportData& data) {
  if (data.evaluations.empty()) return std::nullopt;
  const EvaluatedSplit* e = ShownEvaluation(data);
  const TrialData* best = BestTrial(data);
  const std::string which = data.trials.size() > 1 ? "Best trial" : "Trial";
  Section section{"classes", best == nullptr ? which : which + " " + best->trial, {}};
  section.blocks.emplace_back(SummaryTable(data));
  if (e == nullptr) return section;
  section.blocks.emplace_back(ClassTable(*e));
  const std::size_t k = e->labels.size();
  if (k > 0 && e->metrics.confusion.size() == k * k) {
    section.blocks.emplace_back(Confusion(*e, false));
    section.blocks.emplace_back(Confusion(*e, true));
    if (auto pairs = ConfusedPairs(*e)) section.blocks.emplace_back(std::move(*pairs));
  }
  return section;
}

}  // namespace tutti::report
