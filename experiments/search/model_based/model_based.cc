#include "experiments/search/model_based/model_based.h"

#include <algorithm>
#include <utility>

#include "experiments/search/listed.h"
#include "experiments/search/model_based/sobol.h"
#include "experiments/search/model_based/unit_space.h"

namespace tutti::search {
namespace {

Status CheckCounts(const SearcherConfig& searcher) {
  if (searcher.max_trials < 1) {
    return InvalidArgument("searcher.max_trials is " + std::to_string(searcher.max_trials) +
                           ", must be at least 1");
  }
  if (searcher.max_concurrent_trials < 0) {
    return InvalidArgument("searcher.max_concurrent_trials is " +
                           std::to_string(searcher.max_concurrent_trials) +
                           ", must be at least 0 (0 = the searcher's own rule)");
  }
  return Ok{};
}

// Configuration k is point k - 1 of a sequence that the experiment's seed scrambles.
Result<std::unique_ptr<ListedSearcher>> MakeSobol(const ExperimentConfig& config) {
  TUTTI_RETURN_IF_ERROR(CheckCounts(config.searcher));
  TUTTI_ASSIGN_OR_RETURN(UnitSpace space, UnitSpace::Make(config.hyperparameters));
  if (space.size() > kMaxSobolDimensions) {
    return InvalidArgument("searcher sobol has direction numbers for " +
                           std::to_string(kMaxSobolDimensions) + " dimensions, the space has " +
                           std::to_string(space.size()) + "; use searcher random");
  }
  auto values = [space = std::move(space), seed = config.experiment_seed](std::int64_t no) {
    const std::size_t dimensions = std::max<std::size_t>(space.size(), 1);
    std::vector<double> u =
        ScrambledSobolPoint(seed, dimensions, static_cast<std::uint64_t>(no - 1));
    u.resize(space.size());
    return space.Decode(space.FromUniform(u));
  };
  return std::make_unique<ListedSearcher>("sobol", config.searcher.max_trials,
                                          config.searcher.max_concurrent_trials,
                                          std::move(values));
}

}  // namespace

std::vector<std::string> ModelSearcherNames() { return {"sobol"}; }

Result<std::unique_ptr<Searcher>> MakeModelSearcher(const ExperimentConfig& config) {
  TUTTI_CHECK(config.searcher.name == "sobol", "not a model-based searcher");
  TUTTI_ASSIGN_OR_RETURN(std::unique_ptr<Searcher> searcher, MakeSobol(config));
  return searcher;
}

Result<std::unique_ptr<Searcher>> RestoreModelSearcher(const ExperimentConfig& config,
                                                       const Json& snapshot) {
  TUTTI_CHECK(config.searcher.name == "sobol", "not a model-based searcher");
  TUTTI_ASSIGN_OR_RETURN(auto searcher, MakeSobol(config));
  if (auto status = searcher->Restore(snapshot); !status) {
    return DataLoss(status.error().ToString());
  }
  return std::unique_ptr<Searcher>(std::move(searcher));
}

}  // namespace tutti::search
