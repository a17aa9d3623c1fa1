#pragma once

#include <string>
#include <vector>

#include "cli/coordinator_client.h"
#include "cli/verbs.h"
#include "experiments/spec/spec.h"

namespace tutti::cli {

// Submits the documents of one file in order, saying so on stderr. Stops at the first refusal.
Result<std::vector<SubmitOutcome>> SubmitAll(
    const std::string& address, const std::vector<spec::ParsedExperiment>& experiments);

// Hands them to the running coordinator, with `watch` or `wait` stays until they end, and prints
// their ids and states. Returns the exit code.
int SubmitAndFollow(const Globals& globals,
                    const std::vector<spec::ParsedExperiment>& experiments, bool watch, bool wait);

}  // namespace tutti::cli
