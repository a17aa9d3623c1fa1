// Goal: what a searcher hears (the mean over replicates, in order of epochs, every closing) and
// that its wish to stop a configuration is carried out.
// Method: the engine's functions on a cluster whose searcher is replaced by one that writes down
// what it hears and stops what it is told to.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "coordinator/engine/attempts.h"
#include "coordinator/engine/audit.h"
#include "coordinator/engine/experiments.h"
#include "coordinator/engine/lifecycle.h"
#include "coordinator/engine/nodes.h"
#include "coordinator/engine/placement.h"
#include "tests/coordinator/engine/documents.h"

namespace tutti::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Listener final : public search::Searcher {
 public:
  explicit Listener(std::vector<std::string>& heard) : heard_(heard) {}
  std::vector<search::SearchAction> OnEvent(const search::SearchEvent& event) override {
    if (const auto* metric = std::get_if<search::MetricReported>(&event)) {
      heard_.push_back(std::to_string(metric->configuration_no) + "@" +
                       std::to_string(metric->time) + "=" + FormatDouble(metric->value));
      if (metric->value > 10) return {search::StopTrial{metric->configuration_no, ""}};
    } else if (const auto* closed = std::get_if<search::TrialClosed>(&event)) {
      heard_.push_back(std::to_string(closed->configuration_no) +
                       (closed->ok ? " ok " : " failed ") +
                       (closed->best ? FormatDouble(*closed->best) : "none"));
    }
    return {};
  }
  Json Snapshot() const override { return {}; }
  std::int64_t expected_configurations() const override { return 1; }
  std::int64_t created() const override { return 1; }
  std::int64_t closed() const override { return 0; }

 private:
  std::vector<std::string>& heard_;
};

// One configuration, two replicates, both running.
class Dialogue : public testing::Test {
 protected:
  void SetUp() override {
    NodeJoined joined{1, NodeId(1), "w1", "default", {{0, "cpu"}, {1, "cpu"}}, {}};
    OnNodeJoined(cluster_, joined);
    OnSubmitted(cluster_, {2, ExperimentId(1), Document({.replicates = 2, .max_restarts = 0})});
    Settle();
    Experiment& experiment = cluster_.experiments.at(ExperimentId(1));
    experiment.searcher = std::make_unique<Listener>(heard_);
    experiment.search_closed = true;
    ASSERT_EQ(cluster_.attempts.size(), 2u);
    for (const AttemptId attempt : {AttemptId(1), AttemptId(2)}) {
      OnAttemptStarted(cluster_, {3, attempt, 10});
    }
  }
  void Settle() {
    SettleExperiments(cluster_, 3);
    Schedule(cluster_, 3);
    TakeCommands(cluster_);
    EXPECT_THAT(AuditCluster(cluster_), IsEmpty());
  }
  void Metric(int attempt, std::int64_t epoch, double value) {
    OnMetric(cluster_, {3, AttemptId(attempt), epoch, epoch, {{"validation_loss", value}}});
    Settle();
  }
  void Exit(int attempt, Outcome outcome, FailureClass failure = FailureClass::kNone) {
    OnAttemptExited(cluster_, {3, AttemptId(attempt), outcome, failure, ""});
    Settle();
  }
  const Trial& TrialNo(int n) { return cluster_.trials.at(TrialId(n)); }

  Cluster cluster_;
  std::vector<std::string> heard_;
};

TEST_F(Dialogue, HearsTheMeanWhenTheLastReplicateHasReported) {
  Metric(1, 1, 0.5);
  Metric(1, 2, 0.25);
  EXPECT_THAT(heard_, IsEmpty());
  Metric(2, 1, 1.0);
  EXPECT_THAT(heard_, ElementsAre("1@1=0.75"));
  Metric(2, 2, 0.75);
  EXPECT_THAT(heard_, ElementsAre("1@1=0.75", "1@2=0.5"));
}

TEST_F(Dialogue, AReplicateThatFailedIsNotWaitedFor) {
  Metric(1, 1, 0.5);
  Exit(2, Outcome::kError, FailureClass::kUser);
  EXPECT_THAT(heard_, ElementsAre("1@1=0.5"));
  Exit(1, Outcome::kCompleted);
  EXPECT_THAT(heard_, ElementsAre("1@1=0.5", "1 ok 0.5"));
}

TEST_F(Dialogue, AnEpochThatIsRunAgainIsHeardOnce) {
  Metric(1, 1, 0.5);
  Metric(2, 1, 0.5);
  Metric(1, 1, 0.5);
  EXPECT_THAT(heard_, ElementsAre("1@1=0.5"));
}

TEST_F(Dialogue, AllReplicatesFailedMeansTheConfigurationFailed) {
  Exit(1, Outcome::kError, FailureClass::kUser);
  EXPECT_THAT(heard_, IsEmpty());
  Exit(2, Outcome::kError, FailureClass::kNan);
  EXPECT_THAT(heard_, ElementsAre("1 failed none"));
  EXPECT_EQ(cluster_.experiments.at(ExperimentId(1)).state, ExperimentState::kError);
}

TEST_F(Dialogue, AStopFinishesTheStepAndCountsAsSuccess) {
  Metric(1, 1, 20);
  Metric(2, 1, 20);
  for (const int n : {1, 2}) {
    EXPECT_EQ(TrialNo(n).state, TrialState::kStopping);
    EXPECT_EQ(cluster_.attempts.at(AttemptId(n)).stop, AttemptOrder::Stop::kFinish);
  }
  Exit(1, Outcome::kFinished);
  // It failed while finishing: what it has reported still counts, and it is not run again.
  Exit(2, Outcome::kError, FailureClass::kInfra);
  EXPECT_EQ(TrialNo(1).state, TrialState::kStopped);
  EXPECT_EQ(TrialNo(2).state, TrialState::kStopped);
  EXPECT_EQ(heard_.back(), "1 ok 20.0");
  EXPECT_EQ(cluster_.experiments.at(ExperimentId(1)).state, ExperimentState::kCompleted);
}

TEST_F(Dialogue, ACancelIsStrongerThanAStopAndAKillStrongerThanBoth) {
  Metric(1, 1, 20);
  Metric(2, 1, 20);
  const auto order = [this] { return cluster_.attempts.at(AttemptId(1)).stop; };
  OnAction(cluster_, {3, Action::kPause, ExperimentId(1), TrialId()});
  EXPECT_EQ(order(), AttemptOrder::Stop::kFinish) << "a pause lets it finish";
  OnAction(cluster_, {3, Action::kCancel, ExperimentId(1), TrialId()});
  EXPECT_EQ(order(), AttemptOrder::Stop::kCheckpoint);
  OnAction(cluster_, {3, Action::kKill, ExperimentId(1), TrialId()});
  EXPECT_EQ(order(), AttemptOrder::Stop::kKill);
  OnAction(cluster_, {3, Action::kCancel, ExperimentId(1), TrialId()});
  EXPECT_EQ(order(), AttemptOrder::Stop::kKill) << "an order is never taken back";
  Settle();
}

}  // namespace
}  // namespace tutti::engine
