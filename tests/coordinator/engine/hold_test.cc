// Goal: what searchers with early stopping ask for is carried out: trials that are held, go on, stop
// with a last evaluation, start from others' checkpoints; configurations that are invalid or
// excluded; constraints and several metrics; what waiting costs.
// Method: actions as a searcher would return them, on a cluster whose searcher only listens.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/engine/attempts.h"
#include "coordinator/engine/audit.h"
#include "coordinator/engine/checkpoints.h"
#include "coordinator/engine/dialogue.h"
#include "coordinator/engine/experiments.h"
#include "coordinator/engine/lifecycle.h"
#include "coordinator/engine/nodes.h"
#include "coordinator/engine/placement.h"
#include "coordinator/engine/view.h"
#include "tests/coordinator/engine/documents.h"

namespace tutti::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Silent final : public search::Searcher {
 public:
  explicit Silent(std::vector<search::SearchEvent>& heard) : heard_(heard) {}
  std::vector<search::SearchAction> OnEvent(const search::SearchEvent& event) override {
    heard_.push_back(event);
    return {};
  }
  Json Snapshot() const override { return {}; }
  std::int64_t expected_configurations() const override { return 1; }
  std::int64_t created() const override { return 1; }
  std::int64_t closed() const override { return 0; }

 private:
  std::vector<search::SearchEvent>& heard_;
};

// Configuration 1 is trial 1, running as attempt 1 on one of two slots.
class Hold : public testing::Test {
 protected:
  // Slots of a gang that failed stay held, as no node says that they are free.
  void Begin(Json document = Document({}), std::int64_t slots = 2) {
    NodeJoined joined;
    joined.node = NodeId(1);
    joined.name = "w1";
    joined.pool = "default";
    for (std::int64_t i = 0; i < slots; ++i) joined.slots.push_back({i, "cpu"});
    OnNodeJoined(cluster_, joined);
    OnSubmitted(cluster_, {2, ExperimentId(1), std::move(document)});
    Settle();
    ASSERT_TRUE(cluster_.experiments.contains(ExperimentId(1)));
    Owner().searcher = std::make_unique<Silent>(heard_);
    Owner().search_closed = false;
    Start(1);
  }
  Experiment& Owner() { return cluster_.experiments.at(ExperimentId(1)); }
  Trial& TrialNo(int n) { return cluster_.trials.at(TrialId(n)); }
  Attempt& AttemptOf(int trial) { return cluster_.attempts.at(TrialNo(trial).attempt); }

  void Settle() {
    now_ms_ += 1000;
    SettleExperiments(cluster_, now_ms_);
    Schedule(cluster_, now_ms_);
    CountIdleSlots(cluster_, now_ms_);
    for (const Command& command : TakeCommands(cluster_)) {
      const auto* line = std::get_if<LogEvent>(&command);
      if (line != nullptr && line->kind == "decision") {
        decisions_.push_back(line->subject + ": " + line->detail);
      }
    }
    EXPECT_THAT(AuditCluster(cluster_), IsEmpty());
  }
  void Obeys(const search::SearchAction& action) {
    Obey(cluster_, Owner(), {action}, now_ms_);
    Settle();
  }
  void Create(std::int64_t no, std::int64_t run_until, std::int64_t parent = 0) {
    Obeys(search::CreateTrial{{no, Json::MakeObject({{"training.optimizer.lr", 0.01}})},
                              run_until, parent});
  }
  void Start(int trial) {
    OnAttemptStarted(cluster_, {now_ms_, TrialNo(trial).attempt, 10});
    Settle();
  }
  void Metric(int trial, std::int64_t epoch, double loss,
              std::map<std::string, double> others = {}) {
    others["validation_loss"] = loss;
    OnMetric(cluster_, {now_ms_, TrialNo(trial).attempt, epoch, epoch * 10, std::move(others), 0});
    Settle();
  }
  void Commit(int trial, std::int64_t epoch, double loss) {
    const std::string name = "c" + std::to_string(++checkpoints_);
    OnCheckpointCommitted(cluster_, {now_ms_, TrialNo(trial).attempt, CheckpointId(checkpoints_),
                                     name, "sha-" + name, epoch, epoch * 10, 100, loss});
    Settle();
  }
  void Exit(int trial, Outcome outcome, FailureClass failure = FailureClass::kNone,
            const std::string& message = "") {
    OnAttemptExited(cluster_, {now_ms_, TrialNo(trial).attempt, outcome, failure, message});
    Settle();
  }
  // Trained to `epoch`, with a checkpoint there, and held.
  void TrainAndHold(int trial, std::int64_t epoch, double loss = 0.5) {
    Metric(trial, epoch, loss);
    Commit(trial, epoch, loss);
    Exit(trial, Outcome::kHeld);
  }
  // Trial 2, which is held at 2 epochs.
  void HoldTrialTwo() {
    Create(2, 2);
    Start(2);
    TrainAndHold(2, 2);
  }
  template <class T>
  std::vector<T> Heard() const {
    std::vector<T> list;
    for (const search::SearchEvent& event : heard_) {
      if (const auto* one = std::get_if<T>(&event)) list.push_back(*one);
    }
    return list;
  }

