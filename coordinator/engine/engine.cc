#include "coordinator/engine/engine.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "coordinator/engine/attempts.h"
#include "coordinator/engine/audit.h"
#include "coordinator/engine/checkpoints.h"
#include "coordinator/engine/cluster.h"
#include "coordinator/engine/dialogue.h"
#include "coordinator/engine/ensembles.h"
#include "coordinator/engine/experiments.h"
#include "coordinator/engine/lifecycle.h"
#include "coordinator/engine/nodes.h"
#include "coordinator/engine/placement.h"
#include "coordinator/engine/snapshot.h"
#include "coordinator/engine/tasks.h"
#include "coordinator/engine/view.h"
#include "coordinator/engine/why.h"

namespace tutti::engine {

struct Engine::State {
  Cluster cluster;
};

Engine::Engine(EngineSettings settings) : state_(std::make_unique<State>()) {
  state_->cluster.settings = settings;
}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

namespace {

struct Handler {
  Cluster& cluster;
  void operator()(const ExperimentSubmitted& event) { OnSubmitted(cluster, event); }
  void operator()(const ActionRequested& event) { OnAction(cluster, event); }
  void operator()(const NodeJoined& event) { OnNodeJoined(cluster, event); }
  void operator()(const NodeReported& event) { OnNodeReported(cluster, event); }
  void operator()(const NodeUnreachable& event) { OnNodeUnreachable(cluster, event); }
  void operator()(const NodeLost& event) { OnNodeLost(cluster, event); }
  void operator()(const AttemptStarted& event) { OnAttemptStarted(cluster, event); }
  void operator()(const MetricReported& event) { OnMetric(cluster, event); }
  void operator()(const CheckpointCommitted& event) { OnCheckpointCommitted(cluster, event); }
  void operator()(const AttemptExited& event) { OnAttemptExited(cluster, event); }
  void operator()(const Tick& event) { OnTick(cluster, event); }
  void operator()(const EnsembleRequested& event) { OnEnsembleRequested(cluster, event); }
  void operator()(const EnsembleEvaluated& event) { OnEnsembleEvaluated(cluster, event); }
  void operator()(const TaskRequested& event) { OnTaskRequested(cluster, event); }
  void operator()(const TaskCancelled& event) { OnTaskCancelled(cluster, event); }
  void operator()(const ExperimentSettingsChanged& event) { OnSettingsChanged(cluster, event); }
  void operator()(const ExperimentContinued& event) { OnContinued(cluster, event); }
  void operator()(const NodeDrainRequested& event) { OnNodeDrainRequested(cluster, event); }
};

}  // namespace

std::vector<Command> Engine::Apply(const Event& event) {
  Cluster& cluster = state_->cluster;
  std::visit(Handler{cluster}, event);
  const std::int64_t at_ms = std::visit([](const auto& e) { return e.at_ms; }, event);
  SettleExperiments(cluster, at_ms);
  Schedule(cluster, at_ms);
  CountIdleSlots(cluster, at_ms);
  return TakeCommands(cluster);
}

bool Engine::AwaitsReport(NodeId node) const {
  return engine::AwaitsReport(state_->cluster, node);
}

Status Engine::CheckPlaceable(const Json& canonical) const {
  return engine::CheckPlaceable(state_->cluster, canonical);
}

std::vector<std::string> Engine::Why(ExperimentId experiment, TrialId trial) const {
  return engine::Why(state_->cluster, experiment, trial);
}

std::optional<ExperimentView> Engine::View(ExperimentId experiment) const {
  return ViewOf(state_->cluster, experiment);
}

std::vector<ExperimentId> Engine::Experiments() const {
  std::vector<ExperimentId> ids;
  for (const auto& [id, experiment] : state_->cluster.experiments) ids.push_back(id);
  return ids;
}

std::optional<std::string> Engine::NodeState(NodeId node) const {
  const auto it = state_->cluster.nodes.find(node);
  if (it == state_->cluster.nodes.end()) return std::nullopt;
  return std::string(kNodeStateNames.Name(it->second.state));
}

std::optional<NodeView> Engine::FindNode(NodeId node) const {
  const auto it = state_->cluster.nodes.find(node);
  if (it == state_->cluster.nodes.end()) return std::nullopt;
  return ViewOf(it->second);
}

const Json* Engine::Document(ExperimentId experiment) const {
  const auto it = state_->cluster.experiments.find(experiment);
  return it == state_->cluster.experiments.end() ? nullptr : &it->second.canonical;
}

EnsembleId Engine::next_ensemble() const { return EnsembleId(state_->cluster.next_ensemble); }

TaskId Engine::next_task() const { return TaskId(state_->cluster.next_task); }

std::vector<TaskId> Engine::OpenTasks() const {
  std::vector<TaskId> ids;
  for (const auto& [id, task] : state_->cluster.tasks) ids.push_back(id);
  return ids;
}

std::optional<std::string> Engine::WhyTaskWaits(TaskId task) const {
  return engine::WhyTaskWaits(state_->cluster, task);
}

std::vector<EvaluateEnsemble> Engine::OpenEvaluations() const {
  std::vector<EvaluateEnsemble> orders;
  for (const auto& [id, ensemble] : state_->cluster.ensembles) {
    if (ensemble.state != EnsembleState::kEvaluating) continue;
    orders.push_back(EvaluationOrder(ensemble));
  }
  return orders;
}

std::optional<PersistEnsemble> Engine::FindEnsemble(EnsembleId ensemble) const {
  const auto it = state_->cluster.ensembles.find(ensemble);
  if (it == state_->cluster.ensembles.end()) return std::nullopt;
  return EnsembleRow(it->second);
}

int Engine::slots_total() const {
  return static_cast<int>(CountSlots(state_->cluster, std::nullopt).total);
}

int Engine::slots_free() const {
  return static_cast<int>(CountSlots(state_->cluster, std::nullopt).free);
}

std::optional<Engine::LiveAttempt> Engine::FindLive(AttemptId attempt) const {
  const auto it = state_->cluster.attempts.find(attempt);
  if (it == state_->cluster.attempts.end()) return std::nullopt;
  const Trial& trial = state_->cluster.trials.at(it->second.trial);
  return LiveAttempt{trial.experiment, trial.id, trial.trial_no, it->second.fence,
                     it->second.task,
                     state_->cluster.ExperimentOf(trial).config.searcher.time_metric};
}

std::vector<std::string> Engine::Audit() const { return AuditCluster(state_->cluster); }

Json Engine::Snapshot() const { return SnapshotOf(state_->cluster); }

Result<Engine> Engine::Restore(const Json& snapshot, EngineSettings settings) {
  Engine engine(settings);
  TUTTI_RETURN_IF_ERROR(RestoreInto(engine.state_->cluster, snapshot));
  return engine;
}

}  // namespace tutti::engine
