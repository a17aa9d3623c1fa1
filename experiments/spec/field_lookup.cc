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
    case FieldKind::kAnyMap: return "a map";
    case FieldKind::kItems: return "a list of maps" + ShortText(field);
    case FieldKind::kCommand: 
      return "a list of a program and its arguments, or a line for the shell";
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
  const std::string fork = "is not supported; training.warm_start starts from a checkpoint";
  const std::string steps = "counts steps of 100 batches, as Determined did long ago; give "
                            "time_metric (epochs or batches) and max_time";
  static const std::vector<ForeignField> table{
      {"template", kNo, later},
      {"training.augment", kNo, "is data.augment"},
      {"training.gradient.compression", kNo, later},
      {"searcher.source_trial_id", kNo, fork},
      {"searcher.source_checkpoint_uuid", kNo, fork},
      {"searcher.train_stragglers", kIgnored, ignored},
      {"searcher.max_steps", kNo, steps},
      {"searcher.target_trial_steps", kNo, steps},
      {"searcher.step_budget", kNo, steps},
      {"searcher.steps_per_round", kNo, steps + "; pbt has round_time"},
      {"searcher.budget", kNo, "was taken out of Determined; give max_trials and max_time"},
      {"min_validation_period.records", kNo, "is not supported: give epochs or batches"},
      {"min_checkpoint_period.records", kNo, "is not supported: give epochs or batches"},
      {"optimizations", kNo, "would change results and is not supported; aggregation_frequency "
                             "is training.gradient.accumulate"},
      {"bind_mounts", kIgnored, container},
      {"resources.shm_size", kIgnored, container},
      {"resources.devices", kIgnored, container},
      {"resources.native_parallel", kIgnored, ignored},
      {"resources.agent_label", kNo, "is resources.node_labels: {NAME: VALUE}"},
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
    case FieldKind::kCommand:
    case FieldKind::kStringList: return "a string";
    case FieldKind::kItems: return "a map" + ShortText(field);
    default: return Expectation(field);
  }
}

const ForeignField* FindForeignField(std::string_view path) {
  const auto& table = ForeignFields();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const ForeignField& field) { return field.path == path; });
  return found == table.end() ? nullptr : &*found;
}

const std::string* FindForeignChoice(std::string_view path, std::string_view word) {
  struct ForeignChoice {
    std::string path, word, reason;
  };
  static const std::vector<ForeignChoice> table{
      {"searcher.name", "custom",
       "is Determined's search method in Python, which Tutti does not have; take one of " +
           Listed(FindField("searcher.name")->choices)},
      {"searcher.name", "adaptive", "was replaced by adaptive_asha in Determined; use that"},
      {"searcher.name", "adaptive_simple", "was replaced by adaptive_asha in Determined; use that"},
      {"searcher.name", "sync_halving", "was replaced by async_halving in Determined; use that"},
      {"searcher.name", "median_stopping", "is a rule, for any searcher: stop: [{median: {}}]"},
      {"searcher.name", "asha", "is called async_halving, as in Determined"},
      {"searcher.name", "bayesian", "is called gp or tpe"}};
  for (const ForeignChoice& choice : table) {
    if (choice.path == path && choice.word == word) return &choice.reason;
  }
  return nullptr;
}

const std::vector<Alias>& HyperparameterAliases() {
  static const std::vector<Alias> aliases{{"learning_rate", "training.optimizer.lr"},
                                          {"global_batch_size", "training.batch_size"}};
  return aliases;
}

}  // namespace tutti::spec
