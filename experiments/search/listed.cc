#include "experiments/search/listed.h"

#include <algorithm>
#include <utility>

#include "experiments/search/snapshot.h"

namespace tutti::search {

ListedSearcher::ListedSearcher(std::string name, std::int64_t total, std::int64_t max_concurrent,
                               Values values, Invalid invalid)
    : name_(std::move(name)),
      total_(total),
      window_(max_concurrent > 0 ? std::min(max_concurrent, kMaxOpenConfigurations)
                                 : kMaxOpenConfigurations),
      values_(std::move(values)),
      invalid_(invalid) {
  TUTTI_CHECK(total >= 1, "a search has at least one configuration");
}

std::vector<SearchAction> ListedSearcher::OnEvent(const SearchEvent& event) {
  if (std::holds_alternative<Started>(event)) {
    if (started_) return {};
    started_ = true;
    return Fill();
  }
  if (const auto* report = std::get_if<MetricReported>(&event)) {
    if (ledger_.IsOpen(report->configuration_no)) ledger_.EndInvalidRow();
    return {};  // nothing is ever stopped early
  }
  if (const auto* closed = std::get_if<TrialClosed>(&event)) {
    if (!ledger_.Close(closed->configuration_no)) return {};
    ledger_.EndInvalidRow();
    return Fill();
  }
  const auto& invalid = std::get<ConfigurationInvalid>(event);
  if (!ledger_.Invalidate(invalid.configuration_no)) return {};
  return Fill();
}

std::vector<SearchAction> ListedSearcher::Fill() {
  std::vector<SearchAction> actions;
  if (search_closed_) return actions;
  const bool replaces = invalid_ == Invalid::kReplaced;
  if (replaces && ledger_.hopeless()) {
    search_closed_ = true;
    return {Explain{0, Ledger::HopelessText()}, SearchClosed{}};
  }
  while (counted() < total_ && std::ssize(ledger_.still_open()) < window_) {
    const std::int64_t number = ledger_.Create();
    actions.emplace_back(CreateTrial{{number, values_(number)}, 0, 0});
  }
  if (counted() == total_ && (!replaces || ledger_.still_open().empty())) {
    search_closed_ = true;
    actions.emplace_back(SearchClosed{});
  }
  return actions;
}

Json ListedSearcher::Snapshot() const {
  return Json::MakeObject({{"searcher", name_},
                           {"total", total_},
                           {"started", started_},
                           {"search_closed", search_closed_},
                           {"ledger", ledger_.Snapshot()}});
}

Status ListedSearcher::Restore(const Json& snapshot) {
  TUTTI_RETURN_IF_ERROR(ExpectText(snapshot, "searcher", name_));
  TUTTI_RETURN_IF_ERROR(ExpectInt(snapshot, "total", total_));
  TUTTI_ASSIGN_OR_RETURN(const bool started, BoolOf(snapshot, "started"));
  Ledger read;
  bool search_closed = false;
  if (snapshot.Find("created") != nullptr) {
    // Of engine versions 1 and 2, which knew no invalid configurations and closed the search with
    // the last one created.
    Json ledger = snapshot;
    ledger.Set("invalid", 0);
    ledger.Set("invalid_in_a_row", 0);
    TUTTI_RETURN_IF_ERROR(read.Restore(ledger));
    search_closed = read.created() == total_;
  } else {
    TUTTI_ASSIGN_OR_RETURN(search_closed, BoolOf(snapshot, "search_closed"));
    const Json* ledger = snapshot.Find("ledger");
    if (ledger == nullptr) return DamagedSnapshot("it has no 'ledger'");
    TUTTI_RETURN_IF_ERROR(read.Restore(*ledger));
  }
  const std::int64_t counted =
      invalid_ == Invalid::kReplaced ? read.valid() : read.created();
  if (counted > total_ || (read.created() > 0 && !started) || (search_closed && !started)) {
    return DamagedSnapshot("it has " + std::to_string(read.created()) + " configurations of " +
                           std::to_string(total_));
  }
  started_ = started;
  search_closed_ = search_closed;
  ledger_ = std::move(read);
  return Ok{};
}

}  // namespace tutti::search
