// Goal: whatever the engine is told in 10,000 random scenarios (random_scenario.h), no invariant
// breaks, every experiment ends, and a replay of the journal derives the same decisions.
// Method: simulations of the production engine on a virtual clock, in four shards.
// TUTTI_SIM_SEED=N runs one scenario alone; TUTTI_SIM_SEEDS=N changes how many a shard has.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "coordinator/simulation/random_scenario.h"
#include "coordinator/simulation/replay.h"
#include "coordinator/simulation/simulation.h"
#include "tests/sim/scenario_file.h"

namespace tutti::simulation {
namespace {

constexpr std::uint64_t kSeedsOfShard = 2'500;

std::uint64_t FromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void ExpectReplaysAlike(const SimulationResult& result) {
  Replay replay{ExperimentId()};
  std::int64_t seq = 0;
  for (const JournalLine& line : result.journal) {
    Json commands = Json::MakeArray();
    for (const engine::Command& command : line.commands) commands.Append(engine::ToJson(command));
    const auto difference = replay.Next(
        {++seq, engine::kEngineVersion, engine::ToJson(line.event).Dump(), commands.Dump()});
    ASSERT_FALSE(difference) << difference->text;
  }
  EXPECT_EQ(replay.events(), seq);
}

class RandomScenarios : public testing::TestWithParam<std::uint64_t> {};

TEST_P(RandomScenarios, KeepTheInvariantsEndAndReplayAlike) {
  const auto canonical = CanonicalOf(Json::MakeObject());
  ASSERT_TRUE(canonical.ok()) << canonical.error().ToString();
  const std::uint64_t count = FromEnvironment("TUTTI_SIM_SEEDS", kSeedsOfShard);
  std::uint64_t first = 1 + GetParam() * count, last = first + count - 1;
  if (const std::uint64_t only = FromEnvironment("TUTTI_SIM_SEED", 0)) {
    first = last = only;
    if (GetParam() > 0) GTEST_SKIP() << "SKIPPED: TUTTI_SIM_SEED runs in the first shard";
  }
  std::map<std::string, int> endings;
  std::int64_t events = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const Scenario scenario = RandomScenario(seed, *canonical);
    const bool replays = seed % 25 == 0 || first == last;
    const auto result = Simulate(scenario, {.seed = seed, .keep_journal = replays});
    ASSERT_TRUE(result.violations.empty())
        << "build/tests/sim_scenarios --random " << seed << " --trace --log\n"
        << result.violations.front() << "\n"
        << TimelineText(result.ledger.timeline(), result.total_slots).substr(0, 4'000);
    if (replays) {
      SCOPED_TRACE("TUTTI_SIM_SEED=" + std::to_string(seed));
      ExpectReplaysAlike(result);
      if (HasFatalFailure()) return;
    }
    events += result.events;
    for (const auto& [id, row] : result.ledger.experiments) ++endings[row.state];
  }
  std::string text;
  for (const auto& [state, n] : endings) text += ' ' + state + ' ' + std::to_string(n);
  std::printf("seeds %llu to %llu: %lld events;%s\n", static_cast<unsigned long long>(first),
              static_cast<unsigned long long>(last), static_cast<long long>(events), text.c_str());
  if (count < 100) return;
  EXPECT_GT(endings["COMPLETED"], 0);
  EXPECT_GT(endings["CANCELLED"], 0);
  EXPECT_GT(endings["ERROR"], 0);
}

INSTANTIATE_TEST_SUITE_P(Shard, RandomScenarios, testing::Range<std::uint64_t>(0, 4));

}  // namespace
}  // namespace tutti::simulation
