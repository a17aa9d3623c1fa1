#include "worker/entrypoint/program_reports.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace tutti::entrypoint {
namespace {

constexpr std::size_t kMostMetrics = 1000;
constexpr std::size_t kLongestName = 128;
constexpr std::string_view kSplits[] = {"train", "validation", "test"};

// A number, its text, or one of the words that JSON has no numbers for. null is NaN: what some languages
// write for it.
std::optional<double> NumberOf(const Json& value) {
  if (value.is_number()) return value.AsDouble();
  if (value.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!value.is_string()) return std::nullopt;
  std::string word = value.AsString();
  for (char& c : word) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (word == "nan" || word == "-nan") return std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  if (word == "inf" || word == "infinity" || word == "+inf") return infinity;
  if (word == "-inf" || word == "-infinity") return -infinity;
  double number = 0;  // shells quote what awk printed
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error == std::errc() && end == word.data() + word.size()) return number;
  return std::nullopt;
}

// "validation_accuracy" -> "validation"; "" if that is no name of a metric.
std::string_view SplitOf(std::string_view name) {
  for (const std::string_view split : kSplits) {
    if (!name.starts_with(split) || name.size() <= split.size() + 1) continue;
    if (name[split.size()] == '_') return split;
  }
  return {};
}

bool IsPlain(std::string_view name) {
  return name.size() <= kLongestName &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '.' || c == '-' || c == '@' || c == '/';
         });
}

Status ReadCount(const Json& message, const char* key, std::optional<std::int64_t>& count) {
  const Json* value = message.Find(key);
  if (value == nullptr || value->is_null()) return Ok{};
  if (!value->is_int() || value->AsInt() < 0) {
    return InvalidArgument("'" + std::string(key) + "' is " + value->Dump() +
                           ", expected a whole number of at least 0");
  }
  count = value->AsInt();
  return Ok{};
}

// The metrics of a report, by split; `time_metric` may stand there without a split.
Result<Json> SplitMetrics(const Json& metrics, const std::string& time_metric) {
  if (metrics.size() > kMostMetrics) {
    return InvalidArgument(std::to_string(metrics.size()) + " metrics in one report; at most " +
                           std::to_string(kMostMetrics));
  }
  Json splits = Json::MakeObject();
  for (const auto& [name, value] : metrics.AsObject()) {
    const std::optional<double> number = NumberOf(value);
    if (!number) {
      return InvalidArgument("metric '" + name + "' is " + value.Dump() +
                             ", expected a number, or \"NaN\", \"Infinity\", \"-Infinity\"");
    }
    // A time metric without a split ("samples") stands with what was trained.
    const bool bare_time = SplitOf(name).empty() && name == time_metric;
    const std::string_view split = bare_time ? kSplits[0] : SplitOf(name);
    if (split.empty() || !IsPlain(name)) {
      return InvalidArgument("'" + name + "' is no name of a metric: expected train_, validation_ "
                             "or test_ and a name of letters, digits and _ . - @ /");
    }
    if (splits.Find(split) == nullptr) splits.Set(std::string(split), Json::MakeObject());
    splits.Find(split)->Set(bare_time ? name : name.substr(split.size() + 1), *number);
  }
  return splits;
}

}  // namespace

ProgramReports::ProgramReports(const AttemptOrder& order, std::int64_t epoch, std::int64_t step,
                               std::int64_t time)
    : attempt_(order.attempt),
      metric_(order.metric),
      smaller_is_better_(order.smaller_is_better),
      time_metric_(order.time_metric),
      max_time_(order.max_time),
      epoch_(epoch),
      step_(step),
      gives_steps_(step != epoch),
      progress_epoch_(static_cast<double>(epoch)),
      time_(time) {}

Status ProgramReports::ReadPlace(const Json& message, bool next, std::int64_t& epoch,
                                 std::int64_t& step) const {
  std::optional<std::int64_t> given_epoch, given_step;
  TUTTI_RETURN_IF_ERROR(ReadCount(message, "epoch", given_epoch));
  TUTTI_RETURN_IF_ERROR(ReadCount(message, "step", given_step));
  epoch = given_epoch.value_or(next ? epoch_ + 1 : epoch_);
  step = given_step.value_or(gives_steps_ ? step_ : epoch);
  return Ok{};
}

