#include "experiments/search/stop_rules.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace tutti::search {
namespace {

constexpr double kWorst = std::numeric_limits<double>::infinity();

Status CheckRule(const StopRuleConfig& rule) {
  const auto refuse = [](const std::string& field, const std::string& value,
                         const std::string& expected) {
    return InvalidArgument("searcher.stop." + field + " is " + value + ", must be " + expected);
  };
  if (rule.rule != "patience" && rule.rule != "median") {
    return InvalidArgument("searcher.stop has rule '" + rule.rule +
                           "'; known are patience and median");
  }
  if (rule.grace_time < 0) {
    return refuse(rule.rule + ".grace_time", std::to_string(rule.grace_time), "at least 0");
  }
  if (rule.rule == "patience" && rule.patience < 1) {
    return refuse("patience.validations", std::to_string(rule.patience), "at least 1");
  }
  if (rule.rule == "patience" && !(rule.min_delta >= 0 && std::isfinite(rule.min_delta))) {
    return refuse("patience.min_delta", FormatDouble(rule.min_delta), "at least 0");
  }
  if (rule.rule == "median" && rule.min_trials < 1) {
    return refuse("median.min_trials", std::to_string(rule.min_trials), "at least 1");
  }
  return Ok{};
}

// The mean of the two middle ones if there are an even number. REQUIRES: not empty.
double MedianOf(std::vector<double> values) {
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::nth_element(values.begin(), middle, values.end());
  const double upper = *middle;
  if (values.size() % 2 == 1) return upper;
  const double lower = *std::max_element(values.begin(), middle);
  return lower == upper ? upper : lower + (upper - lower) / 2;  // of two infinities: that
}

// Four digits are enough for a reason.
std::string Brief(double value) {
  if (!std::isfinite(value) || value == 0) return FormatDouble(value);
  const double scale = std::pow(10.0, 3 - std::floor(std::log10(std::abs(value))));
  const double rounded = std::round(value * scale) / scale;
  return FormatDouble(std::isfinite(rounded) ? rounded : value);
}

}  // namespace

Result<std::unique_ptr<StopRules>> StopRules::Make(const ExperimentConfig& config,
                                                   std::unique_ptr<Searcher> inner) {
  for (const StopRuleConfig& rule : config.searcher.stop) TUTTI_RETURN_IF_ERROR(CheckRule(rule));
  return std::unique_ptr<StopRules>(new StopRules(config, std::move(inner)));
}

StopRules::StopRules(const ExperimentConfig& config, std::unique_ptr<Searcher> inner)
    : smaller_is_better_(config.searcher.smaller_is_better),
      max_time_(config.searcher.max_time),
      period_(config.min_validation_period > 0
                  ? config.min_validation_period
                  : std::max<std::int64_t>(config.searcher.max_time / 10, 1)),
      inner_(std::move(inner)) {
  for (const StopRuleConfig& rule : config.searcher.stop) {
    (rule.rule == "patience" ? patience_ : median_).push_back(rule);
  }
}

std::vector<SearchAction> StopRules::OnEvent(const SearchEvent& event) {
  std::vector<SearchAction> actions;
  if (std::holds_alternative<Started>(event)) {
    Pass(inner_->OnEvent(event), actions);
    return actions;
  }
  const auto found = histories_.find(NumberOf(event));
  if (found == histories_.end() || !found->second.open) return actions;
  History& history = found->second;
  const auto* report = std::get_if<MetricReported>(&event);
  if (report == nullptr) {
    history.open = false;
    if (std::holds_alternative<ConfigurationInvalid>(event)) histories_.erase(found);
    Pass(inner_->OnEvent(event), actions);
    return actions;
  }
  if (history.stopped || report->time <= history.last_time) return actions;
  Learn(history, *report);
  std::vector<SearchAction> inner = inner_->OnEvent(event);
  for (const SearchAction& action : inner) {
    const auto* stop = std::get_if<StopTrial>(&action);
    if (stop != nullptr && stop->configuration_no == report->configuration_no) {
      Pass(std::move(inner), actions);  // no need for a rule
      return actions;
    }
  }
  const std::string why = WhyStop(report->configuration_no, history);
  if (!why.empty()) {
    history.stopped = true;
    actions.emplace_back(StopTrial{report->configuration_no, why});
  }
  Pass(std::move(inner), actions);
  return actions;
}

