#include "experiments/search/deterministic.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tutti::search {

DeterministicOrder::DeterministicOrder(std::unique_ptr<Searcher> inner)
    : inner_(std::move(inner)) {}

bool DeterministicOrder::Delivers(const Member& member, const SearchEvent& event) {
  const auto* report = std::get_if<MetricReported>(&event);
  if (report == nullptr) return true;  // its end
  return !member.stopping && member.until != 0 && report->time >= member.until;
}

bool DeterministicOrder::HasDelivered(const Member& member) {
  return std::any_of(member.waiting.begin(), member.waiting.end(),
                     [&member](const SearchEvent& event) { return Delivers(member, event); });
}

bool DeterministicOrder::EveryoneIsHere() const {
  bool anything = false;
  for (const auto& [number, member] : members_) {
    if (HasDelivered(member)) {
      anything = true;
    } else if (!member.parked) {
      return false;
    }
  }
  return anything;
}

std::vector<SearchAction> DeterministicOrder::OnEvent(const SearchEvent& event) {
  std::vector<SearchAction> actions;
  if (std::holds_alternative<Started>(event)) {
    Take(inner_->OnEvent(event), actions);
    return actions;
  }
  const auto found = members_.find(NumberOf(event));
  if (found == members_.end() || found->second.ended) return actions;
  Member& member = found->second;
  if (const auto* report = std::get_if<MetricReported>(&event)) {
    if (report->time <= member.time) return actions;
    member.time = report->time;
  } else {
    member.ended = true;
    ++closed_;
  }
  member.waiting.push_back(event);
  while (EveryoneIsHere()) {
    Feed(actions);
    LetGo(actions);
  }
  return actions;
}

void DeterministicOrder::Feed(std::vector<SearchAction>& actions) {
  struct Item {
    std::int64_t time = 0;
    std::int64_t number = 0;
    SearchEvent event;
  };
  // What a member has sent after the event that the barrier waited for belongs to the next one:
  // whether it is here already is chance.
  std::vector<Item> items;
  for (auto& [number, member] : members_) {
    bool delivered = false;
    while (!delivered && !member.waiting.empty()) {
      SearchEvent event = std::move(member.waiting.front());
      member.waiting.pop_front();
      delivered = Delivers(member, event);
      if (const auto* report = std::get_if<MetricReported>(&event)) member.heard = report->time;
      items.push_back({member.heard, number, std::move(event)});
    }
  }
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    return std::tie(a.time, a.number) < std::tie(b.time, b.number);
  });
  for (const Item& item : items) {
    if (!std::holds_alternative<MetricReported>(item.event)) members_.erase(item.number);
    Take(inner_->OnEvent(item.event), actions);
  }
}

void DeterministicOrder::Take(std::vector<SearchAction> from, std::vector<SearchAction>& actions) {
  for (SearchAction& action : from) {
    if (auto* create = std::get_if<CreateTrial>(&action)) {
      Member member;
      member.allowed = create->run_until;
      const auto parent = members_.find(create->parent);
      if (parent != members_.end()) member.time = member.heard = parent->second.heard;
      member.until = Until(create->proposal.configuration_no, member);
      create->run_until = member.until;
      members_.emplace(create->proposal.configuration_no, std::move(member));
    } else if (const auto* go_on = std::get_if<ContinueTrial>(&action)) {
      Member& member = members_.at(go_on->configuration_no);
      member.allowed = go_on->run_until;
      member.parked = false;
      continue;  // LetGo says how far
    } else if (const auto* stop = std::get_if<StopTrial>(&action)) {
      Member& member = members_.at(stop->configuration_no);
      member.stopping = true;
      member.parked = false;
    }
    actions.push_back(std::move(action));
  }
}

std::int64_t DeterministicOrder::Until(std::int64_t configuration_no, const Member& member) const {
  const std::int64_t next = inner_->NextDecision(configuration_no);
  const std::int64_t decision = next > member.heard ? next : 0;
  if (decision == 0 || member.allowed == 0) return std::max(decision, member.allowed);
  return std::min(decision, member.allowed);
}

void DeterministicOrder::LetGo(std::vector<SearchAction>& actions) {
  for (auto& [number, member] : members_) {
    const bool at_its_place = member.until != 0 && member.heard >= member.until;
    if (member.stopping || member.parked || !at_its_place) continue;
    if (member.allowed != 0 && member.heard >= member.allowed) {
      member.parked = true;  // the searcher inside decides when it goes on
      continue;
    }
    member.until = Until(number, member);
    // One that has ended in the meantime, or gone further than it was told, delivers at once.
    if (!member.ended && !HasDelivered(member)) {
      actions.emplace_back(ContinueTrial{number, member.until});
    }
  }
}

std::int64_t DeterministicOrder::NextDecision(std::int64_t configuration_no) const {
  const auto found = members_.find(configuration_no);
  return found == members_.end() || found->second.stopping ? 0 : found->second.until;
}

}  // namespace tutti::search
