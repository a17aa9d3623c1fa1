// Goal: a damaged snapshot is refused with a reason, never half restored and never a crash. (That a
// good one behaves identically ever after is shown in engine_property_test.cc.)
// Method: the snapshot of a busy engine with one field after the other removed or replaced.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coordinator/engine/attempts.h"
#include "coordinator/engine/experiments.h"
#include "coordinator/engine/nodes.h"
#include "coordinator/engine/placement.h"
#include "coordinator/engine/snapshot.h"
#include "tests/coordinator/engine/stage.h"

namespace tutti::engine {
namespace {

Json BusySnapshot() {
  Stage stage;
  stage.Submit({.trials = 3, .replicates = 2, .members = R"({"snapshots": 1})"});
  stage.Join("w1", 7);  // six trials and the task below
  const AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  stage.Metric(attempt, 1, 0.5);
  stage.Commit(attempt, 1, 0.5);
  stage.Ask(TrialId(1), "c1");
  stage.Apply(EnsembleRequested{1, stage.engine.next_ensemble(), "asked", Json::MakeObject({}),
                                {{TrialId(1), "c1"}}});
  return stage.engine.Snapshot();
}

// Calls `visit` with every container inside `json`.
template <class Visit>
void ForEachObject(Json& json, Visit visit) {
  if (json.is_object()) {
    visit(json);
    for (auto& [key, value] : json.AsObject()) {
      // Documents and values of the search space belong to their readers.
      const bool foreign = key == "canonical" || key == "hparams" || key == "searchers" ||
                           key == "spec" || key == "work";
      if (!foreign) ForEachObject(value, visit);
    }
  } else if (json.is_array()) {
    for (Json& item : json.AsArray()) ForEachObject(item, visit);
  }
}

TEST(Snapshot, EveryMissingFieldIsRefused) {
  const Json good = BusySnapshot();
  ASSERT_TRUE(Engine::Restore(good, {}).ok());
  std::size_t fields = 0;
  Json counted = good;
  ForEachObject(counted, [&fields](Json& object) { fields += object.size(); });
  ASSERT_GT(fields, 100u);
  for (std::size_t target = 0; target < fields; ++target) {
    Json damaged = good;
    std::size_t seen = 0;
    std::string removed;
    ForEachObject(damaged, [&](Json& object) {
      const std::size_t n = object.size();
      if (target >= seen && target < seen + n) removed = object.AsObject()[target - seen].first;
      seen += n;
      if (!removed.empty()) object.Erase(removed);
    });
    const auto restored = Engine::Restore(damaged, {});
    EXPECT_FALSE(restored.ok()) << "without " << removed;
  }
}

// Fields whose loss would show only much later, or only with some searcher.
struct RarelySet : testing::Test {
  RarelySet() {
    OnNodeJoined(cluster, joined);
    OnSubmitted(cluster, {2, ExperimentId(1), Document({.replicates = 2})});
    SettleExperiments(cluster, 3);
    Schedule(cluster, 3);
    for (const auto& [attempt, epoch] : {std::pair{1, 1}, {2, 1}, {1, 2}}) {
      OnMetric(cluster, {4, AttemptId(attempt), epoch, 10, {{"validation_loss", 0.5 * epoch}}});
    }
    SettleExperiments(cluster, 4);
    cluster.experiments.at(ExperimentId(1)).search_closed = true;
    RequestStop(cluster, TrialId(2), StopReason::kCancel, 5);
    SetFields();
    const Status status = RestoreInto(back, Json::Parse(SnapshotOf(cluster).Dump()).value());
    EXPECT_TRUE(status.ok()) << status.error().ToString();
  }
  void SetFields() {
    Allocation& gang = cluster.allocations.at(AllocationId(2));
    gang.unusable = gang.unconfirmed = true;
    gang.idle_since_ms = 77;
    cluster.nodes.at(NodeId(1)).awaiting_report = true;
    RefreshNode(cluster, NodeId(1));
    Trial& rare = cluster.trials.at(TrialId(1));
    rare.restarts = 3;
    rare.held = true;
    rare.run_until = 9;
    rare.verdict = "rung 0: 3rd of 4";
    rare.infeasible = "flops 2 is above 1";
    rare.parent = TrialId(2);
    rare.start_checkpoint = CheckpointId(5);
    rare.start_name = "c5";
    rare.start_sha256 = "sha-c5";
    rare.finished = true;
    cluster.attempts.at(AttemptId(1)).prolonged = true;
    Experiment& changed = cluster.experiments.at(ExperimentId(1));
    changed.search_closed = changed.archived = true;
    changed.settings.weight = 2.5;
    changed.settings.save_trial_best = 4;
    changed.held_ms = 11;
    changed.idle_slots = 1;
    changed.idle_since_ms = 12;
    changed.slot_ms = 13;
    Configuration& excluded = changed.configurations.at(1);
    excluded.invalid = true;
    excluded.why_invalid = "no";
    excluded.parameters = 7;
    excluded.pending_others[2][1]["validation_ece"] = 0.25;
  }

