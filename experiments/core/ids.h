#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

// Strong integer ids: an ExperimentId is not a TrialId. 0 means "none"; real ids start at 1 and
// are never reused in one database.

namespace tutti {

template <class Tag>
struct Id {
  std::int64_t value = 0;

  constexpr Id() = default;
  constexpr explicit Id(std::int64_t v) : value(v) {}
  constexpr explicit operator bool() const { return value != 0; }
  constexpr auto operator<=>(const Id&) const = default;
};

template <class Tag>
std::string ToString(Id<Tag> id) {
  return std::to_string(id.value);
}

using ExperimentId = Id<struct ExperimentTag>;
using TrialId = Id<struct TrialTag>;            // global; people see "12.3" = experiment.trial_no
using AttemptId = Id<struct AttemptTag>;        // one run of a trial from a start point
using AllocationId = Id<struct AllocationTag>;  // a gang placed on nodes
using NodeId = Id<struct NodeTag>;
using CheckpointId = Id<struct CheckpointTag>;
using EvaluationId = Id<struct EvaluationTag>;
using EnsembleId = Id<struct EnsembleTag>;
using TaskId = Id<struct TaskTag>;  // an interactive evaluation; not kept after it has ended

}  // namespace tutti

template <class Tag>
struct std::hash<tutti::Id<Tag>> {
  std::size_t operator()(tutti::Id<Tag> id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};
