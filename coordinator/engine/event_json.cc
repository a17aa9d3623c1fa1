#include <array>
#include <utility>

#include "coordinator/engine/event.h"
#include "experiments/core/enum_table.h"

// The journal's form of events: {"event": name, "at_ms": …, fields}. Every field is written and
// required, so that a damaged journal is noticed.

namespace tutti::engine {
namespace {

using GangState = NodeReported::Allocation::State;
constexpr EnumTable<GangState, 4> kGangStateNames{{{{GangState::kStarting, "starting"},
                                                    {GangState::kReady, "ready"},
                                                    {GangState::kStopping, "stopping"},
                                                    {GangState::kExited, "exited"}}}};
// In the order of the variant.
constexpr std::array<std::string_view, std::variant_size_v<Event>> kEventNames{
    "experiment_submitted", "action_requested", "node_joined",        "node_reported",
    "node_unreachable",     "node_lost",        "attempt_started",    "metric_reported",
    "checkpoint_committed", "attempt_exited",   "tick",               "ensemble_requested",
    "ensemble_evaluated",   "task_requested",   "task_cancelled",     "experiment_settings_changed",
    "experiment_continued", "node_drain_requested"};

// ---- writing ----

template <class T>
Json OrNull(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}
Json WriteTexts(const std::map<std::string, std::string>& texts) {
  Json json = Json::MakeObject();
  for (const auto& [key, text] : texts) json.Set(key, text);
  return json;
}

void Write(Json& json, const ExperimentSubmitted& event) {
  json.Set("experiment", event.experiment.value);
  json.Set("canonical", event.canonical);
}
void Write(Json& json, const ActionRequested& event) {
  json.Set("action", kActionNames.Name(event.action));
  json.Set("experiment", event.experiment.value);
  json.Set("trial", event.trial.value);
}
void Write(Json& json, const NodeJoined& event) {
  json.Set("node", event.node.value);
  json.Set("name", event.name);
  json.Set("pool", event.pool);
  Json slots = Json::MakeArray();
  for (const NodeSlot& slot : event.slots) {
    slots.Append(Json::MakeObject(
        {{"index", slot.index}, {"kind", slot.kind}, {"memory_bytes", slot.memory_bytes}}));
  }
  json.Set("slots", std::move(slots));
  json.Set("datasets", WriteTexts(event.datasets));
  json.Set("labels", WriteTexts(event.labels));
  json.Set("spans_nodes", event.spans_nodes);
}
void Write(Json& json, const NodeReported& event) {
  json.Set("node", event.node.value);
  Json list = Json::MakeArray();
  for (const auto& allocation : event.allocations) {
    list.Append(Json::MakeObject({{"allocation", allocation.allocation.value},
                                  {"state", kGangStateNames.Name(allocation.state)},
                                  {"message", allocation.message},
                                  {"peak_memory_bytes", allocation.peak_memory_bytes}}));
  }
  json.Set("allocations", std::move(list));
}
void Write(Json& json, const NodeUnreachable& event) { json.Set("node", event.node.value); }
void Write(Json& json, const NodeLost& event) { json.Set("node", event.node.value); }
void Write(Json& json, const NodeDrainRequested& event) {
  json.Set("node", event.node.value);
  json.Set("drain", event.drain);
  json.Set("now", event.now);
}
void Write(Json& json, const ExperimentSettingsChanged& event) {
  json.Set("experiment", event.experiment.value);
  json.Set("priority", OrNull(event.priority));
  json.Set("weight", OrNull(event.weight));
  json.Set("max_slots", OrNull(event.max_slots));
  json.Set("save_experiment_best", OrNull(event.save_experiment_best));
  json.Set("save_trial_best", OrNull(event.save_trial_best));
  json.Set("save_trial_latest", OrNull(event.save_trial_latest));
}
void Write(Json& json, const ExperimentContinued& event) {
  json.Set("experiment", event.experiment.value);
  json.Set("canonical", event.canonical);
}
void Write(Json& json, const AttemptStarted& event) {
  json.Set("attempt", event.attempt.value);
  json.Set("parameters", event.parameters);
}
void Write(Json& json, const MetricReported& event) {
  json.Set("attempt", event.attempt.value);
  json.Set("epoch", event.epoch);
  json.Set("step", event.step);
  Json metrics = Json::MakeObject();
  for (const auto& [name, value] : event.metrics) metrics.Set(name, value);
  json.Set("metrics", std::move(metrics));
  json.Set("time", event.time);
}
void Write(Json& json, const CheckpointCommitted& event) {
  json.Set("attempt", event.attempt.value);
  json.Set("checkpoint", event.checkpoint.value);
  json.Set("name", event.name);
  json.Set("sha256", event.sha256);
  json.Set("epoch", event.epoch);
  json.Set("step", event.step);
  json.Set("bytes", event.bytes);
  json.Set("metric", OrNull(event.metric));
}
void Write(Json& json, const AttemptExited& event) {
  json.Set("attempt", event.attempt.value);
  json.Set("outcome", kOutcomeNames.Name(event.outcome));
  json.Set("failure", kFailureClassNames.Name(event.failure));
  json.Set("message", event.message);
}
void Write(Json&, const Tick&) {}
Json WriteMembers(const std::vector<EnsembleMember>& members) {
  Json list = Json::MakeArray();
  for (const EnsembleMember& member : members) {
    list.Append(Json::MakeObject(
        {{"trial", member.trial.value}, {"checkpoint_name", member.checkpoint_name}}));
  }
  return list;
}
void Write(Json& json, const EnsembleRequested& event) {
  json.Set("ensemble", event.ensemble.value);
  json.Set("name", event.name);
  json.Set("spec", event.spec);
  json.Set("members", WriteMembers(event.members));
}
void Write(Json& json, const EnsembleEvaluated& event) {
  json.Set("ensemble", event.ensemble.value);
  json.Set("ok", event.ok);
  json.Set("message", event.message);
  json.Set("members", WriteMembers(event.members));
}
void Write(Json& json, const TaskRequested& event) {
  json.Set("task", event.task.value);
  json.Set("trial", event.trial.value);
  json.Set("checkpoint_name", event.checkpoint_name);
  json.Set("checkpoint_sha256", event.checkpoint_sha256);
  json.Set("config", event.config);
  json.Set("work", event.work);
}
void Write(Json& json, const TaskCancelled& event) { json.Set("task", event.task.value); }

// ---- reading ----

template <class Tag>
Status Read(const Json& json, std::string_view key, Id<Tag>& id) {
  TUTTI_ASSIGN_OR_RETURN(id.value, json.GetInt(key));
  return Ok{};
}
Status Read(const Json& json, std::string_view key, std::int64_t& value) {
  TUTTI_ASSIGN_OR_RETURN(value, json.GetInt(key));
  return Ok{};
}
Status Read(const Json& json, std::string_view key, std::string& value) {
  TUTTI_ASSIGN_OR_RETURN(value, json.GetString(key));
  return Ok{};
}
Status Read(const Json& json, std::string_view key, bool& value) {
  TUTTI_ASSIGN_OR_RETURN(value, json.GetBool(key));
  return Ok{};
}
Status Read(const Json& json, std::string_view key, double& value) {
  TUTTI_ASSIGN_OR_RETURN(value, json.GetDouble(key));
  return Ok{};
}
template <class E, std::size_t N>
Status Read(const Json& json, std::string_view key, const EnumTable<E, N>& names, E& value) {
  TUTTI_ASSIGN_OR_RETURN(const std::string text, json.GetString(key));
  const std::optional<E> parsed = names.Parse(text);
  if (!parsed) {
    return DataLoss(std::string(key) + " is \"" + text + "\", must be " + names.Choices());
  }
  value = *parsed;
  return Ok{};
}
Result<const Json*> Member(const Json& json, std::string_view key) {
  const Json* member = json.Find(key);
  if (member == nullptr) return DataLoss("field " + std::string(key) + " is missing");
  return member;
}
template <class T>
Status Read(const Json& json, std::string_view key, std::optional<T>& value) {
  TUTTI_ASSIGN_OR_RETURN(const Json* member, Member(json, key));
  if (member->is_null()) return Ok{};
  return Read(json, key, value.emplace());
}
Status Read(const Json& json, std::string_view key, std::map<std::string, std::string>& texts) {
  TUTTI_ASSIGN_OR_RETURN(const Json* member, Member(json, key));
  if (!member->is_object()) return DataLoss(std::string(key) + " is not a map");
  for (const auto& [name, text] : member->AsObject()) {
    if (!text.is_string()) return DataLoss(std::string(key) + "." + name + " is not a string");
    texts[name] = text.AsString();
  }
  return Ok{};
}

Status Read(const Json& json, ExperimentSubmitted& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "experiment", event.experiment));
  TUTTI_ASSIGN_OR_RETURN(const Json* canonical, Member(json, "canonical"));
  event.canonical = *canonical;
  return Ok{};
}
Status Read(const Json& json, ActionRequested& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "action", kActionNames, event.action));
  TUTTI_RETURN_IF_ERROR(Read(json, "experiment", event.experiment));
  return Read(json, "trial", event.trial);
}
Status Read(const Json& json, NodeJoined& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "node", event.node));
  TUTTI_RETURN_IF_ERROR(Read(json, "name", event.name));
  TUTTI_RETURN_IF_ERROR(Read(json, "pool", event.pool));
  TUTTI_ASSIGN_OR_RETURN(const Json* slots, Member(json, "slots"));
  if (!slots->is_array()) return DataLoss("slots is not a list");
  for (const Json& item : slots->AsArray()) {
    NodeSlot slot;
    TUTTI_RETURN_IF_ERROR(Read(item, "index", slot.index));
    TUTTI_RETURN_IF_ERROR(Read(item, "kind", slot.kind));
    TUTTI_RETURN_IF_ERROR(Read(item, "memory_bytes", slot.memory_bytes));
    event.slots.push_back(std::move(slot));
  }
  TUTTI_RETURN_IF_ERROR(Read(json, "datasets", event.datasets));
  TUTTI_RETURN_IF_ERROR(Read(json, "labels", event.labels));
  return Read(json, "spans_nodes", event.spans_nodes);
}
Status Read(const Json& json, NodeReported& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "node", event.node));
  TUTTI_ASSIGN_OR_RETURN(const Json* list, Member(json, "allocations"));
  if (!list->is_array()) return DataLoss("allocations is not a list");
  for (const Json& item : list->AsArray()) {
    NodeReported::Allocation allocation;
    TUTTI_RETURN_IF_ERROR(Read(item, "allocation", allocation.allocation));
    TUTTI_RETURN_IF_ERROR(Read(item, "state", kGangStateNames, allocation.state));
    TUTTI_RETURN_IF_ERROR(Read(item, "message", allocation.message));
    TUTTI_RETURN_IF_ERROR(Read(item, "peak_memory_bytes", allocation.peak_memory_bytes));
    event.allocations.push_back(std::move(allocation));
  }
  return Ok{};
}
Status Read(const Json& json, NodeUnreachable& event) { return Read(json, "node", event.node); }
Status Read(const Json& json, NodeLost& event) { return Read(json, "node", event.node); }
Status Read(const Json& json, NodeDrainRequested& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "node", event.node));
  TUTTI_RETURN_IF_ERROR(Read(json, "drain", event.drain));
  return Read(json, "now", event.now);
}
Status Read(const Json& json, ExperimentSettingsChanged& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "experiment", event.experiment));
  TUTTI_RETURN_IF_ERROR(Read(json, "priority", event.priority));
  TUTTI_RETURN_IF_ERROR(Read(json, "weight", event.weight));
  TUTTI_RETURN_IF_ERROR(Read(json, "max_slots", event.max_slots));
  TUTTI_RETURN_IF_ERROR(Read(json, "save_experiment_best", event.save_experiment_best));
  TUTTI_RETURN_IF_ERROR(Read(json, "save_trial_best", event.save_trial_best));
  return Read(json, "save_trial_latest", event.save_trial_latest);
}
Status Read(const Json& json, ExperimentContinued& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "experiment", event.experiment));
  TUTTI_ASSIGN_OR_RETURN(const Json* canonical, Member(json, "canonical"));
  event.canonical = *canonical;
  return Ok{};
}
Status Read(const Json& json, AttemptStarted& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "attempt", event.attempt));
  return Read(json, "parameters", event.parameters);
}
Status Read(const Json& json, MetricReported& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "attempt", event.attempt));
  TUTTI_RETURN_IF_ERROR(Read(json, "epoch", event.epoch));
  TUTTI_RETURN_IF_ERROR(Read(json, "step", event.step));
  TUTTI_ASSIGN_OR_RETURN(const Json* metrics, Member(json, "metrics"));
  if (!metrics->is_object()) return DataLoss("metrics is not a map");
  for (const auto& [name, value] : metrics->AsObject()) {
    TUTTI_ASSIGN_OR_RETURN(event.metrics[name], metrics->GetDouble(name));
  }
  return Read(json, "time", event.time);
}
Status Read(const Json& json, CheckpointCommitted& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "attempt", event.attempt));
  TUTTI_RETURN_IF_ERROR(Read(json, "checkpoint", event.checkpoint));
  TUTTI_RETURN_IF_ERROR(Read(json, "name", event.name));
  TUTTI_RETURN_IF_ERROR(Read(json, "sha256", event.sha256));
  TUTTI_RETURN_IF_ERROR(Read(json, "epoch", event.epoch));
  TUTTI_RETURN_IF_ERROR(Read(json, "step", event.step));
  TUTTI_RETURN_IF_ERROR(Read(json, "bytes", event.bytes));
  return Read(json, "metric", event.metric);
}
Status Read(const Json& json, AttemptExited& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "attempt", event.attempt));
  TUTTI_RETURN_IF_ERROR(Read(json, "outcome", kOutcomeNames, event.outcome));
  TUTTI_RETURN_IF_ERROR(Read(json, "failure", kFailureClassNames, event.failure));
  return Read(json, "message", event.message);
}
Status Read(const Json&, Tick&) { return Ok{}; }
Status ReadMembers(const Json& json, std::vector<EnsembleMember>& members) {
  TUTTI_ASSIGN_OR_RETURN(const Json* list, Member(json, "members"));
  if (!list->is_array()) return DataLoss("members is not a list");
  for (const Json& item : list->AsArray()) {
    EnsembleMember member;
    TUTTI_RETURN_IF_ERROR(Read(item, "trial", member.trial));
    TUTTI_RETURN_IF_ERROR(Read(item, "checkpoint_name", member.checkpoint_name));
    members.push_back(std::move(member));
  }
  return Ok{};
}
Status Read(const Json& json, EnsembleRequested& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "ensemble", event.ensemble));
  TUTTI_RETURN_IF_ERROR(Read(json, "name", event.name));
  TUTTI_ASSIGN_OR_RETURN(const Json* spec, Member(json, "spec"));
  event.spec = *spec;
  return ReadMembers(json, event.members);
}
Status Read(const Json& json, EnsembleEvaluated& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "ensemble", event.ensemble));
  TUTTI_RETURN_IF_ERROR(Read(json, "ok", event.ok));
  TUTTI_RETURN_IF_ERROR(Read(json, "message", event.message));
  return ReadMembers(json, event.members);
}
Status Read(const Json& json, TaskRequested& event) {
  TUTTI_RETURN_IF_ERROR(Read(json, "task", event.task));
  TUTTI_RETURN_IF_ERROR(Read(json, "trial", event.trial));
  TUTTI_RETURN_IF_ERROR(Read(json, "checkpoint_name", event.checkpoint_name));
  TUTTI_RETURN_IF_ERROR(Read(json, "checkpoint_sha256", event.checkpoint_sha256));
  TUTTI_RETURN_IF_ERROR(Read(json, "config", event.config));
  TUTTI_ASSIGN_OR_RETURN(const Json* work, Member(json, "work"));
  event.work = *work;
  return Ok{};
}
Status Read(const Json& json, TaskCancelled& event) { return Read(json, "task", event.task); }

