// Goal: splits are exact, stratified, disjoint, and depend on nothing but labels, configuration
// and seed. Method: properties over a table of configurations on random labels.
#include "worker/data/splits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "experiments/core/rng.h"

namespace tutti {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Labels only: splits never look at pixels. Class k has about twice as many items as class k + 1.
Dataset Labelled(std::int64_t train, std::int64_t test, int classes) {
  Rng rng(42);
  Dataset data;
  data.name = "labelled";
  for (int k = 0; k < classes; ++k) data.class_names.push_back("class " + std::to_string(k));
  const auto fill = [&](ImageSet& half, std::int64_t n) {
    half.n = n;
    for (std::int64_t i = 0; i < n; ++i) {
      std::int32_t k = 0;
      while (k + 1 < classes && rng.Uniform() < 0.5) ++k;
      half.labels.push_back(k);
    }
  };
  fill(data.train, train);
  fill(data.test, test);
  return data;
}

std::vector<double> CountsByClass(const std::vector<std::int32_t>& labels, std::size_t classes) {
  std::vector<double> counts(classes);
  for (const std::int32_t label : labels) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

void ExpectAscending(const std::vector<std::int64_t>& items) {
  EXPECT_TRUE(std::is_sorted(items.begin(), items.end(), std::less_equal<>()));
}

TEST(MakeSplits, ValidationIsCutFromTrainAndEverythingIsUsedOnce) {
  const Dataset data = Labelled(1003, 50, 4);
  for (const double fraction : {0.0, 0.1, 0.25, 0.5, 0.9}) {
    DataConfig config;
    config.validation_fraction = fraction;
    const auto splits = MakeSplits(data, config, 7);
    ASSERT_TRUE(splits.ok()) << splits.error().ToString();
    EXPECT_EQ(std::llround(fraction * 1003),
              static_cast<std::int64_t>(splits->validation.items.size()));
    std::set<std::int64_t> all(splits->train.items.begin(), splits->train.items.end());
    all.insert(splits->validation.items.begin(), splits->validation.items.end());
    EXPECT_EQ(all.size(), 1003u);
    EXPECT_EQ(splits->train.items.size() + splits->validation.items.size(), 1003u);
    ExpectAscending(splits->train.items);
    ExpectAscending(splits->validation.items);
    EXPECT_TRUE(splits->test.from_test_half);
    EXPECT_EQ(splits->test.items.size(), 50u);
    EXPECT_EQ(splits->test.labels, data.test.labels);
    const auto whole = CountsByClass(data.train.labels, 4);
    const auto part = CountsByClass(splits->validation.labels, 4);
    for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(part[k], fraction * whole[k], 1.0);
  }
}

TEST(MakeSplits, LabelsBelongToTheirItems) {
  const Dataset data = Labelled(300, 0, 5);
  const auto splits = MakeSplits(data, DataConfig{}, 1);
  ASSERT_TRUE(splits.ok());
  for (const SplitItems* split : {&splits->train, &splits->validation}) {
    ASSERT_EQ(split->items.size(), split->labels.size());
    for (std::size_t i = 0; i < split->items.size(); ++i) {
      EXPECT_EQ(split->labels[i], data.train.labels[static_cast<std::size_t>(split->items[i])]);
    }
  }
}

TEST(MakeSplits, SeedDecidesAndNothingElse) {
  const Dataset data = Labelled(500, 0, 3);
  const auto a = MakeSplits(data, DataConfig{}, 7);
  const auto b = MakeSplits(data, DataConfig{}, 7);
  const auto c = MakeSplits(data, DataConfig{}, 8);
  EXPECT_EQ(a->validation.items, b->validation.items);
  EXPECT_NE(a->validation.items, c->validation.items);
}

TEST(MakeSplits, ThreeWayCutsAllFromTheTrainHalf) {
  const Dataset data = Labelled(1001, 20, 4);
  const std::vector<std::array<double, 3>> cases{
      {0.7, 0.2, 0.1}, {0.5, 0.25, 0.25}, {0.34, 0.33, 0.33}, {0.5, 0.1, 0.1}};
  for (const auto& [train, validation, test] : cases) {
    DataConfig config;
    config.train_fraction = train;
    config.validation_fraction = validation;
    config.test_fraction = test;
    const auto splits = MakeSplits(data, config, 3);
    ASSERT_TRUE(splits.ok()) << splits.error().ToString();
    EXPECT_FALSE(splits->test.from_test_half);
    std::set<std::int64_t> all;
    std::size_t sum = 0;
    for (const SplitItems* split : {&splits->train, &splits->validation, &splits->test}) {
      all.insert(split->items.begin(), split->items.end());
      sum += split->items.size();
    }
    EXPECT_EQ(all.size(), sum) << "splits overlap";
    EXPECT_NEAR(static_cast<double>(sum), 1001 * (train + validation + test), 1.5);
    const auto whole = CountsByClass(data.train.labels, 4);
    const auto part = CountsByClass(splits->test.labels, 4);
    for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(part[k], test * whole[k], 1.5);
  }
}

TEST(MakeSplits, ChosenClassesAreRenumberedInTheirOrder) {
  const Dataset data = Labelled(400, 100, 5);
  DataConfig config;
  config.classes = {3, 0};
  const auto splits = MakeSplits(data, config, 3);
  ASSERT_TRUE(splits.ok());
  EXPECT_THAT(splits->class_names, ElementsAre("class 3", "class 0"));
  for (std::size_t i = 0; i < splits->test.items.size(); ++i) {
    const auto old = data.test.labels[static_cast<std::size_t>(splits->test.items[i])];
    EXPECT_EQ(old, splits->test.labels[i] == 0 ? 3 : 0);
  }
}

TEST(MakeSplits, SubsetIsStratifiedAndTakenBeforeTheSplit) {
  const Dataset data = Labelled(2000, 100, 4);
  DataConfig config;
  config.subset = 600;
  const auto splits = MakeSplits(data, config, 3);
  ASSERT_TRUE(splits.ok());
  EXPECT_EQ(splits->train.items.size(), 540u);
  EXPECT_EQ(splits->validation.items.size(), 60u);
  EXPECT_EQ(splits->test.items.size(), 100u);
  auto labels = splits->train.labels;
  labels.insert(labels.end(), splits->validation.labels.begin(), splits->validation.labels.end());
  const auto whole = CountsByClass(data.train.labels, 4);
  const auto part = CountsByClass(labels, 4);
  for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(part[k], 0.3 * whole[k], 1.0);
}

struct Refused {
  std::string what;
  DataConfig config;
};

TEST(MakeSplits, SaysWhatCannotBeSplit) {
  const Dataset data = Labelled(100, 10, 3);
  const auto with = [](auto change) {
    DataConfig config;
    change(config);
    return config;
  };
  const std::vector<Refused> cases{
      {"3 is no class of labelled, which has 0 to 2",
       with([](DataConfig& c) { c.classes = {0, 3}; })},
      {"-1 is no class", with([](DataConfig& c) { c.classes = {-1}; })},
      {"1 is listed twice", with([](DataConfig& c) { c.classes = {1, 1}; })},
      {"data.subset is 101, expected 1 to 100", with([](DataConfig& c) { c.subset = 101; })},
      {"data.subset is 0", with([](DataConfig& c) { c.subset = 0; })},
      {"validation is 1.5", with([](DataConfig& c) { c.validation_fraction = 1.5; })},
      {"validation is NaN", with([](DataConfig& c) { c.validation_fraction = std::nan(""); })},
      {"train and test together", with([](DataConfig& c) { c.test_fraction = 0.1; })},
      {"expected at most 1", with([](DataConfig& c) {
         c.train_fraction = 0.9;
         c.test_fraction = 0.9;
       })},
      {"0.001 of 100 images is no image",
       with([](DataConfig& c) { c.validation_fraction = 0.001; })},
      {"leave no train image", with([](DataConfig& c) { c.validation_fraction = 0.999; })},
  };
  for (const Refused& refused : cases) {
    const auto splits = MakeSplits(data, refused.config, 1);
    ASSERT_FALSE(splits.ok()) << refused.what;
    EXPECT_EQ(splits.error().code(), ErrorCode::kInvalidArgument);
    EXPECT_THAT(splits.error().ToString(), HasSubstr(refused.what));
  }
}

TEST(MakeSplits, WithoutATrainHalfThatNobodyNeedsOnlyTestHasItems) {
  DataConfig config;
  config.classes = {2, 0};
  const auto splits = MakeSplits(Labelled(0, 40, 3), config, 1, {.train = false, .test = true});
  ASSERT_TRUE(splits.ok()) << splits.error().ToString();
  EXPECT_TRUE(splits->train.items.empty());
  EXPECT_TRUE(splits->validation.items.empty());
  EXPECT_FALSE(splits->test.items.empty());
  EXPECT_TRUE(splits->test.from_test_half);
  EXPECT_THAT(splits->class_names, ElementsAre("class 2", "class 0"));
}

TEST(MakeSplits, DatasetWithoutTrainHalfIsRefused) {
  const auto splits = MakeSplits(Labelled(0, 10, 3), DataConfig{}, 1);
  ASSERT_FALSE(splits.ok());
  EXPECT_EQ(splits.error().code(), ErrorCode::kFailedPrecondition);
}

}  // namespace
}  // namespace tutti
