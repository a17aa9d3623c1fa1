#include "coordinator/engine/cluster.h"

#include <utility>

namespace tutti::engine {

std::string TrialName(const Trial& trial) {
  return ToString(trial.experiment) + "." + std::to_string(trial.trial_no);
}

void Log(Cluster& cluster, std::int64_t at_ms, std::string kind, std::string subject,
         std::string detail) {
  cluster.outbox.log.push_back(
      LogEvent{at_ms, std::move(kind), std::move(subject), std::move(detail)});
}

PersistExperiment ExperimentRow(const Experiment& experiment) {
  PersistExperiment row;
  row.experiment = experiment.id;
  row.name = experiment.config.name;
  row.state = kExperimentStateNames.Name(experiment.state);
  row.metric = experiment.config.searcher.metric;
  row.smaller_is_better = experiment.config.searcher.smaller_is_better;
  row.best_value = experiment.best_value;
  row.created_at_ms = experiment.created_at_ms;
  row.ended_at_ms = experiment.ended_at_ms;
  row.message = experiment.message;
  row.archived = experiment.archived;
  row.priority = experiment.config.resources.priority;
  row.weight = experiment.config.resources.weight;
  row.max_slots = experiment.config.resources.max_slots;
  const CheckpointStorageConfig& storage = experiment.config.checkpoint_storage;
  row.save_experiment_best = storage.save_experiment_best;
  row.save_trial_best = storage.save_trial_best;
  row.save_trial_latest = storage.save_trial_latest;
  row.held_ms = experiment.held_ms;
  return row;
}

PersistTrial TrialRow(const Cluster& cluster, const Trial& trial) {
  PersistTrial row;
  row.trial = trial.id;
  row.experiment = trial.experiment;
  row.trial_no = trial.trial_no;
  row.configuration_no = trial.configuration_no;
  row.replicate_no = trial.replicate_no;
  row.state = kTrialStateNames.Name(trial.state);
  row.seed = trial.seed;
  row.hparams =
      cluster.ExperimentOf(trial).configurations.at(trial.configuration_no).hparams;
  row.parameters = trial.parameters;
  row.restarts = trial.restarts;
  row.best_value = trial.best_value;
  row.last_value = trial.last_value;
  row.best_epoch = trial.best_epoch;
  row.best_checkpoint = trial.best_checkpoint;
  row.last_checkpoint = trial.last_checkpoint;
  row.started_at_ms = trial.started_at_ms;
  row.ended_at_ms = trial.ended_at_ms;
  row.message = trial.message;
  row.parent = trial.parent;
  row.flops = trial.flops;
  row.time_done = trial.time_done;
  row.run_until = trial.run_until;
  row.infeasible = trial.infeasible;
  return row;
}

PersistAttempt AttemptRow(const Attempt& attempt) {
  PersistAttempt row;
  row.attempt = attempt.id;
  row.trial = attempt.trial;
  row.allocation = attempt.allocation;
  row.fence = attempt.fence;
  row.state = kAttemptStateNames.Name(attempt.state);
  row.resumed_from = attempt.resumed_from;
  row.started_at_ms = attempt.started_at_ms;
  row.slots = attempt.slots;
  row.kind = attempt.task ? "evaluate" : "train";
  return row;
}

PersistEnsemble EnsembleRow(const Ensemble& ensemble) {
  PersistEnsemble row;
  row.ensemble = ensemble.id;
  row.experiment = ensemble.experiment;
  row.configuration_no = ensemble.configuration_no;
  row.name = ensemble.name;
  row.combine = ensemble.combine;
  row.state = kEnsembleStateNames.Name(ensemble.state);
  row.min_members = ensemble.min_members;
  row.message = ensemble.message;
  row.created_at_ms = ensemble.created_at_ms;
  row.ended_at_ms = ensemble.ended_at_ms;
  for (const EnsembleMember& member : ensemble.members) {
    const auto position = static_cast<std::int64_t>(row.members.size());
    row.members.push_back({position, member.trial, member.checkpoint_name});
  }
  row.left_out = ensemble.left_out;
  return row;
}

EvaluateEnsemble EvaluationOrder(const Ensemble& ensemble) {
  return {ensemble.id, ensemble.spec, ensemble.members};
}

namespace {

// What one node of a gang has to know about it, but for its attempts: those go to every node, since
// its worker starts them on its ranks; only the leader's reports of them.
AllocationOrder GangOrder(const Cluster& cluster, const Allocation& allocation, NodeId node) {
  AllocationOrder order;
  order.allocation = allocation.id;
  order.leader = allocation.node == node;
  std::int64_t rank = 0;
  for (const GangPart* part : allocation.Parts()) {
    if (part->node == node) {
      order.slots = part->slots;
      order.first_rank = rank;
    }
    rank += static_cast<std::int64_t>(part->slots.size());
    if (allocation.others.empty()) break;
    order.parts.push_back({part->node, cluster.nodes.at(part->node).name, part->slots});
  }
  order.world_size = rank;
  return order;
}

}  // namespace

SetDesired DesiredState(const Cluster& cluster, NodeId node) {
  SetDesired desired{node, {}};
  for (const AllocationId id : cluster.nodes.at(node).allocations) {
    const Allocation& allocation = cluster.allocations.at(id);
    if (allocation.state == AllocationState::kReleased) continue;
    AllocationOrder order = GangOrder(cluster, allocation, node);
    for (const AttemptId attempt_id : allocation.attempts) {
      const Attempt& attempt = cluster.attempts.at(attempt_id);
      const Trial& trial = cluster.trials.at(attempt.trial);
      AttemptOrder run;
      run.attempt = attempt_id;
      run.experiment = trial.experiment;
      run.trial = trial.id;
      run.trial_no = trial.trial_no;
      run.fence = attempt.fence;
      run.seed = trial.seed;
      run.config = attempt.config;
      run.hparams = attempt.hparams;
      if (!attempt.task) run.run_until = trial.run_until;
      run.resume_from = attempt.resume_name;
      run.resume_sha256 = attempt.resume_sha256;
      run.weights_from = attempt.weights_name;
      run.weights_sha256 = attempt.weights_sha256;
      run.task_id = attempt.task;
      if (attempt.task) run.task = cluster.tasks.at(attempt.task).work.Dump();
      run.stop = attempt.stop;
      order.attempts.push_back(std::move(run));
    }
    desired.allocations.push_back(std::move(order));
  }
  return desired;
}

namespace {

// Where the attempt's gang is, unless it is gone.
void SetPlace(const Cluster& cluster, PersistAttempt& row) {
  const auto it = cluster.allocations.find(row.allocation);
  if (it == cluster.allocations.end()) return;
  const Allocation& gang = it->second;
  row.node = gang.node;
  if (gang.others.empty()) return;
  for (const GangPart* part : gang.Parts()) row.parts.push_back({part->node, part->slots});
}

}  // namespace

std::vector<Command> TakeCommands(Cluster& cluster) {
  Outbox outbox = std::exchange(cluster.outbox, {});
  std::vector<Command> commands;
  const auto append = [&commands](std::vector<Command>& from) {
    for (Command& command : from) commands.push_back(std::move(command));
  };
  for (const ExperimentId id : outbox.experiments) {
    commands.emplace_back(ExperimentRow(cluster.experiments.at(id)));
  }
  for (const TrialId id : outbox.trials) {
    commands.emplace_back(TrialRow(cluster, cluster.trials.at(id)));
  }
  for (const NodeId id : outbox.nodes) {
    const Node& node = cluster.nodes.at(id);
    commands.emplace_back(PersistNode{id, node.name, node.pool,
                                      std::string(kNodeStateNames.Name(node.state)),
                                      static_cast<std::int64_t>(node.slots.size()), node.draining,
                                      node.labels});
  }
  for (auto& [id, row] : outbox.attempts) {
    SetPlace(cluster, row);
    commands.emplace_back(std::move(row));
  }
  for (const EnsembleId id : outbox.ensembles) {
    commands.emplace_back(EnsembleRow(cluster.ensembles.at(id)));
  }
  append(outbox.checkpoint_states);
  append(outbox.log);
  for (const NodeId id : outbox.desired) {
    const Node& node = cluster.nodes.at(id);
    // Before its first report nobody knows which gangs the node still has; and an order to start
    // an attempt again that has been running would count its reports twice.
    if (node.state == NodeState::kLost || node.awaiting_report) continue;
    commands.emplace_back(DesiredState(cluster, id));
  }
  append(outbox.deletions);
  for (const EnsembleId id : outbox.evaluations) {
    const Ensemble& ensemble = cluster.ensembles.at(id);
    if (ensemble.state != EnsembleState::kEvaluating) continue;
    commands.emplace_back(EvaluationOrder(ensemble));
  }
  append(outbox.ended);
  return commands;
}

}  // namespace tutti::engine
