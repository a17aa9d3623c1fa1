#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "experiments/search/brackets.h"
#include "experiments/search/ledger.h"
#include "experiments/search/score.h"
#include "experiments/search/searcher.h"

// async_halving and adaptive_asha: asynchronous successive halving in its stopping form (Li et al.,
// "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020), with the arithmetic of
// Determined (master/pkg/searcher/{async_halving,adaptive_asha,tournament}.go).
//
// A configuration trains on and passes the rungs of its bracket. A report at or past a rung's units
// inserts its metric there (before equals); it goes on if it is among the first
// max(floor(n / divisor), 1) of the n in the rung, itself included, else it is stopped; at the top
// rung it is complete. One report may pass several rungs. A crash inserts the worst value into the
// rung that it was heading for. Whoever stops, completes, crashes or ends by itself makes place for
// a new random configuration of the same bracket, until the bracket has had its trials; an invalid
// one leaves all rungs and does not count. The brackets run side by side and know nothing of each
// other.

namespace tutti::search {

class AshaSearcher final : public Searcher {
 public:
  // Errors: what Brackets and CheckDimension find. REQUIRES: config.searcher.name is
  // async_halving or adaptive_asha.
  static Result<std::unique_ptr<AshaSearcher>> Make(const ExperimentConfig& config);

  std::vector<SearchAction> OnEvent(const SearchEvent& event) override;
  std::int64_t NextDecision(std::int64_t configuration_no) const override;
  Json Snapshot() const override;
  Status Restore(const Json& snapshot);

  std::int64_t expected_configurations() const override;
  std::int64_t created() const override { return ledger_.created(); }
  std::int64_t closed() const override { return ledger_.closed(); }

 private:
  struct RunningBracket {
    Bracket plan;
    std::vector<std::vector<Placed>> rungs;  // each best first
    std::int64_t valid = 0;                  // created and not invalid
    std::int64_t running = 0;                // created and not done
  };
  // An open configuration.
  struct Member {
    std::size_t bracket = 0;
    std::size_t rung = 0;  // the one that it is heading for, or in which it was stopped
    bool done = false;     // stopped or complete: what comes next of it plays no role
  };

  AshaSearcher(const ExperimentConfig& config, std::vector<Bracket> brackets);

  void OnMetric(const MetricReported& report, std::vector<SearchAction>& actions);
  void OnClosed(const TrialClosed& closed, std::vector<SearchAction>& actions);
  void OnInvalid(std::int64_t configuration_no, std::vector<SearchAction>& actions);

  // Inserts before equals; the index.
  static std::int64_t Insert(std::vector<Placed>& rung, const Placed& placed);
  // `text` explains why the configuration at `time` does not go on.
  void Finish(const MetricReported& report, Member& member, std::string text,
              std::vector<SearchAction>& actions);
  // Configurations of a bracket up to its limits; the end of the search when nothing can change.
  void Fill(std::size_t bracket, std::vector<SearchAction>& actions);
  void CloseIfOver(std::vector<SearchAction>& actions);
  std::string RungName(const Member& member) const;
  Status RestoreBracket(const Json& snapshot, std::int64_t created, RunningBracket& bracket) const;
  Status RestoreMembers(const Json& snapshot);

  std::string name_;
  SearchSpace space_;
  std::uint64_t seed_;
  bool smaller_is_better_;
  std::int64_t divisor_;
  std::int64_t max_time_;
  bool ends_by_itself_;  // at max_time, as the built-in trainer does

  bool started_ = false;
  bool search_closed_ = false;
  Ledger ledger_;
  std::vector<RunningBracket> brackets_;
  std::map<std::int64_t, Member> members_;  // exactly the open ones
};

}  // namespace tutti::search
