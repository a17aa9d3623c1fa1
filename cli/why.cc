#include <cstdio>

#include "cli/coordinator_client.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/state_directory.h"
#include "cli/verbs.h"

namespace tutti::cli {
namespace {

std::string IdText(const TargetId& target) {
  std::string id = std::to_string(target.experiment);
  if (target.trial_no > 0) id += "." + std::to_string(target.trial_no);
  return id;
}

// What the database alone can say, without a coordinator: nothing runs then.
Result<Explanation> FromDatabase(Database& database, const TargetId& target) {
  const bool trial = target.trial_no > 0;
  const std::string id = IdText(target);
  TUTTI_ASSIGN_OR_RETURN(
      const Table row,
      database.Query(trial ? "SELECT state, message FROM v_trials WHERE trial = ?1"
                           : "SELECT state, message FROM v_experiments WHERE experiment_id = ?1",
                     Json::MakeArray({trial ? Json(id) : Json(target.experiment)})));
  Explanation why;
  why.state = row.rows.at(0)[0].AsString();
  const std::string& message = row.rows.at(0)[1].AsString();
  const bool open = why.state != "COMPLETED" && why.state != "CANCELLED" &&
                    why.state != "ERROR" && why.state != "STOPPED";
  if (!message.empty()) why.lines.push_back(message);
  if (open) why.lines.push_back("no coordinator runs; `tutti up` goes on with it");
  TUTTI_ASSIGN_OR_RETURN(
      const Table decisions,
      database.Query(trial ? "SELECT at, subject, text FROM v_decisions WHERE subject = ?1 "
                             "ORDER BY seq"
                           : "SELECT at, subject, text FROM (SELECT * FROM v_decisions "
                             "WHERE experiment_id = ?1 ORDER BY seq DESC LIMIT 100) ORDER BY seq",
                     Json::MakeArray({trial ? Json("trial " + id) : Json(target.experiment)})));
  for (const auto& line : decisions.rows) {
    why.decisions.push_back({line[0].AsString(), line[1].AsString(), line[2].AsString()});
  }
  return why;
}

Result<Explanation> Ask(const Globals& globals, Database& database, const TargetId& target) {
  if (!globals.db.empty()) return FromDatabase(database, target);
  TUTTI_ASSIGN_OR_RETURN(const std::string state, ResolveStateDirectory(globals.state));
  const auto address = ResolveCoordinator(globals.coordinator, state);
  if (!address) return FromDatabase(database, target);
  CoordinatorClient client(*address);
  return client.Why(target.experiment, target.trial_no);
}

Json AsJson(const TargetId& target, const Explanation& why) {
  Json lines = Json::MakeArray();
  for (const std::string& line : why.lines) lines.Append(line);
  Json decisions = Json::MakeArray();
  for (const Explanation::Decision& decision : why.decisions) {
    decisions.Append(Json::MakeObject(
        {{"at", decision.at}, {"subject", decision.subject}, {"text", decision.text}}));
  }
  return Json::MakeObject({{"id", IdText(target)},
                           {"state", why.state},
                           {"why", std::move(lines)},
                           {"decisions", std::move(decisions)}});
}

void PrintText(const TargetId& target, const Explanation& why) {
  const bool trial = target.trial_no > 0;
  std::printf("%s %s is %s%s%s\n", trial ? "trial" : "experiment", IdText(target).c_str(),
              why.state.c_str(), why.lines.empty() ? "" : ": ",
              why.lines.empty() ? "" : why.lines[0].c_str());
  for (std::size_t i = 1; i < why.lines.size(); ++i) std::printf("  %s\n", why.lines[i].c_str());
  if (why.decisions.empty()) return;
  std::printf("decisions:\n");
  for (const Explanation::Decision& decision : why.decisions) {
    std::printf("  %s  ", decision.at.c_str());
    if (!trial) std::printf("%-12s  ", decision.subject.c_str());
    std::printf("%s\n", decision.text.c_str());
  }
}

}  // namespace

int RunWhy(const Globals& globals, const std::string& id) {
  auto database = Database::Open(globals);
  if (!database) return Fail(database.error());
  auto target = ParseTarget(**database, id);
  if (!target) return Fail(target.error());
  auto why = Ask(globals, **database, *target);
  if (!why) return Fail(why.error());
  if (globals.format == Format::kTable || globals.format == Format::kWide) {
    PrintText(*target, *why);
  } else {
    std::fputs(RenderObject(AsJson(*target, *why), globals.format).c_str(), stdout);
  }
  return kExitOk;
}

}  // namespace tutti::cli