Result<std::int64_t> ProgramReports::TimeOf(const Json& message, std::int64_t epoch,
                                            std::int64_t step) const {
  if (time_metric_ == "epochs") return epoch;
  if (time_metric_ == "batches") return step;
  const Json* value = message["metrics"].Find(time_metric_);
  if (value == nullptr) value = message.Find(time_metric_);
  const std::optional<double> number = value == nullptr ? std::nullopt : NumberOf(*value);
  if (!number || !(*number >= 0) || *number > 9e15) {
    return InvalidArgument("the report has the searcher's metric '" + metric_ + "' but its time '" +
                           time_metric_ + "' is " +
                           (value == nullptr ? std::string("missing") : value->Dump()) +
                           "; expected a number of at least 0");
  }
  return static_cast<std::int64_t>(*number);
}

Result<Record> ProgramReports::Report(const Json& message) {
  const Json* metrics = message.Find("metrics");
  if (metrics == nullptr || !metrics->is_object()) {
    return InvalidArgument("a report needs \"metrics\": {name: number, …}");
  }
  std::int64_t epoch = 0, step = 0;
  TUTTI_RETURN_IF_ERROR(ReadPlace(message, true, epoch, step));
  TUTTI_ASSIGN_OR_RETURN(Json splits, SplitMetrics(*metrics, time_metric_));
  Record record;
  record.header = Json::MakeObject({{"type", "epoch"},
                                    {"attempt", attempt_},
                                    {"epoch", epoch},
                                    {"step", step},
                                    {"metrics", std::move(splits)}});
  const Json* searched = metrics->Find(metric_);
  if (searched != nullptr) {
    TUTTI_ASSIGN_OR_RETURN(time_, TimeOf(message, epoch, step));
    record.header.Set("time", time_);
    last_metric_ = NumberOf(*searched);
    last_is_best_ = std::isfinite(*last_metric_) &&
                    (!best_metric_ || (smaller_is_better_ ? *last_metric_ < *best_metric_
                                                          : *last_metric_ > *best_metric_));
    if (last_is_best_) best_metric_ = last_metric_;
  } else if (epoch != epoch_) {
    last_metric_.reset();
    last_is_best_ = false;
  }
  for (const char* name : {"lr", "seconds", "images_per_second"}) {
    const Json* value = message.Find(name);
    if (value != nullptr && value->is_number()) record.header.Set(name, *value);
  }
  if (message.Find("step") != nullptr) gives_steps_ = true;
  epoch_ = epoch;
  step_ = step;
  progress_epoch_ = static_cast<double>(epoch);
  return record;
}

Result<HandedOver> ProgramReports::Checkpoint(const Json& message) const {
  HandedOver handed;
  TUTTI_ASSIGN_OR_RETURN(handed.path, message.GetString("path"));
  if (handed.path.empty() || handed.path.front() != '/') {
    return InvalidArgument("the checkpoint's \"path\" is '" + handed.path +
                           "', expected an absolute path of a directory");
  }
  TUTTI_RETURN_IF_ERROR(ReadPlace(message, false, handed.epoch, handed.step));
  if (handed.epoch == epoch_ && last_metric_ && std::isfinite(*last_metric_)) {
    handed.metric = last_metric_;
    handed.best = last_is_best_;
  }
  return handed;
}

Record ProgramReports::Progress() const {
  Record record;
  record.header = Json::MakeObject({{"type", "progress"},
                                    {"attempt", attempt_},
                                    {"epoch", progress_epoch_},
                                    {"step", step_},
                                    {"section", "train"}});
  if (time_metric_ == "epochs" && max_time_ > 0) {
    record.header.Set("epochs", static_cast<double>(max_time_));
  }
  return record;
}

Record ProgramReports::Progress(const Json& message) {
  Record record = Progress();
  for (const char* name : {"epoch", "epochs", "images_per_second"}) {
    const Json* value = message.Find(name);
    if (value != nullptr && value->is_number() && std::isfinite(value->AsDouble())) {
      record.header.Set(name, value->AsDouble());
      if (std::string_view(name) == "epoch") progress_epoch_ = value->AsDouble();
    }
  }
  const Json* step = message.Find("step");
  if (step != nullptr && step->is_int()) record.header.Set("step", *step);
  const Json* section = message.Find("section");
  if (section != nullptr && section->is_string()) record.header.Set("section", *section);
  return record;
}

}  // namespace tutti::entrypoint
