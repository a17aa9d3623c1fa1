#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/enum_table.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// What a task asks of a trained network (docs/records.md, Tasks). Read at the edge by the
// coordinator, so that a client hears of a mistake at once, and again by the trainer.

namespace tutti {

enum class TaskKind { kPredict, kEvaluate };
inline constexpr EnumTable<TaskKind, 2> kTaskKindNames{
    {{{TaskKind::kPredict, "predict"}, {TaskKind::kEvaluate, "evaluate"}}}};

struct TaskSpec {
  TaskKind kind = TaskKind::kPredict;
  bool activations = false;  // predict: outputs of every convolution too
  // predict: either pictures that come with the task, …
  std::int64_t n = 0;
  std::vector<std::int64_t> shape;  // channels, height, width
  // … or items of a split, by their index in the source file (then n is their number).
  bool from_split = false;
  Split split = Split::kTest;
  std::vector<std::int64_t> items;
  bool pixels = false;  // send them back
  // evaluate.
  std::vector<Split> splits;

  // Bytes of the pictures that must come with the task.
  std::int64_t input_bytes() const;
};

// The most pictures or items of one task. What comes back must fit one message all the same.
inline constexpr std::int64_t kMaxTaskItems = 1'000'000;
// A task's input and its result, each (the limit of a call's messages).
inline constexpr std::int64_t kMaxTaskBytes = 60 << 20;

// kInvalidArgument names the field, its value and what was expected.
Result<TaskSpec> ReadTaskSpec(const Json& task);

}  // namespace tutti
