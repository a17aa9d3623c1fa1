#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/core/json.h"
#include "experiments/core/result.h"

// Everything that is known about one checkpoint on one split, computed in double from fp32 logits
// and labels, and from nothing else: the stored predictions reproduce every number bit for bit.
// Probabilities are the softmax of the logits, in double; the predicted class is the first of the
// largest logits.

namespace tutti {

// The negative log-likelihood of a class takes its probability for at least this.
inline constexpr double kSmallestProbability = 1e-15;

struct CurvePoint {
  double x = 0;          // ROC: false positive rate; PR: recall
  double y = 0;          // ROC: true positive rate; PR: precision
  double threshold = 0;  // first ROC point: +infinity
};

struct Curve {
  std::int64_t class_index = 0;  // -1 = micro, -2 = macro
  // At most 512, thinned so that the corners stay and the area (ROC: trapezoids; PR: steps, each
  // point's precision back to the recall before it) keeps within 1e-3. ROC starts at
  // (0, 0, +infinity), PR at (0, 1, +infinity); the macro curve's thresholds are NaN.
  std::vector<CurvePoint> points;
};

struct ClassMetrics {
  std::int64_t class_index = 0;
  double precision = 0, recall = 0, f1 = 0;  // 0 for 0/0
  std::int64_t support = 0;
  std::optional<double> auc, average_precision;  // absent where the class (or its rest) is empty
};

struct EvaluationMetrics {
  std::int64_t n = 0;
  std::int64_t classes = 0;
  // False: nobody knows the true classes (every label is -1). Then n and classes are all there is:
  // the numbers below are NaN or absent, the lists empty; records and rows leave them out.
  bool labelled = true;
  double accuracy = 0;
  double loss = 0;  // mean negative log-likelihood, p clipped at 1e-15
  // macro: mean over the classes that have it; micro: all (item, class) pairs as one question.
  std::optional<double> macro_auc, micro_auc, macro_ap, micro_ap;
  double macro_precision = 0, macro_recall = 0, macro_f1 = 0;  // over classes with support
  double ece = 0;    // 15 equal-width bins (lo, hi], top label
  double brier = 0;  // sum over classes, mean over items
  std::vector<ClassMetrics> per_class;
  std::vector<std::int64_t> confusion;  // classes x classes, row = true class
  std::vector<Curve> roc, pr;           // per class present, then micro, macro (pr: no macro)
};

// logits: n x classes, row-major; labels: n, in 0 … classes-1, or all -1. Errors: sizes that do not
// fit, a label out of range. Non-finite logits make loss, ECE, Brier and areas NaN (and give no
// curves), never a crash. With n = 0, accuracy, loss, ECE and Brier are NaN and the areas are absent.
Result<EvaluationMetrics> Evaluate(std::span<const float> logits,
                                   std::span<const std::int32_t> labels, std::int64_t classes,
                                   bool curves);

// The same of probabilities instead of logits, with the predictions that go with them (which decide
// accuracy, confusion and the confidence that ECE looks at). probabilities: n x classes, each 0 to 1
// or NaN; predicted: n, in 0 … classes-1.
Result<EvaluationMetrics> EvaluateProbabilities(std::span<const double> probabilities,
                                                std::span<const std::int32_t> predicted,
                                                std::span<const std::int32_t> labels,
                                                std::int64_t classes, bool curves);

// Of one item: the softmax in double, and the first of the largest logits (NaN is smallest).
// REQUIRES: at least one logit; as many probabilities.
void Softmax(std::span<const float> logits, std::span<double> probabilities);
std::int32_t PredictedClass(std::span<const float> logits);

// The form used in records (docs/records.md) and read back by the coordinator.
Json ToJson(const EvaluationMetrics& metrics);
Result<EvaluationMetrics> EvaluationMetricsFromJson(const Json& json);

}  // namespace tutti
