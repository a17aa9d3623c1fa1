#include "experiments/metrics/ensemble.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace tutti {
namespace {

std::span<const float> Row(const std::vector<float>& logits, std::size_t item, std::size_t width) {
  return std::span(logits).subspan(item * width, width);
}

// The first of the largest; NaN is smallest.
std::size_t First(std::span<const double> values) {
  std::size_t best = 0;
  for (std::size_t c = 1; c < values.size(); ++c) {
    if (values[c] > values[best] || (std::isnan(values[best]) && !std::isnan(values[c]))) best = c;
  }
  return best;
}

void SoftmaxOf(std::span<const double> logits, std::span<double> probabilities) {
  const double top = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (std::size_t c = 0; c < logits.size(); ++c) {
    probabilities[c] = std::exp(logits[c] - top);
    sum += probabilities[c];
  }
  for (double& p : probabilities) p /= sum;
}

// One item at a time, with buffers that are kept.
class ItemCombiner {
 public:
  ItemCombiner(const MemberPredictions& split, Combiner combiner, std::span<const double> weights)
      : split_(split),
        combiner_(combiner),
        weights_(weights),
        width_(static_cast<std::size_t>(split.classes)),
        softmax_(width_),
        sums_(width_),
        votes_(width_) {}

  // Fills the item's probabilities; the prediction.
  std::int32_t operator()(std::size_t item, std::span<double> probabilities) {
    if (combiner_ == Combiner::kMeanLogit) return MeanLogit(item, probabilities);
    const bool vote = combiner_ == Combiner::kMajorityVote;
    std::fill(sums_.begin(), sums_.end(), 0.0);
    std::fill(votes_.begin(), votes_.end(), 0.0);
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      if (weights_[k] == 0) continue;
      const auto row = Row(split_.logits[k], item, width_);
      Softmax(row, softmax_);
      for (std::size_t c = 0; c < width_; ++c) sums_[c] += weights_[k] * softmax_[c];
      if (vote) votes_[static_cast<std::size_t>(PredictedClass(row))] += weights_[k];
    }
    // A sum of weights may be a rounding above 1.
    const std::vector<double>& result = vote ? votes_ : sums_;
    for (std::size_t c = 0; c < width_; ++c) probabilities[c] = std::min(result[c], 1.0);
    return static_cast<std::int32_t>(vote ? Elected() : First(sums_));
  }

 private:
  std::int32_t MeanLogit(std::size_t item, std::span<double> probabilities) {
    std::fill(sums_.begin(), sums_.end(), 0.0);
    for (std::size_t k = 0; k < weights_.size(); ++k) {
      if (weights_[k] == 0) continue;
      const auto row = Row(split_.logits[k], item, width_);
      for (std::size_t c = 0; c < width_; ++c) {
        sums_[c] += weights_[k] * static_cast<double>(row[c]);
      }
    }
    SoftmaxOf(sums_, probabilities);
    return static_cast<std::int32_t>(First(sums_));
  }

  // Equal votes may differ by the rounding of sums of weights.
  std::size_t Elected() const {
    constexpr double kEqual = 1e-12;
    const double most = *std::max_element(votes_.begin(), votes_.end());
    std::size_t best = width_;
    for (std::size_t c = 0; c < width_; ++c) {
      if (votes_[c] < most - kEqual) continue;
      if (best == width_ || sums_[c] > sums_[best]) best = c;
    }
    return best;
  }

  const MemberPredictions& split_;
  const Combiner combiner_;
  const std::span<const double> weights_;
  const std::size_t width_;
  std::vector<double> softmax_, sums_, votes_;
};

// Means over pairs, for the summary.
void StoreDiversity(const MemberPredictions& split, EnsembleEvaluation& evaluation) {
  const std::vector<PairDiversity> pairs = Diversity(split);
  if (pairs.empty() || split.items.empty()) return;
  const auto n = static_cast<double>(pairs.size());
  double disagreement = 0, double_fault = 0;
  for (const PairDiversity& pair : pairs) {
    disagreement += pair.disagreement;
    double_fault += pair.double_fault.value_or(0);
  }
  evaluation.disagreement = disagreement / n;
  if (split.labelled()) evaluation.double_fault = double_fault / n;
}

// Accuracy and loss, which is all that an ablation asks for.
struct Quality {
  double accuracy = 0, loss = 0;
};

Result<Quality> QualityOf(const MemberPredictions& split, Combiner combiner,
                          std::span<const double> weights) {
  TUTTI_ASSIGN_OR_RETURN(const EvaluationMetrics metrics,
                         Evaluate(Combine(split, combiner, weights), split.labels, split.classes,
                                  false));
  return Quality{metrics.accuracy, metrics.loss};
}

}  // namespace

