#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "experiments/search/searcher.h"

// A searcher whose configurations are known by number from the start (single, random, grid): it
// keeps a window of open ones and never stops a trial early.

namespace tutti::search {

// At most so many configurations are open at once, even without max_concurrent_trials, so that a
// large grid does not create its trials all at once.
inline constexpr std::int64_t kMaxOpenConfigurations = 1024;

class ListedSearcher final : public Searcher {
 public:
  // Gives the values of a configuration, from 1. Must depend on the number only.
  using Values = std::function<Json(std::int64_t configuration_no)>;

  // REQUIRES: total >= 1. max_concurrent 0 = no limit of the user's.
  ListedSearcher(std::string name, std::int64_t total, std::int64_t max_concurrent, Values values);

  std::vector<SearchAction> OnEvent(const SearchEvent& event) override;
  Json Snapshot() const override;
  bool DependsOnOrder() const override { return false; }
  // Takes over the state of a snapshot; kDataLoss if it is not one of this search.
  Status Restore(const Json& snapshot);

  std::int64_t expected_configurations() const override { return total_; }
  std::int64_t created() const override { return created_; }
  std::int64_t closed() const override {
    return created_ - static_cast<std::int64_t>(open_.size());
  }

 private:
  // Creates up to the window; closes the search with the last one.
  std::vector<SearchAction> Fill();

  std::string name_;
  std::int64_t total_;
  std::int64_t window_;
  Values values_;
  bool started_ = false;
  std::int64_t created_ = 0;
  std::set<std::int64_t> open_;
};

}  // namespace tutti::search
