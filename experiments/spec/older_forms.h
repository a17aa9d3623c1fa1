#pragma once

#include "experiments/spec/node.h"
#include "experiments/spec/report.h"

// What Determined's files say in other words, and where the length of a trial may stand.

namespace tutti::spec {

// Rewrites the tree: max_length becomes time_metric and max_time, pbt's older names the newer ones,
// a bare period one of the time metric; the length of a trial goes to where it is missing. Reports
// what contradicts itself or would mean something else.
void AdoptOlderForms(Node& root, Report& report);

}  // namespace tutti::spec
