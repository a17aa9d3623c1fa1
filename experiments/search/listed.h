#pragma once

#include <functional>
#include <string>

#include "experiments/search/ledger.h"
#include "experiments/search/searcher.h"

// A searcher whose configurations are known by number from the start (single, random, grid, sobol):
// it keeps a window of open ones and never stops a trial early.

namespace tutti::search {

// At most so many configurations are open at once, even without max_concurrent_trials, so that a
// large grid does not create its trials all at once.
inline constexpr std::int64_t kMaxOpenConfigurations = 1024;

class ListedSearcher final : public Searcher {
 public:
  // Gives the values of a configuration, from 1. Must depend on the number only.
  using Values = std::function<Json(std::int64_t configuration_no)>;

  // What happens when a configuration turns out invalid: the next number comes in its place (as
  // often as it takes, up to kHopelessInARow), or the list is shorter by one.
  enum class Invalid { kReplaced, kDropped };

  // REQUIRES: total >= 1. max_concurrent 0 = no limit of the user's. With kReplaced, `values` must
  // know numbers beyond `total`.
  ListedSearcher(std::string name, std::int64_t total, std::int64_t max_concurrent, Values values,
                 Invalid invalid = Invalid::kReplaced);

  std::vector<SearchAction> OnEvent(const SearchEvent& event) override;
  Json Snapshot() const override;
  bool DependsOnOrder() const override { return false; }
  // Takes over the state of a snapshot; kDataLoss if it is not one of this search.
  Status Restore(const Json& snapshot);

  // `total`, and with kReplaced those that turned out invalid.
  std::int64_t expected_configurations() const override {
    return total_ + (invalid_ == Invalid::kReplaced ? ledger_.invalid() : 0);
  }
  std::int64_t created() const override { return ledger_.created(); }
  std::int64_t closed() const override { return ledger_.closed(); }

 private:
  // Creates up to the window, and closes the search when no event can ask for another one.
  std::vector<SearchAction> Fill();
  std::int64_t counted() const {
    return invalid_ == Invalid::kReplaced ? ledger_.valid() : ledger_.created();
  }

  std::string name_;
  std::int64_t total_;
  std::int64_t window_;
  Values values_;
  Invalid invalid_;
  bool started_ = false;
  bool search_closed_ = false;
  Ledger ledger_;
};

}  // namespace tutti::search
