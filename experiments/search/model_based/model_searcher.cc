#include "experiments/search/model_based/model_searcher.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "experiments/search/ledger.h"

namespace tutti::search {
namespace {

constexpr double kWorst = std::numeric_limits<double>::infinity();

}  // namespace

ModelSearcher::ModelSearcher(const ExperimentConfig& config, UnitSpace space,
                             std::unique_ptr<Proposer> proposer)
    : config_(config.searcher),
      space_(std::move(space)),
      proposer_(std::move(proposer)),
      window_(config_.max_concurrent_trials > 0 ? config_.max_concurrent_trials
                                                : proposer_->window()) {
  TUTTI_CHECK(config_.max_trials >= 1, "a search has at least one configuration");
  history_.earlier = EarlierResults(space_, config_);
  config_.observations.clear();
}

std::vector<SearchAction> ModelSearcher::OnEvent(const SearchEvent& event) {
  if (std::holds_alternative<Started>(event)) {
    if (started_) return {};
    started_ = true;
    return Fill();
  }
  if (const auto* report = std::get_if<MetricReported>(&event)) {
    if (Tried* tried = Open(report->configuration_no)) Report(*tried, *report);
    return {};
  }
  if (const auto* closed = std::get_if<TrialClosed>(&event)) {
    Tried* tried = Open(closed->configuration_no);
    if (tried == nullptr) return {};
    Close(*tried, *closed);
    history_.closed.push_back(closed->configuration_no);
    --open_;
    invalid_in_a_row_ = 0;
    return Fill();
  }
  Tried* tried = Open(std::get<ConfigurationInvalid>(event).configuration_no);
  if (tried == nullptr) return {};
  tried->outcome = Outcome::kInvalid;
  --open_;
  ++invalid_;
  ++invalid_in_a_row_;
  return Fill();
}

Tried* ModelSearcher::Open(std::int64_t configuration_no) {
  if (configuration_no < 1 || configuration_no > created()) return nullptr;
  Tried& tried = history_.trials[static_cast<std::size_t>(configuration_no - 1)];
  return tried.outcome == Outcome::kOpen ? &tried : nullptr;
}

std::vector<SearchAction> ModelSearcher::Fill() {
  std::vector<SearchAction> actions;
  if (finished_) return actions;
  if (invalid_in_a_row_ >= kHopelessInARow) {
    finished_ = true;
    actions.emplace_back(Explain{0, Ledger::HopelessText()});
    actions.emplace_back(SearchClosed{});
    return actions;
  }
  while (created() - invalid_ < config_.max_trials && open_ < window_) {
    Proposer::Proposal proposal = proposer_->Propose(history_);
    const Json hparams = space_.Decode(proposal.point);
    history_.trials.push_back({});
    history_.trials.back().point = std::move(proposal.point);
    ++open_;
    actions.emplace_back(CreateTrial{{created(), hparams}, 0, 0});
    if (!proposal.why.empty()) {
      actions.emplace_back(Explain{created(), config_.name + ": " + proposal.why});
    }
  }
  // An invalid one is replaced, so the search is only complete when none can become invalid.
  if (created() - invalid_ == config_.max_trials && open_ == 0) {
    finished_ = true;
    actions.emplace_back(SearchClosed{});
  }
  return actions;
}

double ModelSearcher::Cost(double value) const {
  if (std::isnan(value)) return kWorst;
  return config_.smaller_is_better ? value : -value;
}

void ModelSearcher::Report(Tried& tried, const MetricReported& report) const {
  Tried now;
  now.feasible = report.feasible;
  now.cost = Cost(report.value);
  tried.always_feasible = tried.always_feasible && report.feasible;
  if (tried.reported && !Better(now, tried)) return;
  tried.reported = true;
  tried.feasible = now.feasible;
  tried.cost = now.cost;
  tried.objectives.clear();
  for (const ObjectiveConfig& objective : config_.objectives) {
    const auto found = report.metrics.find(objective.metric);
    double value = objective.metric == config_.metric ? report.value
                   : found == report.metrics.end()
                       ? std::numeric_limits<double>::quiet_NaN()
                       : found->second;
    if (!objective.smaller_is_better) value = -value;
    tried.objectives.push_back(std::isnan(value) ? kWorst : value);
  }
}

void ModelSearcher::Close(Tried& tried, const TrialClosed& closed) const {
  tried.outcome = closed.ok ? Outcome::kDone : Outcome::kFailed;
  if (!closed.ok || (!tried.reported && !closed.best)) {
    tried.cost = kWorst;
    tried.objectives.assign(config_.objectives.size(), kWorst);
    return;
  }
  // The engine's best is over each replicate's own best validation, but knows no constraints.
  if (closed.best && (tried.always_feasible || !tried.reported)) tried.cost = Cost(*closed.best);
  if (tried.objectives.empty()) tried.objectives.assign(config_.objectives.size(), kWorst);
}

Json ModelSearcher::Snapshot() const {
  Json snapshot = HistoryToJson(history_);
  snapshot.Set("searcher", config_.name);
  snapshot.Set("max_trials", config_.max_trials);
  snapshot.Set("started", started_);
  snapshot.Set("finished", finished_);
  snapshot.Set("invalid_in_a_row", invalid_in_a_row_);
  snapshot.Set("model", proposer_->Snapshot());
  return snapshot;
}

Status ModelSearcher::Restore(const Json& snapshot) {
  const auto damaged = [](const std::string& what) {
    return DataLoss("searcher snapshot: " + what + "; it belongs to another experiment or version");
  };
  TUTTI_ASSIGN_OR_RETURN(const std::string name, snapshot.GetString("searcher"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t max_trials, snapshot.GetInt("max_trials"));
  TUTTI_ASSIGN_OR_RETURN(const bool started, snapshot.GetBool("started"));
  TUTTI_ASSIGN_OR_RETURN(const bool finished, snapshot.GetBool("finished"));
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t in_a_row, snapshot.GetInt("invalid_in_a_row"));
  if (name != config_.name) {
    return damaged("searcher is '" + name + "', expected '" + config_.name + "'");
  }
  if (max_trials != config_.max_trials) {
    return damaged("it has " + std::to_string(max_trials) + " configurations, expected " +
                   std::to_string(config_.max_trials));
  }
  TUTTI_ASSIGN_OR_RETURN(History history,
                         HistoryFromJson(snapshot, space_, config_.objectives.size()));
  const auto count = [&](Outcome outcome) {
    return std::count_if(history.trials.begin(), history.trials.end(),
                         [&](const Tried& tried) { return tried.outcome == outcome; });
  };
  const std::int64_t invalid = count(Outcome::kInvalid);
  const std::int64_t open = count(Outcome::kOpen);
  const std::int64_t valid = std::ssize(history.trials) - invalid;
  if (valid > max_trials) return damaged(std::to_string(valid) + " configurations are too many");
  if (open > window_) return damaged(std::to_string(open) + " open configurations are too many");
  if (!started && !history.trials.empty()) return damaged("'started' is false");
  if (in_a_row < 0 || in_a_row > invalid) return damaged("'invalid_in_a_row' is too large");
  const Json* model = snapshot.Find("model");
  if (model == nullptr) return damaged("'model' is missing");
  TUTTI_RETURN_IF_ERROR(proposer_->Restore(*model));
  history.earlier = std::move(history_.earlier);
  history_ = std::move(history);
  started_ = started;
  finished_ = finished;
  open_ = open;
  invalid_ = invalid;
  invalid_in_a_row_ = in_a_row;
  return Ok{};
}

}  // namespace tutti::search
