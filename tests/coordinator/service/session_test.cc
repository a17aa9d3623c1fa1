// Goal: nothing that was reported is lost, doubled or taken from the replaced, and workers get only
// what is committed: whatever is repeated, reordered, cut off or restarted.
// Method: the real coordinator and a worker played by hand over the real protocol on loopback; the
// database file is read beside it. Waiting is for conditions, each with a deadline.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include "tests/coordinator/service/fake_worker.h"
#include "tests/coordinator/service/test_cluster.h"

namespace tutti {
namespace {

Json Started() {
  return Json::MakeObject({{"type", "started"},
                           {"resumed_from_step", 0},
                           {"resumed_from_epoch", 0},
                           {"parameters", 225034},
                           {"flops", 1000},
                           {"device", "cpu"},
                           {"precision", "fp32"},
                           {"first_step_ms", 1.5}});
}

Json Epoch(std::int64_t epoch, double loss = 0.5) {
  const Json validation = Json::MakeObject({{"loss", loss}, {"accuracy", 0.9}});
  return Json::MakeObject({{"type", "epoch"},
                           {"epoch", epoch},
                           {"step", epoch * 10},
                           {"metrics", Json::MakeObject({{"train", Json::MakeObject({{"loss",
                                                                                      loss}})},
                                                         {"validation", validation}})},
                           {"lr", 0.001},
                           {"seconds", 1.0}});
}

Json Exit(const std::string& outcome) {
  return Json::MakeObject({{"type", "exit"},
                           {"outcome", outcome},
                           {"class", ""},
                           {"message", ""},
                           {"exit_code", 0},
                           {"signal", 0}});
}

std::string EpochRows(const DesiredAttemptSeen& attempt) {
  return "SELECT count(*) FROM epochs WHERE attempt_id = " + std::to_string(attempt.attempt);
}

class SessionTest : public testing::Test {
 protected:
  // A submitted experiment and the attempt that reaches a new worker "a".
  DesiredAttemptSeen Begin(const std::string& yaml = "") {
    const auto submitted = cluster_.Submit(TestCluster::Document(yaml), "submit-1");
    EXPECT_TRUE(submitted.ok()) << submitted.error().ToString();
    worker_ = std::make_unique<FakeWorker>(cluster_.address, "a");
    EXPECT_TRUE(worker_->Join());
    const auto attempt = worker_->AwaitAttempt();
    EXPECT_TRUE(attempt.has_value());
    if (!attempt) return {};
    worker_->ReportReady();
    return *attempt;
  }
  // The worker's link breaks and it comes back with what it runs.
  void Reconnect(const DesiredAttemptSeen& attempt) {
    worker_.reset();
    worker_ = std::make_unique<FakeWorker>(cluster_.address, "a");
    worker_->Hello();
    EXPECT_TRUE(worker_->Await([this] { return worker_->welcomed(); }));
    worker_->ReportAllocations({attempt.allocation});
  }

