#include "dashboards/report/picture_grid.h"
#include "dashboards/report/predictions.h"
#include "dashboards/report/sections.h"
#include "dashboards/report/text.h"

namespace tutti::report {
namespace {

std::string LabelOf(const EvaluatedSplit& e, std::int32_t k) {
  if (k < 0) return "?";
  const auto i = static_cast<std::size_t>(k);
  return i < e.labels.size() ? e.labels[i] : std::to_string(k);
}

GridCell CellOf(const ReportData& data, const EvaluatedSplit& e, const Prediction& one,
                bool mistake) {
  GridCell cell;
  const auto picture = data.pictures.by_item.find(one.item);
  if (picture != data.pictures.by_item.end()) cell.picture = picture->second;
  const std::string truth = LabelOf(e, one.true_class);
  const std::string predicted = LabelOf(e, one.predicted_class);
  cell.caption = one.right() ? predicted : truth + " → " + predicted;
  cell.number = Fixed(100 * one.p_predicted, 1) + " %";
  cell.source = "evaluation " + std::to_string(e.evaluation_id) + " item " +
                std::to_string(one.item) + " p_predicted";
  cell.title = "item " + std::to_string(one.item) + ": true " + truth + ", predicted " + predicted +
               " with p " + FormatMetric(one.p_predicted) +
               (one.right() ? "" : "; p of the true class " + FormatMetric(one.p_true));
  cell.wrong = !one.right() && !mistake;
  return cell;
}

std::optional<Chart> Grid(const ReportData& data, const EvaluatedSplit& e,
                          const std::vector<Prediction>& list, bool mistakes) {
  if (list.empty()) return std::nullopt;
  PictureGridSpec spec;
  spec.aria_label = mistakes ? "most confident mistakes on " + e.split
                             : "sample predictions on " + e.split;
  for (const Prediction& one : list) spec.cells.push_back(CellOf(data, e, one, mistakes));
  return Chart{mistakes ? "mistakes" : "samples",
               mistakes ? "Most confident mistakes" : "Sample predictions", PictureGrid(spec),
               mistakes ? "True → predicted, and how sure the model was."
                        : "Evenly spread over the split, not chosen; mistakes are framed.",
               false, 0};
}

}  // namespace

std::optional<Section> PicturesSection(const ReportData& data) {
  const EvaluatedSplit* e = ShownEvaluation(data);
  if (e == nullptr || e->predictions.labels.empty()) return std::nullopt;
  Section section{"pictures", "Pictures", {}};
  if (!data.pictures.unavailable.empty()) {
    section.blocks.emplace_back(
        Remark("The images themselves are not on this page: " + data.pictures.unavailable));
  }
  const WantedItems wanted = ChooseItems(*e);
  if (auto chart = Grid(data, *e, wanted.mistakes, true)) {
    section.blocks.emplace_back(std::move(*chart));
  }
  if (auto chart = Grid(data, *e, wanted.samples, false)) {
    section.blocks.emplace_back(std::move(*chart));
  }
  for (const ActivationLayer& layer : data.pictures.activations) {
    Chart chart;
    chart.name = "activations-" + layer.name;
    chart.title = "Activations of " + layer.name;
    chart.svg = PictureSheet("activation maps of " + layer.name, layer.sheet);
    chart.note = Plural(layer.channels, "map") + " of " + std::to_string(layer.height) + "×" +
                 std::to_string(layer.width) +
                 (layer.shown < layer.channels
                      ? ", the first " + std::to_string(layer.shown) + " shown"
                      : "") +
                 "; of the first sample, item " +
                 std::to_string(data.pictures.activation_item) +
                 "; each map from its smallest to its largest value.";
    section.blocks.emplace_back(std::move(chart));
  }
  return section;
}

}  // namespace tutti::report
