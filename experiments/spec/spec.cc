#include "experiments/spec/spec.h"

#include <utility>

#include "experiments/spec/experiment_check.h"
#include "experiments/spec/override.h"
#include "experiments/spec/yaml_reader.h"

namespace tutti::spec {
namespace {

std::string JoinLines(const std::vector<std::string>& lines, int first, int last) {
  std::string text;
  for (int i = first; i <= last; ++i) text += lines[static_cast<std::size_t>(i - 1)] + "\n";
  return text;
}

std::vector<Diagnostic> WarningsOf(const Report& report) {
  std::vector<Diagnostic> warnings;
  for (const Diagnostic& diagnostic : report.diagnostics()) {
    if (diagnostic.severity == Severity::kWarning) warnings.push_back(diagnostic);
  }
  return warnings;
}

}  // namespace

ParseOutcome ParseExperiments(std::string_view yaml_text, const ParseOptions& options) {
  const std::vector<std::string> lines = SplitLines(yaml_text);
  const Source file{options.file_name, lines};
  Report reading({file});
  std::vector<YamlDocument> documents = ReadYaml(yaml_text, 0, reading);
  ParseOutcome outcome;
  if (documents.empty() && !reading.has_errors()) {
    reading.Error({0, 1, 1}, "", "the file holds no experiment");
  }
  outcome.diagnostics = reading.diagnostics();
  const PathBases bases{options.base_dir, options.override_base_dir};
  bool ok = !reading.has_errors();
  for (YamlDocument& document : documents) {
    Report report({file});
    for (const Override& one : options.overrides) ApplyOverride(one, document.root, report);
    CheckedExperiment checked = CheckExperiment(std::move(document.root), bases, report);
    const auto found = report.diagnostics();
    outcome.diagnostics.insert(outcome.diagnostics.end(), found.begin(), found.end());
    ok = ok && !report.has_errors();
    if (!ok) continue;
    ParsedExperiment parsed;
    parsed.raw_text = JoinLines(lines, document.first_line, document.last_line);
    parsed.warnings = WarningsOf(report);
    auto config = ReadExperimentConfig(checked.canonical);
    TUTTI_CHECK(config.ok(), "a validated document must be readable: " +
                                 (config.ok() ? "" : config.error().ToString()));
    parsed.config = std::move(config).value();
    parsed.canonical = std::move(checked.canonical);
    parsed.provenance = std::move(checked.provenance);
    outcome.experiments.push_back(std::move(parsed));
  }
  outcome.ok = ok;
  if (!ok) outcome.experiments.clear();
  SortDiagnostics(outcome.diagnostics);
  return outcome;
}

Result<Json> ValidateCanonical(const Json& canonical) {
  Report report({Source{}});
  CheckedExperiment checked = CheckExperiment(NodeFromJson(canonical), {}, report);
  if (!report.has_errors()) return std::move(checked.canonical);
  std::string text = "the configuration is not valid:";
  for (const Diagnostic& diagnostic : report.diagnostics()) {
    if (diagnostic.severity == Severity::kError) text += "\n  " + diagnostic.message;
  }
  return InvalidArgument(text);
}

}  // namespace tutti::spec