  TestCluster cluster_;
  std::unique_ptr<FakeWorker> worker_;
};

TEST_F(SessionTest, WhatAWorkerShallRunIsInTheDatabaseAlready) {
  const DesiredAttemptSeen attempt = Begin();
  EXPECT_EQ(cluster_.ReadInt("SELECT fence FROM attempts WHERE attempt_id = " +
                             std::to_string(attempt.attempt)),
            attempt.fence);
  EXPECT_EQ(attempt.stop, "RUN");
  EXPECT_EQ(attempt.trial_no, 1);
  EXPECT_EQ(worker_->incarnation(), cluster_.coordinator->incarnation());
}

TEST_F(SessionTest, DuplicatesAndGapsAreStoredOnce) {
  const DesiredAttemptSeen attempt = Begin();
  worker_->Send(attempt, 1, Started());
  worker_->Send(attempt, 2, Epoch(1));
  ASSERT_TRUE(worker_->AwaitAck(attempt.attempt, "COMMITTED 2"));
  worker_->Send(attempt, 1, Started());
  worker_->Send(attempt, 2, Epoch(1));
  worker_->Send(attempt, 4, Exit("completed"));
  ASSERT_TRUE(worker_->AwaitAck(attempt.attempt, "GAP 2"));
  EXPECT_EQ(cluster_.ReadInt(EpochRows(attempt)), 1);
  worker_->Send(attempt, 3, Epoch(2));
  worker_->Send(attempt, 4, Exit("completed"));
  ASSERT_TRUE(worker_->AwaitAck(attempt.attempt, "COMMITTED 4"));
  EXPECT_EQ(cluster_.ReadInt(EpochRows(attempt)), 2);
  EXPECT_EQ(cluster_.ReadInt("SELECT last_seq FROM attempts WHERE attempt_id = " +
                             std::to_string(attempt.attempt)),
            4);
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM noncanonical_records"), 0);
}

TEST_F(SessionTest, AnAcknowledgedReportIsCommitted) {
  const DesiredAttemptSeen attempt = Begin();
  worker_->Send(attempt, 1, Started());
  for (std::int64_t epoch = 1; epoch <= 20; ++epoch) {
    worker_->Send(attempt, epoch + 1, Epoch(epoch));
    ASSERT_TRUE(worker_->AwaitAck(attempt.attempt, "COMMITTED " + std::to_string(epoch + 1)));
    ASSERT_EQ(cluster_.ReadInt(EpochRows(attempt)), epoch);
  }
}

TEST_F(SessionTest, AReconnectInTheMiddleLosesAndDoublesNothing) {
  const DesiredAttemptSeen attempt = Begin();
  worker_->Send(attempt, 1, Started());
  worker_->Send(attempt, 2, Epoch(1));
  // No acknowledgement is awaited: the worker cannot know what has arrived.
  Reconnect(attempt);
  for (int round = 0; round < 3; ++round) {
    worker_->Send(attempt, 1, Started());
    worker_->Send(attempt, 2, Epoch(1));
    worker_->Send(attempt, 3, Epoch(2));
    ASSERT_TRUE(worker_->AwaitAck(attempt.attempt, "COMMITTED 3"));
    Reconnect(attempt);
  }
  worker_->Send(attempt, 4, Exit("completed"));
  ASSERT_TRUE(worker_->AwaitAck(attempt.attempt, "COMMITTED 4"));
  EXPECT_EQ(cluster_.ReadInt(EpochRows(attempt)), 2);
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM noncanonical_records"), 0);
}

TEST_F(SessionTest, AForeignFenceIsKeptAsideAndFenced) {
  const DesiredAttemptSeen attempt = Begin();
  DesiredAttemptSeen stale = attempt;
  stale.fence = attempt.fence + 1;
  worker_->Send(stale, 1, Started());
  ASSERT_TRUE(worker_->AwaitAck(attempt.attempt, "FENCED 1"));
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM noncanonical_records"), 1);
  EXPECT_EQ(cluster_.ReadInt("SELECT last_seq FROM attempts"), 0);
}

TEST_F(SessionTest, AMalformedRecordIsKeptAsideAndTheAttemptGoesOn) {
  const DesiredAttemptSeen attempt = Begin();
  worker_->Send(attempt, 1, Json::MakeObject({{"type", "epoch"}, {"epoch", "one"}}));
  worker_->Send(attempt, 2, Json::MakeObject({{"type", "surprise"}}));
  worker_->Send(attempt, 3, Epoch(1));
  ASSERT_TRUE(worker_->AwaitAck(attempt.attempt, "COMMITTED 3"));
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM noncanonical_records"), 2);
  EXPECT_EQ(cluster_.ReadInt(EpochRows(attempt)), 1);
}

TEST_F(SessionTest, ACrashInTheMiddleGoesOnWhereItWas) {
  const DesiredAttemptSeen attempt = Begin();
  worker_->Send(attempt, 1, Started());
  worker_->Send(attempt, 2, Epoch(1));
  ASSERT_TRUE(worker_->AwaitAck(attempt.attempt, "COMMITTED 2"));
  const std::int64_t before = cluster_.coordinator->incarnation();
  cluster_.Crash();
  cluster_.Start();
  EXPECT_EQ(cluster_.coordinator->incarnation(), before + 1);
  Reconnect(attempt);
  EXPECT_EQ(worker_->incarnation(), before + 1);
  ASSERT_TRUE(worker_->Await([&] { return !worker_->attempts().empty(); }));
  EXPECT_EQ(worker_->attempts().front().attempt, attempt.attempt);
  EXPECT_EQ(worker_->attempts().front().fence, attempt.fence);
  // A node that hears of no gangs ends those that it has, however soon the next word comes.
  EXPECT_THAT(worker_->gangs_desired(), testing::Each(1));
  worker_->Send(attempt, 2, Epoch(1));
  worker_->Send(attempt, 3, Epoch(2));
  worker_->Send(attempt, 4, Exit("completed"));
  ASSERT_TRUE(worker_->AwaitAck(attempt.attempt, "COMMITTED 4"));
  EXPECT_EQ(cluster_.ReadInt(EpochRows(attempt)), 2);
  // Its end was acknowledged, but the worker may not know: after another crash it says it again.
  cluster_.Crash();
  cluster_.Start();
  Reconnect(attempt);
  worker_->Send(attempt, 4, Exit("completed"));
  ASSERT_TRUE(worker_->AwaitAck(attempt.attempt, "COMMITTED 4"));
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM noncanonical_records"), 0);
}

TEST_F(SessionTest, AQueuedExperimentSurvivesACrashAndGetsItsTrial) {
  const auto submitted = cluster_.Submit(TestCluster::Document(), "submit-1");
  ASSERT_TRUE(submitted.ok()) << submitted.error().ToString();
  EXPECT_FALSE(submitted->warnings.empty()) << "there is no worker yet";
  cluster_.Crash();
  cluster_.Start();
  FakeWorker worker(cluster_.address, "a");
  ASSERT_TRUE(worker.Join());
  const auto attempt = worker.AwaitAttempt();
  ASSERT_TRUE(attempt.has_value());
  EXPECT_EQ(attempt->experiment, submitted->experiment);
}

TEST_F(SessionTest, TheNewestSessionOfANodeWins) {
  FakeWorker old_session(cluster_.address, "a");
  ASSERT_TRUE(old_session.Join());
  FakeWorker new_session(cluster_.address, "a");
  ASSERT_TRUE(new_session.Join());
  ASSERT_TRUE(old_session.Await([&] { return old_session.ended(); }));
  EXPECT_NE(old_session.refused().find("newer session"), std::string::npos);
  EXPECT_FALSE(new_session.ended());
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM nodes"), 1);
}

TEST_F(SessionTest, ACoordinatorFromAnOldCopyIsRefused) {
  FakeWorker worker(cluster_.address, "a");
  worker.Hello(1, cluster_.coordinator->incarnation() + 1);
  ASSERT_TRUE(worker.Await([&] { return worker.ended(); }));
  EXPECT_NE(worker.refused().find("incarnation"), std::string::npos);
}

TEST_F(SessionTest, HellosThatMakeNoSenseAreRefused) {
  FakeWorker no_slots(cluster_.address, "a");
  no_slots.Hello(0);
  ASSERT_TRUE(no_slots.Await([&] { return no_slots.ended(); }));
  EXPECT_FALSE(no_slots.refused().empty());
  FakeWorker bad_name(cluster_.address, "../etc");
  bad_name.Hello(1);
  ASSERT_TRUE(bad_name.Await([&] { return bad_name.ended(); }));
  EXPECT_FALSE(bad_name.refused().empty());
  FakeWorker no_hello(cluster_.address, "b");
  no_hello.ReportAllocations({});
  ASSERT_TRUE(no_hello.Await([&] { return no_hello.ended(); }));
}

TEST(LostNodeTest, ItsAttemptIsFencedAndTheTrialRunsElsewhere) {
  CoordinatorOptions options;
  options.heartbeat_ms = 50;
  options.self_kill_after_ms = 200;
  options.lost_after_ms = 400;
  TestCluster cluster(options);
  ASSERT_TRUE(cluster.Submit(TestCluster::Document(), "submit-1").ok());
  auto first = std::make_unique<FakeWorker>(cluster.address, "a");
  ASSERT_TRUE(first->Join());
  const auto old_attempt = first->AwaitAttempt();
  ASSERT_TRUE(old_attempt.has_value());
  first->ReportReady();
  first.reset();
  ASSERT_TRUE(cluster.Await([&] {
    return cluster.ReadInt("SELECT count(*) FROM nodes WHERE state = 'LOST'") == 1;
  }));
  FakeWorker second(cluster.address, "b");
  ASSERT_TRUE(second.Join());
  const auto new_attempt = second.AwaitAttempt();
  ASSERT_TRUE(new_attempt.has_value());
  EXPECT_NE(new_attempt->attempt, old_attempt->attempt);
  EXPECT_GT(new_attempt->fence, old_attempt->fence);
  // The lost machine was only slow: what it still says does not count.
  FakeWorker back(cluster.address, "a");
  ASSERT_TRUE(back.Join());
  back.Send(*old_attempt, 1, Started());
  ASSERT_TRUE(back.AwaitAck(old_attempt->attempt, "FENCED 1"));
  EXPECT_EQ(cluster.ReadInt("SELECT count(*) FROM noncanonical_records"), 1);
}

TEST_F(SessionTest, AShutdownAsksForCheckpointsAndTheNextStartGoesOn) {
  const DesiredAttemptSeen attempt = Begin();
  worker_->Send(attempt, 1, Started());
  ASSERT_TRUE(worker_->AwaitAck(attempt.attempt, "COMMITTED 1"));
  std::thread client([this] { cluster_.ShutDown(); });
  EXPECT_TRUE(worker_->Await([&] {
    return !worker_->attempts().empty() &&
           worker_->attempts().front().stop == "CHECKPOINT_AND_STOP";
  }));
  worker_->Send(attempt, 2, Exit("preempted"));
  client.join();
  EXPECT_FALSE(std::filesystem::exists(cluster_.options.state_dir + "/coordinator.json"));
  cluster_.Start();
  EXPECT_TRUE(std::filesystem::exists(cluster_.options.state_dir + "/coordinator.json"));
  worker_ = std::make_unique<FakeWorker>(cluster_.address, "a");
  ASSERT_TRUE(worker_->Join());
  const auto again = worker_->AwaitAttempt();
  ASSERT_TRUE(again.has_value());
  EXPECT_NE(again->attempt, attempt.attempt);
  EXPECT_EQ(again->trial_no, attempt.trial_no);
  EXPECT_EQ(cluster_.ReadInt("SELECT sum(restarts) FROM trials"), 0)
      << "a shutdown costs no restart";
}

TEST_F(SessionTest, LogsAreFollowedToTheEndOfTheTrial) {
  const DesiredAttemptSeen attempt = Begin();
  Result<std::string> followed = std::string();
  std::promise<void> first_text;
  std::thread reader([&] {
    bool told = false;
    followed = cluster_.Logs(attempt.experiment, 1, true, 0, [&] {
      if (!std::exchange(told, true)) first_text.set_value();
    });
  });
  worker_->SendLog(attempt.attempt, "one\n");
  EXPECT_EQ(first_text.get_future().wait_for(std::chrono::seconds(20)),
            std::future_status::ready);
  worker_->SendLog(attempt.attempt, "two\nthree\n");
  worker_->Send(attempt, 1, Started());
  worker_->Send(attempt, 2, Epoch(1));
  worker_->Send(attempt, 3, Epoch(2));
  worker_->Send(attempt, 4, Exit("completed"));
  reader.join();
  ASSERT_TRUE(followed.ok()) << followed.error().ToString();
  EXPECT_EQ(*followed, "one\ntwo\nthree\n");
  const auto tail = cluster_.Logs(attempt.experiment, 0, false, 1);
  ASSERT_TRUE(tail.ok()) << tail.error().ToString();
  EXPECT_EQ(*tail, "[1.1] three\n");
}

TEST_F(SessionTest, AWatchEndsWithTheCommittedEnd) {
  const DesiredAttemptSeen attempt = Begin();
  std::vector<std::string> states;
  Status watched = Ok{};
  std::promise<void> first;
  std::thread watcher([&] {
    watched = cluster_.Watch(attempt.experiment, [&](const std::string& state) {
      if (states.empty()) first.set_value();
      states.push_back(state);
    });
  });
  EXPECT_EQ(first.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  worker_->SendProgress(attempt.attempt, 0.5, 2);
  worker_->Send(attempt, 1, Started());
  worker_->Send(attempt, 2, Epoch(1));
  worker_->Send(attempt, 3, Epoch(2));
  worker_->Send(attempt, 4, Exit("completed"));
  watcher.join();
  ASSERT_TRUE(watched.ok()) << watched.error().ToString();
  EXPECT_EQ(states.front(), "ACTIVE");
  EXPECT_EQ(states.back(), "COMPLETED");
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM experiments WHERE state = 'COMPLETED'"), 1);
}

}  // namespace
}  // namespace tutti
