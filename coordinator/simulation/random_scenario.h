#pragma once

#include <cstdint>

#include "coordinator/simulation/scenario.h"
#include "experiments/core/json.h"

namespace tutti::simulation {

// A small scenario drawn from a seed: one to three nodes, one to three experiments of different
// searchers, sizes, priorities and weights, and some bad luck: failing attempts, crashing and
// disconnected nodes, coordinators that start again, pauses, cancellations, changed settings.
// Everything that is broken is repaired and everything that is paused goes on, so that every
// experiment must end.
//
// `canonical` is a valid document (any; its data and model do not matter) whose searcher, length,
// resources and seeds are replaced.
Scenario RandomScenario(std::uint64_t seed, const Json& canonical);

}  // namespace tutti::simulation
