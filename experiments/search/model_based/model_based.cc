#include "experiments/search/model_based/model_based.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "experiments/search/hyperband.h"
#include "experiments/search/listed.h"
#include "experiments/search/model_based/bohb.h"
#include "experiments/search/model_based/cmaes.h"
#include "experiments/search/model_based/gp.h"
#include "experiments/search/model_based/model_searcher.h"
#include "experiments/search/model_based/nsga2.h"
#include "experiments/search/model_based/sobol.h"
#include "experiments/search/model_based/startup.h"
#include "experiments/search/model_based/tpe.h"
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
    return space.Decode(StartupPoint(space, seed, no).point);
  };
  return std::make_unique<ListedSearcher>("sobol", config.searcher.max_trials,
                                          config.searcher.max_concurrent_trials,
                                          std::move(values));
}

Result<std::unique_ptr<Hyperband>> MakeBohb(const ExperimentConfig& config) {
  TUTTI_RETURN_IF_ERROR(CheckCounts(config.searcher));
  TUTTI_ASSIGN_OR_RETURN(std::unique_ptr<Sampler> sampler, MakeBohbSampler(config));
  return Hyperband::Make(config, std::move(sampler));
}

using MakeProposer = std::unique_ptr<Proposer> (*)(const UnitSpace&, const ExperimentConfig&);

struct Model {
  std::string_view name;
  MakeProposer make;
};

constexpr Model kModels[] = {
    {"cmaes", [](const UnitSpace& space, const ExperimentConfig& config) {
       return MakeCmaes(space, config.experiment_seed, config.searcher.startup_trials);
     }},
    {"gp", [](const UnitSpace& space, const ExperimentConfig& config) {
       return MakeGp(space, config.experiment_seed, config.searcher.startup_trials);
     }},
    {"nsga2", [](const UnitSpace& space, const ExperimentConfig& config) {
       return MakeNsga2(space, config.experiment_seed, config.searcher.population_size);
     }},
    {"tpe", [](const UnitSpace& space, const ExperimentConfig& config) {
       return MakeTpe(space, config.experiment_seed, config.searcher.startup_trials);
     }},
};

Result<std::unique_ptr<ModelSearcher>> MakeModel(const ExperimentConfig& config) {
  TUTTI_RETURN_IF_ERROR(CheckCounts(config.searcher));
  TUTTI_ASSIGN_OR_RETURN(UnitSpace space, UnitSpace::Make(config.hyperparameters));
  const auto* model = std::find_if(std::begin(kModels), std::end(kModels), [&](const Model& m) {
    return m.name == config.searcher.name;
  });
  TUTTI_CHECK(model != std::end(kModels), "not a model-based searcher: " + config.searcher.name);
  auto proposer = model->make(space, config);
  return std::make_unique<ModelSearcher>(config, std::move(space), std::move(proposer));
}

// As a Searcher, after taking over the snapshot if there is one.
template <class Made>
Result<std::unique_ptr<Searcher>> Restored(Result<std::unique_ptr<Made>> made,
                                           const Json* snapshot) {
  if (!made) return made.error();
  if (snapshot != nullptr) {
    if (auto status = (*made)->Restore(*snapshot); !status) {
      return DataLoss(status.error().ToString());
    }
  }
  return std::unique_ptr<Searcher>(*std::move(made));
}

Result<std::unique_ptr<Searcher>> Make(const ExperimentConfig& config, const Json* snapshot) {
  if (config.searcher.name == "sobol") return Restored(MakeSobol(config), snapshot);
  if (config.searcher.name == "bohb") return Restored(MakeBohb(config), snapshot);
  return Restored(MakeModel(config), snapshot);
}

}  // namespace

std::vector<std::string> ModelSearcherNames() {
  std::vector<std::string> names = {"sobol", "bohb"};
  for (const Model& model : kModels) names.emplace_back(model.name);
  return names;
}

Result<std::unique_ptr<Searcher>> MakeModelSearcher(const ExperimentConfig& config) {
  return Make(config, nullptr);
}

Result<std::unique_ptr<Searcher>> RestoreModelSearcher(const ExperimentConfig& config,
                                                       const Json& snapshot) {
  return Make(config, &snapshot);
}

}  // namespace tutti::search
