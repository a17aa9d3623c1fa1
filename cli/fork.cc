#include <algorithm>
#include <cstdio>

#include "cli/checkpoint_id.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/fork_document.h"
#include "cli/submit.h"
#include "cli/trial_parent.h"
#include "cli/verbs.h"

namespace tutti::cli {
namespace {

Result<std::vector<spec::ParsedExperiment>> MakeFork(const Globals& globals,
                                                     const ForkOptions& options) {
  TUTTI_ASSIGN_OR_RETURN(const auto database, Database::Open(globals));
  TUTTI_ASSIGN_OR_RETURN(const CheckpointId id, ParseCheckpointId(*database, options.id));
  TUTTI_ASSIGN_OR_RETURN(const TrialParent parent,
                         ReadTrialParent(*database, id.experiment, id.trial_no));
  if (parent.canonical.Find("entrypoint") != nullptr) {
    return FailedPrecondition("trial " + std::to_string(id.experiment) + "." +
                              std::to_string(id.trial_no) +
                              " was trained by a program (entrypoint), whose weights only the "
                              "program can read; fork needs the built-in trainer");
  }
  ForkPlan plan{id.text(), options.name, options.warm_start, options.freeze, false};
  plan.other_dataset = std::any_of(
      options.set.begin(), options.set.end(), [&](const std::string& set) {
        const std::string key = "data.dataset=";
        return set.starts_with(key) &&
               set.substr(key.size()) != parent.canonical["data"]["dataset"].AsString();
      });
  const Json document =
      ForkDocument(parent.canonical, parent.provenance, parent.hparams, plan);
  return ParseExperimentText("# Made by `tutti fork " + id.text() + "`.\n" + ToYaml(document),
                             "fork of " + id.text(), "/", options.set);
}

}  // namespace

int RunFork(const Globals& globals, const ForkOptions& options) {
  auto experiments = MakeFork(globals, options);
  if (!experiments) return Fail(experiments.error());
  if (options.show) {
    const spec::ParsedExperiment& fork = (*experiments)[0];
    std::fputs(ToYaml(WithoutDefaults(fork.canonical, fork.provenance)).c_str(), stdout);
    return kExitOk;
  }
  return SubmitAndFollow(globals, *experiments, options.watch, options.wait);
}

}  // namespace tutti::cli
