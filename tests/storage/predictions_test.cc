// Goal: v_predictions says exactly what the metrics were computed from: its accuracy is the stored
// one, ties and numbers that are not finite included, and a whole evaluation reads in time.
// Method: logits of random bits and of hand-picked values; the probabilities again in C++.

#include <gtest/gtest.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <random>

#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

const char* const kAccuracy =
    "SELECT avg(predicted_class = true_class) = (SELECT accuracy FROM v_evaluations), count(*) "
    "FROM v_predictions WHERE evaluation_id = 1";

TEST(Predictions, LogitsOfAnyBitsGiveTheStoredAccuracy) {
  std::mt19937 rng(11);
  Predictions p;
  for (int i = 0; i < 400 * 5; ++i) p.logits.push_back(std::bit_cast<float>(
      static_cast<std::uint32_t>(rng())));
  for (int i = 0; i < 400; ++i) p.labels.push_back(static_cast<std::int32_t>(rng() % 5));
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Evaluation("", 1, p.logits, p.labels, 5)));
  EXPECT_EQ(sample.Rows(kAccuracy), "[[1,400]]");
}

TEST(Predictions, LogitsReadBackBitForBit) {
  constexpr float kSmallest = std::numeric_limits<float>::denorm_min();
  constexpr float kLargest = std::numeric_limits<float>::max();
  const Predictions p{{1.0f, -1.0f, 0.1f, 0.0f, -3.25f, kSmallest, -kLargest, kLargest}, {0, 1}};
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Evaluation("", 1, p.logits, p.labels, 4)));
  Json expected = Json::MakeArray();
  for (const float logit : p.logits) {
    expected.Append(Json::MakeArray({static_cast<double>(logit)}));
  }
  EXPECT_EQ(sample.Rows("SELECT logit FROM v_logits ORDER BY position, class"), expected.Dump());
}

TEST(Predictions, TheFirstOfTheLargestLogitsIsPredicted) {
  const Predictions p{{1, 3, 3, /**/ -0.0f, 0.0f, -1, /**/ NAN, 1, 2, /**/ -2, -1, -1}, {1, 1, 2, 2}};
  const auto metrics = Evaluate(p.logits, p.labels, 3, false);
  ASSERT_TRUE(metrics);
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Evaluation("", 1, p.logits, p.labels, 3)));
  EXPECT_EQ(sample.Rows(kAccuracy), "[[1,4]]");
  EXPECT_EQ(sample.Rows("SELECT item, true_class, predicted_class, p_true IS NULL "
                        "FROM v_predictions ORDER BY item"),
            "[[100,1,1,0],[101,1,0,0],[102,2,2,1],[103,2,1,0]]");
}

TEST(Predictions, ProbabilitiesAreTheSoftmax) {
  const Predictions p = SamplePredictions(50, 7, 5);
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Evaluation("", 1, p.logits, p.labels, 7)));
  const auto reader = ReadStore::Open(sample.database());
  ASSERT_TRUE(reader);
  const auto table = (*reader)->Query(
      "SELECT p_true, p_predicted, predicted_class FROM v_predictions ORDER BY item");
  ASSERT_TRUE(table) << table.error().ToString();
  ASSERT_EQ(table->rows.size(), 50u);
  for (std::size_t i = 0; i < 50; ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < 7; ++k) sum += std::exp(static_cast<double>(p.logits[i * 7 + k]));
    const auto probability = [&](std::size_t k) {
      return std::exp(static_cast<double>(p.logits[i * 7 + k])) / sum;
    };
    EXPECT_NEAR(table->rows[i][0].AsDouble(),
                probability(static_cast<std::size_t>(p.labels[i])), 1e-12);
    EXPECT_NEAR(table->rows[i][1].AsDouble(),
                probability(static_cast<std::size_t>(table->rows[i][2].AsInt())), 1e-12);
  }
}

// The limit is the documented time limit of a query (2 s), which would end it with an error.
TEST(Predictions, TenThousandItemsOfTenClassesReadWithinTheTimeLimit) {
  const Predictions p = SamplePredictions(10'000, 10, 7);
  SampleStore sample;
  sample.AddTrial();
  ASSERT_TRUE(sample.Report(1, 1, Evaluation("", 1, p.logits, p.labels, 10)));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(sample.Rows(kAccuracy), "[[1,10000]]");
  const auto middle = std::chrono::steady_clock::now();
  EXPECT_EQ(sample.Rows("SELECT count(*), min(p_predicted >= p_true) FROM v_predictions "
                        "WHERE evaluation_id = 1"),
            "[[10000,1]]");
  const auto end = std::chrono::steady_clock::now();
  const auto ms = [](auto d) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
  };
  RecordProperty("accuracy_ms", static_cast<int>(ms(middle - begin)));
  RecordProperty("probabilities_ms", static_cast<int>(ms(end - middle)));
}

}  // namespace
}  // namespace tutti::storage