  NodeJoined joined{1, NodeId(1), "w1", "default", {{0, "cpu"}, {1, "cpu"}}, {{"mnist", "ab"}}};
  Cluster cluster, back;
};

TEST_F(RarelySet, FieldsOfTrialsAndAttemptsAreKept) {
  const Trial& one = back.trials.at(TrialId(1));
  EXPECT_EQ(one.stop, StopReason::kNone);
  EXPECT_EQ(one.restarts, 3);
  EXPECT_EQ(one.fence, 1);
  EXPECT_EQ(one.metric_time, 2);
  EXPECT_EQ(one.time_done, 2);
  EXPECT_TRUE(one.held && one.finished);
  EXPECT_EQ(one.run_until, 9);
  EXPECT_EQ(one.verdict, "rung 0: 3rd of 4");
  EXPECT_EQ(one.infeasible, "flops 2 is above 1");
  EXPECT_EQ(one.parent, TrialId(2));
  EXPECT_EQ(one.start_checkpoint, CheckpointId(5));
  EXPECT_EQ(one.start_name + one.start_sha256, "c5sha-c5");
  EXPECT_EQ(back.pins.at("c5"), 1);
  EXPECT_TRUE(back.attempts.at(AttemptId(1)).prolonged);
  EXPECT_EQ(one.time_done, 2);
  EXPECT_EQ(one.best_value, 0.5);
  EXPECT_EQ(one.best_epoch, 1);
  EXPECT_EQ(one.last_value, 1.0);
  EXPECT_EQ(one.started_at_ms, 4);
  EXPECT_EQ(back.trials.at(TrialId(2)).stop, StopReason::kCancel);
  EXPECT_EQ(back.attempts.at(AttemptId(2)).stop, AttemptOrder::Stop::kCheckpoint);
  EXPECT_EQ(back.attempts.at(AttemptId(1)).started_at_ms, 4);
  EXPECT_EQ(back.attempts.at(AttemptId(1)).config, cluster.attempts.at(AttemptId(1)).config);
}

TEST_F(RarelySet, FieldsOfExperimentsAreKept) {
  const Experiment& experiment = back.experiments.at(ExperimentId(1));
  EXPECT_TRUE(experiment.search_closed && experiment.archived);
  EXPECT_EQ(experiment.config.resources.weight, 2.5);
  EXPECT_EQ(experiment.config.checkpoint_storage.save_trial_best, 4);
  EXPECT_EQ(experiment.held_ms, 11);
  EXPECT_EQ(experiment.idle_slots, 1);
  EXPECT_EQ(experiment.idle_since_ms, 12);
  EXPECT_EQ(experiment.slot_ms, 13);
  EXPECT_TRUE(experiment.configurations.at(1).invalid);
  EXPECT_EQ(experiment.configurations.at(1).why_invalid, "no");
  EXPECT_EQ(experiment.configurations.at(1).parameters, 7);
  EXPECT_EQ(experiment.configurations.at(1).pending_others.at(2).at(1).at("validation_ece"), 0.25);
  EXPECT_EQ(experiment.slots_in_use, 2);
  EXPECT_EQ(experiment.created_at_ms, 2);
  const Configuration& configuration = experiment.configurations.at(1);
  EXPECT_EQ(configuration.fed_time, 1);
  EXPECT_EQ(configuration.pending.at(2).at(1), 1.0);
}

TEST_F(RarelySet, FieldsOfGangsAndNodesAreKept) {
  const Allocation& restored = back.allocations.at(AllocationId(2));
  EXPECT_TRUE(restored.unusable);
  EXPECT_TRUE(restored.unconfirmed);
  EXPECT_TRUE(restored.seen);
  EXPECT_EQ(restored.idle_since_ms, 77);
  EXPECT_EQ(restored.last_experiment, ExperimentId(1));
  EXPECT_TRUE(back.nodes.at(NodeId(1)).awaiting_report);
  EXPECT_EQ(back.nodes.at(NodeId(1)).datasets, joined.datasets);
}

// Version 1 knew neither ensembles nor tasks; the rest of its state is the same.
TEST(Snapshot, OfVersionOneIsRestoredAndGoesOnAlike) {
  Stage stage;
  stage.Submit({.trials = 3, .replicates = 2});
  const NodeId node = stage.Join("w1", 2);
  const AttemptId attempt = stage.Running().front();
  stage.Start(attempt);
  stage.Commit(attempt, 1, 0.5);
  Json old = stage.engine.Snapshot();
  old.Set("engine_version", 1);
  std::size_t removed = 0;
  ForEachObject(old, [&removed](Json& object) {
    for (const char* key : {"snapshots", "weights_name", "weights_sha256", "ensembles", "tasks",
                            "next_ensemble", "next_task"}) {
      if (object.Find(key) != nullptr) ++removed;
      object.Erase(key);
    }
    // Of attempts and ensembles only: gangs and trials have fields of the same name.
    if (object.Find("resume_sha256") != nullptr) object.Erase("task");
  });
  ASSERT_EQ(removed, 6u + 4 * 2 + 4);  // trials, attempts, the cluster
  auto restored = Engine::Restore(old, {});
  ASSERT_TRUE(restored.ok()) << restored.error().ToString();
  // Only whose turn it is was not written then.
  const auto without_turns = [](Json snapshot) {
    ForEachObject(snapshot, [](Json& object) {
      object.Erase("turn");
      object.Erase("next_turn");
    });
    return snapshot.Dump();
  };
  EXPECT_EQ(without_turns(restored->Snapshot()), without_turns(stage.engine.Snapshot()));
  const Event next = NodeReported{1, node, {}};
  std::vector<std::string> commands;
  for (const Command& command : restored->Apply(next)) commands.push_back(ToJson(command).Dump());
  for (const Command& command : stage.Apply(next)) {
    ASSERT_FALSE(commands.empty());
    EXPECT_EQ(commands.front(), ToJson(command).Dump());
    commands.erase(commands.begin());
  }
  EXPECT_THAT(commands, testing::IsEmpty());
  // The same without saying that it is old is damage.
  old.Set("engine_version", kEngineVersion);
  EXPECT_FALSE(Engine::Restore(old, {}).ok());
}

TEST(Snapshot, AnotherVersionOrABrokenReferenceIsRefused) {
  struct Case {
    const char* path;
    Json value;
    const char* error;
  };
  const Case cases[] = {{"engine_version", 999, "engine version 999"},
                        {"nodes", Json::MakeArray(), "is not there"},
                        {"engine_version", 0, "engine version 0"},
                        {"tasks", Json::MakeArray(), "is not there"},
                        {"attempts", Json::MakeArray(), "is not there"},
                        {"trials", "none", "trials"},
                        {"searchers", Json::MakeArray(), "is not there"}};
  for (const Case& c : cases) {
    Json damaged = BusySnapshot();
    damaged.Set(c.path, c.value);
    const auto restored = Engine::Restore(damaged, {});
    ASSERT_FALSE(restored.ok()) << c.path;
    EXPECT_THAT(restored.error().ToString(), testing::HasSubstr(c.error));
  }
}

}  // namespace
}  // namespace tutti::engine
