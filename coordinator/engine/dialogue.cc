#include "coordinator/engine/dialogue.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <variant>

#include "coordinator/engine/attempts.h"
#include "coordinator/engine/checkpoints.h"
#include "coordinator/engine/constraints.h"
#include "coordinator/engine/ensembles.h"
#include "coordinator/engine/gangs.h"
#include "experiments/core/check.h"
#include "experiments/search/sample.h"

namespace tutti::engine {
namespace {

void LogDecision(Cluster& cluster, std::string subject, std::string text, std::int64_t at_ms) {
  Log(cluster, at_ms, "decision", std::move(subject), std::move(text));
}

// A line for each of its trials, so that `why` finds it; for the experiment if it has none.
void LogDecision(Cluster& cluster, const Experiment& experiment,
                 const Configuration& configuration, const std::string& text,
                 std::int64_t at_ms) {
  for (const TrialId id : configuration.trials) {
    LogDecision(cluster, "trial " + TrialName(cluster.trials.at(id)), text, at_ms);
  }
  if (!configuration.trials.empty()) return;
  LogDecision(cluster, "experiment " + ToString(experiment.id),
              "configuration " + std::to_string(configuration.no) + ": " + text, at_ms);
}

// The trial starts where the same replicate of the parent is now.
void TakeStart(Cluster& cluster, const Experiment& experiment, std::int64_t parent_no,
               Trial& trial, std::int64_t at_ms) {
  const auto it = experiment.configurations.find(parent_no);
  if (it == experiment.configurations.end() || it->second.trials.empty()) return;
  const std::vector<TrialId>& parents = it->second.trials;
  const auto index = static_cast<std::size_t>(trial.replicate_no - 1);
  const Trial& parent = cluster.trials.at(index < parents.size() ? parents[index] : parents[0]);
  trial.parent = parent.id;
  if (!parent.last_checkpoint) {
    return LogDecision(cluster, "trial " + TrialName(trial),
                       "starts from scratch: its parent " + TrialName(parent) +
                           " has no checkpoint",
                       at_ms);
  }
  const Checkpoint& checkpoint = parent.checkpoints.at(parent.last_checkpoint);
  trial.start_checkpoint = checkpoint.id;
  trial.start_name = checkpoint.name;
  trial.start_sha256 = checkpoint.sha256;
  trial.epochs_done = checkpoint.epoch;
  const std::string& unit = experiment.config.searcher.time_metric;
  trial.time_done = unit == "epochs"    ? checkpoint.epoch
                    : unit == "batches" ? checkpoint.step
                                        : parent.time_done;
  Pin(cluster, checkpoint.name);
  LogDecision(cluster, "trial " + TrialName(trial),
              "starts from the checkpoint of " + TrialName(parent) + " at " +
                  std::to_string(trial.time_done) + " " + unit,
              at_ms);
}

void CreateReplicates(Cluster& cluster, Experiment& experiment, Configuration& configuration,
                      const search::CreateTrial& create, std::int64_t at_ms) {
  const std::int64_t replicates = std::max<std::int64_t>(experiment.config.replicates, 1);
  for (std::int64_t replicate = 1; replicate <= replicates; ++replicate) {
    Trial trial;
    trial.id = TrialId(cluster.next_trial++);
    trial.experiment = experiment.id;
    trial.configuration_no = configuration.no;
    trial.replicate_no = replicate;
    trial.seed =
        search::TrialSeed(experiment.config.experiment_seed, configuration.no, replicate);
    trial.parameters = configuration.parameters;
    trial.flops = configuration.flops;
    trial.run_until = create.run_until;
    experiment.trials.push_back(trial.id);
    trial.trial_no = static_cast<std::int64_t>(experiment.trials.size());
    configuration.trials.push_back(trial.id);
    ++experiment.open_trials;
    Log(cluster, at_ms, "trial_created", "trial " + TrialName(trial), configuration.hparams.Dump());
    if (create.parent != 0) TakeStart(cluster, experiment, create.parent, trial, at_ms);
    Trial& stored = cluster.trials.emplace(trial.id, std::move(trial)).first->second;
    AnnounceForTrial(cluster, stored, at_ms);
    WaitAgain(cluster, stored, at_ms);
  }
  AnnounceForConfiguration(cluster, experiment, configuration, at_ms);
}

void Create(Cluster& cluster, Experiment& experiment, const search::CreateTrial& create,
            std::int64_t at_ms) {
  Configuration& configuration = experiment.configurations[create.proposal.configuration_no];
  TUTTI_CHECK(configuration.no == 0, "the searcher created a configuration twice");
  configuration.no = create.proposal.configuration_no;
  configuration.hparams = create.proposal.hparams;
  std::string excluded = FindCost(experiment, configuration);
  if (excluded.empty()) {
    return CreateReplicates(cluster, experiment, configuration, create, at_ms);
  }
  configuration.invalid = true;
  configuration.why_invalid = std::move(excluded);
  LogDecision(cluster, experiment, configuration,
              "not trained: " + configuration.why_invalid + "; " + configuration.hparams.Dump(),
              at_ms);
  CloseConfiguration(cluster, experiment, configuration);
}

void Continue(Cluster& cluster, Experiment& experiment, const search::ContinueTrial& action,
              std::int64_t at_ms) {
  const auto it = experiment.configurations.find(action.configuration_no);
  if (it == experiment.configurations.end()) return;
  for (const TrialId id : it->second.trials) {
    Trial& trial = cluster.trials.at(id);
    if (IsTerminal(trial.state) || trial.stop >= StopReason::kSearcher) continue;
    trial.run_until = action.run_until;
    cluster.outbox.trials.insert(id);
    if (trial.attempt) {
      Attempt& attempt = cluster.attempts.at(trial.attempt);
      attempt.prolonged = true;
      MarkDesired(cluster, cluster.allocations.at(attempt.allocation));
    }
    if (!std::exchange(trial.held, false)) continue;
    if (trial.state == TrialState::kHeld) WaitAgain(cluster, trial, at_ms);
  }
  // A value that was kept back for the hold at the old time.
  FeedConfiguration(cluster, experiment, it->second);
}

void Stop(Cluster& cluster, Experiment& experiment, const search::StopTrial& action,
          std::int64_t at_ms) {
  const auto it = experiment.configurations.find(action.configuration_no);
  if (it == experiment.configurations.end()) return;
  const std::vector<TrialId> trials = it->second.trials;
  for (const TrialId id : trials) {
    Trial& trial = cluster.trials.at(id);
    if (IsTerminal(trial.state)) continue;
    trial.verdict = action.reason;
    LogDecision(cluster, "trial " + TrialName(trial),
                "stopped" + (action.reason.empty() ? "" : ": " + action.reason), at_ms);
    RequestStop(cluster, id, StopReason::kSearcher, at_ms);
  }
}

double Mean(const std::map<std::int64_t, double>& values) {
  double sum = 0;
  for (const auto& [replicate, value] : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// The metrics beside its own that the searcher looks at: means over the replicates that have them.
std::map<std::string, double> OtherMeans(const Experiment& experiment,
                                         const Configuration& configuration, std::int64_t time) {
  std::map<std::string, double> means;
  const auto at_time = configuration.pending_others.find(time);
  for (const std::string& name : experiment.watched) {
    std::map<std::int64_t, double> values;
    if (at_time != configuration.pending_others.end()) {
      for (const auto& [replicate, metrics] : at_time->second) {
        const auto it = metrics.find(name);
        if (it != metrics.end()) values[replicate] = it->second;
      }
    }
    if (!values.empty()) means[name] = Mean(values);
  }
  return means;
}

}  // namespace

bool Listens(const Experiment& experiment) {
  return experiment.state == ExperimentState::kActive ||
         experiment.state == ExperimentState::kPaused;
}

void Obey(Cluster& cluster, Experiment& experiment,
          const std::vector<search::SearchAction>& actions, std::int64_t at_ms) {
  for (const search::SearchAction& action : actions) {
    if (const auto* create = std::get_if<search::CreateTrial>(&action)) {
      Create(cluster, experiment, *create, at_ms);
    }
  }
  for (const search::SearchAction& action : actions) {
    if (const auto* stop = std::get_if<search::StopTrial>(&action)) {
      Stop(cluster, experiment, *stop, at_ms);
    } else if (const auto* go_on = std::get_if<search::ContinueTrial>(&action)) {
      Continue(cluster, experiment, *go_on, at_ms);
    } else if (const auto* explain = std::get_if<search::Explain>(&action)) {
      const auto it = experiment.configurations.find(explain->configuration_no);
      if (it != experiment.configurations.end()) {
        LogDecision(cluster, experiment, it->second, explain->text, at_ms);
      } else {
        LogDecision(cluster, "experiment " + ToString(experiment.id), explain->text, at_ms);
      }
    } else if (std::holds_alternative<search::SearchClosed>(action)) {
      experiment.search_closed = true;
      Log(cluster, at_ms, "searcher_closed", "experiment " + ToString(experiment.id),
          std::to_string(experiment.configurations.size()) + " configurations");
    }
  }
}

void FeedConfiguration(Cluster& cluster, Experiment& experiment, Configuration& configuration) {
  if (!Listens(experiment) || configuration.closed) return;
  while (!configuration.pending.empty()) {
    const auto& [time, values] = *configuration.pending.begin();
    for (const TrialId id : configuration.trials) {
      const Trial& trial = cluster.trials.at(id);
      if (IsTerminal(trial.state)) continue;
      if (trial.metric_time < time) return;  // still to come
      // Where the searcher decides, the checkpoint is there before it hears of the value: another
      // configuration may start from it.
      if (trial.run_until != 0 && time >= trial.run_until && !trial.held) return;
    }
    search::MetricReported report{configuration.no, time, Mean(values),
                                  OtherMeans(experiment, configuration, time), true};
    std::map<std::string, double> all = report.metrics;
    all[experiment.config.searcher.metric] = report.value;
    report.feasible = WhyInfeasible(experiment.config.searcher, all).empty();
    experiment.inbox.emplace_back(std::move(report));
    cluster.touched.insert(experiment.id);
    configuration.fed_time = time;
    configuration.pending_others.erase(time);
    configuration.pending.erase(configuration.pending.begin());
  }
}

bool HasEnded(const Cluster& cluster, const Configuration& configuration) {
  return std::all_of(configuration.trials.begin(), configuration.trials.end(),
                     [&](TrialId id) { return IsTerminal(cluster.trials.at(id).state); });
}

void CloseConfiguration(Cluster& cluster, Experiment& experiment, Configuration& configuration) {
  if (!Listens(experiment) || configuration.closed) return;
  configuration.closed = true;
  configuration.document.clear();
  configuration.pending.clear();
  configuration.pending_others.clear();
  cluster.touched.insert(experiment.id);
  if (configuration.invalid) {
    experiment.inbox.emplace_back(search::ConfigurationInvalid{configuration.no});
    return;
  }
  search::TrialClosed report{configuration.no, false, std::nullopt};
  std::map<std::int64_t, double> best;
  for (const TrialId id : configuration.trials) {
    const Trial& trial = cluster.trials.at(id);
    report.ok = report.ok || EndedWell(trial.state);
    if (trial.best_value) best[trial.replicate_no] = *trial.best_value;
  }
  if (!best.empty()) report.best = Mean(best);
  experiment.inbox.emplace_back(std::move(report));
}

void Invalidate(Cluster& cluster, Trial& trial, const std::string& why, std::int64_t at_ms) {
  Experiment& experiment = cluster.ExperimentOf(trial);
  Configuration& configuration = experiment.configurations.at(trial.configuration_no);
  configuration.invalid = true;
  configuration.why_invalid = "invalid hyperparameters" + (why.empty() ? "" : ": " + why);
  LogDecision(cluster, "trial " + TrialName(trial),
              configuration.why_invalid + "; " + configuration.hparams.Dump(), at_ms);
  SetTrialState(cluster, trial, TrialState::kError, at_ms, configuration.why_invalid);
  const std::vector<TrialId> trials = configuration.trials;
  for (const TrialId id : trials) RequestStop(cluster, id, StopReason::kInvalid, at_ms);
}

void Hold(Cluster& cluster, Trial& trial, bool prolonged, std::int64_t at_ms) {
  const bool goes_on = trial.run_until == 0 || trial.time_done < trial.run_until;
  if (prolonged && goes_on) return WaitAgain(cluster, trial, at_ms);
  trial.held = true;
  WaitAgain(cluster, trial, at_ms);
  Experiment& experiment = cluster.ExperimentOf(trial);
  Configuration& configuration = experiment.configurations.at(trial.configuration_no);
  if (trial.metric_time >= trial.run_until) {
    return FeedConfiguration(cluster, experiment, configuration);
  }
  // The decision hangs on a value that the program has not reported: it counts as none.
  trial.metric_time = trial.run_until;
  configuration.pending[trial.run_until][trial.replicate_no] =
      std::numeric_limits<double>::quiet_NaN();
  Log(cluster, at_ms, "no_metric", "trial " + TrialName(trial),
      "it was held at " + std::to_string(trial.run_until) + " " +
          experiment.config.searcher.time_metric + " and has not reported " +
          experiment.config.searcher.metric + " there");
  FeedConfiguration(cluster, experiment, configuration);
}

void CountIdleSlots(Cluster& cluster, std::int64_t at_ms) {
  for (auto it = cluster.holding.begin(); it != cluster.holding.end();) {
    Experiment& experiment = cluster.experiments.at(*it);
    std::int64_t idle = 0;
    if (experiment.state == ExperimentState::kActive && experiment.held_trials > 0) {
      const Pool& pool = cluster.pools[experiment.config.resources.resource_pool];
      idle = std::min(experiment.held_trials * experiment.world_size, pool.unused_slots);
    }
    if (idle != experiment.idle_slots) {
      if (experiment.idle_slots > 0) {
        experiment.held_ms += experiment.idle_slots * (at_ms - experiment.idle_since_ms);
        cluster.outbox.experiments.insert(experiment.id);
      }
      experiment.idle_slots = idle;
      experiment.idle_since_ms = at_ms;
    }
    it = experiment.held_trials > 0 ? std::next(it) : cluster.holding.erase(it);
  }
}

}  // namespace tutti::engine
