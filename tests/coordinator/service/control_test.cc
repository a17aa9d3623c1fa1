// Goal: clients get what they asked for exactly once, and a clear refusal with the right code where
// it cannot be.
// Method: the real coordinator and the real protocol on loopback.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "coordinator/service/state_files.h"
#include "tests/coordinator/service/fake_worker.h"
#include "tests/coordinator/service/test_cluster.h"

namespace tutti {
namespace {

class ControlTest : public testing::Test {
 protected:
  TestCluster cluster_;
};

TEST_F(ControlTest, ARepeatedRequestIsOneExperiment) {
  const std::string document = TestCluster::Document();
  const auto first = cluster_.Submit(document, "id-1");
  ASSERT_TRUE(first.ok()) << first.error().ToString();
  const auto again = cluster_.Submit(document, "id-1");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->experiment, first->experiment);
  EXPECT_EQ(again->warnings, first->warnings);
  cluster_.Crash();
  cluster_.Start();
  const auto after_crash = cluster_.Submit(document, "id-1");
  ASSERT_TRUE(after_crash.ok());
  EXPECT_EQ(after_crash->experiment, first->experiment);
  const auto other = cluster_.Submit(document, "id-2");
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other->experiment, first->experiment + 1);
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM experiments"), 2);
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM documents"), 2);
}

TEST_F(ControlTest, ARequestIdBelongsToOneMethod) {
  const auto submitted = cluster_.Submit(TestCluster::Document(), "id-1");
  ASSERT_TRUE(submitted.ok());
  const auto mixed = cluster_.Act("Cancel", submitted->experiment, "id-1");
  ASSERT_FALSE(mixed.ok());
  EXPECT_EQ(mixed.error().code(), ErrorCode::kInvalidArgument);
  const auto missing = cluster_.Act("Cancel", submitted->experiment, "");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code(), ErrorCode::kInvalidArgument);
}

TEST_F(ControlTest, BadDocumentsAreRefusedAndLeaveNothing) {
  const std::string good = TestCluster::Document();
  auto without_model = Json::Parse(good);
  ASSERT_TRUE(without_model.ok());
  without_model->Erase("model");
  auto bad_epochs = Json::Parse(good);
  bad_epochs->SetPath("training.epochs", -3);
  int number = 0;
  for (const std::string& document :
       {std::string("{"), std::string("[]"), std::string(""), std::string("{}"),
        without_model->Dump(), bad_epochs->Dump(), std::string(2u << 20, ' ')}) {
    const auto submitted = cluster_.Submit(document, "bad-" + std::to_string(++number));
    ASSERT_FALSE(submitted.ok()) << document.substr(0, 80);
    EXPECT_EQ(submitted.error().code(), ErrorCode::kInvalidArgument) << document.substr(0, 80);
  }
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM experiments"), 0);
}

TEST_F(ControlTest, WhatCanNeverFitIsRefusedWithTheReason) {
  FakeWorker worker(cluster_.address, "a");
  ASSERT_TRUE(worker.Join(2));
  const auto submitted =
      cluster_.Submit(TestCluster::Document("resources: {slots_per_trial: 4}\n"), "id-1");
  ASSERT_FALSE(submitted.ok());
  EXPECT_EQ(submitted.error().code(), ErrorCode::kUnschedulable);
  EXPECT_NE(submitted.error().message().find("4"), std::string::npos);
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM experiments"), 0);
}

TEST_F(ControlTest, ActionsCheckIdsAndStates) {
  const auto submitted = cluster_.Submit(TestCluster::Document(), "id-1");
  ASSERT_TRUE(submitted.ok());
  const std::int64_t id = submitted->experiment;
  const auto unknown = cluster_.Act("Cancel", id + 7, "a-1");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code(), ErrorCode::kNotFound);
  const auto no_trial = cluster_.Act("Kill", id, "a-2", 99);
  ASSERT_FALSE(no_trial.ok());
  EXPECT_EQ(no_trial.error().code(), ErrorCode::kNotFound);
  const auto part = cluster_.Act("Pause", id, "a-3", 1);
  ASSERT_FALSE(part.ok());
  EXPECT_EQ(part.error().code(), ErrorCode::kInvalidArgument);

  const auto paused = cluster_.Act("Pause", id, "a-4");
  ASSERT_TRUE(paused.ok()) << paused.error().ToString();
  EXPECT_EQ(*paused, "PAUSED");
  const auto resumed = cluster_.Act("Resume", id, "a-5");
  ASSERT_TRUE(resumed.ok());
  EXPECT_EQ(*resumed, "ACTIVE");
  // The same request again is the same reply, though the state is another by now.
  const auto repeated = cluster_.Act("Pause", id, "a-4");
  ASSERT_TRUE(repeated.ok());
  EXPECT_EQ(*repeated, "PAUSED");
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM experiments WHERE state = 'ACTIVE'"), 1);

  ASSERT_TRUE(cluster_.Act("Cancel", id, "a-6").ok());
  ASSERT_TRUE(cluster_.Await([&] {
    return cluster_.ReadInt("SELECT count(*) FROM experiments WHERE state = 'CANCELLED'") == 1;
  }));
  const auto late = cluster_.Act("Kill", id, "a-7");
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code(), ErrorCode::kFailedPrecondition);
}

