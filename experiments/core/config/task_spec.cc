#include "experiments/core/config/task_spec.h"

namespace tutti {
namespace {

constexpr std::int64_t kMaxSide = 4096;

Result<bool> Flag(const Json& task, std::string_view key) {
  const Json* value = task.Find(key);
  if (value == nullptr) return false;
  if (!value->is_bool()) {
    return InvalidArgument("task." + std::string(key) + " is " + value->Dump() +
                           ", expected true or false");
  }
  return value->AsBool();
}

Result<Split> SplitOf(const Json& value, const std::string& field) {
  if (value.is_string()) {
    if (const auto split = kSplitNames.Parse(value.AsString())) return *split;
  }
  return InvalidArgument("task." + field + " is " + value.Dump() + ", expected " +
                         kSplitNames.Choices());
}

Status ReadPictures(const Json& task, TaskSpec& spec) {
  TUTTI_ASSIGN_OR_RETURN(spec.n, task.GetInt("n"));
  const Json* shape = task.Find("shape");
  if (spec.n < 1 || spec.n > kMaxTaskItems) {
    return InvalidArgument("task.n is " + std::to_string(spec.n) + ", expected 1 to " +
                           std::to_string(kMaxTaskItems));
  }
  if (shape == nullptr || !shape->is_array() || shape->size() != 3) {
    return InvalidArgument("task.shape is " + (shape != nullptr ? shape->Dump() : "missing") +
                           ", expected [channels, height, width]");
  }
  for (const Json& side : shape->AsArray()) {
    if (!side.is_int() || side.AsInt() < 1 || side.AsInt() > kMaxSide) {
      return InvalidArgument("task.shape has " + side.Dump() + ", expected 1 to " +
                             std::to_string(kMaxSide));
    }
    spec.shape.push_back(side.AsInt());
  }
  if (spec.input_bytes() > kMaxTaskBytes) {
    return InvalidArgument("the task's pictures are " + std::to_string(spec.input_bytes()) +
                           " bytes, expected at most " + std::to_string(kMaxTaskBytes) +
                           "; send them in several tasks");
  }
  return Ok{};
}

Status ReadItems(const Json& task, TaskSpec& spec) {
  TUTTI_ASSIGN_OR_RETURN(spec.split, SplitOf(task["split"], "split"));
  const Json* items = task.Find("items");
  if (items == nullptr || !items->is_array() || items->size() == 0 ||
      items->size() > static_cast<std::size_t>(kMaxTaskItems)) {
    return InvalidArgument("task.items must be a list of 1 to " + std::to_string(kMaxTaskItems) +
                           " indices of items in the source file");
  }
  for (const Json& item : items->AsArray()) {
    if (!item.is_int() || item.AsInt() < 0) {
      return InvalidArgument("task.items has " + item.Dump() + ", expected an index from 0");
    }
    spec.items.push_back(item.AsInt());
  }
  spec.from_split = true;
  spec.n = static_cast<std::int64_t>(spec.items.size());
  TUTTI_ASSIGN_OR_RETURN(spec.pixels, Flag(task, "pixels"));
  return Ok{};
}

Status ReadSplits(const Json& task, TaskSpec& spec) {
  const Json* splits = task.Find("splits");
  if (splits == nullptr || !splits->is_array() || splits->size() == 0) {
    return InvalidArgument("task.splits must be a list of " + kSplitNames.Choices());
  }
  for (const Json& name : splits->AsArray()) {
    TUTTI_ASSIGN_OR_RETURN(const Split split, SplitOf(name, "splits"));
    for (const Split earlier : spec.splits) {
      if (earlier == split) return InvalidArgument("task.splits names " + name.Dump() + " twice");
    }
    spec.splits.push_back(split);
  }
  return Ok{};
}

}  // namespace

std::int64_t TaskSpec::input_bytes() const {
  if (kind != TaskKind::kPredict || from_split) return 0;
  // At most 10^6 x 4096^3: fits.
  std::int64_t bytes = n;
  for (const std::int64_t side : shape) bytes *= side;
  return bytes;
}

Result<TaskSpec> ReadTaskSpec(const Json& task) {
  if (!task.is_object()) {
    return InvalidArgument("a task is " + std::string(task.TypeName()) + ", expected an object");
  }
  TaskSpec spec;
  TUTTI_ASSIGN_OR_RETURN(const std::string kind, task.GetString("kind"));
  const auto known = kTaskKindNames.Parse(kind);
  if (!known) {
    return InvalidArgument("task.kind is '" + kind + "', expected " + kTaskKindNames.Choices());
  }
  spec.kind = *known;
  if (spec.kind == TaskKind::kEvaluate) {
    TUTTI_RETURN_IF_ERROR(ReadSplits(task, spec));
    return spec;
  }
  TUTTI_ASSIGN_OR_RETURN(spec.activations, Flag(task, "activations"));
  if (task.Find("split") != nullptr) {
    TUTTI_RETURN_IF_ERROR(ReadItems(task, spec));
  } else {
    TUTTI_RETURN_IF_ERROR(ReadPictures(task, spec));
  }
  return spec;
}

}  // namespace tutti
