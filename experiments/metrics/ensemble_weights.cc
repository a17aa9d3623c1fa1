#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/metrics/ensemble.h"

// Weights of the members: given, equal, or fitted on validation.

namespace tutti {
namespace {

// Per member, each item's probability of its true class: all that a mean likelihood needs.
// Empty for a member that is left out.
Result<std::vector<std::vector<double>>> TrueProbabilities(const MemberPredictions& validation,
                                                           LeftOut without) {
  TUTTI_RETURN_IF_ERROR(CheckMemberPredictions(validation));
  if (validation.items.empty() || !validation.labelled()) {
    return InvalidArgument("weights are fitted on labelled items of the validation split, and "
                           "there are none");
  }
  if (validation.members() == 1 && without) return InvalidArgument("an ensemble of nobody");
  const auto width = static_cast<std::size_t>(validation.classes);
  std::vector<double> softmax(width);
  std::vector<std::vector<double>> of_members;
  for (std::size_t k = 0; k < validation.members(); ++k) {
    std::vector<double>& p = of_members.emplace_back();
    if (k == without) continue;
    p.reserve(validation.items.size());
    for (std::size_t i = 0; i < validation.items.size(); ++i) {
      const auto row = std::span(validation.logits[k]).subspan(i * width, width);
      if (!std::all_of(row.begin(), row.end(), [](float x) { return std::isfinite(x); })) {
        return InvalidArgument("member " + std::to_string(k) +
                               " has logits that are not finite on validation; weights cannot be "
                               "fitted with it");
      }
      Softmax(row, softmax);
      p.push_back(std::max(softmax[static_cast<std::size_t>(validation.labels[i])],
                           kSmallestProbability));
    }
  }
  return of_members;
}

// Mean negative log-likelihood of a bag of `size` members, one more than those whose probabilities
// add up to `sums`.
double LossWith(const std::vector<double>& sums, const std::vector<double>& one_more,
                std::size_t size) {
  double loss = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    loss -= std::log((sums[i] + one_more[i]) / static_cast<double>(size));
  }
  return loss / static_cast<double>(sums.size());
}

std::vector<std::size_t> Active(std::size_t members, LeftOut without) {
  std::vector<std::size_t> active;
  for (std::size_t k = 0; k < members; ++k) {
    if (k != without) active.push_back(k);
  }
  return active;
}

std::vector<double> EqualWithout(std::size_t members, LeftOut without) {
  if (!without) return EqualWeights(members);
  std::vector<double> weights(members, 1.0 / static_cast<double>(members - 1));
  weights[*without] = 0;
  return weights;
}

Result<std::vector<double>> GivenWithout(const WeightRule& rule, std::size_t members,
                                         LeftOut without) {
  TUTTI_ASSIGN_OR_RETURN(std::vector<double> weights, NormalizedWeights(rule.given, members));
  if (!without) return weights;
  weights[*without] = 0;
  const bool nothing_left = std::all_of(weights.begin(), weights.end(),
                                        [](double weight) { return weight == 0; });
  if (nothing_left) return EqualWithout(members, without);
  return NormalizedWeights(weights, members);
}

}  // namespace

std::vector<double> EqualWeights(std::size_t members) {
  return std::vector<double>(members, 1.0 / static_cast<double>(members));
}

Result<std::vector<double>> NormalizedWeights(std::span<const double> given, std::size_t members) {
  if (given.size() != members) {
    return InvalidArgument(std::to_string(given.size()) + " weights for " +
                           std::to_string(members) + " members; give one each");
  }
  double sum = 0;
  for (const double weight : given) {
    if (!std::isfinite(weight) || weight < 0) {
      return InvalidArgument("weight " + std::to_string(weight) +
                             " of an ensemble's member: expected 0 or more");
    }
    sum += weight;
  }
  if (!(sum > 0) || !std::isfinite(sum)) {
    return InvalidArgument("the weights of an ensemble's members add up to " +
                           std::to_string(sum) + "; at least one must be above 0");
  }
  std::vector<double> weights(given.begin(), given.end());
  if (std::abs(sum - 1) <= 1e-12) return weights;
  for (double& weight : weights) weight /= sum;
  return weights;
}

Result<std::vector<double>> FittedWeights(const MemberPredictions& validation, LeftOut without) {
  constexpr int kMaxSteps = 10'000;
  constexpr double kGap = 1e-7;
  TUTTI_ASSIGN_OR_RETURN(const auto p, TrueProbabilities(validation, without));
  const std::size_t members = p.size();
  const std::vector<std::size_t> active = Active(members, without);
  const std::size_t n = p[active[0]].size();
  std::vector<double> weights = EqualWithout(members, without);
  std::vector<double> gradient(members);
  for (int step = 0; step < kMaxSteps; ++step) {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      double mixture = 0;
      for (const std::size_t k : active) mixture += weights[k] * p[k][i];
      for (const std::size_t k : active) gradient[k] += p[k][i] / mixture;
    }
    for (double& g : gradient) g /= static_cast<double>(n);
    // Jensen: no mixture's mean log-likelihood exceeds this one's by more than log max gradient.
    if (std::log(*std::max_element(gradient.begin(), gradient.end())) <= kGap) break;
    for (std::size_t k = 0; k < members; ++k) weights[k] *= gradient[k];
  }
  return NormalizedWeights(weights, members);
}

Result<std::vector<double>> GreedyWeights(const MemberPredictions& validation, LeftOut without) {
  TUTTI_ASSIGN_OR_RETURN(const auto p, TrueProbabilities(validation, without));
  const std::size_t members = p.size();
  const std::vector<std::size_t> active = Active(members, without);
  const std::size_t rounds = std::min<std::size_t>(20 * active.size(), 200);
  std::vector<double> sums(p[active[0]].size(), 0.0);
  std::vector<double> copies(members, 0.0);
  std::vector<double> best_copies;
  double best_loss = std::numeric_limits<double>::infinity();
  for (std::size_t size = 1; size <= rounds; ++size) {
    std::size_t joins = active[0];
    double smallest = std::numeric_limits<double>::infinity();
    for (const std::size_t k : active) {
      const double loss = LossWith(sums, p[k], size);
      if (loss < smallest) {
        smallest = loss;
        joins = k;
      }
    }
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += p[joins][i];
    copies[joins] += 1;
    if (smallest < best_loss) {
      best_loss = smallest;
      best_copies = copies;
    }
  }
  return NormalizedWeights(best_copies, members);
}

Result<std::vector<double>> WeightsOf(const WeightRule& rule, std::size_t members,
                                      LeftOut without) {
  const bool fitted = rule.combiner == Combiner::kGreedy ||
                      (rule.combiner == Combiner::kWeighted && rule.given.empty());
  if (!fitted) {
    if (rule.combiner == Combiner::kWeighted) return GivenWithout(rule, members, without);
    return EqualWithout(members, without);
  }
  if (rule.validation == nullptr) {
    return FailedPrecondition(
        std::string(kCombinerNames.Name(rule.combiner)) +
        " is fitted on the validation split, which all members must share (not with "
        "data.split_seed: per_trial): use mean_probability, or weighted with given weights");
  }
  if (rule.validation->members() != members) {
    return InvalidArgument("the validation split has predictions of " +
                           std::to_string(rule.validation->members()) + " members, expected " +
                           std::to_string(members));
  }
  return rule.combiner == Combiner::kGreedy ? GreedyWeights(*rule.validation, without)
                                            : FittedWeights(*rule.validation, without);
}

}  // namespace tutti
