#include <cstdio>

#include "cli/coordinator_client.h"
#include "cli/database.h"
#include "cli/ensemble_text.h"
#include "cli/exit_code.h"
#include "cli/temporary_cluster.h"
#include "cli/verbs.h"

// `tutti ensemble`: networks that exist combined into one that is better than each.

namespace tutti::cli {
namespace {

constexpr std::int64_t kMaxMembers = 256;

// The first column of the user's query, or of the leaderboard.
Result<std::vector<std::string>> QueriedMembers(Database& database, const std::string& sql,
                                                const Json& params) {
  TUTTI_ASSIGN_OR_RETURN(const Table rows, database.Query(sql, params, kMaxMembers + 1));
  std::vector<std::string> members;
  for (const auto& row : rows.rows) {
    if (row.empty() || !row[0].is_string()) {
      return InvalidArgument("the query of the members gave " +
                             (row.empty() ? "nothing" : row[0].Dump()) +
                             " in its first column, expected text as '12.3' or '12.3@best' (the "
                             "column `trial` of the views)");
    }
    members.push_back(row[0].AsString());
  }
  if (members.empty()) return NotFound("the query of the members found none");
  return members;
}

Result<std::vector<std::string>> BestOf(Database& database, const EnsembleOptions& options) {
  TUTTI_ASSIGN_OR_RETURN(const TargetId target, ParseTarget(database, options.experiment));
  if (target.trial_no != 0) {
    return InvalidArgument("--experiment " + options.experiment + " is a trial, expected an "
                           "experiment, e.g. 12");
  }
  auto members = QueriedMembers(
      database,
      "SELECT trial FROM v_leaderboard WHERE experiment_id = ?1 AND best_value IS NOT NULL "
      "AND state <> 'ERROR' ORDER BY rank LIMIT ?2",
      Json::MakeArray({target.experiment, options.best > 0 ? options.best : kMaxMembers}));
  if (!members) return members.error().Wrap("experiment " + options.experiment);
  if (options.best > static_cast<std::int64_t>(members->size())) {
    return FailedPrecondition("experiment " + options.experiment + " has " +
                              Count(static_cast<std::int64_t>(members->size()), "trial") +
                              " with a result, --best asks for " + std::to_string(options.best));
  }
  return members;
}

Status CheckSources(const EnsembleOptions& options) {
  const int sources = (options.members.empty() ? 0 : 1) + (options.experiment.empty() ? 0 : 1) +
                      (options.query.empty() ? 0 : 1);
  if (sources != 1) {
    return InvalidArgument("name the members in one way: trials or checkpoints (12.3 12.4@e5), "
                           "--experiment ID [--best N], or --query SQL");
  }
  return Ok{};
}

Result<std::vector<std::string>> MembersOf(Database& database, const EnsembleOptions& options) {
  if (!options.query.empty()) {
    return QueriedMembers(database, options.query, Json::MakeArray());
  }
  if (!options.experiment.empty()) return BestOf(database, options);
  return options.members;
}

Json SpecOf(const EnsembleOptions& options) {
  Json spec = Json::MakeObject();
  if (!options.combine.empty()) spec.Set("combine", options.combine);
  if (options.min_members > 0) spec.Set("min_members", options.min_members);
  if (!options.weights.empty()) {
    Json weights = Json::MakeArray();
    for (const double weight : options.weights) weights.Append(weight);
    spec.Set("weights", std::move(weights));
    if (options.combine.empty()) spec.Set("combine", "weighted");
  }
  return spec;
}

int Show(const Globals& globals, Database& database, std::int64_t id) {
  if (globals.format == Format::kTable || globals.format == Format::kWide) {
    const int width = globals.format == Format::kTable ? TerminalWidth() : 0;
    auto text = EnsembleText(database, id, true, width);
    if (!text) return Fail(text.error());
    std::fputs(text->c_str(), stdout);
    return kExitOk;
  }
  if (globals.format == Format::kName) {
    std::printf("%lld\n", static_cast<long long>(id));
    return kExitOk;
  }
  auto object = EnsembleJson(database, id);
  if (!object) return Fail(object.error());
  if (globals.format == Format::kJson || globals.format == Format::kYaml ||
      globals.format == Format::kJsonl) {
    std::fputs(RenderObject(*object, globals.format).c_str(), stdout);
    return kExitOk;
  }
  // One table: every combiner on every split.
  auto table = database.Query(
      "SELECT * FROM v_ensemble_evaluations WHERE ensemble_id = ?1 ORDER BY split, chosen DESC, "
      "combine", Json::MakeArray({id}));
  if (!table) return Fail(table.error());
  std::fputs(Render(*table, globals.format).c_str(), stdout);
  return kExitOk;
}

// Orders, waits, and shows what came of it.
int Evaluate(Globals globals, const EnsembleOptions& options) {
  EnsembleOrder order;
  order.name = options.name;
  order.spec = SpecOf(options);
  InstallInterruptHandler();
  ClusterOptions coordinator_only;
  coordinator_only.worker = false;
  auto running = TemporaryCluster::Open(globals, coordinator_only);
  if (!running) return Fail(running.error());
  globals.coordinator = running->address();
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  if (!options.id.empty()) {
    auto id = ParseEnsemble(**database, options.id);
    if (!id) return Fail(id.error());
    order.ensemble = *id;
  } else {
    auto members = MembersOf(**database, options);
    if (!members) return Fail(members.error());
    order.members = std::move(*members);
  }
  CoordinatorClient client(running->address());
  auto outcome = client.Evaluate(order);
  if (!outcome) return Fail(outcome.error());
  if (outcome->state != "COMPLETED") {
    std::fprintf(stderr, "tutti: error: ensemble %lld %s: %s\n",
                 static_cast<long long>(outcome->ensemble), outcome->state.c_str(),
                 outcome->message.c_str());
    return kExitFailed;
  }
  return Show(globals, **database, outcome->ensemble);
}

}  // namespace

int RunEnsembleCreate(const Globals& globals, const EnsembleOptions& options) {
  if (const Status sources = CheckSources(options); !sources) return Fail(sources.error());
  return Evaluate(globals, options);
}

int RunEnsembleEvaluate(const Globals& globals, const EnsembleOptions& options) {
  return Evaluate(globals, options);
}

int RunEnsembleShow(const Globals& globals, const std::string& text) {
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  auto id = ParseEnsemble(**database, text);
  if (!id) return Fail(id.error());
  return Show(globals, **database, *id);
}

int RunEnsembleLs(const Globals& globals) {
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  auto table = (*database)->Query(
      "SELECT ensemble_id, name, experiment_id, state, combine, members, left_out, split, n, "
      "accuracy, best_member_accuracy, mean_member_accuracy, disagreement, double_fault, message, "
      "created_at FROM v_ensembles ORDER BY ensemble_id DESC, split = 'test' DESC, split");
  if (!table) return Fail(table.error());
  table->name_column = "ensemble_id";
  table->short_columns = {"ensemble_id", "name", "experiment_id", "state", "combine", "members",
                          "split", "accuracy", "best_member_accuracy"};
  std::fputs(Render(*table, globals.format, TerminalWidth()).c_str(), stdout);
  return kExitOk;
}

}  // namespace tutti::cli
