#include "experiments/search/hyperband.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "experiments/search/sample.h"

namespace tutti::search {

Result<std::unique_ptr<Hyperband>> Hyperband::Make(const ExperimentConfig& config,
                                                   std::unique_ptr<Sampler> sampler) {
  TUTTI_ASSIGN_OR_RETURN(std::vector<Bracket> brackets, Brackets(config));
  for (const SearchDimension& dimension : config.hyperparameters) {
    TUTTI_RETURN_IF_ERROR(CheckDimension(dimension));
  }
  return std::unique_ptr<Hyperband>(
      new Hyperband(config, std::move(brackets), std::move(sampler)));
}

Hyperband::Hyperband(const ExperimentConfig& config, std::vector<Bracket> brackets,
                     std::unique_ptr<Sampler> sampler)
    : name_(config.searcher.name),
      smaller_is_better_(config.searcher.smaller_is_better),
      divisor_(config.searcher.divisor),
      max_time_(config.searcher.max_time),
      max_trials_(config.searcher.max_trials),
      window_(brackets.front().max_concurrent),
      ends_by_itself_(config.entrypoint.empty()),
      brackets_(std::move(brackets)),
      sampler_(std::move(sampler)) {}

std::vector<SearchAction> Hyperband::OnEvent(const SearchEvent& event) {
  std::vector<SearchAction> actions;
  if (std::holds_alternative<Started>(event)) {
    if (started_) return actions;
    started_ = true;
    Advance(actions);
  } else if (const auto* report = std::get_if<MetricReported>(&event)) {
    OnMetric(*report, actions);
  } else if (const auto* closed = std::get_if<TrialClosed>(&event)) {
    OnClosed(*closed, actions);
  } else if (const auto* invalid = std::get_if<ConfigurationInvalid>(&event)) {
    OnInvalid(invalid->configuration_no, actions);
  }
  return actions;
}

std::int64_t Hyperband::Until(const Run& run) {
  return run.rung + 1 < run.rungs.size() ? run.rungs[run.rung] : 0;
}

void Hyperband::Leave(const Member& member) {
  const auto run = runs_.find(member.run);
  if (member.state == State::kRunning) --running_;
  const bool awaited = member.state == State::kRunning || member.state == State::kWaiting;
  if (awaited && run != runs_.end()) --run->second.awaited;
}

void Hyperband::Enter(Member& member, State state) {
  member.state = state;
  if (state == State::kRunning) ++running_;
  if (state == State::kRunning || state == State::kWaiting) ++runs_.at(member.run).awaited;
}

void Hyperband::OnMetric(const MetricReported& report, std::vector<SearchAction>& actions) {
  const auto found = members_.find(report.configuration_no);
  if (found == members_.end() || report.time <= found->second.time) return;
  ledger_.EndInvalidRow();
  Member& member = found->second;
  member.time = report.time;
  member.score = Score::Of(report.value, smaller_is_better_, report.feasible);
  sampler_->Observe(member.hparams, report.time, report.value, report.feasible);
  if (member.state != State::kRunning) return;
  Run& run = runs_.at(member.run);
  const std::int64_t until = Until(run);
  if (until == 0) {
    if (ends_by_itself_ || report.time < max_time_) return;
    Leave(member);
    Enter(member, State::kDone);
    actions.emplace_back(StopTrial{report.configuration_no, "trained to the end"});
  } else {
    if (report.time < until) return;
    Leave(member);
    Enter(member, State::kHeld);
    run.placed.push_back({report.configuration_no, *member.score});
  }
  Advance(actions);
}

void Hyperband::OnClosed(const TrialClosed& closed, std::vector<SearchAction>& actions) {
  const std::int64_t number = closed.configuration_no;
  const auto found = members_.find(number);
  if (found == members_.end()) return;
  const Member member = std::move(found->second);
  Leave(member);
  members_.erase(found);
  ledger_.Close(number);
  ledger_.EndInvalidRow();
  if (member.state != State::kDone) {
    Run& run = runs_.at(member.run);
    if (!closed.ok) {
      const std::int64_t until = Until(run) == 0 ? max_time_ : Until(run);
      sampler_->Observe(member.hparams, std::max(until, member.time + 1),
                        std::numeric_limits<double>::quiet_NaN(), false);
    }
    // Who ends by itself keeps the place that its last value gives it, but goes nowhere.
    std::erase(run.to_continue, number);
    std::erase_if(run.placed, [number](const Placed& p) { return p.configuration_no == number; });
    const Score score = closed.ok ? member.score.value_or(Score::Failed()) : Score::Failed();
    run.placed.push_back({number, score});
  }
  Advance(actions);
}

void Hyperband::OnInvalid(std::int64_t configuration_no, std::vector<SearchAction>& actions) {
  const auto found = members_.find(configuration_no);
  if (found == members_.end()) return;
  const Member member = std::move(found->second);
  Leave(member);
  members_.erase(found);
  ledger_.Invalidate(configuration_no);
  const auto run = runs_.find(member.run);
  if (run != runs_.end()) {
    std::erase(run->second.to_continue, configuration_no);
    std::erase_if(run->second.placed, [configuration_no](const Placed& p) {
      return p.configuration_no == configuration_no;
    });
  }
  if (run != runs_.end() && run->second.rung == 0) {
    --run->second.valid;  // another one can still catch up
  } else {
    --planned_;  // a later bracket gets it
  }
  if (ledger_.hopeless() && !search_closed_) {
    search_closed_ = true;
    actions.emplace_back(Explain{0, Ledger::HopelessText()});
    actions.emplace_back(SearchClosed{});
  }
  Advance(actions);
}

void Hyperband::Advance(std::vector<SearchAction>& actions) {
  while (HalveOne(actions) ||
         (running_ < window_ && (ContinueOne(actions) || CreateOne(actions) || OpenRun()))) {
  }
  if (search_closed_ || !members_.empty()) return;
  search_closed_ = true;
  actions.emplace_back(SearchClosed{});
}

bool Hyperband::HalveOne(std::vector<SearchAction>& actions) {
  for (auto& [number, run] : runs_) {
    const bool all_created = run.rung > 0 || run.valid == run.trials || search_closed_;
    if (run.awaited > 0 || !all_created) continue;
    if (run.rung + 1 == run.rungs.size() || run.placed.empty()) {
      runs_.erase(number);
    } else {
      Halve(number, run, actions);
    }
    return true;
  }
  return false;
}

void Hyperband::Halve(std::int64_t number, Run& run, std::vector<SearchAction>& actions) {
  std::vector<Placed> placed = std::exchange(run.placed, {});
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    if (a.score < b.score || b.score < a.score) return a.score < b.score;
    return a.configuration_no < b.configuration_no;  // no matter who came first
  });
  const std::int64_t n = std::ssize(placed);
  const std::int64_t kept = KeptOf(n, divisor_);
  const std::string rung = "bracket " + std::to_string(number) + ", rung " +
                           std::to_string(run.rung) + ": ";
  ++run.rung;
  for (std::int64_t i = 0; i < n; ++i) {
    const Placed& one = placed[static_cast<std::size_t>(i)];
    const auto found = members_.find(one.configuration_no);
    if (found == members_.end()) continue;  // it has ended
    const std::string where = rung + Ordinal(i + 1) + " of " + std::to_string(n);
    if (i >= kept) {
      Enter(found->second, State::kDone);
      actions.emplace_back(StopTrial{one.configuration_no,
                                     where + ", top " + std::to_string(kept) + " kept"});
      continue;
    }
    actions.emplace_back(Explain{one.configuration_no, where + ", goes on"});
    if (Until(run) != 0 && found->second.time >= Until(run)) {
      run.placed.push_back(one);  // has gone as far already; stays held
    } else {
      Enter(found->second, State::kWaiting);
      run.to_continue.push_back(one.configuration_no);
    }
  }
}