void StopRules::Pass(std::vector<SearchAction> from, std::vector<SearchAction>& actions) {
  for (SearchAction& action : from) {
    if (const auto* create = std::get_if<CreateTrial>(&action)) {
      History& history = histories_[create->proposal.configuration_no];
      history.best = kWorst;
      history.since_best.assign(patience_.size(), 0);
      history.to_beat.assign(patience_.size(), kWorst);
      const auto parent = histories_.find(create->parent);
      if (parent != histories_.end()) history.last_time = parent->second.last_time;
    } else if (const auto* go_on = std::get_if<ContinueTrial>(&action)) {
      if (histories_.at(go_on->configuration_no).stopped) continue;
    } else if (const auto* stop = std::get_if<StopTrial>(&action)) {
      History& history = histories_.at(stop->configuration_no);
      if (std::exchange(history.stopped, true)) continue;
    }
    actions.push_back(std::move(action));
  }
}

void StopRules::Learn(History& history, const MetricReported& report) const {
  const double value = !std::isfinite(report.value) ? kWorst
                       : smaller_is_better_         ? report.value
                                                    : -report.value;
  history.last_time = report.time;
  if (value < history.best) {
    history.best = value;
    history.best_time = report.time;
  }
  for (std::size_t i = 0; i < patience_.size(); ++i) {
    if (value < history.to_beat[i] - patience_[i].min_delta) {
      history.to_beat[i] = value;
      history.since_best[i] = 0;
    } else {
      ++history.since_best[i];
    }
  }
  if (value != kWorst) {
    history.sum += value;
    ++history.count;
  }
  if (median_.empty()) return;
  const double average =
      history.count == 0 ? kWorst : history.sum / static_cast<double>(history.count);
  history.reports.push_back({report.time, average});
}

std::string StopRules::WhyStop(std::int64_t configuration_no, const History& history) const {
  if (max_time_ > 0 && history.last_time >= max_time_) return "";
  for (std::size_t i = 0; i < patience_.size(); ++i) {
    const StopRuleConfig& rule = patience_[i];
    if (history.last_time < rule.grace_time || history.since_best[i] < rule.patience) continue;
    const std::string progress = history.to_beat[i] == kWorst
                                     ? "no finite value"
                                     : "none better than " + Brief(Shown(history.to_beat[i]));
    return "patience: " + progress + " in " + std::to_string(history.since_best[i]) +
           " validations";
  }
  for (const StopRuleConfig& rule : median_) {
    std::string why = MedianSays(rule, configuration_no, history);
    if (!why.empty()) return why;
  }
  return "";
}

std::vector<double> StopRules::Others(std::int64_t configuration_no, std::int64_t time) const {
  std::vector<double> averages;
  for (const auto& [number, history] : histories_) {
    if (number == configuration_no || history.last_time < time) continue;
    const auto after = std::upper_bound(
        history.reports.begin(), history.reports.end(), time,
        [](std::int64_t t, const Report& report) { return t < report.time; });
    if (after != history.reports.begin()) averages.push_back(std::prev(after)->average);
  }
  return averages;
}

std::string StopRules::MedianSays(const StopRuleConfig& rule, std::int64_t configuration_no,
                                  const History& history) const {
  if (history.last_time < rule.grace_time) return "";
  const std::vector<double> others = Others(configuration_no, history.last_time);
  if (std::ssize(others) < rule.min_trials) return "";
  const double median = MedianOf(others);
  if (!(history.best > median)) return "";
  const std::string best = history.best == kWorst ? "no finite value"
                                                  : "best " + Brief(Shown(history.best)) + " at " +
                                                        std::to_string(history.best_time);
  return "median: " + best + " is worse than " + Brief(Shown(median)) + ", the median average of " +
         std::to_string(others.size()) + " others at " + std::to_string(history.last_time);
}

std::int64_t StopRules::NextDecision(std::int64_t configuration_no) const {
  const std::int64_t inner = inner_->NextDecision(configuration_no);
  const auto found = histories_.find(configuration_no);
  if (found == histories_.end() || !found->second.open || found->second.stopped) return inner;
  const History& history = found->second;
  std::int64_t next = std::numeric_limits<std::int64_t>::max();
  // The first validation after the last one that is not before `grace`, `validations` later.
  const auto candidate = [&](std::int64_t validations, std::int64_t grace) {
    const std::int64_t at = (history.last_time / period_ + validations) * period_;
    next = std::min(next, std::max(at, (grace + period_ - 1) / period_ * period_));
  };
  for (std::size_t i = 0; i < patience_.size(); ++i) {
    // The first value of all is always better than none.
    const std::int64_t first = history.to_beat[i] == kWorst && history.since_best[i] == 0 ? 1 : 0;
    candidate(std::max<std::int64_t>(patience_[i].patience - history.since_best[i], 1) + first,
              patience_[i].grace_time);
  }
  for (const StopRuleConfig& rule : median_) candidate(1, rule.grace_time);
  if (max_time_ > 0 && next >= max_time_) return inner;
  return inner == 0 ? next : std::min(inner, next);
}

}  // namespace tutti::search
