#include "experiments/search/searcher.h"

#include <string>
#include <utility>

#include "experiments/search/listed.h"
#include "experiments/search/sample.h"

namespace tutti::search {
namespace {

constexpr std::int64_t kMaxGridSize = 1'000'000'000;

using MadeListed = Result<std::unique_ptr<ListedSearcher>>;

// `single` and `random` differ only in how many points they sample: `single` is the first
// configuration of a random search over the same space (with no space: the file as it is).
MadeListed MakeRandom(const ExperimentConfig& config, std::int64_t total) {
  if (total < 1) {
    return InvalidArgument("searcher.max_trials is " + std::to_string(total) +
                           ", must be at least 1");
  }
  for (const SearchDimension& dimension : config.hyperparameters) {
    TUTTI_RETURN_IF_ERROR(CheckDimension(dimension));
  }
  auto values = [space = config.hyperparameters, seed = config.experiment_seed](std::int64_t no) {
    return SampleConfiguration(space, seed, no);
  };
  return std::make_unique<ListedSearcher>(config.searcher.name, total,
                                          config.searcher.max_concurrent_trials,
                                          std::move(values));
}

struct Axis {
  std::string path;
  std::vector<Json> points;
};

// Configuration 1 has the first point of every axis; the last axis varies fastest.
MadeListed MakeGrid(const ExperimentConfig& config) {
  std::vector<Axis> axes;
  std::int64_t total = 1;
  for (const SearchDimension& dimension : config.hyperparameters) {
    TUTTI_ASSIGN_OR_RETURN(std::vector<Json> points, GridPoints(dimension));
    const auto count = static_cast<std::int64_t>(points.size());
    if (total > kMaxGridSize / count) {
      return InvalidArgument("the grid has more than " + std::to_string(kMaxGridSize) +
                             " points (axis " + dimension.path + " with " +
                             std::to_string(count) + " takes it there); lower a count");
    }
    total *= count;
    axes.push_back({dimension.path, std::move(points)});
  }
  auto values = [axes = std::move(axes)](std::int64_t no) {
    auto rest = static_cast<std::size_t>(no - 1);
    std::vector<std::size_t> digits(axes.size());
    for (std::size_t a = axes.size(); a-- > 0;) {
      digits[a] = rest % axes[a].points.size();
      rest /= axes[a].points.size();
    }
    Json hparams = Json::MakeObject();
    for (std::size_t a = 0; a < axes.size(); ++a) {
      hparams.Set(axes[a].path, axes[a].points[digits[a]]);
    }
    return hparams;
  };
  return std::make_unique<ListedSearcher>(config.searcher.name, total,
                                          config.searcher.max_concurrent_trials,
                                          std::move(values));
}

MadeListed MakeListed(const ExperimentConfig& config) {
  const std::string& name = config.searcher.name;
  if (config.searcher.max_concurrent_trials < 0) {
    return InvalidArgument("searcher.max_concurrent_trials is " +
                           std::to_string(config.searcher.max_concurrent_trials) +
                           ", must be at least 0 (0 = no limit)");
  }
  if (name == "single") return MakeRandom(config, 1);
  if (name == "random") return MakeRandom(config, config.searcher.max_trials);
  if (name == "grid") return MakeGrid(config);
  std::string known;
  for (const std::string& other : SearcherNames()) known += (known.empty() ? "" : ", ") + other;
  return InvalidArgument("unknown searcher '" + name + "'; known are " + known);
}

}  // namespace

Result<std::unique_ptr<Searcher>> MakeSearcher(const ExperimentConfig& config) {
  TUTTI_ASSIGN_OR_RETURN(std::unique_ptr<Searcher> searcher, MakeListed(config));
  return searcher;
}

Result<std::unique_ptr<Searcher>> RestoreSearcher(const ExperimentConfig& config,
                                                  const Json& snapshot) {
  TUTTI_ASSIGN_OR_RETURN(auto searcher, MakeListed(config));
  if (auto status = searcher->Restore(snapshot); !status) {
    return DataLoss(status.error().ToString());
  }
  return std::unique_ptr<Searcher>(std::move(searcher));
}

std::vector<std::string> SearcherNames() { return {"single", "random", "grid"}; }

}  // namespace tutti::search
