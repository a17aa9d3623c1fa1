#pragma once

#include <string>
#include <vector>

#include "experiments/core/config/search_space.h"
#include "experiments/core/json.h"
#include "experiments/spec/field_table.h"
#include "experiments/spec/node.h"
#include "experiments/spec/report.h"

// The `hyperparameters` section: nested groups, dotted paths and Determined's aliases become a
// list of dimensions, each with values to try on the document.

namespace tutti::spec {

struct SpaceKey {
  std::string name;
  std::string doc;
};
struct SpaceTypeInfo {
  SpaceType type;
  std::string doc;
  std::vector<SpaceKey> required;
  std::vector<SpaceKey> optional;
};
// The keys of each type, for checks, schema and explanations.
const std::vector<SpaceTypeInfo>& SpaceTypes();

// A condition on a dimension: the value at `path` must be one of `values`.
struct SpaceWhen {
  std::string path;
  Position at;
  std::vector<Node> values;
  std::size_t giver = 0;  // index of the dimension whose values tell (ResolveConditions)
};

struct SpaceUse {
  std::string path;  // of a field, or "model.NAME" of a preset's parameter
  Position key_at;
  SpaceType type = SpaceType::kConst;
  Json canonical;            // {"type": …}, values as written
  std::vector<Node> samples; // const: its value; categorical: all; else both end points
  std::int64_t grid_points = 0;  // 0: the grid needs `count`
  std::vector<SpaceWhen> when;   // all must hold
};

// Parents come before their children, otherwise in file order. What is wrong is reported and left
// out. `any_name`: the names are a program's own, not paths of fields.
std::vector<SpaceUse> ReadSpaces(const Node& section, bool any_name, Report& report);

}  // namespace tutti::spec
