// Goal: the stories of scheduling and search in scenarios/*.yaml go as their files say, and no
// invariant breaks on the way.
// Method: each file is a simulation of the production engine (coordinator/simulation) on a virtual
// clock, run with each of its seeds. A failure prints the one command that reproduces it.
//
//   sim_scenarios FILE… [--seed N] [--trace] [--log]

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "coordinator/simulation/expectations.h"
#include "coordinator/simulation/simulation.h"
#include "tests/sim/scenario_file.h"

namespace {

using namespace tutti::simulation;

struct Options {
  std::vector<std::string> files;
  std::optional<std::uint64_t> seed;
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
    for (const auto& [id, row] : result.ledger.experiments) tables += TrialTable(result.ledger, id.value);
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
    } else if (word.starts_with("-")) {
      std::fprintf(stderr, "usage: sim_scenarios FILE... [--seed N] [--trace] [--log]\n");
      return 2;
    } else {
      options.files.push_back(word);
    }
  }
  bool ok = !options.files.empty();
  if (!ok) std::fprintf(stderr, "usage: sim_scenarios FILE... [--seed N] [--trace] [--log]\n");
  for (const std::string& path : options.files) ok = RunFile(argv[0], path, options) && ok;
  return ok ? 0 : 1;
}
