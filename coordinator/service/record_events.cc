#include "coordinator/service/record_events.h"

#include <cmath>
#include <string>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/enum_table.h"
#include "storage/checkpoint_store.h"

namespace tutti {
namespace {

using engine::FailureClass;
using engine::Outcome;

constexpr EnumTable<Outcome, 6> kOutcomes{{{{Outcome::kCompleted, "completed"},
                                            {Outcome::kPreempted, "preempted"},
                                            {Outcome::kFinished, "finished"},
                                            {Outcome::kKilled, "killed"},
                                            {Outcome::kError, "error"},
                                            {Outcome::kLost, "lost"}}}};
constexpr EnumTable<FailureClass, 5> kClasses{{{{FailureClass::kUser, "USER"},
                                                {FailureClass::kOom, "OOM"},
                                                {FailureClass::kNan, "NAN"},
                                                {FailureClass::kHang, "HANG"},
                                                {FailureClass::kInfra, "INFRA"}}}};

using MaybeEvent = std::optional<engine::Event>;

Result<std::int64_t> NonNegative(const Json& header, std::string_view key) {
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t value, header.GetInt(key));
  if (value < 0) {
    return InvalidArgument(std::string(key) + " is " + std::to_string(value) +
                           ", expected 0 or more");
  }
  return value;
}

Result<MaybeEvent> Started(const Json& header, AttemptId attempt, std::int64_t at_ms) {
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t parameters, NonNegative(header, "parameters"));
  return MaybeEvent(engine::AttemptStarted{at_ms, attempt, parameters});
}

Result<MaybeEvent> Epoch(const Json& header, AttemptId attempt, std::int64_t at_ms) {
  engine::MetricReported event;
  event.at_ms = at_ms;
  event.attempt = attempt;
  TUTTI_ASSIGN_OR_RETURN(event.epoch, NonNegative(header, "epoch"));
  TUTTI_ASSIGN_OR_RETURN(event.step, NonNegative(header, "step"));
  const Json* metrics = header.Find("metrics");
  if (metrics == nullptr || !metrics->is_object()) {
    return InvalidArgument("metrics is missing, expected a map of splits");
  }
  for (const auto& [split, values] : metrics->AsObject()) {
    if (!kSplitNames.Parse(split) || !values.is_object()) {
      return InvalidArgument("metrics." + split + " is not a map of a split's metrics; splits are " +
                             kSplitNames.Choices());
    }
    for (const auto& [name, value] : values.AsObject()) {
      if (value.is_null()) continue;
      TUTTI_ASSIGN_OR_RETURN(const double number, values.GetDouble(name));
      event.metrics[split + "_" + name] = number;
    }
  }
  const Json* validation = metrics->Find("validation");
  if (validation == nullptr || validation->AsObject().empty()) return MaybeEvent();
  return MaybeEvent(std::move(event));
}

Result<MaybeEvent> Checkpoint(const Json& header, AttemptId attempt, std::int64_t at_ms) {
  engine::CheckpointCommitted event;
  event.at_ms = at_ms;
  event.attempt = attempt;
  TUTTI_ASSIGN_OR_RETURN(event.name, header.GetString("name"));
  TUTTI_RETURN_IF_ERROR(storage::ValidateCheckpointName(event.name));
  TUTTI_ASSIGN_OR_RETURN(event.sha256, header.GetString("sha256"));
  TUTTI_ASSIGN_OR_RETURN(event.epoch, NonNegative(header, "epoch"));
  TUTTI_ASSIGN_OR_RETURN(event.step, NonNegative(header, "step"));
  TUTTI_ASSIGN_OR_RETURN(event.bytes, NonNegative(header, "bytes"));
  TUTTI_RETURN_IF_ERROR(header.GetBool("best"));
  TUTTI_RETURN_IF_ERROR(header.GetBool("final"));
  if (const Json* metric = header.Find("metric"); metric != nullptr && !metric->is_null()) {
    TUTTI_ASSIGN_OR_RETURN(const double value, header.GetDouble("metric"));
    event.metric = value;
  }
  return MaybeEvent(std::move(event));
}

