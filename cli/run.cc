#include <cstdio>

#include "cli/database.h"
#include "cli/ensemble_text.h"
#include "cli/exit_code.h"
#include "cli/experiment_file.h"
#include "cli/leaderboard.h"
#include "cli/submit.h"
#include "cli/temporary_cluster.h"
#include "cli/verbs.h"
#include "cli/watch.h"

namespace tutti::cli {
namespace {

// Watches the submitted experiments in order; the first code that is not 0 is the result, and an
// interrupt ends the waiting.
int FollowAll(const Globals& globals, const std::vector<SubmitOutcome>& outcomes) {
  int worst = kExitOk;
  for (const SubmitOutcome& outcome : outcomes) {
    const int code = Follow(globals, outcome.experiment_id, {});
    if (worst == kExitOk) worst = code;
    if (code == kExitInterrupted) break;
  }
  return worst;
}

// Why there are fewer results than trials, where the eye is in the end.
void PrintFailedTrials(Database& database, std::int64_t experiment) {
  auto failed = database.Query(
      "SELECT trial, message FROM v_trials WHERE experiment_id = ?1 AND state = 'ERROR' "
      "ORDER BY trial_no", Json::MakeArray({experiment}));
  if (!failed) {
    Fail(failed.error());
    return;
  }
  for (const auto& row : failed->rows) {
    std::printf("trial %s failed: %s\n", row[0].AsString().c_str(),
                row[1].is_string() ? row[1].AsString().c_str() : "no message");
  }
}

// What the search decided before its trials' end, and what waiting for its decisions cost.
void PrintSearch(Database& database, std::int64_t experiment) {
  auto found = database.Query(
      "SELECT (SELECT count(*) FROM v_trials WHERE experiment_id = ?1 AND state = 'STOPPED'), "
      "(SELECT trial FROM v_trials WHERE experiment_id = ?1 AND state = 'STOPPED' "
      "ORDER BY trial_no LIMIT 1), e.held_slot_s, "
      "(SELECT total(slot_seconds) FROM v_trials WHERE experiment_id = ?1), "
      "json_extract(d.canonical_json, '$.searcher.deterministic') "
      "FROM v_experiments AS e JOIN documents AS d ON d.experiment_id = e.experiment_id "
      "WHERE e.experiment_id = ?1",
      Json::MakeArray({experiment}));
  if (!found) {
    Fail(found.error());
    return;
  }
  if (found->rows.empty()) return;
  const auto& row = found->rows[0];
  if (row[0].AsInt() > 0) {
    std::printf("%s stopped early by the searcher; `tutti why %s` tells why\n",
                Count(row[0].AsInt(), "trial").c_str(), row[1].AsString().c_str());
  }
  const double held = row[2].is_number() ? row[2].AsDouble() : 0;
  const double used = row[3].is_number() ? row[3].AsDouble() : 0;
  const bool deterministic = row[4].is_int() && row[4].AsInt() != 0;
  if (held <= 0 && !deterministic) return;
  std::printf("%s cost %.1f slot seconds in which held trials waited, %.0f %% of the %.1f that "
              "trials ran\n",
              deterministic ? "deciding in the same order every time (searcher.deterministic)"
                            : "waiting for the search's decisions",
              held, used > 0 ? 100 * held / used : 0, used);
}

void PrintEnsembles(Database& database, std::int64_t experiment) {
  auto ids = EnsemblesOf(database, experiment);
  if (!ids) {
    Fail(ids.error());
    return;
  }
  for (const std::int64_t id : *ids) {
    auto text = EnsembleText(database, id, false, TerminalWidth());
    if (!text) {
      Fail(text.error());
      continue;
    }
    std::printf("\n%s", text->c_str());
  }
}

void PrintLeaderboards(const Globals& globals, const std::vector<SubmitOutcome>& outcomes) {
  auto database = Database::Open(globals);
  if (!database) {
    Fail(database.error());
    return;
  }
  for (const SubmitOutcome& outcome : outcomes) {
    auto text = LeaderboardText(**database, outcome.experiment_id, false, TerminalWidth());
    if (!text) {
      Fail(text.error());
      continue;
    }
    std::printf("\n%s", text->c_str());
    PrintFailedTrials(**database, outcome.experiment_id);
    PrintSearch(**database, outcome.experiment_id);
    PrintEnsembles(**database, outcome.experiment_id);
  }
}

}  // namespace

int RunRun(const Globals& globals, const FileOptions& input, const ClusterOptions& cluster) {
  auto experiments = LoadExperimentFile(input);
  if (!experiments) return Fail(experiments.error());
  InstallInterruptHandler();
  auto running = TemporaryCluster::Open(globals, cluster);
  if (!running) return Fail(running.error());
  const bool own = running->own();
  int code = kExitOk;
  auto outcomes = SubmitAll(running->address(), *experiments);
  if (outcomes) {
    code = FollowAll(globals, *outcomes);
    if (code != kExitInterrupted) PrintLeaderboards(globals, *outcomes);
  } else {
    code = Fail(outcomes.error());
  }
  std::fflush(stdout);
  const Status stopped = running->Stop();
  if (!stopped) Fail(stopped.error());
  if (code == kExitInterrupted) {
    std::fprintf(stderr, own ? "tutti: interrupted; what has run is saved, `tutti up` goes on\n"
                             : "tutti: detached; the experiment goes on\n");
    return code;
  }
  if (outcomes && !outcomes->empty()) {
    const std::string id = std::to_string(outcomes->back().experiment_id);
    std::fprintf(stderr,
                 "\nresults: %s/tutti.db\n"
                 "next: `tutti leaderboard %s --trials`, "
                 "`tutti sql 'SELECT * FROM v_evaluations'`\n",
                 running->state_dir().c_str(), id.c_str());
  }
  return code;
}

}  // namespace tutti::cli
