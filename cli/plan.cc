#include <cstdio>
#include <map>

#include "cli/coordinator_client.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/plan_text.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"

namespace tutti::cli {

int RunPlan(const Globals& globals, const PlanOptions& options) {
  auto experiments = LoadExperimentFile(options.input);
  if (!experiments) return Fail(experiments.error());
  // What the cluster has, if one runs: the answer to "will it fit?".
  std::optional<std::int64_t> slots;
  if (auto state = ResolveStateDirectory(globals.state)) {
    if (auto address = ResolveCoordinator(globals.coordinator, *state)) {
      CoordinatorClient client(*address);
      if (auto info = client.Info()) slots = (*info)["slots"].AsInt();
    }
  }
  int code = kExitOk;
  const bool text = globals.format == Format::kTable || globals.format == Format::kWide;
  Table table;
  for (const auto& experiment : *experiments) {
    auto plan = MakePlan(experiment.config, slots);
    if (!plan) return Fail(plan.error());
    if (plan->impossible) code = kExitUnschedulable;
    if (text) {
      if (&experiment != &experiments->front()) std::fputs("\n", stdout);
      std::fputs(plan->text.c_str(), stdout);
      continue;
    }
    table.columns.clear();
    table.rows.emplace_back();
    for (const auto& [key, value] : plan->json.AsObject()) {
      table.columns.push_back(key);
      table.rows.back().push_back(value);
    }
  }
  // A list even of one experiment: a reader of a file should not have to tell the two apart.
  if (!text) std::fputs(Render(table, globals.format).c_str(), stdout);
  return code;
}

}  // namespace tutti::cli
