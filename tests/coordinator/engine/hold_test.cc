// Goal: what searchers with early stopping ask for is carried out: trials that are held, go on, stop
// with a last evaluation, start from others' checkpoints; what waiting costs.
// Method: actions as a searcher would return them, on a cluster whose searcher only listens.

#include "tests/coordinator/engine/hold_stage.h"

namespace tutti::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

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
  EXPECT_EQ(view->trials[0].time_done, 20);
  EXPECT_EQ(view->trials[0].max_time, 100);
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
