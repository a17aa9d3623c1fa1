#include "storage/report_record.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

namespace tutti::storage {
namespace {

static_assert(std::endian::native == std::endian::little, "payloads are little-endian");

bool IsNumber(const Json& value) {
  if (!value.is_string()) return value.is_number();
  const std::string& text = value.AsString();
  return text == "NaN" || text == "Infinity" || text == "-Infinity";
}

Result<std::optional<double>> OptionalNumber(const Json& json, std::string_view key) {
  const Json* value = json.Find(key);
  if (value == nullptr || value->is_null()) return std::optional<double>();
  if (!IsNumber(*value)) {
    return InvalidArgument("'" + std::string(key) + "' is " + std::string(value->TypeName()) +
                           ", expected a number");
  }
  return std::optional<double>(value->AsDouble());
}

Result<std::optional<std::int64_t>> OptionalInt(const Json& json, std::string_view key) {
  const Json* value = json.Find(key);
  if (value == nullptr || value->is_null()) return std::optional<std::int64_t>();
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t number, json.GetInt(key));
  return std::optional<std::int64_t>(number);
}

Result<std::optional<std::string>> OptionalText(const Json& json, std::string_view key) {
  const Json* value = json.Find(key);
  if (value == nullptr || value->is_null()) return std::optional<std::string>();
  TUTTI_ASSIGN_OR_RETURN(std::string text, json.GetString(key));
  return std::optional<std::string>(std::move(text));
}

std::optional<std::string> JsonText(const Json& json, std::string_view key) {
  const Json* value = json.Find(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return value->Dump();
}

// 0 … 2^53, the integers that every reader of the views can hold.
Result<std::int64_t> Count(const Json& json, std::string_view key) {
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t value, json.GetInt(key));
  if (value < 0 || value > (std::int64_t{1} << 53)) {
    return InvalidArgument("'" + std::string(key) + "' is " + std::to_string(value) +
                           ", expected 0 to 2^53");
  }
  return value;
}

Result<ReportRecord> Started(const Json& json) {
  StartedRecord r;
  TUTTI_ASSIGN_OR_RETURN(r.resumed_from_step, Count(json, "resumed_from_step"));
  TUTTI_ASSIGN_OR_RETURN(r.resumed_from_epoch, Count(json, "resumed_from_epoch"));
  TUTTI_ASSIGN_OR_RETURN(r.parameters, OptionalInt(json, "parameters"));
  TUTTI_ASSIGN_OR_RETURN(r.flops, OptionalInt(json, "flops"));
  TUTTI_ASSIGN_OR_RETURN(r.device, OptionalText(json, "device"));
  TUTTI_ASSIGN_OR_RETURN(r.precision, OptionalText(json, "precision"));
  TUTTI_ASSIGN_OR_RETURN(r.first_step_ms, OptionalNumber(json, "first_step_ms"));
  r.items = JsonText(json, "items");
  r.class_names = JsonText(json, "class_names");
  r.data = JsonText(json, "data");
  return ReportRecord(std::move(r));
}

Result<ReportRecord> Epoch(const Json& json) {
  EpochRecord r;
  TUTTI_ASSIGN_OR_RETURN(r.epoch, Count(json, "epoch"));
  TUTTI_ASSIGN_OR_RETURN(r.step, Count(json, "step"));
  const Json* metrics = json.Find("metrics");
  if (metrics == nullptr || !metrics->is_object()) {
    return InvalidArgument("'metrics' must be a map of splits");
  }
  for (const auto& [split, values] : metrics->AsObject()) {
    if (!values.is_object()) {
      return InvalidArgument("'metrics." + split + "' must be a map of numbers");
    }
    for (const auto& [name, value] : values.AsObject()) {
      if (value.is_null()) continue;
      if (!IsNumber(value)) {
        return InvalidArgument("'metrics." + split + "." + name + "' must be a number");
      }
      r.metrics.push_back({split, name, value.AsDouble()});
    }
  }
  TUTTI_ASSIGN_OR_RETURN(r.time, OptionalInt(json, "time"));
  TUTTI_ASSIGN_OR_RETURN(r.lr, OptionalNumber(json, "lr"));
  TUTTI_ASSIGN_OR_RETURN(r.seconds, OptionalNumber(json, "seconds"));
  TUTTI_ASSIGN_OR_RETURN(r.images_per_second, OptionalNumber(json, "images_per_second"));
  TUTTI_ASSIGN_OR_RETURN(r.step_ms, OptionalNumber(json, "step_ms"));
  TUTTI_ASSIGN_OR_RETURN(r.allreduce_share, OptionalNumber(json, "allreduce_share"));
  return ReportRecord(std::move(r));
}

Result<ReportRecord> Steps(const Json& json) {
  const Json* columns = json.Find("columns");
  const Json* rows = json.Find("rows");
  if (columns == nullptr || !columns->is_array() || rows == nullptr || !rows->is_array()) {
    return InvalidArgument("'columns' and 'rows' must be lists");
  }
  const auto column = [&](std::string_view name) {
    const auto& list = columns->AsArray();
    const auto it = std::find(list.begin(), list.end(), Json(name));
    return static_cast<std::size_t>(it - list.begin());  // size() if missing
  };
  const std::size_t step = column("step"), loss = column("loss"), lr = column("lr");
  if (step == columns->size()) return InvalidArgument("'columns' lacks step");
  StepsRecord r;
  for (const Json& row : rows->AsArray()) {
    if (!row.is_array() || row.size() != columns->size() || !row[step].is_int()) {
      return InvalidArgument("a row of 'rows' does not fit 'columns': " + row.Dump());
    }
    StepsRecord::Step s;
    s.step = row[step].AsInt();
    if (loss < row.size() && IsNumber(row[loss])) s.loss = row[loss].AsDouble();
    if (lr < row.size() && IsNumber(row[lr])) s.lr = row[lr].AsDouble();
    r.steps.push_back(s);
  }
  return ReportRecord(std::move(r));
}

Result<ReportRecord> Checkpoint(const Json& json) {
  CheckpointRecord r;
  TUTTI_ASSIGN_OR_RETURN(r.name, json.GetString("name"));
  TUTTI_ASSIGN_OR_RETURN(r.sha256, json.GetString("sha256"));
  TUTTI_ASSIGN_OR_RETURN(r.epoch, Count(json, "epoch"));
  TUTTI_ASSIGN_OR_RETURN(r.step, Count(json, "step"));
  TUTTI_ASSIGN_OR_RETURN(r.bytes, Count(json, "bytes"));
  TUTTI_ASSIGN_OR_RETURN(r.metric, OptionalNumber(json, "metric"));
  const auto flag = [&](std::string_view key) {
    const Json* value = json.Find(key);
    return value != nullptr && value->is_bool() && value->AsBool();
  };
  r.best = flag("best");
  r.final = flag("final");
  return ReportRecord(std::move(r));
}

Status ReadPredictions(const std::string& payload, EvaluationRecord& r) {
  const auto n = static_cast<std::size_t>(r.metrics.n);
  const auto classes = static_cast<std::size_t>(r.metrics.classes);
  // n and classes are at most 2^31 here, so that nothing overflows.
  const std::size_t expected = n * 8 + n * classes * 4;
  if (payload.size() != expected) {
    return InvalidArgument("the payload has " + std::to_string(payload.size()) +
                           " bytes, expected " + std::to_string(expected) + " for n = " +
                           std::to_string(n) + " and classes = " + std::to_string(classes));
  }
  r.items.resize(n);
  r.labels.resize(n);
  std::memcpy(r.items.data(), payload.data(), n * 4);
  std::memcpy(r.labels.data(), payload.data() + n * 4, n * 4);
  for (const std::int32_t label : r.labels) {
    if (!r.metrics.labelled && label == -1) continue;
    if (!r.metrics.labelled || label < 0 || label >= r.metrics.classes) {
      return InvalidArgument("label " + std::to_string(label) + ", expected " +
                             (r.metrics.labelled
                                  ? "0 to " + std::to_string(r.metrics.classes - 1)
                                  : std::string("-1, as in the whole unlabelled split")));
    }
  }
  r.items_and_labels = payload.substr(0, n * 8);
  r.logits = payload.substr(n * 8);
  return Ok{};
}

Result<ReportRecord> Evaluation(const Record& record) {
  const Json& json = record.header;
  EvaluationRecord r;
  TUTTI_ASSIGN_OR_RETURN(r.split, json.GetString("split"));
  TUTTI_ASSIGN_OR_RETURN(r.epoch, Count(json, "epoch"));
  TUTTI_ASSIGN_OR_RETURN(r.step, Count(json, "step"));
  TUTTI_ASSIGN_OR_RETURN(auto checkpoint, OptionalText(json, "checkpoint"));
  r.checkpoint = checkpoint.value_or("");
  TUTTI_ASSIGN_OR_RETURN(r.dataset, OptionalText(json, "dataset"));
  const Json* metrics = json.Find("metrics");
  if (metrics == nullptr) return InvalidArgument("'metrics' is missing");
  TUTTI_ASSIGN_OR_RETURN(r.metrics, EvaluationMetricsFromJson(*metrics));
  const EvaluationMetrics& m = r.metrics;
  constexpr std::int64_t kMost = std::int64_t{1} << 20;  // v_predictions has 20 bits for a class
  if (m.n < 0 || m.n > (std::int64_t{1} << 31) || m.classes < 1 || m.classes >= kMost) {
    return InvalidArgument("n = " + std::to_string(m.n) + " and classes = " +
                           std::to_string(m.classes) + " are out of range");
  }
  const auto cells = static_cast<std::size_t>(m.classes * m.classes);
  if (!m.confusion.empty() && m.confusion.size() != cells) {
    return InvalidArgument("'confusion' has " + std::to_string(m.confusion.size()) +
                           " cells, expected classes x classes = " + std::to_string(cells));
  }
  if (!record.payload.empty()) TUTTI_RETURN_IF_ERROR(ReadPredictions(record.payload, r));
  return ReportRecord(std::move(r));
}

Result<ReportRecord> Exit(const Json& json) {
  ExitRecord r;
  TUTTI_ASSIGN_OR_RETURN(r.outcome, json.GetString("outcome"));
  TUTTI_ASSIGN_OR_RETURN(auto failure, OptionalText(json, "class"));
  TUTTI_ASSIGN_OR_RETURN(auto message, OptionalText(json, "message"));
  r.failure = failure.value_or("");
  r.message = message.value_or("");
  TUTTI_ASSIGN_OR_RETURN(r.exit_code, OptionalInt(json, "exit_code"));
  TUTTI_ASSIGN_OR_RETURN(r.signal, OptionalInt(json, "signal"));
  return ReportRecord(std::move(r));
}

Result<ReportRecord> Parse(const Record& record) {
  const std::string_view type = record.type();
  if (type == "started") return Started(record.header);
  if (type == "epoch") return Epoch(record.header);
  if (type == "steps") return Steps(record.header);
  if (type == "checkpoint") return Checkpoint(record.header);
  if (type == "evaluation") return Evaluation(record);
  if (type == "result") return ReportRecord(TaskResultRecord{});
  if (type == "exit") return Exit(record.header);
  return InvalidArgument("unknown record type '" + std::string(type) + "'");
}

}  // namespace

Result<ReportRecord> ParseReport(const Record& record) {
  auto parsed = Parse(record);
  if (!parsed) return parsed.error().Wrap("record '" + std::string(record.type()) + "'");
  return parsed;
}

}  // namespace tutti::storage
