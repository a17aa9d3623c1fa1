// Goal: stored logits come back bit for bit, however many; checkpoints are found by the names that
// people give them; members are joined by item. Method: evaluations written as reports, read back
// through a plain reader.

#include "storage/stored_predictions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class StoredPredictionsTest : public ::testing::Test {
 protected:
  StoredPredictionsTest() {
    sample_.AddTrial();
    EXPECT_TRUE(sample_.Report(1, 1, Started(0, 0)));
    EXPECT_TRUE(sample_.Report(1, 2, CheckpointAt(1, "1/1/1-step-10"), 1));
    reader_ = *ReadStore::Open(sample_.database());
    query_ = [this](const std::string& sql, const std::vector<Json>& params) {
      return reader_->Query(sql, params, {.max_rows = 100'000, .timeout_ms = 60'000});
    };
  }
  SampleStore sample_;
  std::unique_ptr<ReadStore> reader_;
  RunQuery query_;
};

TEST_F(StoredPredictionsTest, ComeBackBitForBitInSeveralPages) {
  const Predictions p = SamplePredictions(20'500, 3, 1);
  ASSERT_TRUE(sample_.Report(1, 3, Evaluation("1/1/1-step-10", 1, p.logits, p.labels, 3)));
  const auto found = FindEvaluations(query_, TrialId(1), "1/1/1-step-10");
  ASSERT_TRUE(found) << found.error().ToString();
  EXPECT_EQ(found->text, "1.1@e1");
  ASSERT_EQ(found->evaluations.size(), 1u);
  EXPECT_THAT(found->evaluations[0].class_names, ElementsAre("zero", "one", "two"));
  const auto loaded = LoadPredictions(query_, found->evaluations[0].evaluation_id);
  ASSERT_TRUE(loaded) << loaded.error().ToString();
  EXPECT_EQ(loaded->logits, p.logits);
  EXPECT_EQ(loaded->labels, p.labels);
  EXPECT_EQ(loaded->items.front(), 100);
  EXPECT_EQ(loaded->items.back(), 20'599);
}

TEST_F(StoredPredictionsTest, OfAnEvaluationWithoutThemAreNotFound) {
  const auto loaded = LoadPredictions(query_, 77);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code(), ErrorCode::kNotFound);
}

TEST_F(StoredPredictionsTest, CheckpointsAreFoundByTheirNames) {
  EXPECT_EQ(FindCheckpoint(query_, "1.1")->checkpoint_name, "");
  EXPECT_EQ(FindCheckpoint(query_, "1.1@best")->checkpoint_name, "");
  EXPECT_EQ(FindCheckpoint(query_, "1.1@e1")->checkpoint_name, "1/1/1-step-10");
  EXPECT_THAT(FindCheckpoint(query_, "1.1@e2").error().message(), HasSubstr("1.1@e1"));
  for (const char* text : {"", "1", "1.", "1.1@", "1.1@e", "1.1@worst", "a.b", "1.1.1"}) {
    const auto ref = FindCheckpoint(query_, text);
    ASSERT_FALSE(ref) << text;
    EXPECT_EQ(ref.error().code(), ErrorCode::kInvalidArgument) << text;
  }
}

TEST(JoinByItem, KeepsSharedItemsInTheFirstOnesOrder) {
  std::vector<StoredPredictions> members{{2, {5, 3, 9, 3}, {1, 0, 1, 0}, {1, 2, 3, 4, 5, 6, 7, 8}},
                                         {2, {3, 4, 5}, {0, 0, 1}, {10, 20, 30, 40, 50, 60}}};
  const auto joined = JoinByItem(members, {"a", "b"});
  ASSERT_TRUE(joined) << joined.error().ToString();
  EXPECT_FALSE(joined->complete);
  EXPECT_THAT(joined->items, ElementsAre(5, 3));
  EXPECT_THAT(joined->labels, ElementsAre(1, 0));
  EXPECT_THAT(joined->logits[0], ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(joined->logits[1], ElementsAre(50, 60, 10, 20));
}

TEST(JoinByItem, RefusesDifferentClassesAndLabelsNamingBoth) {
  std::vector<StoredPredictions> widths{{2, {1}, {0}, {1, 2}}, {3, {1}, {0}, {1, 2, 3}}};
  EXPECT_THAT(JoinByItem(widths, {"1.1@e1", "1.2@e2"}).error().message(),
              HasSubstr("1.1@e1 tells 2 classes apart, 1.2@e2 3"));
  std::vector<StoredPredictions> labels{{2, {1}, {0}, {1, 2}}, {2, {1}, {1}, {1, 2}}};
  EXPECT_THAT(JoinByItem(labels, {"1.1@e1", "1.2@e2"}).error().message(),
              HasSubstr("item 1 is of class 0 for 1.1@e1"));
}

}  // namespace
}  // namespace tutti::storage
