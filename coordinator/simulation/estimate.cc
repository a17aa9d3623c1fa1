#include "coordinator/simulation/estimate.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "coordinator/simulation/simulation.h"
#include "experiments/core/config/experiment_config.h"
#include "experiments/search/searcher.h"

namespace tutti::simulation {
namespace {

constexpr std::int64_t kMostUnits = 1'000'000;
constexpr std::int64_t kMostNodes = 10'000;

bool ParseCount(std::string_view text, std::int64_t& count) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  return error == std::errc() && end == text.data() + text.size() && count >= 1 &&
         count <= kMostNodes;
}

}  // namespace

Result<std::vector<NodeSpec>> ParseNodes(std::string_view text) {
  std::vector<NodeSpec> nodes;
  while (true) {
    const auto comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    const auto cross = part.find('x');
    std::int64_t count = 0, slots = 0;
    if (cross == std::string_view::npos || !ParseCount(part.substr(0, cross), count) ||
        !ParseCount(part.substr(cross + 1), slots)) {
      return InvalidArgument("--nodes has '" + std::string(part) +
                             "', expected NODESxSLOTS such as 8x8, several separated by commas");
    }
    for (std::int64_t i = 0; i < count; ++i) {
      NodeSpec node;
      node.name = "n" + std::to_string(nodes.size() + 1);
      node.slots = slots;
      nodes.push_back(std::move(node));
    }
    if (static_cast<std::int64_t>(nodes.size()) > kMostNodes) {
      return InvalidArgument("--nodes asks for more than " + std::to_string(kMostNodes) +
                             " nodes");
    }
    if (comma == std::string_view::npos) return nodes;
    text = text.substr(comma + 1);
  }
}

Result<RunEstimate> EstimateRun(const Json& canonical, std::vector<NodeSpec> nodes,
                                std::int64_t unit_ms, std::uint64_t seed) {
  TUTTI_ASSIGN_OR_RETURN(const ExperimentConfig config, ReadExperimentConfig(canonical));
  TUTTI_ASSIGN_OR_RETURN(const auto searcher, search::MakeSearcher(config));
  const std::int64_t replicates = std::max<std::int64_t>(config.replicates, 1);
  const std::int64_t trials = std::max<std::int64_t>(searcher->expected_configurations(),
                                                     config.searcher.max_trials) * replicates;
  const std::int64_t length = std::max<std::int64_t>(config.searcher.max_time, 1);
  const bool epochs = config.searcher.time_metric == "epochs";
  if (trials > kMostUnits / (epochs ? length : 20)) {
    return InvalidArgument("too large to simulate: up to " + std::to_string(trials) +
                           " trials of " + std::to_string(length) + " " +
                           config.searcher.time_metric);
  }
  Scenario scenario;
  scenario.name = "plan";
  for (NodeSpec& node : nodes) {
    node.pool = config.resources.resource_pool;
    node.labels = config.resources.node_labels;
  }
  scenario.nodes = std::move(nodes);
  // Slow trials need no clock that ticks every second.
  Weather& weather = scenario.weather;
  weather.heartbeat_ms = std::max<std::int64_t>(weather.heartbeat_ms, unit_ms);
  weather.tick_ms = std::max<std::int64_t>(weather.tick_ms, unit_ms / 10);
  weather.lost_after_ms = 10 * weather.heartbeat_ms + 90'000;
  weather.self_kill_after_ms = weather.lost_after_ms - 30'000;
  scenario.horizon_ms = INT64_MAX / 4;
  scenario.snapshot_every = INT64_MAX;
  Submit submit;
  submit.canonical = canonical;
  submit.model.unit_ms = std::max<std::int64_t>(unit_ms, 1);
  submit.model.checkpoint_every = 0;
  constexpr std::int64_t kSubmittedMs = 1'000;
  scenario.steps.push_back({kSubmittedMs, std::move(submit)});
  const SimulationResult result = Simulate(scenario, {.seed = seed, .check = false});
  if (!result.violations.empty()) {
    return Internal("the simulated run went wrong: " + result.violations.front());
  }
  RunEstimate estimate;
  estimate.makespan_ms = result.end_ms - kSubmittedMs;
  for (const auto& [id, slot_ms] : result.ledger.SlotMs(result.end_ms)) {
    estimate.slot_ms += slot_ms;
  }
  for (const auto& [id, row] : result.ledger.trials) {
    ++estimate.trials;
    estimate.configurations = std::max(estimate.configurations, row.configuration_no);
    estimate.units += row.time_done;
    ++estimate.states[row.state];
  }
  return estimate;
}

}  // namespace tutti::simulation
