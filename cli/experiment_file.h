#pragma once

#include <vector>

#include "cli/verbs.h"
#include "experiments/core/result.h"
#include "experiments/spec/spec.h"

namespace tutti::cli {

// Reads and validates the file with its overrides. Prints every diagnostic (errors and warnings)
// to stderr. The error, if any, only counts them: everything has been said.
Result<std::vector<spec::ParsedExperiment>> LoadExperimentFile(const FileOptions& options);

// The same for a text that is no file: `name` stands in messages, relative paths start at
// `base_dir`.
Result<std::vector<spec::ParsedExperiment>> ParseExperimentText(
    const std::string& text, const std::string& name, const std::string& base_dir,
    const std::vector<std::string>& set);

}  // namespace tutti::cli
