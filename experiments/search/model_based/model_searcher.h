#pragma once

#include <memory>
#include <string>
#include <vector>

#include "experiments/core/config/experiment_config.h"
#include "experiments/search/model_based/history.h"
#include "experiments/search/model_based/proposer.h"
#include "experiments/search/searcher.h"

namespace tutti::search {

// Keeps a window of configurations open, each proposed from what is known at that moment, until
// max_trials valid ones exist. A configuration's result is its best feasible validation by
// searcher.metric (if it has none: its best one, which then ranks behind all feasible ones); NaN
// and crashed trials rank last. An invalid configuration is forgotten and another one proposed.
class ModelSearcher final : public Searcher {
 public:
  // REQUIRES: max_trials >= 1.
  ModelSearcher(const ExperimentConfig& config, UnitSpace space,
                std::unique_ptr<Proposer> proposer);

  std::vector<SearchAction> OnEvent(const SearchEvent& event) override;
  Json Snapshot() const override;
  // Takes over the state of a snapshot; kDataLoss if it is not one of this search.
  Status Restore(const Json& snapshot);

  std::int64_t expected_configurations() const override { return config_.max_trials + invalid_; }
  std::int64_t created() const override { return std::ssize(history_.trials); }
  std::int64_t closed() const override { return created() - open_; }

 private:
  std::vector<SearchAction> Fill();
  void Report(Tried& tried, const MetricReported& report) const;
  void Close(Tried& tried, const TrialClosed& closed) const;
  double Cost(double value) const;
  // nullptr: unknown, or no longer open.
  Tried* Open(std::int64_t configuration_no);

  SearcherConfig config_;
  UnitSpace space_;
  std::unique_ptr<Proposer> proposer_;
  std::int64_t window_;
  History history_;
  bool started_ = false;
  bool finished_ = false;  // SearchClosed was sent
  std::int64_t open_ = 0;
  std::int64_t invalid_ = 0;
  std::int64_t invalid_in_a_row_ = 0;
};

}  // namespace tutti::search
