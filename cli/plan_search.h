#pragma once

#include <cstdint>
#include <string>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// What `tutti plan` says about the search: brackets and rungs, and how large the networks of the
// search space are. Pure.

namespace tutti::cli {

// Brackets with their rungs, of searchers that have some: a table for people, and for JSON a list of
// {"rungs": […], "trials": n, "max_concurrent": n}. Both empty for the other searchers.
struct BracketPlan {
  std::string text;
  Json json = Json::MakeArray();
};
Result<BracketPlan> PlanBrackets(const ExperimentConfig& config);

// Parameters and FLOPs (forward, one item) over the search space, from sampled configurations.
struct SizeRange {
  std::int64_t configurations = 0;  // that were looked at; 0: the files decide the shapes
  std::int64_t parameters_min = 0, parameters_max = 0;
  std::int64_t flops_min = 0, flops_max = 0;
  double flops_mean = 0;
};
SizeRange SizesOf(const ExperimentConfig& config);
std::string SizeText(const SizeRange& sizes);

}  // namespace tutti::cli
