#include <cstdio>

#include "cli/coordinator_client.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"
#include "cli/watch.h"
#include "experiments/spec/spec.h"

namespace tutti::cli {
namespace {

// The length of a trial stands in two fields, which must agree.
void SetLength(Json& document, const Json& length) {
  if (document.FindPath("searcher.max_time") != nullptr) {
    document.SetPath("searcher.max_time", length);
  }
  const bool batches = document.FindPath("training.max_batches") != nullptr;
  if (batches) document.SetPath("training.max_batches", length);
  if (!batches && document.FindPath("training.epochs") != nullptr) {
    document.SetPath("training.epochs", length);
  }
}

Status Override(Json& document, const std::string& text) {
  TUTTI_ASSIGN_OR_RETURN(const spec::Override set, spec::ParseOverride(text));
  auto value = Json::Parse(set.yaml);
  const Json parsed = value ? std::move(*value) : Json(set.yaml);
  if (document.FindPath(set.path) == nullptr) {
    return InvalidArgument("--set " + text + ": the experiment has no field " + set.path +
                           "; `tutti explain` lists the fields");
  }
  const bool length = set.path == "training.epochs" || set.path == "training.max_batches" ||
                      set.path == "searcher.max_time";
  if (length) {
    SetLength(document, parsed);
  } else {
    document.SetPath(set.path, parsed);
  }
  return Ok{};
}

// The document to go on with as text; empty: as it was.
Result<std::string> DocumentOf(Database& database, std::int64_t experiment,
                               const ContinueOptions& options) {
  if (options.set.empty() && options.max_time == 0) return std::string();
  TUTTI_ASSIGN_OR_RETURN(
      const Table found,
      database.Query("SELECT canonical_json FROM documents WHERE experiment_id = ?1",
                     Json::MakeArray({experiment})));
  if (found.rows.empty()) {
    return NotFound("the document of experiment " + std::to_string(experiment) +
                    " is not in the database");
  }
  TUTTI_ASSIGN_OR_RETURN(Json document, Json::Parse(found.rows[0][0].AsString()));
  for (const std::string& text : options.set) {
    TUTTI_RETURN_IF_ERROR(Override(document, text));
  }
  if (options.max_time != 0) SetLength(document, options.max_time);
  return document.Dump();
}

Result<std::int64_t> Continue(const Globals& globals, const ContinueOptions& options) {
  TUTTI_ASSIGN_OR_RETURN(const std::string state, ResolveStateDirectory(globals.state));
  TUTTI_ASSIGN_OR_RETURN(const std::string address,
                         ResolveCoordinator(globals.coordinator, state));
  TUTTI_ASSIGN_OR_RETURN(auto database, Database::Open(globals));
  TUTTI_ASSIGN_OR_RETURN(const TargetId target, ParseTarget(*database, options.id));
  if (target.trial_no != 0) {
    return InvalidArgument("'" + options.id + "' is a trial; continue takes a whole experiment");
  }
  TUTTI_ASSIGN_OR_RETURN(const std::string document,
                         DocumentOf(*database, target.experiment, options));
  CoordinatorClient client(address);
  TUTTI_ASSIGN_OR_RETURN(const std::string now, client.Continue(target.experiment, document));
  if (globals.format == Format::kTable || globals.format == Format::kWide) {
    std::printf("%s %s\n", options.id.c_str(), now.c_str());
  } else {
    std::fputs(RenderObject(Json::MakeObject({{"experiment_id", target.experiment},
                                              {"state", now}}),
                            globals.format)
                   .c_str(),
               stdout);
  }
  std::fflush(stdout);
  return target.experiment;
}

}  // namespace

int RunContinue(const Globals& globals, const ContinueOptions& options) {
  const auto experiment = Continue(globals, options);
  if (!experiment) return Fail(experiment.error());
  if (!options.watch && !options.wait) return kExitOk;
  FollowOptions follow;
  follow.show_progress = options.watch;
  return Follow(globals, *experiment, follow);
}

}  // namespace tutti::cli