  Cluster cluster_;
  std::int64_t now_ms_ = 1'000'000;
  std::int64_t checkpoints_ = 0;
  std::vector<search::SearchEvent> heard_;
  std::vector<std::string> decisions_;
};

TEST_F(Hold, AtItsTimeATrialGivesUpItsSlotsAndGoesOnWhenTold) {
  Begin();
  Create(2, 2);
  const SetDesired desired = DesiredState(cluster_, NodeId(1));
  ASSERT_EQ(desired.allocations.size(), 2u);
  EXPECT_EQ(desired.allocations[0].attempts[0].run_until, 0);
  EXPECT_EQ(desired.allocations[1].attempts[0].run_until, 2);
  EXPECT_EQ(desired.allocations[1].attempts[0].hparams, R"({"training.optimizer.lr":0.01})");
  Start(2);
  TrainAndHold(2, 2);
  EXPECT_EQ(TrialNo(2).state, TrialState::kHeld);
  EXPECT_EQ(Owner().slots_in_use, 1);
  EXPECT_EQ(Heard<search::MetricReported>().back().time, 2);
  Obeys(search::ContinueTrial{2, 0});
  EXPECT_EQ(TrialNo(2).state, TrialState::kQueued);
  EXPECT_EQ(AttemptOf(2).resume_name, "c1");
  EXPECT_EQ(DesiredState(cluster_, NodeId(1)).allocations[1].attempts[0].run_until, 0);
}

TEST_F(Hold, ADecisionThatComesEarlyReachesTheAttemptOrItsSuccessor) {
  Begin();
  Create(2, 2);
  Start(2);
  Metric(2, 1, 0.5);
  Obeys(search::ContinueTrial{2, 4});
  EXPECT_EQ(DesiredState(cluster_, NodeId(1)).allocations[1].attempts[0].run_until, 4);
  // The worker had not heard of it.
  TrainAndHold(2, 2);
  EXPECT_EQ(TrialNo(2).state, TrialState::kQueued);
  EXPECT_TRUE(TrialNo(2).attempt);
  EXPECT_EQ(TrialNo(2).restarts, 0);
  Start(2);
  TrainAndHold(2, 4);
  EXPECT_EQ(TrialNo(2).state, TrialState::kHeld);
}

TEST_F(Hold, NobodyWaitsForeverForAValueThatWasNotReported) {
  Begin();
  Create(2, 2);
  Start(2);
  Exit(2, Outcome::kHeld);
  EXPECT_EQ(TrialNo(2).state, TrialState::kHeld);
  const auto heard = Heard<search::MetricReported>();
  ASSERT_EQ(heard.size(), 1u);
  EXPECT_EQ(heard[0].time, 2);
  EXPECT_TRUE(std::isnan(heard[0].value));
}