TEST_F(ControlTest, GetAndListShowTheViewsAndWhatIsLive) {
  const auto submitted = cluster_.Submit(TestCluster::Document(), "id-1");
  ASSERT_TRUE(submitted.ok());
  const auto experiment = cluster_.Get(submitted->experiment);
  ASSERT_TRUE(experiment.ok()) << experiment.error().ToString();
  EXPECT_EQ((*experiment)["name"].AsString(), "test");
  EXPECT_TRUE((*experiment)["reason"].is_string());
  const auto trial = cluster_.Get(submitted->experiment, 1);
  ASSERT_TRUE(trial.ok()) << trial.error().ToString();
  EXPECT_EQ((*trial)["trial_no"].AsInt(), 1);
  EXPECT_TRUE((*trial)["hparams"].is_object());
  const auto trials = cluster_.ListTrials(submitted->experiment);
  ASSERT_TRUE(trials.ok());
  EXPECT_EQ(trials->size(), 1u);
  EXPECT_FALSE(cluster_.ListTrials(submitted->experiment + 1).ok());
  EXPECT_FALSE(cluster_.Get(submitted->experiment + 1).ok());
  FakeWorker worker(cluster_.address, "a");
  ASSERT_TRUE(worker.Join(2));
  const auto workers = cluster_.ListWorkers();
  ASSERT_TRUE(workers.ok());
  ASSERT_EQ(workers->size(), 1u);
  EXPECT_EQ((*workers)[0]["name"].AsString(), "a");
  EXPECT_EQ((*workers)[0]["slots"].AsInt(), 2);
  EXPECT_EQ((*workers)[0]["state"].AsString(), "ONLINE");
}

TEST_F(ControlTest, QueriesReadAndAreBounded) {
  ASSERT_TRUE(cluster_.Submit(TestCluster::Document(), "id-1").ok());
  const auto rows = cluster_.Query("SELECT experiment_id, name FROM v_experiments");
  ASSERT_TRUE(rows.ok()) << rows.error().ToString();
  EXPECT_EQ(rows->Dump(), R"([[1,"test"]])");
  const std::string numbers =
      "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
      "SELECT i FROM n";
  bool truncated = false;
  const auto cut = cluster_.Query(numbers, 10, &truncated);
  ASSERT_TRUE(cut.ok()) << cut.error().ToString();
  EXPECT_EQ(cut->size(), 10u);
  EXPECT_TRUE(truncated);
  const auto all = cluster_.Query(numbers, 0, &truncated);
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->size(), 1000u);
  EXPECT_FALSE(truncated);
  for (const char* bad : {"DELETE FROM experiments", "SELECT nothing FROM nowhere", "",
                          "SELECT 1; SELECT 2"}) {
    EXPECT_FALSE(cluster_.Query(bad).ok()) << bad;
  }
  EXPECT_EQ(cluster_.ReadInt("SELECT count(*) FROM experiments"), 1);
}

TEST_F(ControlTest, UnknownExperimentsCannotBeWatchedOrRead) {
  const Status watched = cluster_.Watch(5, [](const std::string&) {});
  ASSERT_FALSE(watched.ok());
  EXPECT_EQ(watched.error().code(), ErrorCode::kNotFound);
  const auto logs = cluster_.Logs(5, 0, true, 0);
  ASSERT_FALSE(logs.ok());
  EXPECT_EQ(logs.error().code(), ErrorCode::kNotFound);
}

TEST_F(ControlTest, OneCoordinatorPerStateDirectory) {
  const auto second = Coordinator::Start(cluster_.options);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code(), ErrorCode::kFailedPrecondition);
}

TEST_F(ControlTest, ThePortIsKeptAndATakenOneIsSaid) {
  const int port = cluster_.coordinator->port();
  cluster_.ShutDown();
  cluster_.Start();
  EXPECT_EQ(cluster_.coordinator->port(), port);

  CoordinatorOptions options;
  std::string directory = testing::TempDir() + "/tutti-port-XXXXXX";
  options.state_dir = mkdtemp(directory.data());
  options.port = port;
  const auto taken = Coordinator::Start(options);
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code(), ErrorCode::kFailedPrecondition);
  EXPECT_NE(taken.error().message().find("--port"), std::string::npos);
  // Remembered, but in use: another is taken.
  ASSERT_TRUE(WriteLastPort(options.state_dir, port).ok());
  options.port = 0;
  const auto another = Coordinator::Start(options);
  ASSERT_TRUE(another.ok()) << another.error().ToString();
  EXPECT_NE((*another)->port(), port);
  std::filesystem::remove_all(options.state_dir);
}

TEST_F(ControlTest, TheStateFileSaysWhereItIs) {
  std::ifstream in(cluster_.options.state_dir + "/coordinator.json");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto file = Json::Parse(text);
  ASSERT_TRUE(file.ok()) << text;
  EXPECT_EQ((*file)["address"].AsString(), cluster_.address);
  EXPECT_EQ((*file)["incarnation"].AsInt(), cluster_.coordinator->incarnation());
}

TEST(CoordinatorOptionsTest, ThatCannotWorkAreRefused) {
  CoordinatorOptions good;
  good.state_dir = "/tmp/x";
  EXPECT_TRUE(ValidateOptions(good).ok());
  auto public_host = good;
  public_host.host = "0.0.0.0";
  auto lost_too_soon = good;
  lost_too_soon.lost_after_ms = good.self_kill_after_ms;
  auto slow_heartbeat = good;
  slow_heartbeat.heartbeat_ms = good.self_kill_after_ms;
  auto bad_port = good;
  bad_port.port = 70'000;
  auto no_state = good;
  no_state.state_dir.clear();
  for (const auto& options :
       {public_host, lost_too_soon, slow_heartbeat, bad_port, no_state}) {
    const Status status = ValidateOptions(options);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.error().code(), ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace tutti
