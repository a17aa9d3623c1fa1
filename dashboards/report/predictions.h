#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "dashboards/report/report_data.h"

// What the stored predictions say beyond the metrics: how sure the model was, and where it was
// wrong.

namespace tutti::report {

// One item: probabilities are the softmax of its logits, in double; the predicted class is the
// first of the largest logits, as experiments/metrics has it.
struct Prediction {
  std::int64_t item = 0;
  std::int32_t true_class = 0, predicted_class = 0;  // true_class -1: unlabelled
  double p_true = 0, p_predicted = 0;                // NaN where a logit is not finite
  bool right() const { return true_class == predicted_class; }
};

// REQUIRES: logits.size() == labels.size() * classes.
std::vector<Prediction> Predict(const PredictionData& predictions, std::int64_t classes);

inline constexpr int kConfidenceBins = 15;  // as ECE: equal widths, (lo, hi]

struct ConfidenceBins {
  std::array<std::int64_t, kConfidenceBins> right{}, wrong{};
  std::array<double, kConfidenceBins> confidence_sum{};
  std::int64_t Count(std::size_t bin) const { return right[bin] + wrong[bin]; }
};
// Unlabelled items and probabilities that are not finite are left out.
ConfidenceBins BinConfidence(const std::vector<Prediction>& predictions);

// Wrong answers, surest first; ties by item.
std::vector<Prediction> SurestMistakes(const std::vector<Prediction>& predictions,
                                       std::size_t limit);

// `count` predictions spread evenly over the split, so that they are no choice of ours.
std::vector<Prediction> EvenSample(const std::vector<Prediction>& predictions, std::size_t count);

// The items whose pictures a report wants: mistakes, and samples (the first one is also
// looked at layer by layer).
struct WantedItems {
  std::vector<Prediction> mistakes, samples;
};
inline constexpr std::size_t kShownMistakes = 24;
inline constexpr std::size_t kShownSamples = 24;
WantedItems ChooseItems(const EvaluatedSplit& evaluation);

}  // namespace tutti::report
