#include "coordinator/engine/snapshot.h"

#include <utility>

#include "coordinator/engine/experiments.h"
#include "coordinator/engine/snapshot_archive.h"
#include "coordinator/engine/snapshot_derived.h"

namespace tutti::engine {

// One list of fields per struct, for both directions. (Not in the anonymous namespace: the
// archives find them by their argument's namespace.)

template <class A>
void Fields(A& a, Like<Checkpoint> auto& checkpoint) {
  a("id", checkpoint.id);
  a("name", checkpoint.name);
  a("sha256", checkpoint.sha256);
  a("epoch", checkpoint.epoch);
  a("step", checkpoint.step);
  a("metric", checkpoint.metric);
}

template <class A>
void Fields(A& a, Like<Trial> auto& trial) {
  a("id", trial.id);
  a("experiment", trial.experiment);
  a("trial_no", trial.trial_no);
  a("configuration_no", trial.configuration_no);
  a("replicate_no", trial.replicate_no);
  a("state", kTrialStateNames, trial.state);
  a("stop", kStopReasonNames, trial.stop);
  a("seed", trial.seed);
  a("parameters", trial.parameters);
  a("restarts", trial.restarts);
  a("losses", trial.losses);
  a("fence", trial.fence);
  a("best_value", trial.best_value);
  a("last_value", trial.last_value);
  a("best_epoch", trial.best_epoch);
  a("epochs_done", trial.epochs_done);
  a("metric_epoch", trial.metric_time);  // versions 1 and 2 counted epochs only
  a.Since(3, "time_done", trial.time_done);
  a.Since(3, "run_until", trial.run_until);
  a.Since(3, "parent", trial.parent);
  a.Since(3, "flops", trial.flops);
  a.Since(3, "held", trial.held);
  a.Since(3, "start_checkpoint", trial.start_checkpoint);
  a.Since(3, "start_name", trial.start_name);
  a.Since(3, "start_sha256", trial.start_sha256);
  a.Since(3, "finished", trial.finished);
  a.Since(3, "verdict", trial.verdict);
  a.Since(3, "infeasible", trial.infeasible);
  a.Since(3, "preempted", trial.preempted);
  a.Since(3, "preempted_at_ms", trial.preempted_at_ms);
  a("best_checkpoint", trial.best_checkpoint);
  a("last_checkpoint", trial.last_checkpoint);
  a("checkpoints", trial.checkpoints);
  a("attempt", trial.attempt);
  a.Since(2, "snapshots", trial.snapshots);
  a("started_at_ms", trial.started_at_ms);
  a("ended_at_ms", trial.ended_at_ms);
  a("message", trial.message);
}

template <class A>
void Fields(A& a, Like<Attempt> auto& attempt) {
  a("id", attempt.id);
  a("trial", attempt.trial);
  a("allocation", attempt.allocation);
  a("fence", attempt.fence);
  a("state", kAttemptStateNames, attempt.state);
  a("stop", kStopOrderNames, attempt.stop);
  a("resumed_from", attempt.resumed_from);
  a("resume_name", attempt.resume_name);
  a("resume_sha256", attempt.resume_sha256);
  a.Since(2, "weights_name", attempt.weights_name);
  a.Since(2, "weights_sha256", attempt.weights_sha256);
  a.Since(2, "task", attempt.task);
  a.Since(3, "prolonged", attempt.prolonged);
  a("started_at_ms", attempt.started_at_ms);
  a("slots", attempt.slots);
}

template <class A>
void Fields(A& a, Like<Configuration> auto& configuration) {
  a("no", configuration.no);
  a("hparams", configuration.hparams);
  a("trials", configuration.trials);
  a("closed", configuration.closed);
  a("pending", configuration.pending);
  a("fed_epoch", configuration.fed_time);
  a.Since(3, "pending_others", configuration.pending_others);
  a.Since(3, "invalid", configuration.invalid);
  a.Since(3, "why_invalid", configuration.why_invalid);
  a.Since(3, "parameters", configuration.parameters);
  a.Since(3, "flops", configuration.flops);
}

template <class A>
void Fields(A& a, Like<ExperimentSettings> auto& settings) {
  a("priority", settings.priority);
  a("weight", settings.weight);
  a("max_slots", settings.max_slots);
  a("save_experiment_best", settings.save_experiment_best);
  a("save_trial_best", settings.save_trial_best);
  a("save_trial_latest", settings.save_trial_latest);
}

template <class A>
void Fields(A& a, Like<Experiment> auto& experiment) {
  a("id", experiment.id);
  a("state", kExperimentStateNames, experiment.state);
  a("canonical", experiment.canonical);
  a("search_closed", experiment.search_closed);
  a("configurations", experiment.configurations);
  a("trials", experiment.trials);
  a("best_value", experiment.best_value);
  a("created_at_ms", experiment.created_at_ms);
  a("ended_at_ms", experiment.ended_at_ms);
  a("message", experiment.message);
  a.Since(3, "archived", experiment.archived);
  a.Since(3, "settings", experiment.settings);
  a.Since(3, "held_ms", experiment.held_ms);
  a.Since(3, "idle_slots", experiment.idle_slots);
  a.Since(3, "held_idle_since_ms", experiment.idle_since_ms);
  a.Since(3, "slot_ms", experiment.slot_ms);
  a.Since(3, "attempt_ms", experiment.attempt_ms);
  a.Since(3, "depth", experiment.depth);
  a.Since(3, "turn", experiment.turn);
  a.Since(3, "peak_memory_bytes", experiment.peak_memory_bytes);
}

template <class A>
void Fields(A& a, Like<GangPart> auto& part) {
  a("node", part.node);
  a("slots", part.slots);
  a("seen", part.seen);
  a("unconfirmed", part.unconfirmed);
  a("gone", part.gone);
}

template <class A>
void Fields(A& a, Like<Allocation> auto& allocation) {
  a("id", allocation.id);
  a("node", allocation.node);
  a("slots", allocation.slots);
  a("state", kAllocationStateNames, allocation.state);
  a("seen", allocation.seen);
  a("unconfirmed", allocation.unconfirmed);
  a.Since(3, "gone", allocation.gone);
  a.Since(3, "others", allocation.others);
  a("unusable", allocation.unusable);
  a.Since(3, "packed", allocation.packed);
  a("attempts", allocation.attempts);
  a("idle_since_ms", allocation.idle_since_ms);
  a("last_experiment", allocation.last_experiment);
}

template <class A>
void Fields(A& a, Like<NodeSlot> auto& slot) {
  a("index", slot.index);
  a("kind", slot.kind);
  a.Since(3, "memory_bytes", slot.memory_bytes);
}

template <class A>
void Fields(A& a, Like<Node> auto& node) {
  a("id", node.id);
  a("name", node.name);
  a("pool", node.pool);
  a("state", kNodeStateNames, node.state);
  a("slots", node.slots);
  a("datasets", node.datasets);
  a.Since(3, "labels", node.labels);
  a.Since(3, "spans_nodes", node.spans_nodes);
  a.Since(3, "draining", node.draining);
  a("awaiting_report", node.awaiting_report);
  a("allocations", node.allocations);
}

template <class A>
void Fields(A& a, Like<EnsembleMember> auto& member) {
  a("trial", member.trial);
  a("checkpoint_name", member.checkpoint_name);
}

template <class A>
void Fields(A& a, Like<PersistEnsemble::LeftOut> auto& left_out) {
  a("trial", left_out.trial);
  a("reason", left_out.reason);
}

template <class A>
void Fields(A& a, Like<Ensemble> auto& ensemble) {
  a("id", ensemble.id);
  a("experiment", ensemble.experiment);
  a("configuration_no", ensemble.configuration_no);
  a("trial", ensemble.trial);
  a("name", ensemble.name);
  a("spec", ensemble.spec);
  a("combine", ensemble.combine);
  a("min_members", ensemble.min_members);
  a("state", kEnsembleStateNames, ensemble.state);
  a("members", ensemble.members);
  a("left_out", ensemble.left_out);
  a("evaluated", ensemble.evaluated);
  a("created_at_ms", ensemble.created_at_ms);
  a("ended_at_ms", ensemble.ended_at_ms);
  a("message", ensemble.message);
}

template <class A>
void Fields(A& a, Like<Task> auto& task) {
  a("id", task.id);
  a("trial", task.trial);
  a("checkpoint_name", task.checkpoint_name);
  a("checkpoint_sha256", task.checkpoint_sha256);
  a("config", task.config);
  a("work", task.work);
  a("attempt", task.attempt);
  a("retried", task.retried);
  a("cancelled", task.cancelled);
}

template <class A>
void Fields(A& a, Like<Cluster> auto& cluster) {
  a("experiments", cluster.experiments);
  a("trials", cluster.trials);
  a("attempts", cluster.attempts);
  a("allocations", cluster.allocations);
  a("nodes", cluster.nodes);
  a("next_trial", cluster.next_trial);
  a("next_attempt", cluster.next_attempt);
  a("next_allocation", cluster.next_allocation);
  a.Since(2, "ensembles", cluster.ensembles);
  a.Since(2, "tasks", cluster.tasks);
  a.Since(2, "next_ensemble", cluster.next_ensemble);
  a.Since(2, "next_task", cluster.next_task);
  a.Since(3, "next_turn", cluster.next_turn);
}

namespace {

// [[experiment, snapshot], …]; experiments that never had a searcher are left out.
Json SearcherSnapshots(const Cluster& cluster) {
  Json list = Json::MakeArray();
  for (const auto& [id, experiment] : cluster.experiments) {
    if (!experiment.searcher) continue;
    list.Append(Json::MakeArray({id.value, experiment.searcher->Snapshot()}));
  }
  return list;
}

Status RestoreSearchers(Cluster& cluster, const Json& snapshot) {
  const Json* list = snapshot.Find("searchers");
  if (list == nullptr || !list->is_array()) return DataLoss("searchers is missing");
  for (auto& [id, experiment] : cluster.experiments) {
    // One whose document could not be read ended at once; it has no searcher either.
    if (!ReadDocument(experiment).ok()) continue;
  }
  for (const Json& item : list->AsArray()) {
    if (!item.is_array() || item.size() != 2 || !item[0].is_int()) {
      return DataLoss("searchers has an entry that is not [experiment, snapshot]");
    }
    const auto it = cluster.experiments.find(ExperimentId(item[0].AsInt()));
    if (it == cluster.experiments.end()) {
      return DataLoss("searcher of unknown experiment " + item[0].Dump());
    }
    Experiment& experiment = it->second;
    TUTTI_ASSIGN_OR_RETURN(experiment.searcher,
                           search::RestoreSearcher(experiment.config, item[1]));
  }
  return Ok{};
}

}  // namespace

Json SnapshotOf(const Cluster& cluster) {
  SnapshotWriter writer;
  Fields(writer, cluster);
  Json json = writer.Take();
  json.Set("engine_version", kEngineVersion);
  json.Set("searchers", SearcherSnapshots(cluster));
  return json;
}

Status RestoreInto(Cluster& cluster, const Json& snapshot) {
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t version, snapshot.GetInt("engine_version"));
  if (!CanRestore(version)) {
    return DataLoss("the snapshot is of engine version " + std::to_string(version) +
                    ", this is version " + std::to_string(kEngineVersion) +
                    " and reads those from " + std::to_string(kOldestSnapshotVersion));
  }
  SnapshotReader reader(snapshot, version);
  Fields(reader, cluster);
  TUTTI_RETURN_IF_ERROR(reader.status());
  if (version < 3) {  // they counted epochs only
    for (auto& [id, trial] : cluster.trials) trial.time_done = trial.epochs_done;
  }
  TUTTI_RETURN_IF_ERROR(RestoreSearchers(cluster, snapshot));
  TUTTI_RETURN_IF_ERROR(CheckReferences(cluster));
  Derive(cluster);
  return Ok{};
}

}  // namespace tutti::engine
