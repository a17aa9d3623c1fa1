#include <cstdio>

#include "cli/coordinator_client.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"
#include "experiments/core/suggest.h"
#include "experiments/models/describe.h"
#include "experiments/models/graph.h"
#include "experiments/spec/spec.h"

namespace tutti::cli {
namespace {

int DescribeModel(const std::string& name) {
  if (name.empty()) {
    for (const Preset& preset : Presets()) {
      std::printf("%-16s %s\n", preset.name.c_str(), preset.doc.c_str());
    }
    return kExitOk;
  }
  const Preset* preset = FindPreset(name);
  if (preset == nullptr) {
    std::vector<std::string> names;
    for (const Preset& known : Presets()) names.push_back(known.name);
    return Fail(NotFound("there is no preset '" + name + "'" + DidYouMean(name, names) +
                         " (`tutti describe model` says what they are)"));
  }
  std::fputs(DescribePreset(*preset).c_str(), stdout);
  // Ten classes of 28 x 28 grey pixels, the shape of MNIST, as the example.
  auto graph = BuildGraph(Json::MakeObject({{"preset", name}}), {1, 28, 28}, 10);
  if (!graph) return Fail(graph.error());
  std::printf("\nfor 1x28x28 images and 10 classes:\n%s", DescribeGraph(*graph).c_str());
  return kExitOk;
}

int DescribeSearcher(const std::string& name) {
  auto text = spec::DescribeSearcher(name);
  if (!text) return Fail(text.error());
  std::fputs(text->c_str(), stdout);
  return kExitOk;
}

// The first row of a query as an object.
Result<Json> One(Database& database, const std::string& sql, const Json& params) {
  TUTTI_ASSIGN_OR_RETURN(const Table table, database.Query(sql, params));
  if (table.rows.empty()) return NotFound("no such row");
  return ToJson(table)[std::size_t{0}];
}

// A section under the object in the table formats, a member of it in the others.
Status Attach(Database& database, const Globals& globals, const std::string& title,
              const std::string& sql, const Json& params, Json& object, std::string& text) {
  TUTTI_ASSIGN_OR_RETURN(Table table, database.Query(sql, params));
  if (globals.format == Format::kTable || globals.format == Format::kWide) {
    if (table.rows.empty()) return Ok{};
    text += "\n" + title + ":\n" + Render(table, globals.format, TerminalWidth());
  } else {
    object.Set(title, ToJson(table));
  }
  return Ok{};
}

// Why something waits is known only to a living coordinator; without one nothing is added.
void AddReason(const Globals& globals, const TargetId& target, Json& object) {
  auto state = ResolveStateDirectory(globals.state);
  if (!state || !globals.db.empty()) return;
  auto address = ResolveCoordinator(globals.coordinator, *state);
  if (!address) return;
  CoordinatorClient client(*address);
  auto live = client.Get(target.experiment, target.trial_no);
  if (!live || !live->is_object()) return;
  const Json* reason = live->Find("reason");
  if (reason == nullptr || !reason->is_string() || reason->AsString().empty()) return;
  object.Set("reason", *reason);
}

Status DescribeTrial(Database& database, const Globals& globals, const TargetId& target) {
  const Json ids = Json::MakeArray({target.experiment, target.trial_no});
  TUTTI_ASSIGN_OR_RETURN(
      Json object,
      One(database, "SELECT * FROM v_trials WHERE experiment_id = ?1 AND trial_no = ?2", ids));
  AddReason(globals, target, object);
  const Json trial = Json::MakeArray({object["trial_id"]});
  std::string text;
  TUTTI_RETURN_IF_ERROR(Attach(database, globals, "epochs",
                               "SELECT epoch, split, name, value FROM v_epochs WHERE trial_id = "
                               "?1 ORDER BY epoch, split, name", trial, object, text));
  TUTTI_RETURN_IF_ERROR(Attach(database, globals, "evaluations",
                               "SELECT evaluation_id, split, n, accuracy, loss, macro_auc, "
                               "macro_ap, macro_f1, ece, brier FROM v_evaluations "
                               "WHERE trial_id = ?1 ORDER BY evaluation_id",
                               trial, object, text));
  TUTTI_RETURN_IF_ERROR(Attach(database, globals, "checkpoints",
                               "SELECT checkpoint, step, epoch, bytes, state, path "
                               "FROM v_checkpoints WHERE trial_id = ?1 ORDER BY step",
                               trial, object, text));
  TUTTI_RETURN_IF_ERROR(Attach(database, globals, "decisions",
                               "SELECT at, text FROM v_decisions WHERE subject = 'trial ' || ?1 "
                               "ORDER BY seq",
                               Json::MakeArray({object["trial"]}), object, text));
  std::fputs((RenderObject(object, globals.format) + text).c_str(), stdout);
  return Ok{};
}

Status DescribeExperiment(Database& database, const Globals& globals, const TargetId& target) {
  const Json id = Json::MakeArray({target.experiment});
  TUTTI_ASSIGN_OR_RETURN(
      Json object, One(database, "SELECT * FROM v_experiments WHERE experiment_id = ?1", id));
  AddReason(globals, target, object);
  std::string text;
  TUTTI_RETURN_IF_ERROR(Attach(database, globals, "trial_list",
                               "SELECT trial, state, seed, hparams, best_value, attempts, message "
                               "FROM v_trials WHERE experiment_id = ?1 ORDER BY trial_no",
                               id, object, text));
  std::fputs((RenderObject(object, globals.format) + text).c_str(), stdout);
  return Ok{};
}

}  // namespace

int RunDescribe(const Globals& globals, const std::string& what, const std::string& name) {
  if (what == "model") return DescribeModel(name);
  if (what == "searcher") return DescribeSearcher(name);
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  auto target = ParseTarget(**database, what);
  if (!target) return Fail(target.error());
  const Status done = target->trial_no > 0 ? DescribeTrial(**database, globals, *target)
                                           : DescribeExperiment(**database, globals, *target);
  return done ? kExitOk : Fail(done.error());
}

}  // namespace tutti::cli