Status CheckMemberPredictions(const MemberPredictions& split) {
  const std::size_t n = split.items.size();
  if (split.members() == 0) return InvalidArgument("an ensemble needs at least one member");
  if (split.classes < 2) {
    return InvalidArgument("an ensemble needs at least 2 classes, gets " +
                           std::to_string(split.classes));
  }
  if (split.labels.size() != n) {
    return InvalidArgument("an ensemble gets " + std::to_string(n) + " items and " +
                           std::to_string(split.labels.size()) + " labels");
  }
  for (std::size_t k = 0; k < split.members(); ++k) {
    if (split.logits[k].size() == n * static_cast<std::size_t>(split.classes)) continue;
    return InvalidArgument("member " + std::to_string(k) + " has " +
                           std::to_string(split.logits[k].size()) + " logits, expected " +
                           std::to_string(n) + " x " + std::to_string(split.classes));
  }
  for (const std::int32_t label : split.labels) {
    const bool fits = split.labelled() ? label >= 0 && label < split.classes : label == -1;
    if (!fits) {
      return InvalidArgument("label " + std::to_string(label) + " is neither in 0 ... " +
                             std::to_string(split.classes - 1) + " nor are all labels -1");
    }
  }
  return Ok{};
}

CombinedPredictions Combine(const MemberPredictions& split, Combiner combiner,
                            std::span<const double> weights) {
  const std::size_t n = split.items.size();
  const auto width = static_cast<std::size_t>(split.classes);
  CombinedPredictions combined;
  combined.probabilities.resize(n * width);
  combined.predicted.resize(n);
  ItemCombiner combine(split, combiner, weights);
  for (std::size_t i = 0; i < n; ++i) {
    combined.predicted[i] =
        combine(i, std::span(combined.probabilities).subspan(i * width, width));
  }
  return combined;
}

Result<EvaluationMetrics> Evaluate(const CombinedPredictions& combined,
                                   std::span<const std::int32_t> labels, std::int64_t classes,
                                   bool curves) {
  return EvaluateProbabilities(combined.probabilities, combined.predicted, labels, classes, curves);
}

std::vector<PairDiversity> Diversity(const MemberPredictions& split) {
  const std::size_t n = split.items.size();
  const auto width = static_cast<std::size_t>(split.classes);
  std::vector<std::vector<std::int32_t>> predicted(split.members());
  for (std::size_t k = 0; k < split.members(); ++k) {
    predicted[k].reserve(n);
    for (std::size_t i = 0; i < n; ++i) {
      predicted[k].push_back(PredictedClass(Row(split.logits[k], i, width)));
    }
  }
  std::vector<PairDiversity> pairs;
  for (std::size_t a = 0; a < split.members(); ++a) {
    for (std::size_t b = a + 1; b < split.members(); ++b) {
      std::int64_t differ = 0, both_wrong = 0;
      for (std::size_t i = 0; i < n; ++i) {
        differ += predicted[a][i] != predicted[b][i] ? 1 : 0;
        both_wrong +=
            predicted[a][i] != split.labels[i] && predicted[b][i] != split.labels[i] ? 1 : 0;
      }
      PairDiversity pair{static_cast<std::int64_t>(a), static_cast<std::int64_t>(b), 0, {}};
      const auto items = static_cast<double>(n);
      pair.disagreement = static_cast<double>(differ) / items;
      if (split.labelled()) pair.double_fault = static_cast<double>(both_wrong) / items;
      pairs.push_back(pair);
    }
  }
  return pairs;
}

Result<EnsembleEvaluation> EvaluateEnsemble(const std::string& name, const MemberPredictions& split,
                                            const WeightRule& rule, bool chosen) {
  TUTTI_RETURN_IF_ERROR(CheckMemberPredictions(split));
  TUTTI_ASSIGN_OR_RETURN(const std::vector<double> weights, WeightsOf(rule, split.members()));
  EnsembleEvaluation e;
  e.split = name;
  e.combiner = rule.combiner;
  e.chosen = chosen;
  TUTTI_ASSIGN_OR_RETURN(e.metrics, Evaluate(Combine(split, rule.combiner, weights), split.labels,
                                             split.classes, false));
  const bool measured = split.labelled() && !split.items.empty();
  double sum = 0;
  for (std::size_t k = 0; k < split.members(); ++k) {
    MemberAblation member;
    member.position = static_cast<std::int64_t>(k);
    member.weight = weights[k];
    if (measured) {
      TUTTI_ASSIGN_OR_RETURN(const EvaluationMetrics alone,
                             Evaluate(split.logits[k], split.labels, split.classes, false));
      member.accuracy_alone = alone.accuracy;
      member.loss_alone = alone.loss;
      sum += alone.accuracy;
      if (!e.best_member || alone.accuracy > *e.best_member_accuracy) {
        e.best_member = member.position;
        e.best_member_accuracy = alone.accuracy;
      }
    }
    if (measured && chosen && split.members() > 1) {
      TUTTI_ASSIGN_OR_RETURN(const std::vector<double> others,
                             WeightsOf(rule, split.members(), k));
      TUTTI_ASSIGN_OR_RETURN(const Quality without, QualityOf(split, rule.combiner, others));
      member.accuracy_without = without.accuracy;
      member.loss_without = without.loss;
    }
    e.members.push_back(member);
  }
  if (measured) e.mean_member_accuracy = sum / static_cast<double>(split.members());
  StoreDiversity(split, e);
  return e;
}

}  // namespace tutti