// The alternative with this index, default-constructed.
template <std::size_t I = 0>
Event MakeEvent(std::size_t index) {
  if constexpr (I < std::variant_size_v<Event>) {
    if (index == I) return Event(std::in_place_index<I>);
    return MakeEvent<I + 1>(index);
  } else {
    CheckFailed(__FILE__, __LINE__, "MakeEvent", "no such event");
  }
}

}  // namespace

std::string_view EventName(const Event& event) { return kEventNames[event.index()]; }

Json ToJson(const Event& event) {
  Json json = Json::MakeObject({{"event", EventName(event)}});
  std::visit(
      [&json](const auto& e) {
        json.Set("at_ms", e.at_ms);
        Write(json, e);
      },
      event);
  return json;
}

Result<Event> EventFromJson(const Json& json) {
  TUTTI_ASSIGN_OR_RETURN(const std::string name, json.GetString("event"));
  for (std::size_t i = 0; i < kEventNames.size(); ++i) {
    if (kEventNames[i] != name) continue;
    Event event = MakeEvent(i);
    const Status status = std::visit(
        [&json](auto& e) -> Status {
          TUTTI_RETURN_IF_ERROR(Read(json, "at_ms", e.at_ms));
          return Read(json, e);
        },
        event);
    if (!status.ok()) return status.error().Wrap("event " + name);
    return event;
  }
  return DataLoss("unknown event \"" + name + "\"");
}

}  // namespace tutti::engine
