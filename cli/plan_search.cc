#include "cli/plan_search.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "cli/output.h"
#include "experiments/models/graph.h"
#include "experiments/search/brackets.h"
#include "experiments/search/sample.h"
#include "experiments/spec/dataset_facts.h"

namespace tutti::cli {
namespace {

constexpr std::int64_t kSampledConfigurations = 64;

bool HasBrackets(const std::string& searcher) {
  return searcher == "async_halving" || searcher == "adaptive_asha" || searcher == "hyperband" ||
         searcher == "bohb";
}

std::string Cell(const std::string& text, std::size_t width) {
  return (text.size() < width ? std::string(width - text.size(), ' ') : "") + text;
}

// 1234567 -> "1.23 M".
std::string Short(double value) {
  const char* unit = "";
  for (const char* next : {" k", " M", " G", " T"}) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  char text[32];
  std::snprintf(text, sizeof text, "%.3g%s", value, unit);
  return text;
}

std::string Range(std::int64_t low, std::int64_t high) {
  const std::string from = Short(static_cast<double>(low));
  return low == high ? from : from + " to " + Short(static_cast<double>(high));
}

}  // namespace

// A row per bracket: how many configurations begin, then for each rung its length and how many get
// there if just the share that rungs keep goes on.
Result<BracketPlan> PlanBrackets(const ExperimentConfig& config) {
  BracketPlan plan;
  if (!HasBrackets(config.searcher.name)) return plan;
  TUTTI_ASSIGN_OR_RETURN(const std::vector<search::Bracket> brackets, search::Brackets(config));
  const std::string unit = config.searcher.time_metric;
  std::int64_t total = 0;
  std::string rows;
  for (std::size_t i = 0; i < brackets.size(); ++i) {
    const search::Bracket& bracket = brackets[i];
    Json rungs = Json::MakeArray();
    std::string ladder;
    std::int64_t left = bracket.trials;
    for (const std::int64_t length : bracket.rungs) {
      rungs.Append(length);
      ladder += (ladder.empty() ? "" : ", ") + std::to_string(left) + " x " +
                std::to_string(length);
      left = search::KeptOf(left, config.searcher.divisor);
    }
    total += bracket.trials;
    rows += Cell(std::to_string(i + 1), 11) + Cell(std::to_string(bracket.trials), 16) +
            Cell(std::to_string(bracket.max_concurrent), 9) + "  " + ladder + "\n";
    plan.json.Append(Json::MakeObject({{"rungs", std::move(rungs)},
                                       {"trials", bracket.trials},
                                       {"max_concurrent", bracket.max_concurrent}}));
  }
  plan.text = "  " + config.searcher.name + ": " +
              Count(static_cast<std::int64_t>(brackets.size()), "bracket") + " of " +
              std::to_string(total) + " configurations, of every " +
              std::to_string(config.searcher.divisor) + " in a rung one goes on\n" +
              "    bracket  configurations  at once  rungs: about how many x " + unit + "\n" + rows;
  return plan;
}

SizeRange SizesOf(const ExperimentConfig& config) {
  SizeRange sizes;
  if (!config.entrypoint.empty()) return sizes;
  const std::int64_t samples = config.hyperparameters.empty() ? 1 : kSampledConfigurations;
  for (std::int64_t no = 1; no <= samples; ++no) {
    const Json hparams =
        search::SampleConfiguration(config.hyperparameters, config.experiment_seed, no);
    const Json document = ApplyHparams(config.canonical, hparams);
    const auto input = spec::FindModelInput(document["data"]);
    if (!input) continue;
    const auto graph = BuildGraph(document["model"], input->shape, input->classes);
    if (!graph) continue;  // validation has reported what cannot be built
    const bool first = sizes.configurations == 0;
    sizes.parameters_min =
        first ? graph->parameters : std::min(sizes.parameters_min, graph->parameters);
    sizes.parameters_max = std::max(sizes.parameters_max, graph->parameters);
    sizes.flops_min = first ? graph->flops : std::min(sizes.flops_min, graph->flops);
    sizes.flops_max = std::max(sizes.flops_max, graph->flops);
    sizes.flops_mean += static_cast<double>(graph->flops);
    ++sizes.configurations;
  }
  if (sizes.configurations > 0) sizes.flops_mean /= static_cast<double>(sizes.configurations);
  return sizes;
}

std::string SizeText(const SizeRange& sizes) {
  if (sizes.configurations == 0) return "";
  return "  " + Range(sizes.parameters_min, sizes.parameters_max) + " parameters, " +
         Range(sizes.flops_min, sizes.flops_max) + " FLOPs forward per item" +
         (sizes.configurations > 1
              ? " (" + std::to_string(sizes.configurations) + " sampled configurations)"
              : "") +
         "\n";
}

}  // namespace tutti::cli
