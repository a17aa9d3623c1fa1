#pragma once

#include "experiments/spec/node.h"
#include "experiments/spec/report.h"
#include "experiments/spec/spec.h"

// `--set path=yaml`.

namespace tutti::spec {

// Reads the value with positions in a source of its own ("--set path=yaml") and puts it into the
// tree: maps merge, everything else (a search space too) replaces, null gives the default back.
// False if the value is no YAML; that is reported.
bool ApplyOverride(const Override& override_, Node& root, Report& report);

}  // namespace tutti::spec
