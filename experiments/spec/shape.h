#pragma once

#include <string>
#include <string_view>

#include "experiments/core/json.h"
#include "experiments/spec/field_table.h"
#include "experiments/spec/node.h"
#include "experiments/spec/position.h"
#include "experiments/spec/report.h"
#include "experiments/spec/value_check.h"

// The second step of checking: every field against the field table (unknown and missing keys,
// types, ranges, choices), and the complete document with every default.

namespace tutti::spec {

struct ShapedDocument {
  bool ok = false;  // no error was found here
  Json canonical;   // complete only if ok
  Json provenance;  // dotted path of each leaf -> "file" | "set" | "default"
};

// `hyperparameters` is not looked into (search_spaces.h); it comes out empty.
ShapedDocument CheckShape(const Node& root, const PathBases& bases, Report& report);

}  // namespace tutti::spec
