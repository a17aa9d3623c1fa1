#include <cstdio>

#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/verbs.h"
#include "experiments/search/searcher.h"

namespace tutti::cli {

int RunValidate(const Globals& globals, const FileOptions& input) {
  auto experiments = LoadExperimentFile(input);
  if (!experiments) return Fail(experiments.error());
  for (const auto& experiment : *experiments) {
    // What only the searcher knows: spaces that it cannot search, too many rungs.
    const auto searcher = search::MakeSearcher(experiment.config);
    if (!searcher) return Fail(searcher.error().Wrap(experiment.config.name));
  }
  if (globals.format == Format::kTable || globals.format == Format::kWide) {
    for (const auto& experiment : *experiments) {
      std::printf("%s: ok\n", experiment.config.name.c_str());
    }
    return kExitOk;
  }
  // The other formats show the whole document with every default filled in.
  if (experiments->size() == 1) {
    std::fputs(RenderObject(experiments->front().canonical, globals.format).c_str(), stdout);
    return kExitOk;
  }
  Json all = Json::MakeArray();
  for (const auto& experiment : *experiments) all.Append(experiment.canonical);
  const bool yaml = globals.format == Format::kYaml;
  std::fputs(yaml ? ToYaml(all).c_str() : (all.Dump(2) + "\n").c_str(), stdout);
  return kExitOk;
}

int RunExplain(const Globals&, const std::string& field) {
  auto text = spec::Explain(field);
  if (!text) return Fail(text.error());
  std::fputs(text->c_str(), stdout);
  if (!text->empty() && text->back() != '\n') std::fputc('\n', stdout);
  return kExitOk;
}

int RunSchema(const Globals&) {
  std::printf("%s\n", spec::JsonSchema().Dump(2).c_str());
  return kExitOk;
}

}  // namespace tutti::cli
