#include <algorithm>
#include <cmath>

#include "experiments/spec/field_table.h"

namespace tutti::spec {
namespace {

std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

std::string NumberText(double value) {
  if (value == std::floor(value) && std::fabs(value) < 1e16) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  return FormatDouble(value);
}

std::string RangeText(const Field& field) {
  if (std::isinf(field.min) && std::isinf(field.max)) return "";
  const std::string low = field.above_min ? " above " : " from ";
  const std::string high = field.below_max ? " to below " : " to ";
  return low + NumberText(field.min) + high + NumberText(field.max);
}

// " or an integer": what may stand for a map.
std::string ShortText(const Field& field) {
  if (field.short_for.empty()) return "";
  switch (FindField(field.path + "." + field.short_for)->kind) {
    case FieldKind::kInt: return " or an integer";
    case FieldKind::kNumber: return " or a number";
    default: return " or a string";
  }
}

std::string KindText(const Field& field) {
  switch (field.kind) {
    case FieldKind::kMap:
      return "a map" + ShortText(field);
    case FieldKind::kString: return "a string";
    case FieldKind::kPath: return "a path (a string)";
    case FieldKind::kInt: return "an integer" + RangeText(field);
    case FieldKind::kNumber: return "a number" + RangeText(field);
    case FieldKind::kBool: return "true or false";
    case FieldKind::kEnum: return Listed(field.choices);
    case FieldKind::kEnumList: return "a list of " + Listed(field.choices);
    case FieldKind::kIntList: return "a list of integers" + RangeText(field);
    case FieldKind::kNumberList: return "a list of numbers" + RangeText(field);
    case FieldKind::kStringList: return "a list of strings";
    case FieldKind::kTextMap: return "a map of strings to strings";
    case FieldKind::kParts: return "a list of data sets";
    case FieldKind::kPartOptions: return "a map";
    case FieldKind::kTwoNumbers: return "a list of two numbers" + RangeText(field);
    case FieldKind::kModel: return "a map with preset or layers";
    case FieldKind::kSpaces: return "a map of search spaces";
  }
  return "";
}

// Keys that mean something in Determined, or in the design of later versions. Ignoring is right
// only where results stay the same.
const std::vector<ForeignField>& ForeignFields() {
  constexpr Severity kNo = Severity::kError;
  constexpr Severity kIgnored = Severity::kWarning;
  const std::string later = "is not supported by this version; leave it out";
  const std::string container = "has no meaning here and is ignored: Tutti runs no containers";
  const std::string ignored = "has no meaning here and is ignored";
  const std::string epochs = "is not supported by this version: lengths are in epochs";
  static const std::vector<ForeignField> table{
      {"entrypoint", kNo, "is not supported by this version: only the built-in trainer runs"},
      {"template", kNo, later},
      {"training.augment", kNo, "is data.augment"},
      {"training.gradient.compression", kNo, later},
      {"searcher.divisor", kNo, "belongs to async_halving and adaptive_asha, which are not "
                                "supported by this version"},
      {"searcher.max_rungs", kNo, "belongs to adaptive_asha, which is not supported by this "
                                  "version"},
      {"searcher.num_rungs", kNo, "belongs to async_halving, which is not supported by this "
                                  "version"},
      {"searcher.mode", kNo, "belongs to adaptive_asha, which is not supported by this version"},
      {"searcher.bracket_rungs", kNo, "belongs to adaptive_asha, which is not supported by this "
                                      "version"},
      {"searcher.stop", kNo, later},
      {"searcher.source_trial_id", kNo, later},
      {"searcher.source_checkpoint_uuid", kNo, later},
      {"searcher.max_length.batches", kNo, epochs},
      {"searcher.max_length.records", kNo, epochs},
      {"min_validation_period.batches", kNo, epochs},
      {"min_validation_period.records", kNo, epochs},
      {"min_checkpoint_period.batches", kNo, epochs},
      {"min_checkpoint_period.records", kNo, epochs},
      {"optimizations", kNo, "would change results and is not supported; aggregation_frequency "
                             "is training.gradient.accumulate"},
      {"environment", kIgnored, container},
      {"bind_mounts", kIgnored, container},
      {"resources.shm_size", kIgnored, container},
      {"resources.devices", kIgnored, container},
      {"pbs", kIgnored, ignored},
      {"slurm", kIgnored, ignored},
      {"project", kIgnored, ignored + "; use labels"},
      {"workspace", kIgnored, ignored + "; use labels"},
      {"data_layer", kIgnored, ignored + ": data sets are kept in memory"},
      {"debug", kIgnored, ignored},
      {"profiling", kIgnored, ignored + ": throughput is always recorded"},
      {"records_per_epoch", kIgnored, ignored + ": the length of an epoch is known"},
      {"scheduling_unit", kIgnored, ignored},
      {"perform_initial_validation", kIgnored, ignored},
      {"preemption_timeout", kIgnored, ignored},
      {"retention_policy", kIgnored, ignored},
      {"log_policies", kIgnored, ignored},
      {"tensorboard_storage", kIgnored, ignored},
      {"integrations", kIgnored, ignored},
      {"checkpoint_storage.container_path", kIgnored, container},
      {"checkpoint_storage.storage_path", kNo, "is not supported; put the directory in host_path"},
  };
  return table;
}

}  // namespace

const Field* FindField(std::string_view path) {
  for (const Field& field : Fields()) {
    if (field.path == path) return &field;
  }
  return nullptr;
}

std::vector<const Field*> SubFields(std::string_view path) {
  std::vector<const Field*> found;
  for (const Field& field : Fields()) {
    const std::size_t dot = field.path.rfind('.');
    const std::string_view parent =
        dot == std::string::npos ? std::string_view() : std::string_view(field.path).substr(0, dot);
    if (parent == path) found.push_back(&field);
  }
  return found;
}

std::string Expectation(const Field& field) {
  return KindText(field) + (field.word.empty() ? "" : ", or " + field.word);
}

std::string ItemExpectation(const Field& field) {
  switch (field.kind) {
    case FieldKind::kEnumList: return Listed(field.choices);
    case FieldKind::kIntList: return "an integer" + RangeText(field);
    case FieldKind::kNumberList:
    case FieldKind::kTwoNumbers: return "a number" + RangeText(field);
    case FieldKind::kStringList: return "a string";
    default: return Expectation(field);
  }
}

const ForeignField* FindForeignField(std::string_view path) {
  const auto& table = ForeignFields();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const ForeignField& field) { return field.path == path; });
  return found == table.end() ? nullptr : &*found;
}

const std::vector<Alias>& HyperparameterAliases() {
  static const std::vector<Alias> aliases{{"learning_rate", "training.optimizer.lr"},
                                          {"global_batch_size", "training.batch_size"}};
  return aliases;
}

}  // namespace tutti::spec