Result<MaybeEvent> Exit(const Json& header, AttemptId attempt, std::int64_t at_ms) {
  engine::AttemptExited event;
  event.at_ms = at_ms;
  event.attempt = attempt;
  TUTTI_ASSIGN_OR_RETURN(const std::string outcome, header.GetString("outcome"));
  const auto parsed = kOutcomes.Parse(outcome);
  if (!parsed) {
    return InvalidArgument("outcome is '" + outcome + "', expected " + kOutcomes.Choices());
  }
  event.outcome = *parsed;
  if (const Json* text = header.Find("class"); text != nullptr && text->is_string()) {
    if (const auto failure = kClasses.Parse(text->AsString())) event.failure = *failure;
  }
  if (event.outcome == Outcome::kError && event.failure == FailureClass::kNone) {
    event.failure = FailureClass::kUser;
  }
  if (event.outcome == Outcome::kLost) event.failure = FailureClass::kInfra;
  if (const Json* text = header.Find("message"); text != nullptr && text->is_string()) {
    event.message = text->AsString();
  }
  return MaybeEvent(std::move(event));
}

Status CheckEvaluation(const Record& record) {
  const Json& header = record.header;
  TUTTI_RETURN_IF_ERROR(NonNegative(header, "epoch"));
  TUTTI_RETURN_IF_ERROR(NonNegative(header, "step"));
  TUTTI_ASSIGN_OR_RETURN(const std::string split, header.GetString("split"));
  if (!kSplitNames.Parse(split)) {
    return InvalidArgument("split is '" + split + "', expected " + kSplitNames.Choices());
  }
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t n, NonNegative(header, "n"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t classes, NonNegative(header, "classes"));
  constexpr std::int64_t kMaxItems = 100'000'000;  // far above what a payload can hold
  constexpr std::int64_t kMaxClasses = 1'000'000;
  if (n > kMaxItems || classes < 1 || classes > kMaxClasses) {
    return InvalidArgument("n is " + std::to_string(n) + " and classes " +
                           std::to_string(classes) + ", which no payload can hold");
  }
  // int32 items, int32 labels, float32 logits (docs/records.md).
  const std::int64_t expected = n * (8 + 4 * classes);
  if (!record.payload.empty() && static_cast<std::int64_t>(record.payload.size()) != expected) {
    return InvalidArgument("the payload has " + std::to_string(record.payload.size()) +
                           " bytes, expected " + std::to_string(expected) + " for " +
                           std::to_string(n) + " items of " + std::to_string(classes) +
                           " classes");
  }
  const Json* metrics = header.Find("metrics");
  if (metrics == nullptr || !metrics->is_object()) {
    return InvalidArgument("metrics is missing, expected a map");
  }
  return Ok{};
}

Status CheckSteps(const Json& header) {
  const Json* columns = header.Find("columns");
  const Json* rows = header.Find("rows");
  if (columns == nullptr || !columns->is_array() || rows == nullptr || !rows->is_array()) {
    return InvalidArgument("columns and rows must be lists");
  }
  for (const Json& row : rows->AsArray()) {
    if (!row.is_array() || row.size() != columns->size()) {
      return InvalidArgument("a row does not have " + std::to_string(columns->size()) + " values");
    }
  }
  return Ok{};
}

}  // namespace

Result<std::optional<engine::Event>> EventOfRecord(const Record& record, AttemptId attempt,
                                                   std::int64_t at_ms) {
  const Json& header = record.header;
  const std::string type(record.type());
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t named, header.GetInt("attempt"));
  if (named != attempt.value) {
    return InvalidArgument("the record names attempt " + std::to_string(named) +
                           ", its report attempt " + ToString(attempt));
  }
  if (type == "started") return Started(header, attempt, at_ms);
  if (type == "epoch") return Epoch(header, attempt, at_ms);
  if (type == "checkpoint") return Checkpoint(header, attempt, at_ms);
  if (type == "exit") return Exit(header, attempt, at_ms);
  if (type == "evaluation") {
    TUTTI_RETURN_IF_ERROR(CheckEvaluation(record));
    return std::optional<engine::Event>();
  }
  if (type == "steps") {
    TUTTI_RETURN_IF_ERROR(CheckSteps(header));
    return std::optional<engine::Event>();
  }
  return InvalidArgument("record type '" + type +
                         "' is not one of started, epoch, steps, checkpoint, evaluation, exit");
}

Record RefusedRecord(const Record& record, AttemptId attempt, const Error& why) {
  Record out;
  out.header = Json::MakeObject({{"type", "refused"},
                                 {"attempt", attempt.value},
                                 {"refused_type", std::string(record.type())},
                                 {"reason", why.ToString()}});
  return out;
}

}  // namespace tutti
