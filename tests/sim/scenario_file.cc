#include "tests/sim/scenario_file.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "experiments/spec/node.h"
#include "experiments/spec/report.h"
#include "experiments/spec/spec.h"
#include "experiments/spec/yaml_reader.h"

namespace tutti::simulation {
namespace {

Result<Json> ReadYamlFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return NotFound("cannot read " + path);
  std::stringstream text;
  text << file.rdbuf();
  spec::Report report({{path, spec::SplitLines(text.str())}});
  const auto documents = spec::ReadYaml(text.str(), 0, report);
  if (report.has_errors() || documents.size() != 1) {
    std::string message = path + " is not one YAML document";
    for (const spec::Diagnostic& diagnostic : report.diagnostics()) {
      message += "\n" + spec::FormatDiagnostic(diagnostic);
    }
    return InvalidArgument(message);
  }
  return spec::JsonFromNode(documents.front().root);
}

}  // namespace

Result<Json> CanonicalOf(const Json& document) {
  Json full = document;
  if (full.Find("name") == nullptr) full.Set("name", "simulated");
  if (full.Find("entrypoint") == nullptr) {
    if (full.Find("data") == nullptr) full.SetPath("data.dataset", "glyphs");
    if (full.Find("model") == nullptr) full.SetPath("model.preset", "mnist_cnn");
    const bool length = full.FindPath("training.epochs") != nullptr ||
                        full.FindPath("searcher.max_time") != nullptr;
    if (!length) full.SetPath("training.epochs", 4);
  }
  if (full.FindPath("searcher.name") == nullptr) full.SetPath("searcher.name", "single");
  spec::ParseOptions options;
  options.file_name = "document";
  options.base_dir = options.override_base_dir = "/";
  auto parsed = spec::ParseExperiments(full.Dump(1), options);
  if (!parsed.ok || parsed.experiments.size() != 1) {
    std::string message = "a document of the scenario is wrong";
    for (const spec::Diagnostic& diagnostic : parsed.diagnostics) {
      message += "\n" + spec::FormatDiagnostic(diagnostic);
    }
    return InvalidArgument(message);
  }
  return std::move(parsed.experiments.front().canonical);
}

Result<ScenarioFile> LoadScenarioFile(const std::string& path) {
  TUTTI_ASSIGN_OR_RETURN(Json json, ReadYamlFile(path));
  if (Json* experiments = json.Find("experiments"); experiments && experiments->is_array()) {
    for (Json& experiment : experiments->AsArray()) {
      const Json* document = experiment.Find("document");
      auto canonical = CanonicalOf(document == nullptr ? Json::MakeObject() : *document);
      if (!canonical) return canonical.error().Wrap(path);
      experiment.Set("document", std::move(canonical).value());
    }
  }
  auto scenario = ReadScenario(json);
  if (!scenario) return scenario.error().Wrap(path);
  ScenarioFile file;
  file.scenario = std::move(scenario).value();
  if (const Json* expect = json.Find("expect")) file.expect = *expect;
  if (const Json* seeds = json.Find("seeds"); seeds != nullptr && seeds->is_array()) {
    for (const Json& seed : seeds->AsArray()) {
      file.seeds.push_back(static_cast<std::uint64_t>(seed.AsInt()));
    }
  }
  if (file.seeds.empty()) file.seeds.push_back(1);
  const Json* identical = json.Find("identical");
  file.identical = identical != nullptr && identical->is_bool() && identical->AsBool();
  return file;
}

}  // namespace tutti::simulation
