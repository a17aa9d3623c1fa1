#include "experiments/search/asha.h"

#include <algorithm>
#include <utility>

#include "experiments/search/sample.h"

namespace tutti::search {

Result<std::unique_ptr<AshaSearcher>> AshaSearcher::Make(const ExperimentConfig& config) {
  TUTTI_ASSIGN_OR_RETURN(std::vector<Bracket> brackets, Brackets(config));
  for (const SearchDimension& dimension : config.hyperparameters) {
    TUTTI_RETURN_IF_ERROR(CheckDimension(dimension));
  }
  return std::unique_ptr<AshaSearcher>(new AshaSearcher(config, std::move(brackets)));
}

AshaSearcher::AshaSearcher(const ExperimentConfig& config, std::vector<Bracket> brackets)
    : name_(config.searcher.name),
      space_(config.hyperparameters),
      seed_(config.experiment_seed),
      smaller_is_better_(config.searcher.smaller_is_better),
      divisor_(config.searcher.divisor),
      max_time_(config.searcher.max_time),
      ends_by_itself_(config.entrypoint.empty()) {
  for (Bracket& plan : brackets) {
    const std::size_t rungs = plan.rungs.size();
    brackets_.push_back({std::move(plan), std::vector<std::vector<Placed>>(rungs), 0, 0});
  }
}

std::vector<SearchAction> AshaSearcher::OnEvent(const SearchEvent& event) {
  std::vector<SearchAction> actions;
  if (std::holds_alternative<Started>(event)) {
    if (started_) return actions;
    started_ = true;
    for (std::size_t b = 0; b < brackets_.size(); ++b) Fill(b, actions);
  } else if (const auto* report = std::get_if<MetricReported>(&event)) {
    OnMetric(*report, actions);
  } else if (const auto* closed = std::get_if<TrialClosed>(&event)) {
    OnClosed(*closed, actions);
  } else if (const auto* invalid = std::get_if<ConfigurationInvalid>(&event)) {
    OnInvalid(invalid->configuration_no, actions);
  }
  return actions;
}

std::int64_t AshaSearcher::Insert(std::vector<Placed>& rung, const Placed& placed) {
  const auto at = std::lower_bound(
      rung.begin(), rung.end(), placed,
      [](const Placed& a, const Placed& b) { return a.score < b.score; });
  const std::int64_t index = at - rung.begin();
  rung.insert(at, placed);
  return index;
}

std::string AshaSearcher::RungName(const Member& member) const {
  const std::string rung = "rung " + std::to_string(member.rung);
  return brackets_.size() == 1 ? rung : "bracket " + std::to_string(member.bracket) + ", " + rung;
}

void AshaSearcher::OnMetric(const MetricReported& report, std::vector<SearchAction>& actions) {
  const auto found = members_.find(report.configuration_no);
  if (found == members_.end()) return;
  ledger_.EndInvalidRow();
  Member& member = found->second;
  RunningBracket& bracket = brackets_[member.bracket];
  const Placed placed{report.configuration_no,
                      Score::Of(report.value, smaller_is_better_, report.feasible)};
  while (!member.done && report.time >= bracket.plan.rungs[member.rung]) {
    std::vector<Placed>& rung = bracket.rungs[member.rung];
    const std::int64_t index = Insert(rung, placed);
    const std::int64_t n = std::ssize(rung);
    const std::int64_t kept = KeptOf(n, divisor_);
    const std::string where =
        RungName(member) + ": " + Ordinal(index + 1) + " of " + std::to_string(n);
    if (member.rung + 1 == bracket.plan.rungs.size()) {
      Finish(report, member, where + ", complete", actions);
    } else if (index >= kept) {
      Finish(report, member, where + ", top " + std::to_string(kept) + " kept", actions);
    } else {
      actions.emplace_back(Explain{report.configuration_no, where + ", goes on"});
      ++member.rung;
    }
  }
}

void AshaSearcher::Finish(const MetricReported& report, Member& member, std::string text,
                          std::vector<SearchAction>& actions) {
  member.done = true;
  --brackets_[member.bracket].running;
  // A trainer that is at its end anyway is not told to stop: it could be heard or not.
  if (ends_by_itself_ && report.time >= max_time_) {
    actions.emplace_back(Explain{report.configuration_no, std::move(text)});
  } else {
    actions.emplace_back(StopTrial{report.configuration_no, std::move(text)});
  }
  Fill(member.bracket, actions);
}

void AshaSearcher::OnClosed(const TrialClosed& closed, std::vector<SearchAction>& actions) {
  const auto found = members_.find(closed.configuration_no);
  if (found == members_.end()) return;
  const Member member = found->second;
  members_.erase(found);
  ledger_.Close(closed.configuration_no);
  ledger_.EndInvalidRow();
  RunningBracket& bracket = brackets_[member.bracket];
  if (!member.done) {
    --bracket.running;
    if (!closed.ok) {
      std::vector<Placed>& rung = bracket.rungs[member.rung];
      Insert(rung, {closed.configuration_no, Score::Failed()});
      actions.emplace_back(Explain{closed.configuration_no,
                                   RungName(member) + ": crashed, counts as the worst of " +
                                       std::to_string(rung.size())});
    }
  }
  Fill(member.bracket, actions);
  CloseIfOver(actions);
}

void AshaSearcher::OnInvalid(std::int64_t configuration_no, std::vector<SearchAction>& actions) {
  const auto found = members_.find(configuration_no);
  if (found == members_.end()) return;
  const Member member = found->second;
  members_.erase(found);
  ledger_.Invalidate(configuration_no);
  RunningBracket& bracket = brackets_[member.bracket];
  --bracket.valid;
  if (!member.done) --bracket.running;
  for (std::vector<Placed>& rung : bracket.rungs) {
    std::erase_if(rung, [configuration_no](const Placed& placed) {
      return placed.configuration_no == configuration_no;
    });
  }
  if (ledger_.hopeless() && !search_closed_) {
    search_closed_ = true;
    actions.emplace_back(Explain{0, Ledger::HopelessText()});
    actions.emplace_back(SearchClosed{});
  }
  Fill(member.bracket, actions);
  CloseIfOver(actions);
}

void AshaSearcher::Fill(std::size_t b, std::vector<SearchAction>& actions) {
  RunningBracket& bracket = brackets_[b];
  while (!search_closed_ && bracket.running < bracket.plan.max_concurrent &&
         bracket.valid < bracket.plan.trials) {
    const std::int64_t number = ledger_.Create();
    ++bracket.valid;
    ++bracket.running;
    members_.emplace(number, Member{b, 0, false});
    actions.emplace_back(CreateTrial{{number, SampleConfiguration(space_, seed_, number)}, 0, 0});
  }
}

void AshaSearcher::CloseIfOver(std::vector<SearchAction>& actions) {
  // With none open every bracket has had its trials: Fill has seen to it.
  if (search_closed_ || !members_.empty()) return;
  search_closed_ = true;
  actions.emplace_back(SearchClosed{});
}

std::int64_t AshaSearcher::NextDecision(std::int64_t configuration_no) const {
  const auto found = members_.find(configuration_no);
  if (found == members_.end() || found->second.done) return 0;
  const std::int64_t units =
      brackets_[found->second.bracket].plan.rungs[found->second.rung];
  return units < max_time_ ? units : 0;
}

std::int64_t AshaSearcher::expected_configurations() const {
  std::int64_t expected = ledger_.invalid();
  for (const RunningBracket& bracket : brackets_) expected += bracket.plan.trials;
  return expected;
}

}  // namespace tutti::search
