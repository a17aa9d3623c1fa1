#include "coordinator/service/continuation.h"

#include <algorithm>
#include <array>
#include <string>

namespace tutti {
namespace {

// How it is run. Not resources.slots_per_trial: a checkpoint goes on with the gang it was made by.
constexpr std::array kRun = {"name",
                             "description",
                             "labels",
                             "max_restarts",
                             "resources.priority",
                             "resources.weight",
                             "resources.max_slots",
                             "resources.resource_pool",
                             "resources.is_single_node",
                             "resources.node_labels",
                             "resources.packing",
                             "checkpoint_policy",
                             "checkpoint_storage.save_experiment_best",
                             "checkpoint_storage.save_trial_best",
                             "checkpoint_storage.save_trial_latest",
                             "environment"};
constexpr std::array kLengths = {"searcher.max_time", "training.epochs", "training.max_batches"};

template <std::size_t N>
bool Contains(const std::array<const char*, N>& list, const std::string& path) {
  return std::find(list.begin(), list.end(), path) != list.end();
}

// What other fields have as their default, so that a message names what was changed.
constexpr const char* kSeed = "reproducibility.experiment_seed";

// Maps are compared key by key, but those that are a value as a whole (above) at once.
Status CheckSame(const Json& before, const Json& after, const std::string& path, bool single) {
  if (before == after || Contains(kRun, path)) return Ok{};
  if (single && Contains(kLengths, path)) return Ok{};
  if (before.is_object() && after.is_object()) {
    const std::string prefix = path.empty() ? "" : path + ".";
    static const Json kNone;
    for (const auto& [key, value] : before.AsObject()) {
      const Json* other = after.Find(key);
      TUTTI_RETURN_IF_ERROR(
          CheckSame(value, other == nullptr ? kNone : *other, prefix + key, single));
    }
    for (const auto& [key, value] : after.AsObject()) {
      if (before.Find(key) != nullptr) continue;
      TUTTI_RETURN_IF_ERROR(CheckSame(kNone, value, prefix + key, single));
    }
    return Ok{};
  }
  if (Contains(kLengths, path)) {
    return InvalidArgument(path + " cannot change: only a `single` experiment can be made longer, "
                           "since a search has decided by its length; `tutti fork` starts a new "
                           "experiment from a trial");
  }
  return InvalidArgument(path + " cannot change when an experiment goes on (it was " +
                         before.Dump() + ", is " + after.Dump() +
                         "): `tutti fork` starts a new experiment from a trial");
}

double LengthOf(const Json& document) {
  for (const char* path : kLengths) {
    const Json* length = document.FindPath(path);
    if (length != nullptr && length->is_number() && length->AsDouble() > 0) {
      return length->AsDouble();
    }
  }
  return 0;
}

}  // namespace

Status CheckContinuation(const Json& before, const Json& after, std::string_view state) {
  const Json* searcher = before.FindPath("searcher.name");
  const bool single =
      searcher != nullptr && searcher->is_string() && searcher->AsString() == "single";
  if (state == "COMPLETED" && !single) {
    return FailedPrecondition(
        "it is COMPLETED, and only a `single` experiment can go on then; `tutti fork` starts a new "
        "one from its best trial");
  }
  if (const Json* seed = before.FindPath(kSeed), *other = after.FindPath(kSeed);
      seed != nullptr && other != nullptr) {
    TUTTI_RETURN_IF_ERROR(CheckSame(*seed, *other, kSeed, single));
  }
  TUTTI_RETURN_IF_ERROR(CheckSame(before, after, "", single));
  if (state == "COMPLETED" && LengthOf(after) <= LengthOf(before)) {
    return FailedPrecondition(
        "it is COMPLETED: it can go on only to a greater length than " +
        std::to_string(static_cast<std::int64_t>(LengthOf(before))) + " (--max-time)");
  }
  if (LengthOf(after) < LengthOf(before)) {
    return InvalidArgument("the length cannot become less than " +
                           std::to_string(static_cast<std::int64_t>(LengthOf(before))));
  }
  return Ok{};
}

}  // namespace tutti
