#pragma once

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

// A cluster whose searcher only listens; the test says what a searcher would answer.

namespace tutti::engine {

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
    EXPECT_THAT(AuditCluster(cluster_), testing::IsEmpty());
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

}  // namespace tutti::engine
