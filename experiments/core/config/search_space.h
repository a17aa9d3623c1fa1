#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/core/enum_table.h"
#include "experiments/core/json.h"

// The search space of an experiment: which fields vary, and over what.

namespace tutti {

enum class SpaceType { kConst, kCategorical, kInt, kDouble, kLog, kLogUniform };
inline constexpr EnumTable<SpaceType, 6> kSpaceTypeNames{{{{SpaceType::kConst, "const"},
                                                           {SpaceType::kCategorical, "categorical"},
                                                           {SpaceType::kInt, "int"},
                                                           {SpaceType::kDouble, "double"},
                                                           {SpaceType::kLog, "log"},
                                                           {SpaceType::kLogUniform,
                                                            "loguniform"}}}};

// The dimension exists only where another one, above it in the file, has one of these values.
struct SpaceCondition {
  std::string path;
  std::vector<Json> values;
};

// One varying field. Bounds are inclusive. For kLog the bounds are exponents of `base`; for
// kLogUniform they are plain values.
struct SearchDimension {
  std::string path;  // dotted, aliases resolved: "training.optimizer.lr"
  SpaceType type = SpaceType::kConst;
  Json value;               // kConst
  std::vector<Json> vals;   // kCategorical; scalars or whole maps
  double minval = 0;        // kInt: integral
  double maxval = 0;
  double base = 10;                    // kLog
  std::optional<std::int64_t> count;   // grid points
  // All must hold; else a configuration has no such path and keeps what the file says.
  std::vector<SpaceCondition> when;
};

// In file order, except that a path's parents come before it (they are applied first).
using SearchSpace = std::vector<SearchDimension>;

}  // namespace tutti
