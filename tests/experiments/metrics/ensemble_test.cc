// Goal: combined predictions, their weights, what each member adds and how members differ are what
// their definitions say. Method: tables computed by hand; properties (one member is itself, equal
// weights are the mean, order does not matter, brute force over the simplex finds nothing better).

#include "experiments/metrics/ensemble.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "experiments/core/rng.h"

namespace tutti {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pointwise;

// Logits whose softmax is p (up to fp32).
std::vector<float> Logits(const std::vector<double>& p) {
  std::vector<float> logits;
  for (const double value : p) logits.push_back(static_cast<float>(std::log(value)));
  return logits;
}

// Three members, four items, three classes, as probabilities.
MemberPredictions HandMade() {
  MemberPredictions split;
  split.classes = 3;
  split.items = {10, 11, 12, 13};
  split.labels = {0, 1, 2, 0};
  split.logits = {
      Logits({0.6, 0.3, 0.1, /**/ 0.2, 0.5, 0.3, /**/ 0.5, 0.4, 0.1, /**/ 0.2, 0.7, 0.1}),
      Logits({0.5, 0.4, 0.1, /**/ 0.4, 0.5, 0.1, /**/ 0.1, 0.1, 0.8, /**/ 0.1, 0.2, 0.7}),
      Logits({0.2, 0.7, 0.1, /**/ 0.1, 0.1, 0.8, /**/ 0.3, 0.3, 0.4, /**/ 0.8, 0.1, 0.1}),
  };
  return split;
}

MemberPredictions RandomMembers(std::size_t members, std::size_t n, std::int64_t classes,
                                std::uint64_t seed) {
  Rng rng(seed);
  MemberPredictions split;
  split.classes = classes;
  split.logits.resize(members);
  for (std::size_t i = 0; i < n; ++i) {
    split.items.push_back(static_cast<std::int32_t>(i));
    const std::uint64_t label = rng.Below(static_cast<std::uint64_t>(classes));
    split.labels.push_back(static_cast<std::int32_t>(label));
    for (std::size_t k = 0; k < members; ++k) {
      for (std::int64_t c = 0; c < classes; ++c) {
        const double skill = c == split.labels.back() ? 0.5 + static_cast<double>(k) : 0.0;
        split.logits[k].push_back(static_cast<float>(2 * rng.Normal() + skill));
      }
    }
  }
  return split;
}

TEST(Combine, MeanProbabilityIsTheMeanByHand) {
  const MemberPredictions split = HandMade();
  const auto combined = Combine(split, Combiner::kMeanProbability, EqualWeights(3));
  // Sums: (1.3, 1.4, 0.3), (0.7, 1.1, 1.2), (0.9, 0.8, 1.3), (1.1, 1.0, 0.9).
  const std::vector<double> expected{1.3 / 3, 1.4 / 3, 0.3 / 3, 0.7 / 3, 1.1 / 3, 1.2 / 3,
                                     0.9 / 3, 0.8 / 3, 1.3 / 3, 1.1 / 3, 1.0 / 3, 0.9 / 3};
  EXPECT_THAT(combined.probabilities, Pointwise(DoubleNear(1e-7), expected));
  EXPECT_THAT(combined.predicted, ElementsAre(1, 2, 2, 0));
}

TEST(Combine, MajorityVoteCountsVotesAndBreaksTiesByMeanProbability) {
  const MemberPredictions split = HandMade();
  const auto combined = Combine(split, Combiner::kMajorityVote, EqualWeights(3));
  // Votes: 0 0 1 -> 0 (the mean says 1); 1 1 2 -> 1; 0 2 tie(2) -> 2; 1 2 0 -> three equal: mean 0.
  EXPECT_THAT(combined.predicted, ElementsAre(0, 1, 2, 0));
  const std::vector<double> first(combined.probabilities.begin(),
                                  combined.probabilities.begin() + 3);
  EXPECT_THAT(first, Pointwise(DoubleNear(1e-15), std::vector<double>{2.0 / 3, 1.0 / 3, 0}));
}

TEST(Combine, MeanLogitIsTheSoftmaxOfTheMean) {
  MemberPredictions split;
  split.classes = 2;
  split.items = {0};
  split.labels = {1};
  split.logits = {{0, 4}, {2, 0}};  // means 1, 2
  const auto combined = Combine(split, Combiner::kMeanLogit, EqualWeights(2));
  const double p = 1 / (1 + std::exp(-1.0));
  EXPECT_THAT(combined.probabilities, Pointwise(DoubleNear(1e-15), std::vector<double>{1 - p, p}));
  EXPECT_THAT(combined.predicted, ElementsAre(1));
}

TEST(Combine, AMemberOfWeightZeroIsNotLookedAt) {
  MemberPredictions split = HandMade();
  const MemberPredictions two{3, split.items, split.labels, {split.logits[0], split.logits[2]}};
  split.logits[1].assign(12, std::numeric_limits<float>::quiet_NaN());
  for (const auto& [combiner, name] : kCombinerNames.rows) {
    const auto with = Combine(split, combiner, std::vector<double>{0.25, 0, 0.75});
    const auto without = Combine(two, combiner, std::vector<double>{0.25, 0.75});
    EXPECT_EQ(with.probabilities, without.probabilities) << name;
    EXPECT_EQ(with.predicted, without.predicted) << name;
  }
}

TEST(Combine, OneMemberIsItself) {
  const MemberPredictions split = RandomMembers(1, 300, 5, 1);
  const auto alone = Evaluate(split.logits[0], split.labels, 5, true);
  ASSERT_TRUE(alone);
  for (const Combiner combiner : {Combiner::kMeanProbability, Combiner::kMeanLogit,
                                  Combiner::kWeighted, Combiner::kGreedy}) {
    const auto metrics =
        Evaluate(Combine(split, combiner, EqualWeights(1)), split.labels, 5, true);
    ASSERT_TRUE(metrics);
    EXPECT_EQ(ToJson(*metrics).Dump(), ToJson(*alone).Dump()) << kCombinerNames.Name(combiner);
  }
  const auto voted =
      Evaluate(Combine(split, Combiner::kMajorityVote, EqualWeights(1)), split.labels, 5, false);
  EXPECT_EQ(voted->accuracy, alone->accuracy);
}

TEST(Combine, OrderOfMembersDoesNotMatter) {
  const MemberPredictions split = RandomMembers(4, 200, 6, 2);
  MemberPredictions turned = split;
  std::rotate(turned.logits.begin(), turned.logits.begin() + 1, turned.logits.end());
  const std::vector<double> weights{0.1, 0.2, 0.3, 0.4}, turned_weights{0.2, 0.3, 0.4, 0.1};
  for (const auto& [combiner, name] : kCombinerNames.rows) {
    const auto a = Combine(split, combiner, weights);
    const auto b = Combine(turned, combiner, turned_weights);
    EXPECT_THAT(a.probabilities, Pointwise(DoubleNear(1e-14), b.probabilities)) << name;
    EXPECT_EQ(a.predicted, b.predicted) << name;
  }
}

TEST(Combine, ANaNOfOneMemberReachesTheNumbersAndCrashesNothing) {
  MemberPredictions split = HandMade();
  split.logits[1][0] = std::numeric_limits<float>::quiet_NaN();
  for (const auto& [combiner, name] : kCombinerNames.rows) {
    const auto metrics =
        Evaluate(Combine(split, combiner, EqualWeights(3)), split.labels, 3, true);
    ASSERT_TRUE(metrics) << name;
    EXPECT_TRUE(combiner == Combiner::kMajorityVote || std::isnan(metrics->loss)) << name;
    EXPECT_FALSE(std::isnan(metrics->accuracy)) << name;
  }
}

TEST(Weights, AreDividedByTheirSum) {
  const auto weights = NormalizedWeights(std::vector<double>{3, 1, 0}, 3);
  ASSERT_TRUE(weights);
  EXPECT_THAT(*weights, ElementsAre(0.75, 0.25, 0));
}

TEST(Weights, NormalizedOnesStayAsTheyAre) {
  Rng rng(8);
  for (int i = 0; i < 1000; ++i) {
    const std::vector<double> given{rng.Uniform(), rng.Uniform(), rng.Uniform()};
    const auto once = NormalizedWeights(given, 3);
    ASSERT_TRUE(once);
    EXPECT_EQ(*NormalizedWeights(*once, 3), *once);
  }
}

struct BadWeights {
  std::vector<double> given;
  const char* message;
};
class RefusedWeights : public ::testing::TestWithParam<BadWeights> {};
TEST_P(RefusedWeights, SayWhatIsWrong) {
  const auto weights = NormalizedWeights(GetParam().given, 2);
  ASSERT_FALSE(weights);
  EXPECT_THAT(weights.error().message(), HasSubstr(GetParam().message));
}
INSTANTIATE_TEST_SUITE_P(
    All, RefusedWeights,
    ::testing::Values(BadWeights{{1}, "1 weights for 2 members"}, BadWeights{{0, 0}, "above 0"},
                      BadWeights{{-1, 2}, "0 or more"},
                      BadWeights{{std::numeric_limits<double>::infinity(), 1}, "0 or more"}));

double Loss(const MemberPredictions& split, const std::vector<double>& weights) {
  return Evaluate(Combine(split, Combiner::kWeighted, weights), split.labels, split.classes, false)
      ->loss;
}

TEST(Weights, FittedOnesAreTheBestOfTheSimplex) {
  const MemberPredictions validation = RandomMembers(3, 400, 4, 3);
  const auto fitted = FittedWeights(validation);
  ASSERT_TRUE(fitted);
  EXPECT_NEAR(std::accumulate(fitted->begin(), fitted->end(), 0.0), 1.0, 1e-12);
  const double best = Loss(validation, *fitted);
  for (int a = 0; a <= 20; ++a) {
    for (int b = 0; a + b <= 20; ++b) {
      const std::vector<double> other{a / 20.0, b / 20.0, (20 - a - b) / 20.0};
      EXPECT_LE(best, Loss(validation, other) + 1e-6) << a << " " << b;
    }
  }
}

TEST(Weights, FittedOnesOfTwoMembersByHand) {
  // p of the true class: member 0 has 0.9, 0.1; member 1 has 0.1, 0.9: the best mixture is even.
  // A third item (0.9 against 0.1) moves it: 2 log(.1 + .8 w) + log(.9 - .8 w) is largest where
  // 1.6 / (.1 + .8 w) = .8 / (.9 - .8 w), so w = 1.7 / 2.4.
  MemberPredictions validation;
  validation.classes = 2;
  validation.items = {0, 1, 2};
  validation.labels = {0, 0, 0};
  validation.logits = {Logits({0.9, 0.1, 0.1, 0.9, 0.9, 0.1}),
                       Logits({0.1, 0.9, 0.9, 0.1, 0.1, 0.9})};
  const auto fitted = FittedWeights(validation);
  ASSERT_TRUE(fitted);
  EXPECT_NEAR((*fitted)[0], 1.7 / 2.4, 1e-3);
}

TEST(Weights, GreedySelectionByHand) {
  // Member 0 is right about two items of three, member 1 about the third. First 0 joins; then 1
  // (even is better than 0 alone), then 0 again.
  MemberPredictions validation;
  validation.classes = 2;
  validation.items = {0, 1, 2};
  validation.labels = {0, 0, 0};
  validation.logits = {Logits({0.9, 0.1, 0.1, 0.9, 0.9, 0.1}),
                       Logits({0.1, 0.9, 0.9, 0.1, 0.1, 0.9})};
  const auto weights = GreedyWeights(validation);
  ASSERT_TRUE(weights);
  // Of all bags of at most 40 copies, 17 of 24 is 1.7 / 2.4 exactly.
  EXPECT_NEAR((*weights)[0], 17.0 / 24, 1e-12);
}

TEST(Weights, GreedyTakesTheFirstOfEquals) {
  MemberPredictions validation = RandomMembers(1, 50, 3, 4);
  validation.logits.push_back(validation.logits[0]);
  const auto weights = GreedyWeights(validation);
  ASSERT_TRUE(weights);
  EXPECT_THAT(*weights, ElementsAre(1, 0));
}

TEST(Weights, LeavingAMemberOutIsFittingWithoutIt) {
  const MemberPredictions all = RandomMembers(3, 200, 4, 5);
  const MemberPredictions two{4, all.items, all.labels, {all.logits[0], all.logits[2]}};
  const auto fitted = FittedWeights(all, 1), fitted_two = FittedWeights(two);
  EXPECT_THAT(*fitted, ElementsAre((*fitted_two)[0], 0, (*fitted_two)[1]));
  const auto greedy = GreedyWeights(all, 1), greedy_two = GreedyWeights(two);
  EXPECT_THAT(*greedy, ElementsAre((*greedy_two)[0], 0, (*greedy_two)[1]));
}

TEST(Weights, FittingNeedsASharedValidationSplit) {
  const auto weights = WeightsOf({Combiner::kGreedy, {}, nullptr}, 3);
  ASSERT_FALSE(weights);
  EXPECT_EQ(weights.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_THAT(weights.error().message(), HasSubstr("per_trial"));
  MemberPredictions unlabelled = RandomMembers(2, 10, 3, 6);
  unlabelled.labels.assign(10, -1);
  EXPECT_FALSE(FittedWeights(unlabelled));
  MemberPredictions diverged = RandomMembers(2, 10, 3, 6);
  diverged.logits[1][7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(GreedyWeights(diverged).error().message(), HasSubstr("member 1"));
}

TEST(Diversity, OfPairsByHand) {
  // Predictions: 0 1 0 1; 0 1 2 2; 1 2 2 0. Truth: 0 1 2 0.
  const auto pairs = Diversity(HandMade());
  ASSERT_EQ(pairs.size(), 3u);
  EXPECT_EQ(pairs[0].disagreement, 0.5);   // items 2, 3
  EXPECT_EQ(pairs[0].double_fault, 0.25);  // item 3
  EXPECT_EQ(pairs[1].a, 0);
  EXPECT_EQ(pairs[1].b, 2);
  EXPECT_EQ(pairs[1].disagreement, 1.0);
  EXPECT_EQ(pairs[1].double_fault, 0.0);
  EXPECT_EQ(pairs[2].disagreement, 0.75);
  EXPECT_EQ(pairs[2].double_fault, 0.0);
}

TEST(EnsembleEvaluation, AblationAndBestMemberByHand) {
  const MemberPredictions split = HandMade();
  const auto e = EvaluateEnsemble("test", split, {Combiner::kMeanProbability, {}, nullptr}, true);
  ASSERT_TRUE(e) << e.error().ToString();
  EXPECT_EQ(e->metrics.accuracy, 0.5);
  EXPECT_EQ(e->best_member, 1);
  EXPECT_EQ(e->best_member_accuracy, 0.75);
  EXPECT_NEAR(*e->mean_member_accuracy, (0.5 + 0.75 + 0.5) / 3, 1e-15);
  EXPECT_NEAR(*e->disagreement, 0.75, 1e-15);
  EXPECT_NEAR(*e->double_fault, 0.25 / 3, 1e-15);
  ASSERT_EQ(e->members.size(), 3u);
  EXPECT_EQ(e->members[0].accuracy_alone, 0.5);
  // Without member 0: (.7 1.1 .2), (.5 .6 .9), (.4 .4 1.2), (.9 .3 .8): items 2 and 3 are right.
  EXPECT_EQ(e->members[0].accuracy_without, 0.5);
  // Without member 1: (.8 1. .2), (.3 .6 1.1), (.8 .7 .5), (1. .8 .2): item 3.
  EXPECT_EQ(e->members[1].accuracy_without, 0.25);
  // Without member 2: (1.1 .7 .2), (.6 1. .4), (.6 .5 .9), (.3 .9 .8): all but item 3.
  EXPECT_EQ(e->members[2].accuracy_without, 0.75);
  EXPECT_EQ(e->members[1].weight, 1.0 / 3);
}

TEST(EnsembleEvaluation, EqualGivenWeightsAreTheMean) {
  const MemberPredictions split = RandomMembers(3, 100, 4, 7);
  const auto mean = EvaluateEnsemble("test", split, {Combiner::kMeanProbability, {}, {}}, true);
  const auto given = EvaluateEnsemble("test", split, {Combiner::kWeighted, {1, 1, 1}, {}}, true);
  EXPECT_EQ(ToJson(mean->metrics).Dump(), ToJson(given->metrics).Dump());
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(mean->members[k].loss_without, given->members[k].loss_without);
  }
}

TEST(EnsembleEvaluation, WithoutTheOnlyWeightTheRestIsEqual) {
  const MemberPredictions split = HandMade();
  const auto e = EvaluateEnsemble("test", split, {Combiner::kWeighted, {1, 0, 0}, {}}, true);
  ASSERT_TRUE(e);
  EXPECT_EQ(e->metrics.accuracy, e->members[0].accuracy_alone);
  EXPECT_EQ(e->members[0].accuracy_without, 0.5);
}

TEST(EnsembleEvaluation, WithoutLabelsThereAreNoNumbersButDisagreement) {
  MemberPredictions split = HandMade();
  split.labels.assign(4, -1);
  const auto e = EvaluateEnsemble("test", split, {Combiner::kMajorityVote, {}, {}}, true);
  ASSERT_TRUE(e) << e.error().ToString();
  EXPECT_FALSE(e->metrics.labelled);
  EXPECT_EQ(e->metrics.n, 4);
  EXPECT_FALSE(e->best_member_accuracy);
  EXPECT_FALSE(e->members[0].loss_alone);
  EXPECT_FALSE(e->double_fault);
  EXPECT_NEAR(*e->disagreement, 0.75, 1e-15);
  split.labels[2] = 1;
  EXPECT_FALSE(EvaluateEnsemble("test", split, {Combiner::kMajorityVote, {}, {}}, true));
}

TEST(EnsembleEvaluation, SizesThatDoNotFitAreNamed) {
  MemberPredictions split = HandMade();
  split.logits[2].pop_back();
  EXPECT_THAT(CheckMemberPredictions(split).error().message(), HasSubstr("member 2 has 11"));
  split.logits.clear();
  EXPECT_FALSE(CheckMemberPredictions(split));
}

}  // namespace
}  // namespace tutti
