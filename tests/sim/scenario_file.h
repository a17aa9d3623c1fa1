#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/simulation/scenario.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

namespace tutti::simulation {

// A scenario as it stands in tests/sim/scenarios: YAML, whose documents are short experiment files.
struct ScenarioFile {
  Scenario scenario;
  Json expect;                      // CheckExpectations
  std::vector<std::uint64_t> seeds;  // to run it with; {1} if the file names none
  bool identical = false;            // all seeds must give the same trial tables
};
Result<ScenarioFile> LoadScenarioFile(const std::string& path);

// The canonical document of a short one: what every experiment needs (data, model, length) is
// filled in where it is missing.
Result<Json> CanonicalOf(const Json& document);

}  // namespace tutti::simulation
