#include "tests/coordinator/engine/stage.h"

#include <gtest/gtest.h>

namespace tutti::engine {

void Stage::Take(const Command& command) {
  if (const auto* row = std::get_if<PersistExperiment>(&command)) {
    experiments[row->experiment] = *row;
  } else if (const auto* trial = std::get_if<PersistTrial>(&command)) {
    trials[trial->trial] = *trial;
  } else if (const auto* attempt = std::get_if<PersistAttempt>(&command)) {
    attempts[attempt->attempt] = *attempt;
  } else if (const auto* node = std::get_if<PersistNode>(&command)) {
    nodes[node->node] = *node;
  } else if (const auto* order = std::get_if<SetDesired>(&command)) {
    desired[order->node] = order->allocations;
  } else if (const auto* deletion = std::get_if<DeleteCheckpoint>(&command)) {
    EXPECT_EQ(checkpoints.erase(deletion->name), 1u) << "deleted twice: " << deletion->name;
  } else if (const auto* end = std::get_if<ExperimentEnded>(&command)) {
    EXPECT_TRUE(ended.insert(end->experiment).second) << "ended twice";
  } else if (const auto* ensemble = std::get_if<PersistEnsemble>(&command)) {
    ensembles[ensemble->ensemble] = *ensemble;
  } else if (const auto* evaluation = std::get_if<EvaluateEnsemble>(&command)) {
    evaluations.push_back(*evaluation);
  } else if (const auto* task = std::get_if<TaskEnded>(&command)) {
    EXPECT_TRUE(tasks_ended.emplace(task->task, *task).second) << "a task ended twice";
  }
}

std::vector<Command> Stage::Apply(const Event& event) {
  std::vector<Command> commands = engine.Apply(event);
  for (const Command& command : commands) Take(command);
  for (const std::string& finding : engine.Audit()) {
    ADD_FAILURE() << finding << " after " << ToJson(event).Dump();
  }
  return commands;
}

ExperimentId Stage::Submit(const DocumentOptions& options) {
  const ExperimentId id(next_experiment++);
  Apply(ExperimentSubmitted{now_ms += 1000, id, Document(options)});
  return id;
}
NodeId Stage::Join(const std::string& name, std::int64_t slots, const std::string& pool) {
  NodeJoined event{now_ms += 1000, NodeId(next_node++), name, pool, {}, {}};
  for (std::int64_t i = 0; i < slots; ++i) event.slots.push_back({i, "cpu"});
  Apply(event);
  return event.node;
}
NodeId Stage::Rejoin(NodeId node, std::int64_t slots, const std::string& pool) {
  NodeJoined event{now_ms += 1000, node, nodes.at(node).name, pool, {}, {}};
  for (std::int64_t i = 0; i < slots; ++i) event.slots.push_back({i, "cpu"});
  Apply(event);
  return node;
}
void Stage::Act(Action action, ExperimentId experiment, TrialId trial) {
  Apply(ActionRequested{now_ms += 1000, action, experiment, trial});
}
void Stage::Start(AttemptId attempt) { Apply(AttemptStarted{now_ms += 1000, attempt, 225'034}); }
void Stage::Metric(AttemptId attempt, std::int64_t epoch, double loss) {
  Apply(MetricReported{now_ms += 1000, attempt, epoch, epoch * 10, {{"validation_loss", loss}}});
}
CheckpointId Stage::Commit(AttemptId attempt, std::int64_t epoch, std::optional<double> metric) {
  const CheckpointId id(next_checkpoint++);
  const std::string name = "c" + ToString(id);
  checkpoints.insert(name);
  Apply(CheckpointCommitted{now_ms += 1000, attempt, id, name, "sha-" + name, epoch, epoch * 10,
                            100, metric});
  return id;
}
void Stage::Exit(AttemptId attempt, Outcome outcome, FailureClass failure,
                 const std::string& message) {
  Apply(AttemptExited{now_ms += 1000, attempt, outcome, failure, message});
}
void Stage::Complete(AttemptId attempt, double loss) {
  Start(attempt);
  Metric(attempt, 3, loss);
  Exit(attempt, Outcome::kCompleted);
}
void Stage::Evaluated(EnsembleId ensemble, bool ok, const std::string& message) {
  Apply(EnsembleEvaluated{now_ms += 1000, ensemble, ok, message, {}});
}
TaskId Stage::Ask(TrialId trial, const std::string& checkpoint_name, const std::string& config) {
  const TaskId id = engine.next_task();
  Apply(TaskRequested{now_ms += 1000, id, trial, checkpoint_name, "sha-" + checkpoint_name, config,
                      Json::MakeObject({{"kind", "predict"}})});
  return id;
}
AttemptId Stage::AttemptOf(TaskId task) const {
  for (const AttemptId attempt : Running()) {
    if (OrderOf(attempt)->task_id == task) return attempt;
  }
  return AttemptId();
}
void Stage::ReportDesired(NodeId node) {
  std::vector<NodeReported::Allocation> list;
  for (const AllocationOrder& order : Gangs(node)) {
    list.push_back({order.allocation, NodeReported::Allocation::State::kReady, ""});
  }
  Report(node, std::move(list));
}
void Stage::Report(NodeId node, std::vector<NodeReported::Allocation> allocations) {
  Apply(NodeReported{now_ms += 1000, node, std::move(allocations)});
}

std::vector<AttemptId> Stage::Running() const {
  std::vector<AttemptId> list;
  for (const auto& [node, gangs] : desired) {
    for (const AllocationOrder& gang : gangs) {
      if (!gang.attempts.empty()) list.push_back(gang.attempts.front().attempt);
    }
  }
  return list;
}
std::vector<AttemptId> Stage::Ahead() const {
  std::vector<AttemptId> list;
  for (const auto& [node, gangs] : desired) {
    for (const AllocationOrder& gang : gangs) {
      for (std::size_t i = 1; i < gang.attempts.size(); ++i) {
        list.push_back(gang.attempts[i].attempt);
      }
    }
  }
  return list;
}
std::optional<AttemptOrder> Stage::OrderOf(AttemptId attempt) const {
  for (const auto& [node, gangs] : desired) {
    for (const AllocationOrder& gang : gangs) {
      for (const AttemptOrder& order : gang.attempts) {
        if (order.attempt == attempt) return order;
      }
    }
  }
  return std::nullopt;
}
AllocationId Stage::GangOf(AttemptId attempt) const { return attempts.at(attempt).allocation; }
std::vector<AllocationOrder> Stage::Gangs(NodeId node) const {
  const auto it = desired.find(node);
  return it == desired.end() ? std::vector<AllocationOrder>{} : it->second;
}
std::vector<std::string> Stage::TrialStates(ExperimentId experiment) const {
  std::vector<std::string> states;
  for (const auto& [id, row] : trials) {
    if (row.experiment == experiment) states.push_back(row.state);
  }
  return states;
}

}  // namespace tutti::engine
