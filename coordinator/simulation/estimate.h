#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "coordinator/simulation/scenario.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// How long an experiment would take: it is run, with the production engine and its searcher, on
// machines that do not exist and trials that follow learning curves.

namespace tutti::simulation {

struct RunEstimate {
  std::int64_t makespan_ms = 0;
  std::int64_t slot_ms = 0;  // slots x time that its trials hold
  std::int64_t configurations = 0, trials = 0;
  std::int64_t units = 0;  // of time_metric, trained by all trials
  std::map<std::string, std::int64_t> states;  // trials by their last state
};

// "8x8": 8 nodes of 8 slots; several kinds are separated by commas. Errors name the part.
Result<std::vector<NodeSpec>> ParseNodes(std::string_view text);

// `unit_ms`: one unit of time_metric on one gang. Errors: more than about a million units in all,
// which would take too long to simulate; whatever breaks in the run, which is a bug of ours.
Result<RunEstimate> EstimateRun(const Json& canonical, std::vector<NodeSpec> nodes,
                                std::int64_t unit_ms, std::uint64_t seed);

}  // namespace tutti::simulation
