// Goal: what the engine says of settings, parents, constraints, decisions, the queue and nodes is
// what the views show.
// Method: commands as the coordinator writes them, read back from the views.

#include <gtest/gtest.h>

#include "tests/storage/sample_store.h"

namespace tutti::storage {
namespace {

class SchedulingViews : public ::testing::Test {
 protected:
  SchedulingViews() { sample_.AddTrial(); }
  void Write(const engine::Command& command) {
    const Status written = sample_.WriteCommand(command);
    ASSERT_TRUE(written) << written.error().ToString();
  }
  static engine::PersistExperiment Experiment() {
    engine::PersistExperiment row;
    row.experiment = ExperimentId(1);
    row.name = "sample";
    row.state = "ACTIVE";
    row.metric = "validation_loss";
    row.created_at_ms = 1'700'000'000'000;
    return row;
  }
  static engine::PersistTrial Trial(std::int64_t number) {
    engine::PersistTrial row;
    row.trial = TrialId(number);
    row.experiment = ExperimentId(1);
    row.trial_no = row.configuration_no = number;
    row.replicate_no = 1;
    row.state = "COMPLETED";
    row.hparams = Json::MakeObject();
    return row;
  }
  SampleStore sample_;
};

TEST_F(SchedulingViews, ShowTheSettingsAsTheyAreNow) {
  engine::PersistExperiment row = Experiment();
  row.archived = true;
  row.priority = 7;
  row.weight = 2.5;
  row.max_slots = 3;
  row.save_experiment_best = 1;
  row.save_trial_best = 2;
  row.save_trial_latest = 4;
  row.held_ms = 1500;
  Write(row);
  const std::string query = "SELECT archived, priority, weight, max_slots, save_experiment_best, "
                            "save_trial_best, save_trial_latest, held_slot_s FROM v_experiments";
  EXPECT_EQ(sample_.Rows(query), "[[1,7,2.5,3,1,2,4,1.5]]");
  row.max_slots.reset();
  row.archived = false;
  Write(row);
  EXPECT_EQ(sample_.Rows(query), "[[0,7,2.5,null,1,2,4,1.5]]");
}

TEST_F(SchedulingViews, ShowTheSearcherAndItsObjectives) {
  const Status stored = sample_.store().Write({SubmittedDocument{
      ExperimentId(1), "", R"({"searcher":{"name":"nsga2","metrics":[{"metric":"flops"}]}})", "{}",
      "me"}});
  ASSERT_TRUE(stored) << stored.error().ToString();
  EXPECT_EQ(sample_.Rows("SELECT searcher, json_array_length(objectives) FROM v_experiments"),
            R"([["nsga2",1]])");
  const Status continued = sample_.store().Write(
      {ContinuedDocument{ExperimentId(1), R"({"searcher":{"name":"grid","metrics":[]}})"}});
  ASSERT_TRUE(continued) << continued.error().ToString();
  EXPECT_EQ(sample_.Rows("SELECT searcher, objectives, user FROM v_experiments"),
            R"([["grid",null,"me"]])");
}

TEST_F(SchedulingViews, ShowWhereTrialsComeFromAndHowFarTheyMayGo) {
  engine::PersistTrial child = Trial(2);
  child.parent = TrialId(1);
  child.flops = 1000;
  child.time_done = 4;
  child.run_until = 16;
  child.infeasible = "parameters is 12, at most 10";
  Write(child);
  EXPECT_EQ(sample_.Rows("SELECT trial, parent, flops, time_done, run_until, infeasible "
                         "FROM v_trials ORDER BY trial_no"),
            R"([["1.1",null,null,null,null,null],)"
            R"(["1.2","1.1",1000,4,16,"parameters is 12, at most 10"]])");
}

TEST_F(SchedulingViews, RankWhatKeepsToTheConstraintsFirst) {
  struct Result {
    std::int64_t number;
    std::optional<double> best;
    const char* infeasible;
    const char* state;
  };
  for (const Result& result : {Result{1, 0.5, "", "COMPLETED"}, Result{2, 0.1, "too big", "STOPPED"},
                               Result{3, 0.2, "", "ERROR"}, Result{4, 0.3, "", "COMPLETED"},
                               Result{5, std::nullopt, "", "RUNNING"}}) {
    engine::PersistTrial row = Trial(result.number);
    row.best_value = result.best;
    row.infeasible = result.infeasible;
    row.state = result.state;
    Write(row);
  }
  EXPECT_EQ(sample_.Rows("SELECT trial_no, infeasible FROM v_leaderboard ORDER BY rank"),
            R"([[4,null],[1,null],[2,"too big"],[5,null],[3,null]])");
}

TEST_F(SchedulingViews, ShowDecisionsApartFromOtherEvents) {
  for (const char* subject : {"experiment 1", "trial 1.2", "trial 11.2"}) {
    for (const char* kind : {"decision", "placed"}) {
      engine::LogEvent line;
      line.at_ms = 1'700'000'000'000;
      line.kind = kind;
      line.subject = subject;
      line.detail = std::string("of ") + subject;
      Write(line);
    }
  }
  EXPECT_EQ(sample_.Rows("SELECT experiment_id, trial, text FROM v_decisions ORDER BY seq"),
            R"([[1,null,"of experiment 1"],[1,"1.2","of trial 1.2"],[11,"11.2","of trial 11.2"]])");
  EXPECT_EQ(sample_.Rows("SELECT at FROM v_decisions WHERE subject = 'trial 1.2'"),
            R"([["2023-11-14T22:13:20.000Z"]])");
}

TEST_F(SchedulingViews, ShowTheQueueInItsOrder) {
  engine::PersistExperiment second = Experiment();
  second.experiment = ExperimentId(2);
  second.name = "urgent";
  second.priority = 3;
  second.state = "PAUSED";
  Write(second);
  engine::PersistExperiment ended = Experiment();
  ended.experiment = ExperimentId(3);
  ended.state = "COMPLETED";
  Write(ended);
  engine::PersistTrial held = Trial(2);
  held.state = "HELD";
  Write(held);
  engine::PersistTrial queued = Trial(3);
  queued.state = "QUEUED";
  Write(queued);
  // The sample's attempt runs on two slots.
  EXPECT_EQ(sample_.Rows("SELECT experiment_id, name, state, pool, priority, slots_per_trial, "
                         "slots_in_use, running, queued, held FROM v_queue"),
            R"([[2,"urgent","PAUSED","default",3,1,0,0,0,0],)"
            R"([1,"sample","ACTIVE","default",42,1,2,1,1,1]])");
}

TEST_F(SchedulingViews, ShowWhereAttemptsRun) {
  for (const std::int64_t id : {4, 5}) {
    engine::PersistNode node;
    node.node = NodeId(id);
    node.name = "w" + std::to_string(id);
    node.pool = "default";
    node.state = "ONLINE";
    Write(node);
  }
  engine::PersistAttempt one;
  one.attempt = AttemptId(2);
  one.trial = TrialId(1);
  one.state = "RUNNING";
  one.slots = 2;
  one.node = NodeId(5);
  Write(one);
  engine::PersistAttempt gang = one;
  gang.attempt = AttemptId(3);
  gang.parts = {{NodeId(4), {0, 1}}, {NodeId(5), {3}}};
  gang.node = NodeId(4);
  Write(gang);
  gang.state = "LOST";  // and its gang is gone
  gang.node = NodeId();
  gang.parts.clear();
  Write(gang);
  EXPECT_EQ(sample_.Rows("SELECT attempt_id, state, node, nodes FROM v_attempts "
                         "ORDER BY attempt_id"),
            R"([[1,"RUNNING",null,null],[2,"RUNNING","w5",1],[3,"LOST","w4",2]])");
  EXPECT_EQ(sample_.Rows("SELECT part, node_id, slots FROM attempt_parts ORDER BY part"),
            R"([[0,4,"[0,1]"],[1,5,"[3]"]])");
}

TEST_F(SchedulingViews, ShowDrainedNodesAndTheirLabels) {
  engine::PersistNode node;
  node.node = NodeId(4);
  node.name = "w";
  node.pool = "default";
  node.state = "ONLINE";
  node.slots = 2;
  node.draining = true;
  node.labels = {{"gpu", "h200"}, {"zone", "a"}};
  Write(node);
  EXPECT_EQ(sample_.Rows("SELECT name, draining, json_extract(labels, '$.zone') FROM v_workers"),
            R"([["w",1,"a"]])");
}

}  // namespace
}  // namespace tutti::storage