bool Hyperband::ContinueOne(std::vector<SearchAction>& actions) {
  for (auto& [number, run] : runs_) {
    if (run.to_continue.empty()) continue;
    const std::int64_t configuration_no = run.to_continue.front();
    run.to_continue.pop_front();
    Member& member = members_.at(configuration_no);
    Leave(member);
    Enter(member, State::kRunning);
    actions.emplace_back(ContinueTrial{configuration_no, Until(run)});
    return true;
  }
  return false;
}

bool Hyperband::CreateOne(std::vector<SearchAction>& actions) {
  if (search_closed_) return false;
  for (auto& [number, run] : runs_) {
    if (run.rung > 0 || run.valid == run.trials) continue;
    const std::int64_t configuration_no = ledger_.Create();
    ++run.valid;
    Member& member = members_[configuration_no];
    member.run = number;
    member.hparams = sampler_->Sample(configuration_no);
    Enter(member, State::kRunning);
    actions.emplace_back(CreateTrial{{configuration_no, member.hparams}, Until(run), 0});
    return true;
  }
  return false;
}

bool Hyperband::OpenRun() {
  if (search_closed_ || planned_ >= max_trials_) return false;
  const Bracket& plan = brackets_[static_cast<std::size_t>(opened_ % std::ssize(brackets_))];
  Run run;
  run.rungs = plan.rungs;
  run.trials = std::min(plan.trials, max_trials_ - planned_);
  planned_ += run.trials;
  runs_.emplace(opened_++, std::move(run));
  return true;
}

std::int64_t Hyperband::NextDecision(std::int64_t configuration_no) const {
  const auto found = members_.find(configuration_no);
  if (found == members_.end() || found->second.state == State::kDone) return 0;
  return Until(runs_.at(found->second.run));
}

}  // namespace tutti::search
