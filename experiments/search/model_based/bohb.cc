#include "experiments/search/model_based/bohb.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "experiments/search/model_based/history.h"
#include "experiments/search/model_based/tpe.h"
#include "experiments/search/model_based/unit_space.h"
#include "experiments/search/sample.h"

namespace tutti::search {
namespace {

constexpr double kRandomShare = 1.0 / 3;

class BohbSampler final : public Sampler {
 public:
  BohbSampler(const ExperimentConfig& config, UnitSpace space)
      : space_(std::move(space)),
        seed_(config.experiment_seed),
        smaller_is_better_(config.searcher.smaller_is_better),
        enough_(static_cast<std::size_t>(config.searcher.startup_trials > 0
                                             ? config.searcher.startup_trials
                                             : std::ssize(space_.axes()) + 3)) {
    for (const Tried& tried : EarlierResults(space_, config.searcher)) {
      results_[config.searcher.max_time].push_back({tried.point, tried.cost, true});
      ++earlier_;
    }
    earlier_time_ = config.searcher.max_time;
  }

  Json Sample(std::int64_t configuration_no) override {
    const auto number = static_cast<std::uint64_t>(configuration_no);
    const Rng stream = Rng(seed_).Split("bohb", {number});
    const auto longest = std::find_if(results_.rbegin(), results_.rend(), [&](const auto& entry) {
      return entry.second.size() >= enough_;
    });
    Rng coin = stream.Split("coin");
    Json hparams;
    if (longest == results_.rend() || coin.Uniform() < kRandomShare) {
      hparams = SampleConfiguration(space_.dimensions(), seed_, configuration_no);
    } else {
      std::vector<Point> pending;
      for (const Json& open : pending_) pending.push_back(space_.Encode(open));
      hparams = space_.Decode(SuggestByTpe(space_, longest->second, pending, stream).point);
    }
    pending_.push_back(hparams);
    return hparams;
  }

  void Observe(const Json& hparams, std::int64_t time, double value, bool feasible) override {
    const auto open = std::find(pending_.begin(), pending_.end(), hparams);
    if (open != pending_.end()) pending_.erase(open);
    double cost = smaller_is_better_ ? value : -value;
    if (std::isnan(cost)) cost = std::numeric_limits<double>::infinity();
    results_[time].push_back({space_.Encode(hparams), cost, feasible});
  }

  Json Snapshot() const override {
    Json pending = Json::MakeArray();
    for (const Json& hparams : pending_) pending.Append(hparams);
    Json results = Json::MakeArray();
    for (const auto& [time, scored] : results_) {
      const std::size_t skipped = time == earlier_time_ ? earlier_ : 0;
      for (std::size_t i = skipped; i < scored.size(); ++i) {
        results.Append(Json::MakeObject({{"time", time},
                                         {"point", NumbersToJson(scored[i].point)},
                                         {"cost", scored[i].cost},
                                         {"feasible", scored[i].feasible}}));
      }
    }
    return Json::MakeObject({{"pending", std::move(pending)}, {"results", std::move(results)}});
  }

  Status Restore(const Json& snapshot) override {
    const Json* pending = snapshot.Find("pending");
    const Json* results = snapshot.Find("results");
    if (pending == nullptr || !pending->is_array() || results == nullptr ||
        !results->is_array()) {
      return DataLoss("searcher snapshot: the sampler lacks 'pending' or 'results'");
    }
    std::vector<Json> open;
    for (const Json& hparams : pending->AsArray()) {
      if (!hparams.is_object() || !space_.IsComplete(space_.Encode(hparams))) {
        return DataLoss("searcher snapshot: no configuration of this space: " + hparams.Dump());
      }
      open.push_back(hparams);
    }
    std::map<std::int64_t, std::vector<Scored>> known(results_);
    for (const Json& result : results->AsArray()) {
      Scored scored;
      TUTTI_ASSIGN_OR_RETURN(const std::int64_t time, result.GetInt("time"));
      TUTTI_ASSIGN_OR_RETURN(scored.point, PointFromJson(result, space_));
      TUTTI_ASSIGN_OR_RETURN(scored.cost, result.GetDouble("cost"));
      TUTTI_ASSIGN_OR_RETURN(scored.feasible, result.GetBool("feasible"));
      if (std::isnan(scored.cost)) {
        return DataLoss("searcher snapshot: a cost of the sampler is not a number");
      }
      known[time].push_back(std::move(scored));
    }
    pending_ = std::move(open);
    results_ = std::move(known);
    return Ok{};
  }

 private:
  UnitSpace space_;
  std::uint64_t seed_;
  bool smaller_is_better_;
  std::size_t enough_;
  std::vector<Json> pending_;                            // sampled, without any result
  std::map<std::int64_t, std::vector<Scored>> results_;  // by time, in the order they came
  // The first results at this time are from earlier experiments, so in no snapshot.
  std::int64_t earlier_time_ = 0;
  std::size_t earlier_ = 0;
};

}  // namespace

Result<std::unique_ptr<Sampler>> MakeBohbSampler(const ExperimentConfig& config) {
  TUTTI_ASSIGN_OR_RETURN(UnitSpace space, UnitSpace::Make(config.hyperparameters));
  return std::unique_ptr<Sampler>(std::make_unique<BohbSampler>(config, std::move(space)));
}

}  // namespace tutti::search
