#include "coordinator/service/record_events.h"

#include <cmath>
#include <string>

#include "storage/checkpoint_store.h"
#include "storage/report_record.h"

namespace tutti {
namespace {

using engine::FailureClass;
using engine::Outcome;

using MaybeEvent = std::optional<engine::Event>;

// In time_metric, of a validation.
Result<std::int64_t> TimeOf(const storage::EpochRecord& record, std::string_view time_metric) {
  if (time_metric == "epochs") return record.epoch;
  if (time_metric == "batches") return record.step;
  constexpr double kMost = 9e15;  // doubles count exactly up to here
  for (const auto& [split, name, value] : record.metrics) {
    if (name != time_metric && split + "_" + name != time_metric) continue;
    if (value >= 0 && value <= kMost) return std::llround(value);
    return InvalidArgument("searcher.time_metric '" + std::string(time_metric) + "' is " +
                           std::to_string(value) + ", expected a number from 0 to 9e15");
  }
  return InvalidArgument("the validation of epoch " + std::to_string(record.epoch) +
                         " does not have the metric '" + std::string(time_metric) +
                         "', which is searcher.time_metric; report it with every validation");
}

struct EventOf {
  AttemptId attempt;
  std::int64_t at_ms;
  std::string_view time_metric;

  Result<MaybeEvent> operator()(const storage::StartedRecord& record) const {
    return MaybeEvent(engine::AttemptStarted{at_ms, attempt, record.parameters.value_or(0)});
  }

  Result<MaybeEvent> operator()(const storage::EpochRecord& record) const {
    engine::MetricReported event;
    event.at_ms = at_ms;
    event.attempt = attempt;
    event.epoch = record.epoch;
    event.step = record.step;
    bool validated = record.time.has_value();
    for (const auto& [split, name, value] : record.metrics) {
      event.metrics[split + "_" + name] = value;
      validated = validated || split == "validation";
    }
    if (!validated) return MaybeEvent();
    if (record.time) {
      event.time = *record.time;
    } else {
      TUTTI_ASSIGN_OR_RETURN(event.time, TimeOf(record, time_metric));
    }
    return MaybeEvent(std::move(event));
  }

  Result<MaybeEvent> operator()(const storage::CheckpointRecord& record) const {
    TUTTI_RETURN_IF_ERROR(storage::ValidateCheckpointName(record.name));
    engine::CheckpointCommitted event;
    event.at_ms = at_ms;
    event.attempt = attempt;
    event.name = record.name;
    event.sha256 = record.sha256;
    event.epoch = record.epoch;
    event.step = record.step;
    event.bytes = record.bytes;
    event.metric = record.metric;
    return MaybeEvent(std::move(event));
  }

  Result<MaybeEvent> operator()(const storage::ExitRecord& record) const {
    engine::AttemptExited event;
    event.at_ms = at_ms;
    event.attempt = attempt;
    event.message = record.message;
    const auto outcome = engine::kOutcomeNames.Parse(record.outcome);
    if (!outcome) {
      return InvalidArgument("outcome is '" + record.outcome + "', expected " +
                             engine::kOutcomeNames.Choices());
    }
    event.outcome = *outcome;
    event.failure = engine::kFailureClassNames.Parse(record.failure).value_or(FailureClass::kNone);
    if (event.outcome == Outcome::kError && event.failure == FailureClass::kNone) {
      event.failure = FailureClass::kUser;
    }
    if (event.outcome == Outcome::kLost) event.failure = FailureClass::kInfra;
    return MaybeEvent(std::move(event));
  }

  Result<MaybeEvent> operator()(const storage::StepsRecord&) const { return MaybeEvent(); }
  Result<MaybeEvent> operator()(const storage::EvaluationRecord&) const { return MaybeEvent(); }
  Result<MaybeEvent> operator()(const storage::TaskResultRecord&) const { return MaybeEvent(); }
};

}  // namespace

Result<std::optional<engine::Event>> EventOfRecord(const Record& record, AttemptId attempt,
                                                   std::int64_t at_ms,
                                                   std::string_view time_metric) {
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t named, record.header.GetInt("attempt"));
  if (named != attempt.value) {
    return InvalidArgument("the record names attempt " + std::to_string(named) +
                           ", its report attempt " + ToString(attempt));
  }
  // Bulky and without an event: the writer's thread parses them when it stores them.
  if (record.type() == "evaluation" || record.type() == "steps" || record.type() == "result") {
    return MaybeEvent();
  }
  TUTTI_ASSIGN_OR_RETURN(const storage::ReportRecord parsed, storage::ParseReport(record));
  return std::visit(EventOf{attempt, at_ms, time_metric}, parsed);
}

Record RefusedRecord(const Record& record, const Error& why) {
  Record out;
  out.header = Json::MakeObject(
      {{"type", "refused"}, {"reason", why.ToString()}, {"refused", record.header}});
  return out;
}

}  // namespace tutti
