// Goal: every metric is the textbook number, for tidy and for hostile inputs. Method: cases small
// enough to compute by hand, and brute force (all pairs, all thresholds, all bins) on random data.

#include "experiments/metrics/evaluation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "experiments/core/rng.h"
#include "experiments/metrics/thinning.h"

namespace tutti {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInf = std::numeric_limits<float>::infinity();

struct Split {
  std::vector<float> logits;
  std::vector<std::int32_t> labels;
  std::int64_t classes = 0;
};

// `skill` moves the logit of the true class up; `levels` > 0 rounds logits, so that scores tie.
Split RandomSplit(std::int64_t n, std::int64_t classes, double skill, int levels,
                  std::uint64_t seed) {
  Rng rng(seed);
  Split split;
  split.classes = classes;
  for (std::int64_t i = 0; i < n; ++i) {
    const auto label = static_cast<std::int32_t>(rng.Below(static_cast<std::uint64_t>(classes)));
    split.labels.push_back(label);
    for (std::int64_t c = 0; c < classes; ++c) {
      double logit = rng.Normal() + (c == label ? skill : 0.0);
      if (levels > 0) logit = std::round(logit * levels) / levels;
      split.logits.push_back(static_cast<float>(logit));
    }
  }
  return split;
}

EvaluationMetrics Evaluated(const Split& split, bool curves = true) {
  auto metrics = Evaluate(split.logits, split.labels, split.classes, curves);
  EXPECT_TRUE(metrics.ok());
  return std::move(metrics).value();
}

std::vector<double> Probabilities(const Split& split) {
  std::vector<double> all;
  const auto width = static_cast<std::size_t>(split.classes);
  for (std::size_t i = 0; i < split.labels.size(); ++i) {
    const float* row = split.logits.data() + i * width;
    const double top = *std::max_element(row, row + width);
    double sum = 0;
    for (std::size_t c = 0; c < width; ++c) sum += std::exp(row[c] - top);
    for (std::size_t c = 0; c < width; ++c) all.push_back(std::exp(row[c] - top) / sum);
  }
  return all;
}

// One-vs-rest scores and truths of class c, or of all pairs with c = -1.
struct Question {
  std::vector<double> scores;
  std::vector<bool> truths;
};
Question AskedAbout(const Split& split, std::int64_t c) {
  const auto all = Probabilities(split);
  Question question;
  for (std::size_t k = 0; k < all.size(); ++k) {
    const auto column = static_cast<std::int64_t>(k) % split.classes;
    if (c >= 0 && column != c) continue;
    question.scores.push_back(all[k]);
    question.truths.push_back(split.labels[k / static_cast<std::size_t>(split.classes)] == column);
  }
  return question;
}

double PairCountingAuc(const Question& q) {
  double wins = 0;
  double pairs = 0;
  for (std::size_t i = 0; i < q.scores.size(); ++i) {
    for (std::size_t j = 0; j < q.scores.size(); ++j) {
      if (!q.truths[i] || q.truths[j]) continue;
      pairs += 1;
      wins += q.scores[i] > q.scores[j] ? 1.0 : q.scores[i] == q.scores[j] ? 0.5 : 0.0;
    }
  }
  return wins / pairs;
}

double ThresholdAp(const Question& q) {
  std::vector<double> thresholds = q.scores;
  std::sort(thresholds.rbegin(), thresholds.rend());
  thresholds.erase(std::unique(thresholds.begin(), thresholds.end()), thresholds.end());
  const auto positives = static_cast<double>(std::count(q.truths.begin(), q.truths.end(), true));
  double ap = 0;
  double recall_before = 0;
  for (const double threshold : thresholds) {
    double tp = 0;
    double taken = 0;
    for (std::size_t i = 0; i < q.scores.size(); ++i) {
      if (q.scores[i] < threshold) continue;
      taken += 1;
      tp += q.truths[i] ? 1 : 0;
    }
    ap += (tp / positives - recall_before) * tp / taken;
    recall_before = tp / positives;
  }
  return ap;
}

TEST(Evaluation, HandComputedTwoClasses) {
  // p(class 1) = 0.5, 0.75, 0.75, 0.9; labels 0, 1, 0, 1.
  const auto logit = [](double p) { return static_cast<float>(std::log(p / (1 - p))); };
  const Split split{{0, 0, 0, logit(0.75), 0, logit(0.75), 0, logit(0.9)}, {0, 1, 0, 1}, 2};
  const EvaluationMetrics m = Evaluated(split);
  EXPECT_EQ(m.accuracy, 0.75);  // the tie of item 0 goes to class 0
  EXPECT_EQ(m.confusion, (std::vector<std::int64_t>{1, 1, 0, 2}));
  EXPECT_NEAR(m.loss, -(std::log(0.5) + std::log(0.75) + std::log(0.25) + std::log(0.9)) / 4, 1e-7);
  EXPECT_NEAR(m.brier, 2 * (0.25 + 0.0625 + 0.5625 + 0.01) / 4, 1e-7);
  // Bins of width 1/15: 0.5 alone (right), both 0.75 together (one right), 0.9 alone (right).
  EXPECT_NEAR(m.ece, (0.5 + std::abs(1 - 1.5) + 0.1) / 4, 1e-7);
  EXPECT_EQ(m.per_class[1].precision, 2.0 / 3);
  EXPECT_EQ(m.per_class[1].recall, 1.0);
  EXPECT_DOUBLE_EQ(m.per_class[1].f1, 0.8);
  EXPECT_EQ(m.per_class[0].precision, 1.0);
  EXPECT_EQ(m.per_class[0].recall, 0.5);
  EXPECT_DOUBLE_EQ(m.macro_f1, (0.8 + 2.0 / 3) / 2);
  // Pairs: 0.9 beats both, 0.75 ties one and beats the other.
  EXPECT_EQ(m.per_class[1].auc, 3.5 / 4);
  EXPECT_DOUBLE_EQ(*m.per_class[1].average_precision, 0.5 * 1.0 + 0.5 * 2.0 / 3);
}

TEST(Evaluation, CalibrationBinsAreOpenBelowAndClosedAbove) {
  // Two classes with p = 0.5 exactly would be bin (7/15, 8/15]; a perfect 1.0 is in the last bin.
  const Split sure{{200, -200, 200, -200}, {0, 0}, 2};
  EXPECT_EQ(Evaluated(sure).ece, 0.0);
  // Confidence exactly 1/3 = 5/15, one of two items right.
  const Split even{{0, 0, 0, 0, 0, 0}, {0, 1}, 3};
  EXPECT_NEAR(Evaluated(even).ece, std::abs(1 - 2.0 / 3) / 2, 1e-15);
}

TEST(Evaluation, LossIsClippedAtFifteenDigits) {
  const Split wrong{{100, 0}, {1}, 2};
  EXPECT_EQ(Evaluated(wrong).loss, -std::log(1e-15));
}

TEST(Evaluation, AreasEqualPairCountingAndThresholdSums) {
  for (const int levels : {0, 1, 3}) {
    for (const double skill : {0.0, 1.0, 3.0}) {
      const Split split = RandomSplit(150, 4, skill, levels, 7);
      const EvaluationMetrics m = Evaluated(split);
      double auc_sum = 0;
      double ap_sum = 0;
      for (std::int64_t c = 0; c < 4; ++c) {
        const Question q = AskedAbout(split, c);
        const ClassMetrics& metrics = m.per_class[static_cast<std::size_t>(c)];
        EXPECT_NEAR(*metrics.auc, PairCountingAuc(q), 1e-14) << levels << " " << skill;
        EXPECT_NEAR(*metrics.average_precision, ThresholdAp(q), 1e-14) << levels << " " << skill;
        auc_sum += *metrics.auc;
        ap_sum += *metrics.average_precision;
      }
      EXPECT_NEAR(*m.macro_auc, auc_sum / 4, 1e-15);
      EXPECT_NEAR(*m.macro_ap, ap_sum / 4, 1e-15);
      EXPECT_NEAR(*m.micro_auc, PairCountingAuc(AskedAbout(split, -1)), 1e-14);
      EXPECT_NEAR(*m.micro_ap, ThresholdAp(AskedAbout(split, -1)), 1e-14);
    }
  }
}

TEST(Evaluation, CalibrationEqualsBruteForce) {
  const Split split = RandomSplit(2000, 5, 1.0, 0, 11);
  const auto all = Probabilities(split);
  double ece = 0;
  double brier = 0;
  double loss = 0;
  for (int bin = 0; bin < 15; ++bin) {
    double gap = 0;
    for (std::size_t i = 0; i < 2000; ++i) {
      const auto row = all.begin() + static_cast<std::ptrdiff_t>(5 * i);
      const auto top = std::max_element(row, row + 5);
      if (!(*top > bin / 15.0 && *top <= (bin + 1) / 15.0)) continue;
      gap += (top - row == split.labels[i] ? 1.0 : 0.0) - *top;
    }
    ece += std::abs(gap) / 2000;
  }
  for (std::size_t k = 0; k < all.size(); ++k) {
    const bool truth = split.labels[k / 5] == static_cast<std::int32_t>(k % 5);
    brier += (all[k] - truth) * (all[k] - truth) / 2000;
    if (truth) loss -= std::log(all[k]) / 2000;
  }
  const EvaluationMetrics m = Evaluated(split);
  EXPECT_NEAR(m.ece, ece, 1e-12);
  EXPECT_NEAR(m.brier, brier, 1e-12);
  EXPECT_NEAR(m.loss, loss, 1e-12);
}

TEST(Evaluation, AbsentClassHasNoAreasAndStaysOutOfMacro) {
  Split split = RandomSplit(100, 3, 2.0, 0, 5);
  for (auto& label : split.labels) label = label == 1 ? 2 : label;
  const EvaluationMetrics m = Evaluated(split);
  EXPECT_FALSE(m.per_class[1].auc.has_value());
  EXPECT_FALSE(m.per_class[1].average_precision.has_value());
  EXPECT_EQ(m.per_class[1].recall, 0.0);
  EXPECT_EQ(m.per_class[1].support, 0);
  EXPECT_DOUBLE_EQ(*m.macro_auc, (*m.per_class[0].auc + *m.per_class[2].auc) / 2);
  EXPECT_DOUBLE_EQ(m.macro_f1, (m.per_class[0].f1 + m.per_class[2].f1) / 2);
  for (const Curve& curve : m.roc) EXPECT_NE(curve.class_index, 1);
  for (const Curve& curve : m.pr) EXPECT_NE(curve.class_index, 1);
}

TEST(Evaluation, ASingleClassHasNoRestAndNoAreas) {
  Split split = RandomSplit(50, 3, 1.0, 0, 5);
  split.labels.assign(50, 1);
  const EvaluationMetrics m = Evaluated(split);
  for (const ClassMetrics& c : m.per_class) {
    EXPECT_FALSE(c.auc.has_value());
    EXPECT_FALSE(c.average_precision.has_value());
  }
  EXPECT_FALSE(m.macro_auc.has_value());
  EXPECT_FALSE(m.macro_ap.has_value());
  EXPECT_TRUE(m.micro_auc.has_value()) << "micro asks about all pairs of item and class";
  EXPECT_EQ(m.per_class[1].support, 50);
  EXPECT_EQ(m.roc.size(), 1u);
}

TEST(Evaluation, NonFiniteLogitsGiveNaNAndNoCrash) {
  for (const float bad : {kNan, kInf, -kInf}) {
    Split split = RandomSplit(20, 3, 1.0, 0, 5);
    split.logits[4] = bad;
    const EvaluationMetrics m = Evaluated(split);
    EXPECT_TRUE(std::isnan(m.loss) && std::isnan(m.ece) && std::isnan(m.brier));
    EXPECT_TRUE(std::isnan(*m.macro_auc) && std::isnan(*m.micro_ap));
    EXPECT_TRUE(std::isnan(*m.per_class[0].auc));
    EXPECT_TRUE(m.roc.empty() && m.pr.empty());
    EXPECT_GE(m.accuracy, 0.0);
  }
  const Split all_bad{{kNan, kNan, kNan, kNan}, {0, 1}, 2};
  EXPECT_EQ(Evaluated(all_bad).accuracy, 0.5) << "the first class is predicted";
  const Split one_good{{kNan, 1, 2, kNan}, {1, 0}, 2};
  EXPECT_EQ(Evaluated(one_good).accuracy, 1.0) << "NaN is smaller than any number";
}

TEST(Evaluation, AnEmptySplitHasNoNumbers) {
  const EvaluationMetrics m = Evaluated({{}, {}, 4});
  EXPECT_EQ(m.n, 0);
  EXPECT_TRUE(std::isnan(m.accuracy) && std::isnan(m.loss) && std::isnan(m.ece));
  EXPECT_FALSE(m.macro_auc || m.micro_auc || m.macro_ap || m.micro_ap);
  EXPECT_EQ(m.confusion, std::vector<std::int64_t>(16, 0));
  EXPECT_TRUE(m.roc.empty() && m.pr.empty());
}

TEST(Evaluation, SizesAndLabelsAreChecked) {
  const std::vector<float> logits(6, 0.0f);
  const std::vector<std::int32_t> labels{0, 1};
  EXPECT_TRUE(Evaluate(logits, labels, 3, false).ok());
  EXPECT_FALSE(Evaluate(logits, labels, 2, false).ok());
  EXPECT_FALSE(Evaluate(logits, labels, 1, false).ok());
  EXPECT_FALSE(Evaluate(logits, labels, -3, false).ok());
  for (const std::int32_t bad : {-1, 3}) {
    const auto result = Evaluate(logits, std::vector<std::int32_t>{0, bad}, 3, false);
    ASSERT_FALSE(result.ok());
    EXPECT_NE(result.error().ToString().find("of item 1 is not in 0 ... 2"), std::string::npos);
  }
}

TEST(Evaluation, CurvesEndWhereTheyMustAndHaveTheHeadlineArea) {
  struct Case {
    std::int64_t n, classes;
    double skill;
    int levels;
  };
  for (const Case c : {Case{100, 3, 1, 0}, Case{10000, 10, 0, 0}, Case{10000, 10, 2, 0},
                       Case{10000, 10, 5, 2}, Case{3000, 2, 0.5, 1}, Case{20000, 4, 0, 0}}) {
    const EvaluationMetrics m = Evaluated(RandomSplit(c.n, c.classes, c.skill, c.levels, 3));
    ASSERT_EQ(m.roc.size(), static_cast<std::size_t>(c.classes) + 2);
    ASSERT_EQ(m.pr.size(), static_cast<std::size_t>(c.classes) + 1);
    EXPECT_EQ(m.roc.back().class_index, -2);
    EXPECT_EQ(m.pr.back().class_index, -1);
    for (const Curve& curve : m.roc) {
      const auto k = curve.class_index;
      const double auc = k == -2   ? *m.macro_auc
                         : k == -1 ? *m.micro_auc
                                   : *m.per_class[static_cast<std::size_t>(k)].auc;
      ASSERT_LE(curve.points.size(), 512u);
      EXPECT_NEAR(Area(curve.points, Integration::kTrapezoid), auc, 1e-3);
      EXPECT_EQ(curve.points.front().x, 0.0);
      EXPECT_EQ(curve.points.front().y, 0.0);
      EXPECT_EQ(curve.points.back().x, 1.0);
      EXPECT_NEAR(curve.points.back().y, 1.0, 1e-12);
      if (k >= -1) {
        EXPECT_EQ(curve.points.front().threshold, std::numeric_limits<double>::infinity());
      }
      for (std::size_t i = 1; i < curve.points.size(); ++i) {
        EXPECT_LE(curve.points[i - 1].x, curve.points[i].x);
        EXPECT_LE(curve.points[i - 1].y, curve.points[i].y + 1e-12);
      }
    }
    for (const Curve& curve : m.pr) {
      const double ap = curve.class_index == -1
                            ? *m.micro_ap
                            : *m.per_class[static_cast<std::size_t>(curve.class_index)]
                                   .average_precision;
      ASSERT_LE(curve.points.size(), 512u);
      EXPECT_NEAR(Area(curve.points, Integration::kStep), ap, 1e-3);
      EXPECT_EQ(curve.points.front().x, 0.0);
      EXPECT_EQ(curve.points.back().x, 1.0);
    }
  }
}

TEST(Evaluation, WithoutCurvesAllElseIsTheSame) {
  const Split split = RandomSplit(500, 6, 1.0, 0, 9);
  const EvaluationMetrics without = Evaluated(split, false);
  EvaluationMetrics with = Evaluated(split, true);
  EXPECT_TRUE(without.roc.empty() && without.pr.empty());
  with.roc.clear();
  with.pr.clear();
  EXPECT_EQ(ToJson(with), ToJson(without));
}

TEST(EvaluationJson, RoundTripIsExact) {
  Split absent = RandomSplit(300, 4, 1.0, 2, 13);
  for (auto& label : absent.labels) label = label % 3;
  Split bad = RandomSplit(10, 3, 1.0, 0, 5);
  bad.logits[0] = kNan;
  for (const Split& split : {RandomSplit(5000, 10, 1.5, 0, 1), absent, bad, Split{{}, {}, 2}}) {
    const std::string text = ToJson(Evaluated(split)).Dump();
    const auto back = EvaluationMetricsFromJson(Json::Parse(text).value());
    ASSERT_TRUE(back.ok()) << back.error().ToString();
    EXPECT_EQ(ToJson(*back).Dump(), text);
  }
  const EvaluationMetrics m = Evaluated(RandomSplit(300, 4, 1.0, 0, 13));
  const EvaluationMetrics back = EvaluationMetricsFromJson(ToJson(m)).value();
  EXPECT_EQ(back.loss, m.loss);
  EXPECT_EQ(back.roc[2].points.size(), m.roc[2].points.size());
  EXPECT_EQ(back.roc[2].points[5].threshold, m.roc[2].points[5].threshold);
  EXPECT_EQ(back.confusion, m.confusion);
}

TEST(EvaluationJson, EveryMissingOrForeignFieldIsAnError) {
  const Json good = ToJson(Evaluated(RandomSplit(30, 3, 1.0, 0, 13)));
  for (const auto& [key, value] : good.AsObject()) {
    Json missing = good;
    missing.Erase(key);
    EXPECT_FALSE(EvaluationMetricsFromJson(missing).ok()) << key;
    Json foreign = good;
    foreign.Set(key, "text");
    EXPECT_FALSE(EvaluationMetricsFromJson(foreign).ok()) << key;
  }
  Json uneven = good;
  uneven.Find("roc")->AsArray()[0].Find("x")->AsArray().pop_back();
  EXPECT_FALSE(EvaluationMetricsFromJson(uneven).ok());
  EXPECT_FALSE(EvaluationMetricsFromJson(Json(3)).ok());
}

TEST(Unlabelled, HasNoNumbersAndSurvivesTheRecord) {
  const Split split = RandomSplit(20, 4, 1.0, 0, 9);
  const std::vector<std::int32_t> unknown(20, -1);
  const auto metrics = Evaluate(split.logits, unknown, 4, true);
  ASSERT_TRUE(metrics) << metrics.error().ToString();
  EXPECT_FALSE(metrics->labelled);
  EXPECT_EQ(metrics->n, 20);
  EXPECT_TRUE(std::isnan(metrics->accuracy));
  EXPECT_TRUE(metrics->confusion.empty());
  EXPECT_EQ(ToJson(*metrics).Dump(), R"({"n":20,"classes":4,"labelled":false})");
  const auto read = EvaluationMetricsFromJson(ToJson(*metrics));
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->labelled);
  std::vector<std::int32_t> some = unknown;
  some[3] = 0;
  EXPECT_FALSE(Evaluate(split.logits, some, 4, true));
}

TEST(Probabilities, GiveTheNumbersOfTheirLogits) {
  const Split split = RandomSplit(200, 5, 1.0, 0, 10);
  std::vector<double> probabilities(split.logits.size());
  std::vector<std::int32_t> predicted;
  for (std::size_t i = 0; i < split.labels.size(); ++i) {
    const auto row = std::span(split.logits).subspan(i * 5, 5);
    Softmax(row, std::span(probabilities).subspan(i * 5, 5));
    predicted.push_back(PredictedClass(row));
  }
  const auto a = Evaluate(split.logits, split.labels, 5, true);
  const auto b = EvaluateProbabilities(probabilities, predicted, split.labels, 5, true);
  ASSERT_TRUE(b) << b.error().ToString();
  EXPECT_EQ(ToJson(*a).Dump(), ToJson(*b).Dump());
  predicted[0] = 5;
  EXPECT_FALSE(EvaluateProbabilities(probabilities, predicted, split.labels, 5, true));
}

}  // namespace
}  // namespace tutti
