// Goal: whatever the protocol allows to happen, the invariants hold, every experiment, ensemble and
// task ends (tasks exactly once), and the engine is a pure function of its events: a replay of the
// journal and an engine restored from a snapshot at any point give the same commands.
// Method: random experiments on fake workers (random_world.h); the engine is audited after every
// event. The seed is printed; TUTTI_ENGINE_SEED=N runs that one alone, TUTTI_ENGINE_SEEDS=N runs N
// short ones, from TUTTI_ENGINE_FIRST_SEED on.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "tests/coordinator/engine/random_world.h"

namespace tutti::engine {
namespace {

TEST(EngineProperty, RandomRunsKeepTheInvariantsEndAndReplayExactly) {
  std::uint64_t first = 1, count = 8;
  if (const char* only = std::getenv("TUTTI_ENGINE_SEED")) {
    first = std::strtoull(only, nullptr, 10);
    count = 1;
  }
  std::map<std::string, int> endings, ensembles;
  std::size_t events = 0;
  int tasks = 0, preempted = 0, held = 0, continued = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    SCOPED_TRACE("TUTTI_ENGINE_SEED=" + std::to_string(seed));
    World world(seed, true);
    world.Run(1500);
    held += world.held();
    continued += world.continued();
    if (HasFailure()) return;
    world.ExpectReplaysAlike();
    world.ExpectRestoredAlike(seed);
    if (HasFailure()) return;
    events += world.events();
    for (const auto& [state, n] : world.endings()) endings[state] += n;
    for (const auto& [state, n] : world.ensemble_endings()) ensembles[state] += n;
    tasks += world.tasks_ended_well();
    preempted += world.preempted();
  }
  std::string text = "seeds " + std::to_string(first) + " to " + std::to_string(first + count - 1) +
                     ", " + std::to_string(events) + " events;";
  for (const auto& [state, n] : endings) text += ' ' + state + ' ' + std::to_string(n);
  text += "; ensembles:";
  for (const auto& [state, n] : ensembles) text += ' ' + state + ' ' + std::to_string(n);
  text += "; tasks: " + std::to_string(tasks) + "; preempted: " + std::to_string(preempted);
  std::printf("%s\n", text.c_str());
  if (count > 1) {
    EXPECT_GT(endings["COMPLETED"], 0);
    EXPECT_GT(endings["CANCELLED"], 0);
    EXPECT_GT(endings["ERROR"], 0);
    EXPECT_GT(ensembles["COMPLETED"], 0);
    EXPECT_GT(ensembles["FAILED"], 0);
    EXPECT_GT(tasks, 0);
    EXPECT_GT(preempted, 0);
    EXPECT_GT(held, 0);
    EXPECT_GT(continued, 0);
  }
}

// Many short runs: invariants after each event, and everything that can end has ended.
TEST(EngineProperty, ManyShortRunsKeepTheInvariantsAndEnd) {
  std::uint64_t first = 1, count = 200;
  if (const char* only = std::getenv("TUTTI_ENGINE_SEED")) {
    first = std::strtoull(only, nullptr, 10);
    count = 1;
  } else if (const char* seeds = std::getenv("TUTTI_ENGINE_SEEDS")) {
    count = std::strtoull(seeds, nullptr, 10);
    const char* from = std::getenv("TUTTI_ENGINE_FIRST_SEED");
    if (from != nullptr) first = std::strtoull(from, nullptr, 10);
  }
  std::size_t events = 0;
  int preempted = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    SCOPED_TRACE("TUTTI_ENGINE_SEED=" + std::to_string(seed));
    World world(seed, false);
    world.Run(100);
    if (HasFailure()) return;
    events += world.events();
    preempted += world.preempted();
  }
  std::printf("seeds %llu to %llu, %zu events, %d preempted\n",
              static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(first + count - 1), events, preempted);
  EXPECT_TRUE(count == 1 || preempted > 0);
}

}  // namespace
}  // namespace tutti::engine
