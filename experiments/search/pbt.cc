#include "experiments/search/pbt.h"

#include <algorithm>
#include <utility>

#include "experiments/search/sample.h"

namespace tutti::search {
namespace {

Error OutOfRange(const std::string& field, const std::string& value, const std::string& expected) {
  return InvalidArgument("searcher." + field + " is " + value + ", must be " + expected);
}

Status CheckFields(const SearcherConfig& s) {
  const auto at_least = [](const char* field, std::int64_t value, std::int64_t lowest) -> Status {
    if (value >= lowest) return Ok{};
    return OutOfRange(field, std::to_string(value), "at least " + std::to_string(lowest));
  };
  const auto between = [](const char* field, double value, double lo, double hi) -> Status {
    if (value >= lo && value <= hi) return Ok{};
    return OutOfRange(field, FormatDouble(value),
                      "between " + FormatDouble(lo) + " and " + FormatDouble(hi));
  };
  TUTTI_RETURN_IF_ERROR(at_least("population_size", s.population_size, 2));
  TUTTI_RETURN_IF_ERROR(at_least("num_rounds", s.num_rounds, 1));
  TUTTI_RETURN_IF_ERROR(at_least("round_time", s.round_time, 1));
  TUTTI_RETURN_IF_ERROR(between("truncate_fraction", s.truncate_fraction, 0, 0.5));
  TUTTI_RETURN_IF_ERROR(between("perturb_factor", s.perturb_factor, 0, 1));
  TUTTI_RETURN_IF_ERROR(between("resample_probability", s.resample_probability, 0, 1));
  if (s.max_time > 0 && s.round_time > s.max_time / s.num_rounds) {
    return InvalidArgument("searcher.max_time is " + std::to_string(s.max_time) + ", and " +
                           std::to_string(s.num_rounds) + " rounds of " +
                           std::to_string(s.round_time) + " are longer; lower num_rounds or "
                           "round_time");
  }
  return Ok{};
}

}  // namespace

Result<std::unique_ptr<PopulationBasedTraining>> PopulationBasedTraining::Make(
    const ExperimentConfig& config) {
  TUTTI_RETURN_IF_ERROR(CheckFields(config.searcher));
  for (const SearchDimension& dimension : config.hyperparameters) {
    TUTTI_RETURN_IF_ERROR(CheckDimension(dimension));
  }
  return std::unique_ptr<PopulationBasedTraining>(new PopulationBasedTraining(config));
}

PopulationBasedTraining::PopulationBasedTraining(const ExperimentConfig& config)
    : space_(config.hyperparameters),
      seed_(config.experiment_seed),
      smaller_is_better_(config.searcher.smaller_is_better),
      population_(config.searcher.population_size),
      // 0.29 * 100 is 28.999…
      truncated_(static_cast<std::int64_t>(
          config.searcher.truncate_fraction * static_cast<double>(population_) + 1e-9)),
      num_rounds_(config.searcher.num_rounds),
      round_time_(config.searcher.round_time),
      max_time_(config.searcher.max_time),
      window_(config.searcher.max_concurrent_trials > 0 ? config.searcher.max_concurrent_trials
                                                        : population_),
      explore_{config.searcher.perturb_factor, config.searcher.resample_probability},
      ends_by_itself_(config.entrypoint.empty()) {}

std::vector<SearchAction> PopulationBasedTraining::OnEvent(const SearchEvent& event) {
  std::vector<SearchAction> actions;
  if (std::holds_alternative<Started>(event)) {
    if (started_) return actions;
    started_ = true;
    queue_.resize(static_cast<std::size_t>(population_));
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

std::int64_t PopulationBasedTraining::Until() const {
  const std::int64_t until = round_ * round_time_;
  return round_ == num_rounds_ && ends_by_itself_ && until >= max_time_ ? 0 : until;
}

std::int64_t PopulationBasedTraining::CountIn(State state) const {
  return std::count_if(members_.begin(), members_.end(),
                       [state](const auto& item) { return item.second.state == state; });
}

void PopulationBasedTraining::OnMetric(const MetricReported& report,
                                       std::vector<SearchAction>& actions) {
  const auto found = members_.find(report.configuration_no);
  if (found == members_.end() || report.time <= found->second.time) return;
  ledger_.EndInvalidRow();
  Member& member = found->second;
  member.time = report.time;
  member.score = Score::Of(report.value, smaller_is_better_, report.feasible);
  if (member.state != State::kRunning || Until() == 0 || report.time < Until()) return;
  member.state = State::kHeld;
  placed_.push_back({report.configuration_no, member.score});
  Advance(actions);
}

void PopulationBasedTraining::OnClosed(const TrialClosed& closed,
                                       std::vector<SearchAction>& actions) {
  const std::int64_t number = closed.configuration_no;
  const auto found = members_.find(number);
  if (found == members_.end()) return;
  Member member = std::move(found->second);
  members_.erase(found);
  ledger_.Close(number);
  ledger_.EndInvalidRow();
  if (member.state != State::kDone) {
    std::erase_if(placed_, [number](const Placed& p) { return p.configuration_no == number; });
    std::erase_if(queue_, [number](const Start& start) { return start.goes_on == number; });
    placed_.push_back({number, closed.ok ? member.score : Score::Failed()});
    ended_.emplace(number, std::move(member.hparams));
  }
  Advance(actions);
}

void PopulationBasedTraining::OnInvalid(std::int64_t configuration_no,
                                        std::vector<SearchAction>& actions) {
  if (members_.erase(configuration_no) == 0) return;
  ledger_.Invalidate(configuration_no);
  std::erase_if(placed_, [configuration_no](const Placed& p) {
    return p.configuration_no == configuration_no;
  });
  std::erase_if(queue_,
                [configuration_no](const Start& s) { return s.goes_on == configuration_no; });
  if (ledger_.hopeless() && !search_closed_) {
    actions.emplace_back(Explain{0, Ledger::HopelessText()});
    Close(actions);
    std::erase_if(queue_, [](const Start& start) { return start.goes_on == 0; });
  } else if (round_ == 1 && !search_closed_) {
    queue_.emplace_back();  // later its parents have moved on: the next round fills the place
  }
  Advance(actions);
}

void PopulationBasedTraining::Advance(std::vector<SearchAction>& actions) {
  while (true) {
    while (!queue_.empty() && CountIn(State::kRunning) < window_) {
      const Start start = std::move(queue_.front());
      queue_.pop_front();
      Begin(start, actions);
    }
    const bool all_here = queue_.empty() && CountIn(State::kRunning) == 0;
    if (!all_here || search_closed_) break;
    EndRound(actions);
  }
  // Who is held when a hopeless search closes waits for nothing.
  if (search_closed_ && queue_.empty() && CountIn(State::kRunning) == 0) {
    StopHeld("the search has ended", actions);
  }
}

void PopulationBasedTraining::Begin(const Start& start, std::vector<SearchAction>& actions) {
  if (start.goes_on != 0) {
    members_.at(start.goes_on).state = State::kRunning;
    actions.emplace_back(ContinueTrial{start.goes_on, Until()});
    return;
  }
  const std::int64_t number = ledger_.Create();
  const Rng stream =
      Rng(seed_).Split("explore", {static_cast<std::uint64_t>(number)});
  Member& member = members_[number];
  member.hparams = start.parent == 0 ? SampleConfiguration(space_, seed_, number)
                                     : Explore(space_, start.hparams, explore_, stream);
  actions.emplace_back(CreateTrial{{number, member.hparams}, Until(), start.parent});
}

void PopulationBasedTraining::StopHeld(const std::string& why,
                                       std::vector<SearchAction>& actions) {
  for (auto& [number, member] : members_) {
    if (member.state != State::kHeld) continue;
    member.state = State::kDone;
    actions.emplace_back(StopTrial{number, why});
  }
}

void PopulationBasedTraining::Close(std::vector<SearchAction>& actions) {
  search_closed_ = true;
  actions.emplace_back(SearchClosed{});
}

void PopulationBasedTraining::EndRound(std::vector<SearchAction>& actions) {
  const std::string round = "round " + std::to_string(round_) + " of " +
                            std::to_string(num_rounds_) + ": ";
  std::vector<Placed> placed = std::exchange(placed_, {});
  const std::map<std::int64_t, Json> ended = std::exchange(ended_, {});
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    if (a.score < b.score || b.score < a.score) return a.score < b.score;
    return a.configuration_no < b.configuration_no;
  });
  const std::int64_t usable = std::count_if(placed.begin(), placed.end(), [](const Placed& p) {
    return p.score.tier != Score::Tier::kFailed;
  });
  if (round_ == num_rounds_) {
    StopHeld(round + "trained to the end", actions);
    return Close(actions);
  }
  if (usable == 0) {
    StopHeld(round + "diverged, and there is nobody to copy", actions);
    actions.emplace_back(Explain{0, round + "all crashed or diverged; there is nobody to copy"});
    return Close(actions);
  }
  const std::int64_t n = std::ssize(placed);
  // As many as are truncated, and none that is truncated itself (invalid ones make n smaller).
  const std::int64_t parents =
      std::max<std::int64_t>(std::min({truncated_, usable, n - truncated_}), 1);
  std::vector<std::int64_t> survivors;
  std::int64_t children = 0;
  const auto parent_of = [&](std::int64_t child) {
    return placed[static_cast<std::size_t>(child % parents)].configuration_no;
  };
  for (std::int64_t i = 0; i < n; ++i) {
    const Placed& one = placed[static_cast<std::size_t>(i)];
    const auto found = members_.find(one.configuration_no);
    if (found == members_.end()) continue;  // has ended
    const std::string where = round + Ordinal(i + 1) + " of " + std::to_string(n);
    if (i < n - truncated_ && one.score.tier != Score::Tier::kFailed) {
      survivors.push_back(one.configuration_no);
      actions.emplace_back(Explain{one.configuration_no, where + ", goes on"});
    } else {
      found->second.state = State::kDone;
      actions.emplace_back(StopTrial{one.configuration_no,
                                     where + ", replaced by a copy of configuration " +
                                         std::to_string(parent_of(children++))});
    }
  }
  // Children first: their parents must still be where they were compared.
  children = population_ - std::ssize(survivors);
  for (std::int64_t child = 0; child < children; ++child) {
    const std::int64_t parent = parent_of(child);
    const auto closed = ended.find(parent);
    queue_.push_back(
        {0, parent, closed != ended.end() ? closed->second : members_.at(parent).hparams});
  }
  ++round_;
  for (const std::int64_t number : survivors) {
    Member& member = members_.at(number);
    if (Until() != 0 && member.time >= Until()) {
      placed_.push_back({number, member.score});  // has gone as far already; stays held
    } else {
      member.state = State::kWaiting;
      queue_.push_back({number, 0, {}});
    }
  }
}

std::int64_t PopulationBasedTraining::NextDecision(std::int64_t configuration_no) const {
  const auto found = members_.find(configuration_no);
  if (found == members_.end() || found->second.state == State::kDone) return 0;
  return Until();
}

std::int64_t PopulationBasedTraining::expected_configurations() const {
  if (search_closed_) return ledger_.created();
  if (!started_) return population_ + (num_rounds_ - 1) * truncated_;
  const auto queued = std::count_if(queue_.begin(), queue_.end(),
                                    [](const Start& start) { return start.goes_on == 0; });
  return ledger_.created() + queued + (num_rounds_ - round_) * truncated_;
}

}  // namespace tutti::search
