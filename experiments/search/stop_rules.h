#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "experiments/search/searcher.h"

// searcher.stop: rules that end trials early, around any searcher.
//
// patience: so many validations in a row without a value that is better than the best one before by
// more than min_delta.
//
// median (Golovin et al., "Google Vizier: A Service for Black-Box Optimization", KDD 2017, section
// 3.2.1): the best value up to now, at time s, is strictly worse than the median of the running
// averages, up to s, of the other configurations that have come as far; of at least min_trials.
//
// Neither decides before grace_time, nor at max_time, where the trial ends anyway. Values that are
// not finite are no progress, and count in no average; who has no other is worst. Constraints play
// no role. The searcher inside hears every report first, and then that the configuration has ended.

namespace tutti::search {

class StopRules final : public Searcher {
 public:
  // REQUIRES: inner is not null. Errors: an unknown rule, a field out of range.
  static Result<std::unique_ptr<StopRules>> Make(const ExperimentConfig& config,
                                                 std::unique_ptr<Searcher> inner);

  std::vector<SearchAction> OnEvent(const SearchEvent& event) override;
  // The earliest validation at which a rule could stop it, or the inner searcher could decide.
  // Where the time between validations is not known (0), a tenth of max_time.
  std::int64_t NextDecision(std::int64_t configuration_no) const override;
  Json Snapshot() const override;
  // Takes over the rules' state; `inner` has been restored already. kDataLoss if the snapshot does
  // not fit; the searcher is then of no use.
  Status Restore(const Json& snapshot);

  std::int64_t expected_configurations() const override {
    return inner_->expected_configurations();
  }
  std::int64_t created() const override { return inner_->created(); }
  std::int64_t closed() const override { return inner_->closed(); }

 private:
  struct Report {
    std::int64_t time = 0;
    double average = 0;  // of all finite values up to here, smaller is better; +inf without any
  };
  // What was reported of a configuration. Values have their sign turned: smaller is better.
  struct History {
    bool open = true;
    bool stopped = false;      // by a rule or by the inner searcher
    std::int64_t last_time = 0;  // of the last report; before it: where the parent was
    std::int64_t best_time = 0;
    double best = 0;           // +inf: none
    std::vector<std::int64_t> since_best;  // per patience rule: validations without a better value
    std::vector<double> to_beat;           // per patience rule
    double sum = 0;
    std::int64_t count = 0;
    std::vector<Report> reports;  // kept only if there is a median rule
  };

  StopRules(const ExperimentConfig& config, std::unique_ptr<Searcher> inner);

  void Learn(History& history, const MetricReported& report) const;
  // Why the configuration is to be stopped now; empty: it is not.
  std::string WhyStop(std::int64_t configuration_no, const History& history) const;
  std::string MedianSays(const StopRuleConfig& rule, std::int64_t configuration_no,
                         const History& history) const;
  // Running averages at `time` of the others that have come as far.
  std::vector<double> Others(std::int64_t configuration_no, std::int64_t time) const;
  // The inner searcher's actions, without those about configurations that were stopped.
  void Pass(std::vector<SearchAction> from, std::vector<SearchAction>& actions);
  double Shown(double turned) const { return smaller_is_better_ ? turned : -turned; }
  Json HistoryToJson(std::int64_t number, const History& history) const;
  Status RestoreHistory(const Json& row);

  std::vector<StopRuleConfig> patience_;
  std::vector<StopRuleConfig> median_;
  bool smaller_is_better_;
  std::int64_t max_time_;
  std::int64_t period_;
  std::unique_ptr<Searcher> inner_;
  // Of all configurations but invalid ones: the closed ones count in medians, and children start
  // where their parents were.
  std::map<std::int64_t, History> histories_;
};

}  // namespace tutti::search
