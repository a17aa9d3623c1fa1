// Goal: misspellings find what was meant, and other words find nothing. Method: tables.

#include "experiments/core/suggest.h"

#include <gtest/gtest.h>

namespace tutti {
namespace {

TEST(Suggest, DistanceCountsSwapsAsOne) {
  EXPECT_EQ(EditDistance("", ""), 0);
  EXPECT_EQ(EditDistance("", "abc"), 3);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3);
  EXPECT_EQ(EditDistance("widht", "width"), 1);
  EXPECT_EQ(EditDistance("abc", "abc"), 0);
}

TEST(Suggest, FindsTheNearestName) {
  const std::vector<std::string> names{"kernel", "stride", "padding", "batch_norm", "p"};
  for (const auto& [text, expected] : std::vector<std::pair<std::string, std::string>>{
           {"kernal", "kernel"}, {"strid", "stride"}, {"pading", "padding"},
           {"BatchNorm", "batch_norm"}, {"batch-norm", "batch_norm"}, {"KERNEL", "kernel"},
           {"lr", ""}, {"", ""}, {"x", ""}, {"optimizer", ""}}) {
    EXPECT_EQ(ClosestName(text, names), expected) << text;
  }
  EXPECT_EQ(ClosestName(std::string(1000, 'a'), names), "");
}

TEST(Suggest, SentencesListTheNamesWhenNoneIsNear) {
  EXPECT_EQ(DidYouMean("gird", {"random", "grid"}), "; did you mean 'grid'?");
  EXPECT_EQ(DidYouMean("bayes", {"random", "grid"}), "; known are random, grid");
  EXPECT_EQ(DidYouMean("bayes", {}), "");
}

}  // namespace
}  // namespace tutti
