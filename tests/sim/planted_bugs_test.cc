// Goal: the simulator finds mistakes; each kind of bug in bug.h, planted into the commands, events
// or nodes of random scenarios, breaks an invariant, and the same scenario without it does not.
// Method: seeds are tried in order until one finds the bug, then two stories whose timelines show
// what short random scenarios do not; which one found it, and how, is printed.

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "coordinator/simulation/expectations.h"
#include "coordinator/simulation/random_scenario.h"
#include "coordinator/simulation/simulation.h"
#include "tests/sim/scenario_file.h"

namespace tutti::simulation {
namespace {

constexpr std::uint64_t kMostSeeds = 400;

class PlantedBugs : public testing::TestWithParam<Bug> {};

TEST_P(PlantedBugs, AreFound) {
  const auto canonical = CanonicalOf(Json::MakeObject());
  ASSERT_TRUE(canonical.ok()) << canonical.error().ToString();
  for (std::uint64_t seed = 1; seed <= kMostSeeds; ++seed) {
    const Scenario scenario = RandomScenario(seed, *canonical);
    const auto result = Simulate(scenario, {.seed = seed, .bug = GetParam()});
    if (result.violations.empty()) continue;
    std::printf("%s: seed %llu: %s\n", std::string(kBugNames.Name(GetParam())).c_str(),
                static_cast<unsigned long long>(seed), result.violations.front().c_str());
    const auto without = Simulate(scenario, {.seed = seed});
    EXPECT_TRUE(without.violations.empty()) << without.violations.front();
    return;
  }
  for (const std::string story : {"weights_1_to_3", "lost_node"}) {
    const auto file = LoadScenarioFile(std::string(TUTTI_SOURCE_DIR) + "/tests/sim/scenarios/" +
                                       story + ".yaml");
    ASSERT_TRUE(file.ok()) << file.error().ToString();
    const auto result = Simulate(file->scenario, {.bug = GetParam()});
    auto failures = result.violations;
    if (failures.empty()) failures = CheckExpectations(file->expect, result);
    if (failures.empty()) continue;
    std::printf("%s: %s: %s\n", std::string(kBugNames.Name(GetParam())).c_str(), story.c_str(),
                failures.front().c_str());
    return;  // without the bug it goes as it should: a test of its own
  }
  FAIL() << "not found in " << kMostSeeds << " random scenarios";
}

std::vector<Bug> AllBugs() {
  std::vector<Bug> bugs;
  for (const auto& [bug, name] : kBugNames.rows) {
    if (bug != Bug::kNone) bugs.push_back(bug);
  }
  return bugs;
}

INSTANTIATE_TEST_SUITE_P(All, PlantedBugs, testing::ValuesIn(AllBugs()),
                         [](const testing::TestParamInfo<Bug>& bug) {
                           return std::string(kBugNames.Name(bug.param));
                         });

}  // namespace
}  // namespace tutti::simulation
