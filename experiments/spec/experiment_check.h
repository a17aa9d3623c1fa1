#pragma once

#include <string>
#include <vector>

#include "experiments/core/json.h"
#include "experiments/spec/node.h"
#include "experiments/spec/report.h"
#include "experiments/spec/shape.h"

// All checks of one document in their order, and its canonical form.

namespace tutti::spec {

struct CheckedExperiment {
  Json canonical;  // complete only if nothing was reported as an error
  Json provenance;
};

// `root` comes from YAML (with overrides applied) or from canonical JSON. The search space is
// checked by putting each of its values into the document, parents together with their children.
CheckedExperiment CheckExperiment(Node root, const PathBases& bases, Report& report);

}  // namespace tutti::spec
