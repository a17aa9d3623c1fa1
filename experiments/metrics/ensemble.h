#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "experiments/core/enum_table.h"
#include "experiments/core/result.h"
#include "experiments/metrics/evaluation.h"

// Several networks' predictions of the same items combined into one, and what each of them adds.
// From stored fp32 logits, in double, in the order of members, items and classes: the same inputs
// give the same bits. Pure.

namespace tutti {

enum class Combiner { kMeanProbability, kMeanLogit, kMajorityVote, kWeighted, kGreedy };
inline constexpr EnumTable<Combiner, 5> kCombinerNames{
    {{{Combiner::kMeanProbability, "mean_probability"},
      {Combiner::kMeanLogit, "mean_logit"},
      {Combiner::kMajorityVote, "majority_vote"},
      {Combiner::kWeighted, "weighted"},
      {Combiner::kGreedy, "greedy"}}}};

// The members' logits of one split's items, joined: position i is the same item for all.
struct MemberPredictions {
  std::int64_t classes = 0;
  std::vector<std::int32_t> items;         // n, each once: index in the source file
  std::vector<std::int32_t> labels;        // n; all -1: the split has no labels
  std::vector<std::vector<float>> logits;  // one per member: n x classes, row-major
  bool complete = true;  // false: some items that a member has were left out, others lack them

  std::size_t members() const { return logits.size(); }
  bool labelled() const { return labels.empty() || labels[0] >= 0; }
};

// kInvalidArgument: no member, fewer than 2 classes, sizes that do not fit, labels out of range or
// only some of them -1.
Status CheckMemberPredictions(const MemberPredictions& split);

// What an ensemble says of each item.
struct CombinedPredictions {
  std::vector<double> probabilities;    // n x classes; NaN where a member's logits are not finite
  std::vector<std::int32_t> predicted;  // n
};

// The combiners, with weights w >= 0 that sum to 1, one per member:
//   mean_probability, weighted, greedy: sum of w_k softmax(logits_k); the first of the largest
//   mean_logit: softmax(sum of w_k logits_k); the first of the largest sums
//   majority_vote: probabilities are the sums of w_k of the members whose prediction (first of the
//     largest logits) is the class; of classes with equal votes the one with the larger weighted
//     mean probability is predicted, then the first
// A member of weight 0 is not looked at. REQUIRES: CheckMemberPredictions is Ok; weights fit.
CombinedPredictions Combine(const MemberPredictions& split, Combiner combiner,
                            std::span<const double> weights);
// The numbers of a combined prediction; without labels see EvaluationMetrics::labelled.
Result<EvaluationMetrics> Evaluate(const CombinedPredictions& combined,
                                   std::span<const std::int32_t> labels, std::int64_t classes,
                                   bool curves);

// 1/K each: what every combiner but weighted and greedy uses.
std::vector<double> EqualWeights(std::size_t members);
// A member that takes no part: its weight is 0, the others' are found as if it were not there.
using LeftOut = std::optional<std::size_t>;
// Divided by their sum, unless that is 1 already (within 1e-12: what was normalized stays as it is,
// bit for bit). kInvalidArgument: not one per member, negative, not finite, or all 0.
Result<std::vector<double>> NormalizedWeights(std::span<const double> given, std::size_t members);

// Weights of `weighted` from a labelled validation split: the mixture of the members' probabilities
// with the smallest mean negative log-likelihood, by expectation maximisation for mixture
// proportions (w_k <- mean over items of w_k p_k(y) / sum_j w_j p_j(y); Dempster, Laird and Rubin
// 1977), from equal weights. The problem is convex; it ends when the likelihood is proven to be
// within 1e-7 of the best (log max_k mean_i p_k(y_i) / p(y_i)), or after 10,000 steps. p is at
// least 1e-15. kInvalidArgument: no items, no labels, or logits that are not finite.
Result<std::vector<double>> FittedWeights(const MemberPredictions& validation, LeftOut = {});

// Weights of `greedy`: forward selection with replacement (Caruana, Niculescu-Mizil, Crew and
// Ksikes 2004). Up to 20 x K (at most 200) times the member joins the bag that gives the bag's mean
// probability the smallest mean negative log-likelihood on validation, of equals the first member;
// the bag as it was at its best (of equals the smallest) counts; weight = copies / size.
// Errors as FittedWeights.
Result<std::vector<double>> GreedyWeights(const MemberPredictions& validation, LeftOut = {});

// How differently the members err: of two members' predictions.
struct PairDiversity {
  std::int64_t a = 0, b = 0;           // positions, a < b
  double disagreement = 0;             // share of items with different predictions; 0 items: NaN
  std::optional<double> double_fault;  // share that both get wrong; absent without labels
};
// All pairs in order of (a, b).
std::vector<PairDiversity> Diversity(const MemberPredictions& split);

// One combiner on one split. Numbers of members are those of Evaluate(logits, …) on these items.
struct MemberAblation {
  std::int64_t position = 0;
  double weight = 0;
  // Absent without labels; `without` also in an ensemble of one.
  std::optional<double> accuracy_alone, loss_alone;
  std::optional<double> accuracy_without, loss_without;  // the ensemble of all others
};
struct EnsembleEvaluation {
  std::string split;  // train, validation, test
  Combiner combiner = Combiner::kMeanProbability;
  bool chosen = false;        // the ensemble's own combiner; the others are there to compare
  EvaluationMetrics metrics;  // of the combined prediction, without curves
  // By accuracy on these very items (so the best member is chosen in hindsight, which makes it the
  // harder one to beat); of equals the first. Absent without labels or items.
  std::optional<std::int64_t> best_member;
  std::optional<double> best_member_accuracy, mean_member_accuracy;
  std::optional<double> disagreement, double_fault;  // means over pairs; absent with one member
  std::vector<MemberAblation> members;  // by position; `without` only if chosen
};

// How the weights of an ensemble come about.
struct WeightRule {
  Combiner combiner = Combiner::kMeanProbability;
  std::vector<double> given;  // weighted: normalized weights; empty: fitted on `validation`
  // A labelled split of all members; needed by greedy and by weighted without given weights.
  const MemberPredictions* validation = nullptr;
};
// kFailedPrecondition if the rule needs a validation split and has none. Without a member, given
// weights are divided by the sum of the rest (equal ones if that is 0).
// REQUIRES: with a member left out, at least 2 members.
Result<std::vector<double>> WeightsOf(const WeightRule& rule, std::size_t members,
                                      LeftOut without = {});

// Evaluates `rule` on `split`. With `chosen` also the ensemble without each member, its weights
// found again without it.
Result<EnsembleEvaluation> EvaluateEnsemble(const std::string& name, const MemberPredictions& split,
                                            const WeightRule& rule, bool chosen);

}  // namespace tutti
