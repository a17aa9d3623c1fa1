// Goal: the learning rate is a pure function of the position, with the values of the formulas in
// schedule.h; plateau and early stopping count as they say. Method: tables worked out by hand;
// schedules_test.py holds whole runs against torch.optim.lr_scheduler.

#include "worker/trainer/schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "worker/trainer/early_stopping.h"

namespace tutti::trainer {
namespace {

ScheduleConfig Named(const std::string& name) {
  ScheduleConfig config;
  config.name = name;
  return config;
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(Schedule, RatesAreThoseOfTheFormulas) {
  ScheduleConfig step = Named("step");
  step.every_epochs = 2;
  ScheduleConfig multi = Named("multi_step");
  multi.milestones = {1, 3};
  multi.gamma = 0.5;
  ScheduleConfig exponential = Named("exponential");
  exponential.gamma = 0.95;
  ScheduleConfig cosine = Named("cosine");
  cosine.min_lr = 0.2;
  ScheduleConfig restarts = Named("cosine");
  restarts.cycles = 2;
  ScheduleConfig linear = Named("linear");
  linear.end_factor = 0.5;
  ScheduleConfig warm = Named("step");
  warm.warmup_epochs = 0.5;
  warm.warmup_factor = 0.2;
  ScheduleConfig warm_linear = linear;
  warm_linear.warmup_epochs = 1;
  warm_linear.warmup_factor = 0;
  const struct {
    const char* name;
    ScheduleConfig config;
    std::int64_t step;  // 4 epochs of 10 steps, full rate 1
    double lr;
  } cases[] = {
      {"constant", Named("constant"), 39, 1},
      {"step: before", step, 19, 1},
      {"step: after two epochs", step, 20, 0.1},
      {"multi_step: first epoch", multi, 9, 1},
      {"multi_step: first milestone", multi, 10, 0.5},
      {"multi_step: second milestone", multi, 30, 0.25},
      {"exponential: third epoch", exponential, 29, 0.95 * 0.95},
      {"cosine: begins full", cosine, 0, 1},
      {"cosine: half way", cosine, 20, 0.6},
      {"cosine: last", cosine, 39, 0.2 + 0.8 * (1 + std::cos(M_PI * 39 / 40)) / 2},
      {"restarts: end of the first cycle", restarts, 19, (1 + std::cos(M_PI * 19 / 20)) / 2},
      {"restarts: full again", restarts, 20, 1},
      {"linear: half way", linear, 20, 0.75},
      {"warm-up: begins", warm, 0, 0.2},
      {"warm-up: within", warm, 2, 0.2 + 0.8 * 2 / 5},
      {"warm-up: over", warm, 5, 1},
      {"warm-up does not move epochs", warm, 10, 0.1},
      {"linear begins after the warm-up", warm_linear, 10, 1},
      {"linear takes what is left", warm_linear, 25, 0.75},
  };
  for (const auto& c : cases) {
    ASSERT_TRUE(CheckSchedule(c.config).ok());
    EXPECT_NEAR(LearningRate(c.config, {1, 10, 4}, c.step, {}), c.lr, 1e-15) << c.name;
  }
}

TEST(Schedule, OneCycleRisesToItsPeakAndFallsToItsEnd) {
  const ScheduleConfig config = Named("one_cycle");
  const ScheduleSpan span{1, 10, 4};
  EXPECT_NEAR(LearningRate(config, span, 0, {}), 1.0 / 25, 1e-15);
  EXPECT_NEAR(LearningRate(config, span, 11, {}), 1, 1e-15);
  EXPECT_NEAR(LearningRate(config, span, 39, {}), 1.0 / 25 / 1e4, 1e-15);
}

// A length in batches may end within an epoch: the schedule ends there.
TEST(Schedule, EndsWithTheLastStepWhereTheLastEpochIsNotWhole) {
  const ScheduleSpan span{1, 10, 3, 25};
  EXPECT_NEAR(LearningRate(Named("one_cycle"), span, 24, {}), 1.0 / 25 / 1e4, 1e-15);
  EXPECT_NEAR(LearningRate(Named("linear"), span, 25, {}), Named("linear").end_factor, 1e-15);
}

// Trainings of a handful of steps are what a first try looks like.
TEST(Schedule, ShortTrainingsHaveFiniteRates) {
  for (const char* name : {"constant", "step", "multi_step", "exponential", "cosine", "linear",
                           "one_cycle", "plateau"}) {
    for (const double warmup : {0.0, 0.5, 1.0, 7.0}) {
      for (std::int64_t steps = 1; steps <= 4; ++steps) {
        ScheduleConfig config = Named(name);
        config.warmup_epochs = warmup;
        config.cycles = 3;
        for (std::int64_t step = 0; step < 2 * steps; ++step) {
          const double lr = LearningRate(config, {0.5, steps, 2}, step, {});
          EXPECT_TRUE(lr >= 0 && lr <= 0.5) << name << " " << warmup << " " << step << ": " << lr;
        }
      }
    }
  }
}

TEST(Schedule, AnUnknownNameIsAnErrorThatSuggestsOne) {
  const Status status = CheckSchedule(Named("cosin"));
  ASSERT_FALSE(status.ok());
  EXPECT_NE(status.error().ToString().find("did you mean 'cosine'"), std::string::npos);
}

std::vector<double> PlateauRates(const ScheduleConfig& config, bool smaller_is_better,
                                 const std::vector<double>& metrics) {
  std::vector<double> rates;
  PlateauState state;
  for (const double metric : metrics) {
    EndPlateauEpoch(config, 1, smaller_is_better, metric, state);
    // What a checkpoint keeps is all there is.
    state = *PlateauState::FromJson(*Json::Parse(state.ToJson().Dump()));
    rates.push_back(LearningRate(config, {1, 10, 100}, 0, state));
  }
  return rates;
}

TEST(Schedule, PlateauReducesAfterMoreThanPatienceEpochs) {
  ScheduleConfig config = Named("plateau");
  config.factor = 0.5;
  config.patience = 1;
  config.min_lr = 0.3;
  config.min_delta = 0.1;
  using Rates = std::vector<double>;
  EXPECT_EQ(PlateauRates(config, true, {1, 1, 1, 1, 1, 1}), (Rates{1, 1, 0.5, 0.5, 0.3, 0.3}));
  EXPECT_EQ(PlateauRates(config, true, {1, 0.95, 0.89, 0.85}), (Rates{1, 1, 1, 1}));
  EXPECT_EQ(PlateauRates(config, true, {1, 0.95, 0.95, 0.1}), (Rates{1, 1, 0.5, 0.5}));
  EXPECT_EQ(PlateauRates(config, false, {1, 1.05, 1.2, 1.3, 1.31}), (Rates{1, 1, 1, 1, 0.5}));
  EXPECT_EQ(PlateauRates(config, true, {kNan, kNan, kNan, 1}), (Rates{1, 0.5, 0.5, 0.5}));
}

struct Stop {
  std::int64_t at_epoch;  // 0: never
  std::int64_t best_epoch;
};

Stop RunToStop(EarlyStoppingConfig config, bool smaller_is_better,
               const std::vector<double>& metrics) {
  EarlyStopping state;
  std::int64_t epoch = 0;
  for (const double metric : metrics) {
    state.EndEpoch(config, smaller_is_better, ++epoch, metric);
    state = *EarlyStopping::FromJson(*Json::Parse(state.ToJson().Dump()));
    if (state.stopped) return {epoch, state.best_epoch};
  }
  return {0, state.best_epoch};
}

TEST(EarlyStopping, StopsAfterPatienceEpochsWithoutABetterMetric) {
  const struct {
    const char* name;
    EarlyStoppingConfig config;
    bool smaller_is_better;
    std::vector<double> metrics;
    Stop stop;
  } cases[] = {
      {"falling", {2, 0}, true, {4, 3, 2, 1}, {0, 4}},
      {"rising loss", {2, 0}, true, {1, 2, 3, 4}, {3, 1}},
      {"equal is not better", {2, 0}, true, {1, 1, 1, 1}, {3, 1}},
      {"rising accuracy", {2, 0}, false, {1, 2, 3, 4}, {0, 4}},
      {"better by too little", {1, 0.5}, true, {4, 3.6, 1}, {2, 1}},
      {"patience starts anew", {2, 0}, true, {4, 5, 3, 5, 2, 5, 5}, {7, 5}},
      {"NaN is never better", {2, 0}, true, {kNan, 3, kNan, kNan, 1}, {4, 2}},
      {"nothing but NaN", {2, 0}, true, {kNan, kNan, kNan}, {2, 0}},
  };
  for (const auto& c : cases) {
    const Stop stop = RunToStop(c.config, c.smaller_is_better, c.metrics);
    EXPECT_EQ(stop.at_epoch, c.stop.at_epoch) << c.name;
    EXPECT_EQ(stop.best_epoch, c.stop.best_epoch) << c.name;
  }
}

}  // namespace
}  // namespace tutti::trainer
