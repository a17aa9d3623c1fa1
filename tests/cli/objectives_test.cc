// Goal: with several metrics, exactly the results that no other beats in all of them are marked.
// Method: results by hand.

#include "cli/objectives.h"

#include <gtest/gtest.h>

#include <limits>

namespace tutti::cli {
namespace {

const std::vector<Objective> kAccuracyAndSize = {{"validation_accuracy", false},
                                                 {"parameters", true}};

TEST(Objectives, NobodyOnTheFrontIsBeatenInAll) {
  const std::vector<ObjectiveResult> results = {
      {{0.90, 1000.0}},  // smallest
      {{0.95, 5000.0}},
      {{0.94, 6000.0}},  // beaten by the second
      {{0.99, 90000.0}},
      {{0.95, 5000.0}},  // as good as the second
  };
  EXPECT_EQ(OnParetoFront(results, kAccuracyAndSize),
            (std::vector<bool>{true, true, false, true, true}));
}

TEST(Objectives, WhatLacksAValueIsNotOnTheFront) {
  const std::vector<ObjectiveResult> results = {
      {{0.90, std::nullopt}},
      {{0.5, 10.0}},
      {{std::numeric_limits<double>::quiet_NaN(), 1.0}},
      {{}},
  };
  EXPECT_EQ(OnParetoFront(results, kAccuracyAndSize),
            (std::vector<bool>{false, true, false, false}));
}

TEST(Objectives, FeasibleResultsBeatInfeasibleOnes) {
  const std::vector<ObjectiveResult> results = {{{0.99, 10.0}, false}, {{0.5, 100.0}, true}};
  EXPECT_EQ(OnParetoFront(results, kAccuracyAndSize), (std::vector<bool>{false, true}));
}

}  // namespace
}  // namespace tutti::cli
