// Goal: configurations that are invalid or excluded, constraints, and several metrics reach the
// searcher as what they are.
// Method: actions as a searcher would return them, on a cluster whose searcher only listens.

#include "tests/coordinator/engine/hold_stage.h"

namespace tutti::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(Hold, ValuesThatATrainerRefusesEndAllReplicatesButNotTheExperiment) {
  Begin(Document({.replicates = 2}), 6);
  Start(2);
  Exit(1, Outcome::kError, FailureClass::kInvalidHp, "lr must be below 1");
  EXPECT_EQ(TrialNo(1).state, TrialState::kError);
  EXPECT_EQ(TrialNo(1).message, "invalid hyperparameters: lr must be below 1");
  EXPECT_EQ(TrialNo(1).restarts, 0);
  EXPECT_EQ(AttemptOf(2).stop, AttemptOrder::Stop::kKill);
  EXPECT_THAT(Heard<search::ConfigurationInvalid>(), IsEmpty());
  Create(2, 0);
  Exit(2, Outcome::kKilled);
  EXPECT_EQ(TrialNo(2).message, "invalid hyperparameters: lr must be below 1");
  ASSERT_EQ(Heard<search::ConfigurationInvalid>().size(), 1u);
  EXPECT_THAT(Heard<search::TrialClosed>(), IsEmpty());
  Obeys(search::SearchClosed{});
  for (const int trial : {3, 4}) Exit(trial, Outcome::kCompleted);
  EXPECT_EQ(Owner().state, ExperimentState::kCompleted);
}

TEST_F(Hold, AnExperimentWithNothingButInvalidConfigurationsSaysSo) {
  Begin();
  Obeys(search::SearchClosed{});
  Exit(1, Outcome::kError, FailureClass::kInvalidHp, "lr must be below 1");
  EXPECT_EQ(Owner().state, ExperimentState::kError);
  EXPECT_EQ(Owner().message,
            "the only configuration is invalid: invalid hyperparameters: lr must be below 1");
}

Json WithConstraint(const std::string& metric, const char* bound, double value) {
  Json document = Document({});
  document.SetPath("data.dataset", "mnist");
  Json constraint = Json::MakeObject({{"metric", metric}, {"min", Json()}, {"max", Json()}});
  constraint.Set(bound, value);
  document.SetPath("searcher.constraints", Json::MakeArray({std::move(constraint)}));
  return document;
}

TEST_F(Hold, WhatAConstraintOnParametersExcludesIsNeverTrained) {
  NodeJoined joined;
  joined.node = NodeId(1);
  OnNodeJoined(cluster_, joined);
  OnSubmitted(cluster_, {2, ExperimentId(1), WithConstraint("parameters", "max", 200'000)});
  Settle();
  EXPECT_THAT(cluster_.trials, IsEmpty());
  EXPECT_EQ(Owner().state, ExperimentState::kError);
  EXPECT_THAT(Owner().message, HasSubstr("parameters 225034 is above 200000"));
  ASSERT_FALSE(decisions_.empty());
  EXPECT_THAT(decisions_.front(),
              HasSubstr("experiment 1: configuration 1: not trained: parameters 225034"));
}

TEST_F(Hold, AConstraintOnAMetricMakesValidationsInfeasible) {
  Begin(WithConstraint("validation_macro_f1", "min", 0.9));
  EXPECT_EQ(TrialNo(1).parameters, 10) << "as its attempt says";
  Metric(1, 1, 0.2, {{"validation_macro_f1", 0.8}});
  EXPECT_FALSE(Heard<search::MetricReported>().back().feasible);
  EXPECT_EQ(TrialNo(1).infeasible, "validation_macro_f1 0.8 is below 0.9");
  EXPECT_EQ(Owner().best_value, std::nullopt);
  Metric(1, 2, 0.1, {{"validation_macro_f1", 0.95}});
  const auto heard = Heard<search::MetricReported>();
  EXPECT_TRUE(heard.back().feasible);
  EXPECT_EQ(heard.back().metrics.at("validation_macro_f1"), 0.95);
  EXPECT_EQ(TrialNo(1).infeasible, "");
  EXPECT_EQ(Owner().best_value, 0.1);
}

TEST_F(Hold, SeveralMetricsAreHeardAsMeansOfTheReplicates) {
  Json document = Document({.replicates = 2});
  document.SetPath("searcher.metrics", Json::Parse(R"([
      {"metric": "validation_loss", "smaller_is_better": true},
      {"metric": "validation_ece", "smaller_is_better": true},
      {"metric": "parameters", "smaller_is_better": true}])").value());
  Begin(std::move(document));
  Start(2);
  Metric(1, 1, 0.5, {{"validation_ece", 0.25}});
  EXPECT_THAT(heard_, IsEmpty());
  Metric(2, 1, 1.0, {{"validation_ece", 0.75}});
  const auto heard = Heard<search::MetricReported>();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].value, 0.75);
  EXPECT_EQ(heard[0].metrics,
            (std::map<std::string, double>{{"validation_ece", 0.5}, {"parameters", 10}}));
}

}  // namespace
}  // namespace tutti::engine
