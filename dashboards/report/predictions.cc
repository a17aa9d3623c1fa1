#include "dashboards/report/predictions.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/core/check.h"

namespace tutti::report {
namespace {

Prediction PredictItem(const float* logits, std::size_t classes) {
  Prediction result;
  std::size_t top = 0;
  bool finite = true;
  for (std::size_t c = 0; c < classes; ++c) {
    finite = finite && std::isfinite(logits[c]);
    // NaN is smallest.
    if (logits[c] > logits[top] || (std::isnan(logits[top]) && !std::isnan(logits[c]))) top = c;
  }
  result.predicted_class = static_cast<std::int32_t>(top);
  double sum = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    sum += std::exp(static_cast<double>(logits[c]) - static_cast<double>(logits[top]));
  }
  result.p_predicted = finite ? 1.0 / sum : std::numeric_limits<double>::quiet_NaN();
  return result;
}

}  // namespace

std::vector<Prediction> Predict(const PredictionData& predictions, std::int64_t classes) {
  const auto k = static_cast<std::size_t>(classes);
  TUTTI_CHECK(predictions.logits.size() == predictions.labels.size() * k,
              "predictions are n x classes");
  std::vector<Prediction> all;
  all.reserve(predictions.labels.size());
  for (std::size_t i = 0; i < predictions.labels.size(); ++i) {
    const float* logits = predictions.logits.data() + i * k;
    Prediction one = PredictItem(logits, k);
    one.item = i < predictions.items.size() ? predictions.items[i] : static_cast<std::int64_t>(i);
    one.true_class = predictions.labels[i];
    const auto label = static_cast<std::size_t>(std::max(one.true_class, 0));
    const auto top = static_cast<std::size_t>(one.predicted_class);
    one.p_true = std::numeric_limits<double>::quiet_NaN();
    if (one.true_class >= 0) {
      const double below = static_cast<double>(logits[label]) - static_cast<double>(logits[top]);
      one.p_true = one.p_predicted * std::exp(below);
    }
    all.push_back(one);
  }
  return all;
}

ConfidenceBins BinConfidence(const std::vector<Prediction>& predictions) {
  ConfidenceBins bins;
  for (const Prediction& one : predictions) {
    if (one.true_class < 0 || !std::isfinite(one.p_predicted)) continue;
    const double place = std::ceil(one.p_predicted * kConfidenceBins) - 1;
    const auto bin = static_cast<std::size_t>(std::clamp(place, 0.0, kConfidenceBins - 1.0));
    (one.right() ? bins.right : bins.wrong)[bin] += 1;
    bins.confidence_sum[bin] += one.p_predicted;
  }
  return bins;
}

std::vector<Prediction> SurestMistakes(const std::vector<Prediction>& predictions,
                                       std::size_t limit) {
  std::vector<Prediction> wrong;
  for (const Prediction& one : predictions) {
    if (one.true_class >= 0 && !one.right() && std::isfinite(one.p_predicted)) wrong.push_back(one);
  }
  std::sort(wrong.begin(), wrong.end(), [](const Prediction& a, const Prediction& b) {
    return a.p_predicted != b.p_predicted ? a.p_predicted > b.p_predicted : a.item < b.item;
  });
  if (wrong.size() > limit) wrong.resize(limit);
  return wrong;
}

std::vector<Prediction> EvenSample(const std::vector<Prediction>& predictions, std::size_t count) {
  std::vector<Prediction> chosen;
  const std::size_t n = predictions.size();
  if (n <= count) return predictions;
  for (std::size_t k = 0; k < count; ++k) chosen.push_back(predictions[k * n / count]);
  return chosen;
}

WantedItems ChooseItems(const EvaluatedSplit& evaluation) {
  const auto all = Predict(evaluation.predictions, evaluation.metrics.classes);
  return {SurestMistakes(all, kShownMistakes), EvenSample(all, kShownSamples)};
}

}  // namespace tutti::report
