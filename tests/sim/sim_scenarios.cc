// Goal: the stories of scheduling and search in scenarios/*.yaml go as their files say, and no
// invariant breaks on the way.
// Method: each file is a simulation of the production engine (coordinator/simulation) on a virtual
// clock, run with each of its seeds. A failure prints the one command that reproduces it.
//
//   sim_scenarios FILE… [--seed N] [--trace] [--log]
//   sim_scenarios --random N [--trace] [--log]      the random scenario of seed N

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/simulation/expectations.h"
#include "coordinator/simulation/random_scenario.h"
#include "coordinator/simulation/simulation.h"
#include "tests/sim/scenario_file.h"

namespace {

using namespace tutti::simulation;

struct Options {
  std::vector<std::string> files;
  std::optional<std::uint64_t> seed, random;
  bool trace = false, log = false;
};

void Print(const Options& options, const SimulationResult& result) {
  if (options.trace) {
    std::fputs(TimelineText(result.ledger.timeline(), result.total_slots).c_str(), stdout);
    for (const auto& [id, row] : result.ledger.experiments) {
      std::printf("experiment %s '%s': %s %s\n", tutti::ToString(id).c_str(), row.name.c_str(),
                  row.state.c_str(), row.message.c_str());
      std::fputs(TrialTable(result.ledger, id.value).c_str(), stdout);
    }
  }
  if (!options.log) return;
  for (const auto& line : result.ledger.log) {
    std::printf("%10.3f s  %-16s %-14s %s\n", static_cast<double>(line.at_ms) / 1000,
                line.kind.c_str(), line.subject.c_str(), line.detail.c_str());
  }
}

bool RunFile(const std::string& program, const std::string& path, const Options& options) {
  const auto file = LoadScenarioFile(path);
  if (!file) {
    std::printf("FAILED %s\n", file.error().ToString().c_str());
    return false;
  }
  const std::vector<std::uint64_t> seeds =
      options.seed ? std::vector{*options.seed} : file->seeds;
  std::string first_tables;
  for (const std::uint64_t seed : seeds) {
    const SimulationResult result = Simulate(file->scenario, {.seed = seed});
    Print(options, result);
    std::vector<std::string> failures = result.violations;
    if (failures.empty() && !file->expect.is_null()) {
      failures = CheckExpectations(file->expect, result);
    }
    std::string tables;
    for (const auto& [id, row] : result.ledger.experiments) {
      tables += TrialTable(result.ledger, id.value);
    }
    if (seed == seeds.front()) first_tables = tables;
    if (file->identical && tables != first_tables) {
      failures.push_back("its trials differ from those with seed " +
                         std::to_string(seeds.front()));
    }
    std::printf("%s %s: seed %llu, %lld events, %.1f s of virtual time\n",
                failures.empty() ? "ok    " : "FAILED", file->scenario.name.c_str(),
                static_cast<unsigned long long>(seed), static_cast<long long>(result.events),
                static_cast<double>(result.end_ms) / 1000);
    for (const std::string& failure : failures) std::printf("  %s\n", failure.c_str());
    if (failures.empty()) continue;
    std::printf("  to see it: %s %s --seed %llu --trace --log\n", program.c_str(), path.c_str(),
                static_cast<unsigned long long>(seed));
    return false;
  }
  return true;
}

bool RunRandom(std::uint64_t seed, const Options& options) {
  const auto canonical = CanonicalOf(tutti::Json::MakeObject());
  if (!canonical) {
    std::printf("FAILED %s\n", canonical.error().ToString().c_str());
    return false;
  }
  const Scenario scenario = RandomScenario(seed, *canonical);
  for (const NodeSpec& node : scenario.nodes) {
    std::printf("node %s: %lld slots, joins at %.3f s%s\n", node.name.c_str(),
                static_cast<long long>(node.slots),
                static_cast<double>(node.joins_at_ms) / 1000,
                node.spans_nodes ? "" : ", takes no part in gangs over several nodes");
  }
  for (const Step& step : scenario.steps) {
    std::printf("%10.3f s  %s\n", static_cast<double>(step.at_ms) / 1000,
                Describe(step.what).c_str());
  }
  const SimulationResult result = Simulate(scenario, {.seed = seed});
  Print(options, result);
  for (const std::string& violation : result.violations) std::printf("  %s\n", violation.c_str());
  std::printf("%s random scenario %llu\n", result.violations.empty() ? "ok    " : "FAILED",
              static_cast<unsigned long long>(seed));
  return result.violations.empty();
}

constexpr char kUsage[] =
    "usage: sim_scenarios FILE... [--seed N] [--trace] [--log]\n"
    "       sim_scenarios --random N [--trace] [--log]\n";

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--trace") {
      options.trace = true;
    } else if (word == "--log") {
      options.log = true;
    } else if (word == "--seed" && i + 1 < argc) {
      options.seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--random" && i + 1 < argc) {
      options.random = std::strtoull(argv[++i], nullptr, 10);
    } else if (word.starts_with("-")) {
      std::fputs(kUsage, stderr);
      return 2;
    } else {
      options.files.push_back(word);
    }
  }
  if (options.random) return RunRandom(*options.random, options) ? 0 : 1;
  bool ok = !options.files.empty();
  if (!ok) std::fputs(kUsage, stderr);
  for (const std::string& path : options.files) ok = RunFile(argv[0], path, options) && ok;
  return ok ? 0 : 1;
}
