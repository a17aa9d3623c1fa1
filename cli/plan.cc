#include <algorithm>
#include <cstdio>

#include "cli/coordinator_client.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/plan_text.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"
#include "coordinator/simulation/estimate.h"

namespace tutti::cli {
namespace {

constexpr std::int64_t kImaginarySlots = 8;  // of the one node to plan for where nothing runs

// What the cluster has, if one runs: the answer to "will it fit?".
std::vector<simulation::NodeSpec> RunningNodes(const Globals& globals) {
  std::vector<simulation::NodeSpec> nodes;
  const auto state = ResolveStateDirectory(globals.state);
  if (!state) return nodes;
  const auto address = ResolveCoordinator(globals.coordinator, *state);
  if (!address) return nodes;
  CoordinatorClient client(*address);
  const auto workers = client.ListWorkers();
  if (!workers || !workers->is_array()) return nodes;
  for (const Json& worker : workers->AsArray()) {
    const Json* slots = worker.Find("slots");
    if (slots == nullptr || !slots->is_int() || slots->AsInt() < 1) continue;
    if (worker.Find("state") != nullptr && worker["state"] == Json("LOST")) continue;
    simulation::NodeSpec node;
    node.name = "n" + std::to_string(nodes.size() + 1);
    node.slots = slots->AsInt();
    nodes.push_back(std::move(node));
  }
  return nodes;
}

Result<PlanBasis> BasisOf(const Globals& globals, const PlanOptions& options) {
  PlanBasis basis;
  if (!options.nodes.empty()) {
    TUTTI_ASSIGN_OR_RETURN(basis.nodes, simulation::ParseNodes(options.nodes));
  } else {
    basis.nodes = RunningNodes(globals);
  }
  basis.known = !basis.nodes.empty();
  if (!basis.known) {
    simulation::NodeSpec node;
    node.name = "n1";
    node.slots = kImaginarySlots;
    basis.nodes.push_back(std::move(node));
  }
  if (options.epoch_seconds > 0) basis.unit = UnitTime{options.epoch_seconds, "as given"};
  return basis;
}

}  // namespace

int RunPlan(const Globals& globals, const PlanOptions& options) {
  auto experiments = LoadExperimentFile(options.input);
  if (!experiments) return Fail(experiments.error());
  auto basis = BasisOf(globals, options);
  if (!basis) return Fail(basis.error());
  auto database = Database::Open(globals);
  if (!database && !globals.db.empty()) return Fail(database.error());
  int code = kExitOk;
  const bool text = globals.format == Format::kTable || globals.format == Format::kWide;
  Table table;
  for (const auto& experiment : *experiments) {
    PlanBasis own = *basis;
    // An imaginary node holds at least one gang.
    if (!own.known) {
      own.nodes[0].slots =
          std::max(own.nodes[0].slots, experiment.config.resources.slots_per_trial);
    }
    if (!own.unit && database) own.unit = UnitTimeFromHistory(**database, experiment.config);
    auto plan = MakePlan(experiment.config, own);
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
