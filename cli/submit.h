#pragma once

#include <string>
#include <vector>

#include "cli/coordinator_client.h"
#include "experiments/spec/spec.h"

namespace tutti::cli {

// Submits the documents of one file in order, saying so on stderr. Stops at the first refusal.
Result<std::vector<SubmitOutcome>> SubmitAll(
    const std::string& address, const std::vector<spec::ParsedExperiment>& experiments);

}  // namespace tutti::cli
