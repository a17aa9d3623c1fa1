#include "experiments/metrics/evaluation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "experiments/metrics/ranking.h"
#include "experiments/metrics/thinning.h"

namespace tutti {
namespace {

constexpr std::size_t kCalibrationBins = 15;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Bin b holds confidences in (b/15, (b+1)/15].
std::size_t CalibrationBin(double confidence) {
  constexpr double kBins = kCalibrationBins;
  std::size_t bin = std::min(static_cast<std::size_t>(confidence * kBins), kCalibrationBins - 1);
  if (bin > 0 && confidence <= static_cast<double>(bin) / kBins) --bin;
  if (bin + 1 < kCalibrationBins && confidence > static_cast<double>(bin + 1) / kBins) ++bin;
  return bin;
}

struct CalibrationSums {
  double confidence = 0;
  std::int64_t correct = 0;
};

// Loss, Brier score and calibration error, from finite logits.
class ProbabilityScores {
 public:
  void Add(std::span<const double> probabilities, std::size_t label, std::size_t predicted) {
    loss_ -= std::log(std::max(probabilities[label], kSmallestProbability));
    for (std::size_t c = 0; c < probabilities.size(); ++c) {
      const double off = probabilities[c] - (c == label ? 1.0 : 0.0);
      brier_ += off * off;
    }
    CalibrationSums& bin = bins_[CalibrationBin(probabilities[predicted])];
    bin.confidence += probabilities[predicted];
    bin.correct += label == predicted ? 1 : 0;
  }

  void Store(EvaluationMetrics& metrics) const {
    const auto n = static_cast<double>(metrics.n);
    double gap = 0;
    for (const CalibrationSums& bin : bins_) {
      gap += std::abs(static_cast<double>(bin.correct) - bin.confidence);
    }
    metrics.loss = loss_ / n;
    metrics.brier = brier_ / n;
    metrics.ece = gap / n;
  }

