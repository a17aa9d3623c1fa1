#pragma once

#include "experiments/core/json.h"
#include "experiments/spec/node.h"
#include "experiments/spec/report.h"
#include "experiments/spec/search_spaces.h"

// The third step of checking: rules between fields of a document whose shape is right.

namespace tutti::spec {

// Rules that hold for every trial: `canonical` is the base document or one with sampled values in
// it, `root` the tree it came from (for positions).
void CheckTrialMeaning(const Json& canonical, const Node& root, Report& report);

// Rules about the search itself.
void CheckSearchMeaning(const Json& canonical, const Node& root,
                        const std::vector<SpaceUse>& spaces, Report& report);

}  // namespace tutti::spec
