#include "experiments/search/searcher.h"

#include <algorithm>
#include <string>
#include <utility>

#include "experiments/search/asha.h"
#include "experiments/search/deterministic.h"
#include "experiments/search/grid.h"
#include "experiments/search/hyperband.h"
#include "experiments/search/listed.h"
#include "experiments/search/model_based/model_based.h"
#include "experiments/search/pbt.h"
#include "experiments/search/sample.h"
#include "experiments/search/stop_rules.h"

// Which class each name stands for, and what is wrapped around it. Every searcher is made anew from
// the configuration, and takes over the state of a snapshot if there is one.

namespace tutti::search {
namespace {

using Made = Result<std::unique_ptr<Searcher>>;

// `made`, with the state of `snapshot` if that is not null.
template <class T>
Made WithState(Result<std::unique_ptr<T>> made, const Json* snapshot) {
  if (!made) return made.error();
  if (snapshot != nullptr) TUTTI_RETURN_IF_ERROR((*made)->Restore(*snapshot));
  return std::unique_ptr<Searcher>(std::move(*made));
}

using MadeListed = Result<std::unique_ptr<ListedSearcher>>;

Status CheckSpace(const SearchSpace& space) {
  for (const SearchDimension& dimension : space) {
    TUTTI_RETURN_IF_ERROR(CheckDimension(dimension));
  }
  return Ok{};
}

// `single` and `random` differ in how many points they sample: `single` is the first configuration
// of a random search over the same space (with no space: the file as it is), and no other can stand
// in for it.
MadeListed MakeRandom(const ExperimentConfig& config, std::int64_t total,
                      ListedSearcher::Invalid invalid) {
  if (total < 1) {
    return InvalidArgument("searcher.max_trials is " + std::to_string(total) +
                           ", must be at least 1");
  }
  TUTTI_RETURN_IF_ERROR(CheckSpace(config.hyperparameters));
  auto values = [space = config.hyperparameters, seed = config.experiment_seed](std::int64_t no) {
    return SampleConfiguration(space, seed, no);
  };
  return std::make_unique<ListedSearcher>(config.searcher.name, total,
                                          config.searcher.max_concurrent_trials,
                                          std::move(values), invalid);
}

MadeListed MakeGrid(const ExperimentConfig& config) {
  TUTTI_ASSIGN_OR_RETURN(Grid grid, Grid::Make(config.hyperparameters));
  const std::int64_t total = grid.total();
  auto values = [grid = std::move(grid)](std::int64_t no) { return grid.Values(no); };
  return std::make_unique<ListedSearcher>(config.searcher.name, total,
                                          config.searcher.max_concurrent_trials,
                                          std::move(values), ListedSearcher::Invalid::kDropped);
}

bool IsModelBased(const std::string& name) {
  const std::vector<std::string> names = ModelSearcherNames();
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The searcher alone, without what is wrapped around it.
Made MakeBare(const ExperimentConfig& config, const Json* snapshot) {
  const std::string& name = config.searcher.name;
  if (config.searcher.max_concurrent_trials < 0) {
    return InvalidArgument("searcher.max_concurrent_trials is " +
                           std::to_string(config.searcher.max_concurrent_trials) +
                           ", must be at least 0 (0 = no limit)");
  }
  if (name == "single") {
    return WithState(MakeRandom(config, 1, ListedSearcher::Invalid::kDropped), snapshot);
  }
  if (name == "random") {
    return WithState(
        MakeRandom(config, config.searcher.max_trials, ListedSearcher::Invalid::kReplaced),
        snapshot);
  }
  if (name == "grid") return WithState(MakeGrid(config), snapshot);
  if (name == "async_halving" || name == "adaptive_asha") {
    return WithState(AshaSearcher::Make(config), snapshot);
  }
  if (name == "hyperband") {
    return WithState(
        Hyperband::Make(config,
                        MakeRandomSampler(config.hyperparameters, config.experiment_seed)),
        snapshot);
  }
  if (name == "pbt") return WithState(PopulationBasedTraining::Make(config), snapshot);
  if (IsModelBased(name)) {
    return snapshot == nullptr ? MakeModelSearcher(config)
                               : RestoreModelSearcher(config, *snapshot);
  }
  std::string known;
  for (const std::string& other : SearcherNames()) known += (known.empty() ? "" : ", ") + other;
  return InvalidArgument("unknown searcher '" + name + "'; known are " + known);
}

// The part of a wrapper's snapshot that belongs to what it is around; null for no snapshot. A
// snapshot without such a part gives `kNone`, which no searcher takes.
const Json* Inside(const Json* snapshot) {
  static const Json kNone;
  if (snapshot == nullptr) return nullptr;
  const Json* inner = snapshot->Find("inner");
  return inner == nullptr ? &kNone : inner;
}

// With the stop rules around it, if there are any.
Made MakeWithRules(const ExperimentConfig& config, const Json* snapshot) {
  if (config.searcher.stop.empty()) return MakeBare(config, snapshot);
  TUTTI_ASSIGN_OR_RETURN(auto inner, MakeBare(config, Inside(snapshot)));
  return WithState(StopRules::Make(config, std::move(inner)), snapshot);
}

// Searchers that would start everything at once need a limit for a barrier to mean something; the
// others have a rule of their own.
ExperimentConfig WithLimit(ExperimentConfig config) {
  const std::string& name = config.searcher.name;
  const bool own_rule = name == "async_halving" || name == "adaptive_asha" ||
                        name == "hyperband" || name == "bohb" || name == "pbt";
  if (config.searcher.max_concurrent_trials == 0 && !own_rule) {
    config.searcher.max_concurrent_trials = kDefaultConcurrentInOrder;
  }
  return config;
}

Made MakeWhole(const ExperimentConfig& config, const Json* snapshot) {
  if (!config.searcher.deterministic) return MakeWithRules(config, snapshot);
  TUTTI_ASSIGN_OR_RETURN(auto plain, MakeWithRules(config, nullptr));
  if (!plain->DependsOnOrder()) return MakeWithRules(config, snapshot);
  TUTTI_ASSIGN_OR_RETURN(auto inner, MakeWithRules(WithLimit(config), Inside(snapshot)));
  return WithState<DeterministicOrder>(std::make_unique<DeterministicOrder>(std::move(inner)),
                                       snapshot);
}

}  // namespace

Result<std::unique_ptr<Searcher>> MakeSearcher(const ExperimentConfig& config) {
  return MakeWhole(config, nullptr);
}

Result<std::unique_ptr<Searcher>> RestoreSearcher(const ExperimentConfig& config,
                                                  const Json& snapshot) {
  auto restored = MakeWhole(config, &snapshot);
  if (!restored) return DataLoss(restored.error().ToString());
  return restored;
}

std::vector<std::string> SearcherNames() {
  std::vector<std::string> names = {"single",        "random",        "grid",
                                    "async_halving", "adaptive_asha", "hyperband", "pbt"};
  for (std::string& name : ModelSearcherNames()) names.push_back(std::move(name));
  return names;
}

}  // namespace tutti::search
