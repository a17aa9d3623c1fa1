#include <optional>
#include <string_view>
#include <utility>

#include "coordinator/engine/command.h"
#include "experiments/core/sha256.h"

// The journal's form of commands: {"command": name, fields}. Written only, for people and for
// comparing a replay with what was journaled. Of a trial's document it holds the hash: the text
// follows from the experiment's document and the trial's hparams, and desired states are many.

namespace tutti::engine {
namespace {

template <class T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json Make(std::string_view name, Json::Object fields) {
  fields.insert(fields.begin(), {"command", Json(name)});
  return Json(std::move(fields));
}

Json Write(const PersistExperiment& row) {
  return Make("persist_experiment", {{"experiment", row.experiment.value},
                                     {"name", row.name},
                                     {"state", row.state},
                                     {"metric", row.metric},
                                     {"smaller_is_better", row.smaller_is_better},
                                     {"best_value", OrNull(row.best_value)},
                                     {"created_at_ms", row.created_at_ms},
                                     {"ended_at_ms", row.ended_at_ms},
                                     {"message", row.message},
                                     {"archived", row.archived},
                                     {"priority", row.priority},
                                     {"weight", row.weight},
                                     {"max_slots", OrNull(row.max_slots)},
                                     {"save_experiment_best", row.save_experiment_best},
                                     {"save_trial_best", row.save_trial_best},
                                     {"save_trial_latest", row.save_trial_latest},
                                     {"held_ms", row.held_ms}});
}
Json Write(const PersistTrial& row) {
  return Make("persist_trial", {{"trial", row.trial.value},
                                {"experiment", row.experiment.value},
                                {"trial_no", row.trial_no},
                                {"configuration_no", row.configuration_no},
                                {"replicate_no", row.replicate_no},
                                {"state", row.state},
                                {"seed", static_cast<std::int64_t>(row.seed)},
                                {"hparams", row.hparams},
                                {"parameters", row.parameters},
                                {"restarts", row.restarts},
                                {"best_value", OrNull(row.best_value)},
                                {"last_value", OrNull(row.last_value)},
                                {"best_epoch", row.best_epoch},
                                {"best_checkpoint", row.best_checkpoint.value},
                                {"last_checkpoint", row.last_checkpoint.value},
                                {"started_at_ms", row.started_at_ms},
                                {"ended_at_ms", row.ended_at_ms},
                                {"message", row.message},
                                {"parent", row.parent.value},
                                {"flops", row.flops},
                                {"time_done", row.time_done},
                                {"run_until", row.run_until},
                                {"infeasible", row.infeasible}});
}
Json WriteSlots(const std::vector<std::int64_t>& slots);

Json Write(const PersistAttempt& row) {
  Json parts = Json::MakeArray();
  for (const PersistAttempt::Part& part : row.parts) {
    parts.Append(
        Json::MakeObject({{"node", part.node.value}, {"slots", WriteSlots(part.slots)}}));
  }
  return Make("persist_attempt", {{"attempt", row.attempt.value},
                                  {"trial", row.trial.value},
                                  {"allocation", row.allocation.value},
                                  {"fence", row.fence},
                                  {"state", row.state},
                                  {"resumed_from", row.resumed_from.value},
                                  {"started_at_ms", row.started_at_ms},
                                  {"ended_at_ms", row.ended_at_ms},
                                  {"slots", row.slots},
                                  {"failure", row.failure},
                                  {"message", row.message},
                                  {"kind", row.kind},
                                  {"node", row.node.value},
                                  {"parts", std::move(parts)}});
}
Json Write(const PersistNode& row) {
  Json labels = Json::MakeObject();
  for (const auto& [name, value] : row.labels) labels.Set(name, value);
  return Make("persist_node", {{"node", row.node.value},
                               {"name", row.name},
                               {"pool", row.pool},
                               {"state", row.state},
                               {"slots", row.slots},
                               {"draining", row.draining},
                               {"labels", std::move(labels)}});
}
Json Write(const PersistCheckpointState& row) {
  return Make("persist_checkpoint_state",
              {{"checkpoint", row.checkpoint.value}, {"state", row.state}});
}
Json Write(const LogEvent& event) {
  return Make("log_event", {{"at_ms", event.at_ms},
                            {"kind", event.kind},
                            {"subject", event.subject},
                            {"detail", event.detail}});
}
Json Write(const AttemptOrder& order) {
  return Json::MakeObject({{"attempt", order.attempt.value},
                           {"experiment", order.experiment.value},
                           {"trial", order.trial.value},
                           {"trial_no", order.trial_no},
                           {"fence", order.fence},
                           {"seed", static_cast<std::int64_t>(order.seed)},
                           {"config_sha256", Sha256Hex(order.config)},
                           {"run_until", order.run_until},
                           {"resume_from", order.resume_from},
                           {"resume_sha256", order.resume_sha256},
                           {"weights_from", order.weights_from},
                           {"weights_sha256", order.weights_sha256},
                           {"task_id", order.task_id.value},
                           {"task_sha256", order.task.empty() ? "" : Sha256Hex(order.task)},
                           {"stop", kStopOrderNames.Name(order.stop)}});
}
Json WriteSlots(const std::vector<std::int64_t>& slots) {
  Json json = Json::MakeArray();
  for (const std::int64_t slot : slots) json.Append(slot);
  return json;
}
Json Write(const SetDesired& desired) {
  Json allocations = Json::MakeArray();
  for (const AllocationOrder& order : desired.allocations) {
    Json attempts = Json::MakeArray();
    for (const AttemptOrder& attempt : order.attempts) attempts.Append(Write(attempt));
    Json parts = Json::MakeArray();
    for (const AllocationOrder::Part& part : order.parts) {
      parts.Append(Json::MakeObject({{"node", part.node.value},
                                     {"name", part.name},
                                     {"slots", WriteSlots(part.slots)}}));
    }
    allocations.Append(Json::MakeObject({{"allocation", order.allocation.value},
                                         {"slots", WriteSlots(order.slots)},
                                         {"world_size", order.world_size},
                                         {"attempts", std::move(attempts)},
                                         {"first_rank", order.first_rank},
                                         {"leader", order.leader},
                                         {"parts", std::move(parts)}}));
  }
  return Make("set_desired",
              {{"node", desired.node.value}, {"allocations", std::move(allocations)}});
}
Json Write(const DeleteCheckpoint& command) {
  return Make("delete_checkpoint",
              {{"checkpoint", command.checkpoint.value}, {"name", command.name}});
}
Json Write(const ExperimentEnded& command) {
  return Make("experiment_ended", {{"experiment", command.experiment.value}});
}
Json Write(const PersistEnsemble& row) {
  Json members = Json::MakeArray();
  for (const PersistEnsemble::Member& member : row.members) {
    members.Append(Json::MakeObject({{"position", member.position},
                                     {"trial", member.trial.value},
                                     {"checkpoint_name", member.checkpoint_name}}));
  }
  Json left_out = Json::MakeArray();
  for (const PersistEnsemble::LeftOut& member : row.left_out) {
    left_out.Append(
        Json::MakeObject({{"trial", member.trial.value}, {"reason", member.reason}}));
  }
  return Make("persist_ensemble", {{"ensemble", row.ensemble.value},
                                   {"experiment", row.experiment.value},
                                   {"configuration_no", row.configuration_no},
                                   {"name", row.name},
                                   {"combine", row.combine},
                                   {"state", row.state},
                                   {"min_members", row.min_members},
                                   {"message", row.message},
                                   {"created_at_ms", row.created_at_ms},
                                   {"ended_at_ms", row.ended_at_ms},
                                   {"members", std::move(members)},
                                   {"left_out", std::move(left_out)}});
}
Json Write(const EvaluateEnsemble& command) {
  Json members = Json::MakeArray();
  for (const EnsembleMember& member : command.members) {
    members.Append(Json::MakeObject(
        {{"trial", member.trial.value}, {"checkpoint_name", member.checkpoint_name}}));
  }
  return Make("evaluate_ensemble", {{"ensemble", command.ensemble.value},
                                    {"spec", command.spec},
                                    {"members", std::move(members)}});
}
Json Write(const TaskEnded& command) {
  return Make("task_ended", {{"task", command.task.value},
                             {"ok", command.ok},
                             {"message", command.message}});
}

}  // namespace

Json ToJson(const Command& command) {
  return std::visit([](const auto& c) { return Write(c); }, command);
}

}  // namespace tutti::engine
