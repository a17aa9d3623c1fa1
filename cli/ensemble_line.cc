#include "cli/ensemble_line.h"

#include <memory>

#include <CLI/CLI.hpp>

#include "experiments/metrics/ensemble.h"

namespace tutti::cli {
namespace {

CLI::App* Add(CLI::App& app, const std::string& name, const std::string& doc,
              std::function<int()>& chosen, std::function<int()> verb) {
  CLI::App* sub = app.add_subcommand(name, doc);
  sub->fallthrough();
  sub->callback([&chosen, verb = std::move(verb)] { chosen = verb; });
  return sub;
}

void AddCombine(CLI::App* verb, EnsembleOptions& options) {
  std::vector<std::string> names;
  for (const auto& row : kCombinerNames.rows) names.emplace_back(row.second);
  verb->add_option("--combine", options.combine, kCombinerNames.Choices())
      ->check(CLI::IsMember(names));
  verb->add_option("--weights", options.weights,
                   "one per member, e.g. 2,1,1 (means --combine weighted)")
      ->delimiter(',');
}

void AddExport(CLI::App& app, const Globals& globals, std::function<int()>& chosen) {
  const auto options = std::make_shared<ExportOptions>();
  auto* verb = Add(app, "export", "stored predictions of a checkpoint or an ensemble, as a file",
                   chosen, [&globals, options] { return RunExport(globals, *options); });
  verb->add_option("id", options->id, "12.3 or 12.3@best, 12.3@last, 12.3@e17");
  verb->add_option("--ensemble", options->ensemble, "export this ensemble (4, last) instead");
  verb->add_option("--split", options->split, "train, validation or test")
      ->check(CLI::IsMember({"train", "validation", "test"}))
      ->default_str("test");
  verb->add_option("--format", options->format,
                   "csv (item, truth, prediction, probabilities), jsonl, or kaggle (ImageId,Label)")
      ->check(CLI::IsMember({"csv", "jsonl", "kaggle"}))
      ->default_str("csv");
  verb->add_option("--out", options->out, "file to write (default: standard output)");
}

}  // namespace

void AddEnsembleVerbs(CLI::App& app, const Globals& globals, std::function<int()>& chosen) {
  CLI::App* ensemble = app.add_subcommand("ensemble", "several trained networks as one");
  ensemble->require_subcommand(1);
  ensemble->fallthrough();
  const auto options = std::make_shared<EnsembleOptions>();
  auto* create = Add(*ensemble, "create", "combine trials or checkpoints, from stored predictions",
                     chosen, [&globals, options] { return RunEnsembleCreate(globals, *options); });
  create->add_option("members", options->members, "12.3 (its best checkpoint) or 12.3@e17, …");
  create->add_option("--experiment", options->experiment, "its trials, best first");
  create->add_option("--best", options->best, "with --experiment: only the best N")
      ->check(CLI::Range(1, 256));
  create->add_option("--query", options->query, "SQL whose first column names the members");
  create->add_option("--min-members", options->min_members, "fail with fewer")
      ->check(CLI::Range(1, 256));
  create->add_option("--name", options->name, "what to call it");
  AddCombine(create, *options);
  auto* evaluate = Add(*ensemble, "evaluate", "combine its members again, in another way", chosen,
                       [&globals, options] { return RunEnsembleEvaluate(globals, *options); });
  evaluate->add_option("id", options->id, "ensemble: its number, or last")->required();
  AddCombine(evaluate, *options);
  auto* show = Add(*ensemble, "show",
                   "members, what each adds, other combiners, diversity", chosen,
                   [&globals, options] {
                     return RunEnsembleShow(globals, options->id.empty() ? "last" : options->id);
                   });
  show->add_option("id", options->id, "ensemble")->default_str("last");
  Add(*ensemble, "ls", "all ensembles", chosen,
      [&globals] { return RunEnsembleLs(globals); });
  AddExport(app, globals, chosen);
}

}  // namespace tutti::cli
