#include <cstdio>

#include "cli/coordinator_client.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/state_directory.h"
#include "cli/submit.h"
#include "cli/verbs.h"
#include "cli/watch.h"

namespace tutti::cli {

Result<std::vector<SubmitOutcome>> SubmitAll(
    const std::string& address, const std::vector<spec::ParsedExperiment>& experiments) {
  CoordinatorClient client(address);
  std::vector<SubmitOutcome> outcomes;
  for (const spec::ParsedExperiment& experiment : experiments) {
    const Submission submission{experiment.raw_text, experiment.canonical.Dump(),
                                experiment.provenance.Dump()};
    TUTTI_ASSIGN_OR_RETURN(SubmitOutcome outcome, client.Submit(submission));
    for (const std::string& warning : outcome.warnings) {
      std::fprintf(stderr, "tutti: warning: %s\n", warning.c_str());
    }
    std::fprintf(stderr, "submitted experiment %lld '%s'\n",
                 static_cast<long long>(outcome.experiment_id), experiment.config.name.c_str());
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

namespace {

std::string RenderOutcomes(const std::vector<SubmitOutcome>& outcomes, Format format) {
  Table table;
  table.columns = {"experiment_id", "state"};
  table.name_column = "experiment_id";
  for (const SubmitOutcome& outcome : outcomes) {
    table.rows.push_back({outcome.experiment_id, outcome.state});
  }
  const bool single = outcomes.size() == 1;
  if (single && (format == Format::kJson || format == Format::kYaml)) {
    return RenderObject(ToJson(table)[std::size_t{0}], format);
  }
  return Render(table, format);
}

}  // namespace

int SubmitAndFollow(const Globals& globals,
                    const std::vector<spec::ParsedExperiment>& experiments, bool watch,
                    bool wait) {
  auto state = ResolveStateDirectory(globals.state);
  if (!state) return Fail(state.error());
  auto address = ResolveCoordinator(globals.coordinator, *state);
  if (!address) return Fail(address.error());
  auto outcomes = SubmitAll(*address, experiments);
  if (!outcomes) return Fail(outcomes.error());
  int worst = kExitOk;
  for (SubmitOutcome& outcome : *outcomes) {
    if (!watch && !wait) break;
    FollowOptions follow;
    follow.show_progress = watch;
    const int code = Follow(globals, outcome.experiment_id, follow, &outcome.state);
    if (code == kExitInterrupted) {
      std::fprintf(stderr, "tutti: detached; experiment %lld goes on\n",
                   static_cast<long long>(outcome.experiment_id));
      worst = code;
      break;
    }
    if (worst == kExitOk) worst = code;
  }
  // Their states as they are now, in whatever way the waiting has ended.
  std::fputs(RenderOutcomes(*outcomes, globals.format).c_str(), stdout);
  std::fflush(stdout);
  return worst;
}

int RunSubmit(const Globals& globals, const SubmitOptions& options) {
  auto experiments = LoadExperimentFile(options.input);
  if (!experiments) return Fail(experiments.error());
  return SubmitAndFollow(globals, *experiments, options.watch, options.wait);
}

}  // namespace tutti::cli