TEST_F(Hold, AnAttemptThatEndsAsHeldUnaskedIsAFailure) {
  Begin();
  Exit(1, Outcome::kHeld);
  EXPECT_EQ(TrialNo(1).restarts, 1);
  EXPECT_EQ(TrialNo(1).state, TrialState::kQueued);
}

TEST_F(Hold, AHeldTrialThatIsStoppedIsEvaluatedFirst) {
  Begin();
  HoldTrialTwo();
  Obeys(search::StopTrial{2, "rung 0: 3rd of 4, top 1 kept"});
  EXPECT_EQ(TrialNo(2).state, TrialState::kQueued);
  EXPECT_EQ(AttemptOf(2).stop, AttemptOrder::Stop::kFinish);
  EXPECT_EQ(AttemptOf(2).resume_name, "c1");
  const AttemptOrder order = DesiredState(cluster_, NodeId(1)).allocations[1].attempts[0];
  EXPECT_EQ(order.stop, AttemptOrder::Stop::kFinish) << "from the start, so that it trains nothing";
  EXPECT_EQ(order.run_until, 0);
  Start(2);
  EXPECT_EQ(TrialNo(2).state, TrialState::kStopping);
  Exit(2, Outcome::kFinished);
  EXPECT_EQ(TrialNo(2).state, TrialState::kStopped);
  EXPECT_EQ(TrialNo(2).message, "rung 0: 3rd of 4, top 1 kept");
  const auto closed = Heard<search::TrialClosed>();
  ASSERT_EQ(closed.size(), 1u);
  EXPECT_TRUE(closed[0].ok);
  EXPECT_EQ(closed[0].best, 0.5);
  EXPECT_THAT(decisions_, ElementsAre("trial 1.2: stopped: rung 0: 3rd of 4, top 1 kept"));
}

TEST_F(Hold, WhatResumesBringsItsBestCheckpointAlongForItsEvaluation) {
  Begin();
  Create(2, 2);
  Start(2);
  Metric(2, 1, 0.4);
  Commit(2, 1, 0.4);
  TrainAndHold(2, 2, 0.6);
  Obeys(search::ContinueTrial{2, 0});
  const AttemptOrder order = DesiredState(cluster_, NodeId(1)).allocations[1].attempts[0];
  EXPECT_EQ(order.resume_from, "c2");
  EXPECT_EQ(order.weights_from, "c1");
  EXPECT_EQ(order.weights_sha256, "sha-c1");
}

TEST_F(Hold, AViewCountsInTheUnitOfTheSearcher) {
  Json document = Document({});
  document.SetPath("searcher.time_metric", "batches");
  document.SetPath("searcher.max_time", 100);
  Begin(std::move(document));
  Metric(1, 2, 0.5);  // 20 batches
  const auto view = ViewOf(cluster_, ExperimentId(1));
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->trials[0].epochs_done, 20);
  EXPECT_EQ(view->trials[0].epochs, 100);
}

TEST_F(Hold, WhereNothingIsToBeEvaluatedAHeldTrialIsStoppedAtOnce) {
  Json document = Document({});
  document.SetPath("evaluation.splits", Json::MakeArray());
  Begin(std::move(document));
  HoldTrialTwo();
  Obeys(search::StopTrial{2, "enough"});
  EXPECT_EQ(TrialNo(2).state, TrialState::kStopped);
  EXPECT_EQ(TrialNo(2).message, "enough");
}

TEST_F(Hold, AStopThatMeetsTheHoldOrTheEndIsNoStopAtAll) {
  Begin();
  Create(2, 2);
  Start(2);
  Metric(2, 2, 0.5);
  Commit(2, 2, 0.5);
  Obeys(search::StopTrial{2, "late"});
  EXPECT_EQ(AttemptOf(2).stop, AttemptOrder::Stop::kFinish);
  Exit(2, Outcome::kHeld);  // before it heard of the order
  EXPECT_EQ(AttemptOf(2).stop, AttemptOrder::Stop::kFinish);
  Exit(2, Outcome::kFinished);
  EXPECT_EQ(TrialNo(2).state, TrialState::kStopped);
  Obeys(search::StopTrial{1, "late"});
  Exit(1, Outcome::kCompleted);
  EXPECT_EQ(TrialNo(1).state, TrialState::kCompleted);
  EXPECT_EQ(TrialNo(1).message, "");
}

