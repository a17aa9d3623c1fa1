#pragma once

#include <string>
#include <vector>

#include "coordinator/simulation/simulation.h"
#include "experiments/core/json.h"

namespace tutti::simulation {

// What a scenario file says about its run (`expect`, see tests/sim/README.md), checked; one
// sentence for each that does not hold, and for each that cannot be understood.
std::vector<std::string> CheckExpectations(const Json& expect, const SimulationResult& result);

}  // namespace tutti::simulation
