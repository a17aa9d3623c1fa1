#pragma once

#include <string>
#include <vector>

#include "coordinator/engine/engine.h"

// Why things ended, in sentences for people. Pure.

namespace tutti {

// REQUIRES: the state is terminal.
std::vector<std::string> WhyEnded(const engine::ExperimentView& view);
std::vector<std::string> WhyEnded(const engine::TrialView& view);

}  // namespace tutti