 private:
  double loss_ = 0, brier_ = 0;
  std::array<CalibrationSums, kCalibrationBins> bins_{};
};

double RatioOrZero(std::int64_t a, std::int64_t b) {
  return b == 0 ? 0.0 : static_cast<double>(a) / static_cast<double>(b);
}

// Everything that follows from the confusion matrix.
void StoreCounts(EvaluationMetrics& m) {
  const auto classes = static_cast<std::size_t>(m.classes);
  std::int64_t correct = 0;
  std::int64_t present = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    ClassMetrics metrics;
    metrics.class_index = static_cast<std::int64_t>(c);
    std::int64_t predicted = 0;
    for (std::size_t other = 0; other < classes; ++other) {
      metrics.support += m.confusion[c * classes + other];
      predicted += m.confusion[other * classes + c];
    }
    const std::int64_t hits = m.confusion[c * classes + c];
    correct += hits;
    metrics.precision = RatioOrZero(hits, predicted);
    metrics.recall = RatioOrZero(hits, metrics.support);
    metrics.f1 = RatioOrZero(2 * hits, metrics.support + predicted);
    if (metrics.support > 0) {
      ++present;
      m.macro_precision += metrics.precision;
      m.macro_recall += metrics.recall;
      m.macro_f1 += metrics.f1;
    }
    m.per_class.push_back(metrics);
  }
  if (present > 0) {
    m.macro_precision /= static_cast<double>(present);
    m.macro_recall /= static_cast<double>(present);
    m.macro_f1 /= static_cast<double>(present);
  }
  m.accuracy = m.n == 0 ? kNaN : RatioOrZero(correct, m.n);
}

struct MeanOfPresent {
  double sum = 0;
  std::int64_t n = 0;
  void Add(const std::optional<double>& value) {
    if (!value) return;
    sum += *value;
    ++n;
  }
  std::optional<double> Value() const {
    if (n == 0) return std::nullopt;
    return sum / static_cast<double>(n);
  }
};

// Areas and curves. `keys[c]` are the RankKeys of class c in item order.
void StoreRankings(std::vector<std::vector<std::uint64_t>> keys, bool curves,
                   EvaluationMetrics& m) {
  std::vector<std::uint64_t> scratch;
  std::vector<std::uint64_t> all;
  std::vector<std::vector<CurvePoint>> rocs;
  MeanOfPresent auc;
  MeanOfPresent ap;
  const auto add = [&](std::int64_t index, RankedQuestion& question) {
    if (!curves || !question.auc) return;
    m.roc.push_back({index, ThinCurve(question.roc, Integration::kTrapezoid)});
    m.pr.push_back({index, ThinCurve(std::move(question.pr), Integration::kStep)});
  };
  for (std::size_t c = 0; c < keys.size(); ++c) {
    SortKeys(keys[c], scratch);
    RankedQuestion question = Rank(keys[c], curves);
    m.per_class[c].auc = question.auc;
    m.per_class[c].average_precision = question.average_precision;
    auc.Add(question.auc);
    ap.Add(question.average_precision);
    add(static_cast<std::int64_t>(c), question);
    if (curves && question.auc) rocs.push_back(std::move(question.roc));
    all.insert(all.end(), keys[c].begin(), keys[c].end());
    keys[c] = {};
  }
  m.macro_auc = auc.Value();
  m.macro_ap = ap.Value();
  SortKeys(all, scratch);
  RankedQuestion micro = Rank(all, curves);
  m.micro_auc = micro.auc;
  m.micro_ap = micro.average_precision;
  add(-1, micro);
  if (!rocs.empty()) m.roc.push_back({-2, ThinCurve(MeanRoc(rocs), Integration::kTrapezoid)});
}

// With a logit that is not finite there are no probabilities to speak of.
void StoreNoProbabilities(EvaluationMetrics& m) {
  m.loss = m.brier = m.ece = kNaN;
  if (m.n == 0) return;  // nothing to rank: the areas are absent
  for (ClassMetrics& metrics : m.per_class) {
    if (metrics.support == 0 || metrics.support == m.n) continue;
    metrics.auc = metrics.average_precision = kNaN;
    m.macro_auc = m.macro_ap = kNaN;
  }
  m.micro_auc = m.micro_ap = kNaN;
}

bool AllUnlabelled(std::span<const std::int32_t> labels) {
  return !labels.empty() &&
         std::all_of(labels.begin(), labels.end(), [](std::int32_t label) { return label == -1; });
}

Status CheckSizes(std::size_t values, std::span<const std::int32_t> labels, std::int64_t classes) {
  if (classes < 2) {
    return InvalidArgument("an evaluation needs at least 2 classes, gets " +
                           std::to_string(classes));
  }
  if (values != labels.size() * static_cast<std::size_t>(classes)) {
    return InvalidArgument("an evaluation of " + std::to_string(labels.size()) + " items and " +
                           std::to_string(classes) + " classes gets " + std::to_string(values) +
                           " values");
  }
  if (AllUnlabelled(labels)) return Ok{};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || labels[i] >= classes) {
      return InvalidArgument("label " + std::to_string(labels[i]) + " of item " +
                             std::to_string(i) + " is not in 0 ... " +
                             std::to_string(classes - 1));
    }
  }
  return Ok{};
}

EvaluationMetrics Unlabelled(std::size_t n, std::int64_t classes) {
  EvaluationMetrics m;
  m.n = static_cast<std::int64_t>(n);
  m.classes = classes;
  m.labelled = false;
  m.accuracy = m.loss = m.ece = m.brier = kNaN;
  m.macro_precision = m.macro_recall = m.macro_f1 = kNaN;
  return m;
}

// What an evaluation is made of, item by item.
class Tally {
 public:
  // finite: whether there are probabilities at all.
  Tally(std::size_t n, std::int64_t classes, bool finite)
      : width_(static_cast<std::size_t>(classes)), finite_(finite), keys_(width_) {
    m_.n = static_cast<std::int64_t>(n);
    m_.classes = classes;
    m_.confusion.assign(width_ * width_, 0);
    if (!finite) return;
    for (auto& of_class : keys_) of_class.reserve(n);
  }

