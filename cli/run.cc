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