TEST_F(Hold, PauseResumeAndCancelOfWhatIsHeld) {
  Begin();
  HoldTrialTwo();
  OnAction(cluster_, {now_ms_, Action::kPause, ExperimentId(1), TrialId()});
  Settle();
  EXPECT_EQ(TrialNo(2).state, TrialState::kPaused);
  OnAction(cluster_, {now_ms_, Action::kResume, ExperimentId(1), TrialId()});
  Settle();
  EXPECT_EQ(TrialNo(2).state, TrialState::kHeld) << "nobody has decided";
  OnAction(cluster_, {now_ms_, Action::kPause, ExperimentId(1), TrialId()});
  Obeys(search::ContinueTrial{2, 3});
  EXPECT_EQ(TrialNo(2).state, TrialState::kPaused);
  OnAction(cluster_, {now_ms_, Action::kResume, ExperimentId(1), TrialId()});
  Settle();
  EXPECT_TRUE(TrialNo(2).attempt);
  Start(2);
  TrainAndHold(2, 3);
  OnAction(cluster_, {now_ms_, Action::kCancel, ExperimentId(1), TrialId(2)});
  Settle();
  EXPECT_EQ(TrialNo(2).state, TrialState::kCancelled);
}

TEST_F(Hold, AChildStartsFromItsParentsCheckpointWhichStaysUntilItHasItsOwn) {
  Json document = Document({.save_trial_best = 0, .save_trial_latest = 0});
  document.SetPath("evaluation.splits", Json::MakeArray());
  Begin(std::move(document), 6);
  HoldTrialTwo();
  // The parent is stopped in the same breath; its checkpoint must survive that.
  Obey(cluster_, Owner(),
       {search::StopTrial{2, "replaced"},
        search::CreateTrial{{3, Json::MakeObject({})}, 4, 2}},
       now_ms_);
  Settle();
  EXPECT_EQ(TrialNo(2).state, TrialState::kStopped);
  EXPECT_EQ(TrialNo(3).parent, TrialId(2));
  EXPECT_EQ(AttemptOf(3).resume_name, "c1");
  EXPECT_EQ(AttemptOf(3).resume_sha256, "sha-c1");
  EXPECT_TRUE(TrialNo(2).checkpoints.contains(CheckpointId(1)));
  Start(3);
  Exit(3, Outcome::kError, FailureClass::kInfra, "crashed");
  EXPECT_EQ(AttemptOf(3).resume_name, "c1") << "it has none of its own yet";
  Start(3);
  Commit(3, 3, 0.25);
  EXPECT_THAT(TrialNo(2).checkpoints, IsEmpty());
  Exit(3, Outcome::kPreempted);
  EXPECT_EQ(AttemptOf(3).resume_name, "c2");
  EXPECT_THAT(decisions_, ElementsAre("trial 1.3: starts from the checkpoint of 1.2 at 2 epochs",
                                      "trial 1.2: stopped: replaced"));
}

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

TEST_F(Hold, SlotsThatAreIdleWhileATrialWaitsAreCounted) {
  Begin();
  HoldTrialTwo();  // one of two slots is idle from the last Settle on
  const std::int64_t since = now_ms_;
  now_ms_ += 9000;
  Settle();
  Obeys(search::ContinueTrial{2, 0});
  EXPECT_EQ(Owner().held_ms, now_ms_ - since);
  const std::int64_t counted = Owner().held_ms;
  now_ms_ += 9000;
  Settle();
  EXPECT_EQ(Owner().held_ms, counted) << "nothing is held any more";
}

}  // namespace
}  // namespace tutti::engine