  // `probabilities` is read only if finite.
  void Add(std::span<const double> probabilities, std::int32_t predicted, std::int32_t label) {
    const auto truth = static_cast<std::size_t>(label);
    const auto guess = static_cast<std::size_t>(predicted);
    ++m_.confusion[truth * width_ + guess];
    if (!finite_) return;
    scores_.Add(probabilities, truth, guess);
    for (std::size_t c = 0; c < width_; ++c) {
      keys_[c].push_back(RankKey(probabilities[c], c == truth));
    }
  }

  EvaluationMetrics Finish(bool curves) && {
    StoreCounts(m_);
    if (!finite_ || m_.n == 0) {
      StoreNoProbabilities(m_);
    } else {
      scores_.Store(m_);
      StoreRankings(std::move(keys_), curves, m_);
    }
    return std::move(m_);
  }

 private:
  std::size_t width_;
  bool finite_;
  EvaluationMetrics m_;
  ProbabilityScores scores_;
  std::vector<std::vector<std::uint64_t>> keys_;
};

}  // namespace

// In index order: the same numbers on every machine with the same exp().
void Softmax(std::span<const float> logits, std::span<double> probabilities) {
  const double top = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (std::size_t c = 0; c < logits.size(); ++c) {
    probabilities[c] = std::exp(static_cast<double>(logits[c]) - top);
    sum += probabilities[c];
  }
  for (double& p : probabilities) p /= sum;
}

std::int32_t PredictedClass(std::span<const float> logits) {
  std::size_t best = 0;
  for (std::size_t c = 1; c < logits.size(); ++c) {
    if (logits[c] > logits[best] || (std::isnan(logits[best]) && !std::isnan(logits[c]))) best = c;
  }
  return static_cast<std::int32_t>(best);
}

Result<EvaluationMetrics> Evaluate(std::span<const float> logits,
                                   std::span<const std::int32_t> labels, std::int64_t classes,
                                   bool curves) {
  TUTTI_RETURN_IF_ERROR(CheckSizes(logits.size(), labels, classes));
  if (AllUnlabelled(labels)) return Unlabelled(labels.size(), classes);
  const auto width = static_cast<std::size_t>(classes);
  const bool finite = std::all_of(logits.begin(), logits.end(),
                                  [](float logit) { return std::isfinite(logit); });
  Tally tally(labels.size(), classes, finite);
  std::vector<double> probabilities(width);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = logits.subspan(i * width, width);
    if (finite) Softmax(row, probabilities);
    tally.Add(probabilities, PredictedClass(row), labels[i]);
  }
  return std::move(tally).Finish(curves);
}

Result<EvaluationMetrics> EvaluateProbabilities(std::span<const double> probabilities,
                                                std::span<const std::int32_t> predicted,
                                                std::span<const std::int32_t> labels,
                                                std::int64_t classes, bool curves) {
  TUTTI_RETURN_IF_ERROR(CheckSizes(probabilities.size(), labels, classes));
  const bool in_range = std::all_of(predicted.begin(), predicted.end(), [classes](std::int32_t c) {
    return c >= 0 && c < classes;
  });
  if (predicted.size() != labels.size() || !in_range) {
    return InvalidArgument("an evaluation of " + std::to_string(labels.size()) + " items gets " +
                           std::to_string(predicted.size()) + " predictions, each must be 0 to " +
                           std::to_string(classes - 1));
  }
  if (AllUnlabelled(labels)) return Unlabelled(labels.size(), classes);
  const auto width = static_cast<std::size_t>(classes);
  const bool finite = std::all_of(probabilities.begin(), probabilities.end(),
                                  [](double p) { return std::isfinite(p); });
  Tally tally(labels.size(), classes, finite);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    tally.Add(probabilities.subspan(i * width, width), predicted[i], labels[i]);
  }
  return std::move(tally).Finish(curves);
}

}  // namespace tutti
