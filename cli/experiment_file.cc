#include "cli/experiment_file.h"

#include <cstdio>
#include <filesystem>

#include "cli/state_directory.h"

namespace tutti::cli {
namespace {

constexpr std::size_t kLargestFile = 1u << 20;

}  // namespace

Result<std::vector<spec::ParsedExperiment>> ParseExperimentText(
    const std::string& text, const std::string& name, const std::string& base_dir,
    const std::vector<std::string>& set) {
  spec::ParseOptions parse;
  parse.file_name = name;
  parse.base_dir = base_dir;
  parse.override_base_dir = AbsolutePath(".");
  for (const std::string& one : set) {
    TUTTI_ASSIGN_OR_RETURN(spec::Override override, spec::ParseOverride(one));
    parse.overrides.push_back(std::move(override));
  }
  spec::ParseOutcome outcome = spec::ParseExperiments(text, parse);
  std::size_t errors = 0;
  for (const spec::Diagnostic& diagnostic : outcome.diagnostics) {
    std::fprintf(stderr, "%s\n", spec::FormatDiagnostic(diagnostic).c_str());
    errors += diagnostic.severity == spec::Severity::kError ? 1 : 0;
  }
  if (!outcome.ok) {
    return InvalidArgument(name + " has " + std::to_string(errors) +
                           (errors == 1 ? " error" : " errors") +
                           "; `tutti explain FIELD` says what a field means");
  }
  return std::move(outcome.experiments);
}

Result<std::vector<spec::ParsedExperiment>> LoadExperimentFile(const FileOptions& options) {
  auto text = ReadFile(options.file, kLargestFile);
  if (!text) {
    // A missing or unreadable experiment file is bad usage (exit 2), like one with errors in it.
    return InvalidArgument(text.error().ToString());
  }
  const std::string directory =
      std::filesystem::path(AbsolutePath(options.file)).parent_path().string();
  return ParseExperimentText(*text, options.file, directory, options.set);
}

}  // namespace tutti::cli
