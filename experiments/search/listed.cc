#include "experiments/search/listed.h"

#include <algorithm>
#include <utility>

namespace tutti::search {

ListedSearcher::ListedSearcher(std::string name, std::int64_t total, std::int64_t max_concurrent,
                               Values values)
    : name_(std::move(name)),
      total_(total),
      window_(max_concurrent > 0 ? std::min(max_concurrent, kMaxOpenConfigurations)
                                 : kMaxOpenConfigurations),
      values_(std::move(values)) {
  TUTTI_CHECK(total >= 1, "a search has at least one configuration");
}

std::vector<SearchAction> ListedSearcher::OnEvent(const SearchEvent& event) {
  if (std::holds_alternative<Started>(event)) {
    if (started_) return {};
    started_ = true;
    return Fill();
  }
  if (const auto* closed = std::get_if<TrialClosed>(&event)) {
    if (open_.erase(closed->configuration_no) == 0) return {};
    return Fill();
  }
  return {};  // a metric: nothing is ever stopped early
}

std::vector<SearchAction> ListedSearcher::Fill() {
  std::vector<SearchAction> actions;
  if (created_ == total_) return actions;
  while (created_ < total_ && std::ssize(open_) < window_) {
    ++created_;
    open_.insert(created_);
    actions.emplace_back(CreateTrial{{created_, values_(created_)}, 0, 0});
  }
  if (created_ == total_) actions.emplace_back(SearchClosed{});
  return actions;
}

Json ListedSearcher::Snapshot() const {
  Json open = Json::MakeArray();
  for (const std::int64_t number : open_) open.Append(number);
  return Json::MakeObject({{"searcher", name_},
                           {"total", total_},
                           {"started", started_},
                           {"created", created_},
                           {"open", std::move(open)}});
}

Status ListedSearcher::Restore(const Json& snapshot) {
  const auto damaged = [&](const std::string& what) {
    return DataLoss("searcher snapshot: " + what + "; it belongs to another experiment or version");
  };
  TUTTI_ASSIGN_OR_RETURN(const std::string name, snapshot.GetString("searcher"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t total, snapshot.GetInt("total"));
  TUTTI_ASSIGN_OR_RETURN(const bool started, snapshot.GetBool("started"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t created, snapshot.GetInt("created"));
  if (name != name_) return damaged("searcher is '" + name + "', expected '" + name_ + "'");
  if (total != total_) {
    return damaged("it has " + std::to_string(total) + " configurations, expected " +
                   std::to_string(total_));
  }
  if (created < 0 || created > total || (created > 0 && !started)) {
    return damaged("'created' is " + std::to_string(created));
  }
  const Json* open = snapshot.Find("open");
  if (open == nullptr || !open->is_array()) return damaged("'open' is not a list");
  std::set<std::int64_t> numbers;
  for (const Json& number : open->AsArray()) {
    if (!number.is_int() || number.AsInt() < 1 || number.AsInt() > created ||
        !numbers.insert(number.AsInt()).second) {
      return damaged("'open' holds " + number.Dump());
    }
  }
  started_ = started;
  created_ = created;
  open_ = std::move(numbers);
  return Ok{};
}

}  // namespace tutti::search
