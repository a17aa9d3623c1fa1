#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// Searchers decide which configurations exist and when they stop: deterministic machines from
// events to actions, with no clock and no randomness but the experiment's seed. A configuration is
// a point of the search space; the engine makes `replicates` trials of it and feeds their mean
// back as one value, so a searcher never hears of trials.

namespace tutti::search {

// A new point of the search space.
struct Proposal {
  std::int64_t configuration_no = 0;  // from 1, in the order of creation, without gaps
  Json hparams;  // object: dotted path -> value, parents before children; may be empty
  friend bool operator==(const Proposal&, const Proposal&) = default;
};

// ---- What a searcher learns ----

// Times are in the experiment's searcher.time_metric: epochs, batches, or a metric that an
// entrypoint reports; counted from 1.

// The first event, exactly once.
struct Started {};
// All replicates of a configuration have reported a validation at `time`; `value` is the mean of
// the searcher's metric (not sign-turned, may be NaN).
struct MetricReported {
  std::int64_t configuration_no = 0;
  std::int64_t time = 0;
  double value = 0;
  // The means of the other metrics that the searcher looks at (searcher.metrics, constraints), with
  // "parameters" and "flops" where they are asked for.
  std::map<std::string, double> metrics;
  bool feasible = true;  // no constraint is violated; what violates one ranks behind all others
};
// Nothing of the configuration will run any more. `ok`: at least one replicate completed (or was
// stopped by this searcher), else it crashed; `best`: the mean of the replicates' best values,
// absent if none has reported.
struct TrialClosed {
  std::int64_t configuration_no = 0;
  bool ok = false;
  std::optional<double> best;
};
// The configuration cannot be trained: the trainer refused its values (InvalidHP), or a constraint
// on parameters or FLOPs excludes it. It does not count; comes instead of TrialClosed.
struct ConfigurationInvalid {
  std::int64_t configuration_no = 0;
};
using SearchEvent = std::variant<Started, MetricReported, TrialClosed, ConfigurationInvalid>;

// The configuration that an event is about; 0 for Started.
std::int64_t NumberOf(const SearchEvent& event);

// ---- What it wants ----

struct CreateTrial {
  Proposal proposal;
  // It trains up to this time (with a validation there), then gives up its slots and waits for
  // ContinueTrial or StopTrial. 0: to its end.
  std::int64_t run_until = 0;
  // Starts from the last checkpoint of this configuration (replicate by replicate), with the time
  // that it has trained, and with its own values. 0: from scratch.
  std::int64_t parent = 0;
};
// Goes on to `run_until` (0: to its end). May come before the trial has reached its old one.
struct ContinueTrial {
  std::int64_t configuration_no = 0;
  std::int64_t run_until = 0;
};
// Finish the step, checkpoint, evaluate, stop. The configuration still closes with TrialClosed.
struct StopTrial {
  std::int64_t configuration_no = 0;
  std::string reason;  // for people: "rung 1: 9th of 16, top 4 kept"
};
// A line of the decision log about what was decided and does not stop anything: "rung 0: 3rd of
// 16, goes on".
struct Explain {
  std::int64_t configuration_no = 0;  // 0: the search as a whole
  std::string text;
};
// No more configurations will be created; sent exactly once. The search is over when all open
// configurations have closed.
struct SearchClosed {};
using SearchAction =
    std::variant<CreateTrial, ContinueTrial, StopTrial, Explain, SearchClosed>;

class Searcher {
 public:
  virtual ~Searcher() = default;

  // Unknown or already closed configurations and a second Started are ignored: no actions.
  virtual std::vector<SearchAction> OnEvent(const SearchEvent& event) = 0;

  // Everything that a restored searcher needs besides the configuration of the experiment.
  virtual Json Snapshot() const = 0;

  // The next time at which this searcher may decide about an open, running configuration (after
  // its last report); 0: not before its end. `deterministic` holds the configuration there.
  virtual std::int64_t NextDecision([[maybe_unused]] std::int64_t configuration_no) const {
    return 0;
  }
  // Whether the order in which results arrive can change what is proposed or stopped. Where it
  // cannot, `deterministic` costs nothing.
  virtual bool DependsOnOrder() const { return true; }

  // Configurations the search will create in all, 0 if that is unknown.
  virtual std::int64_t expected_configurations() const = 0;
  virtual std::int64_t created() const = 0;
  virtual std::int64_t closed() const = 0;
};

// max_concurrent_trials of a `deterministic` search that has neither that field nor a rule of its
// own for how many configurations are open.
inline constexpr std::int64_t kDefaultConcurrentInOrder = 16;

// The searcher that `config.searcher.name` asks for, inside its stop rules (searcher.stop) and,
// with searcher.deterministic, inside the barrier that makes it independent of the order of
// arrival. max_concurrent_trials counts configurations, as max_trials does. Errors: an unknown
// name, a field out of range, a space that it cannot search (each named by its path).
Result<std::unique_ptr<Searcher>> MakeSearcher(const ExperimentConfig& config);

// Behaves from here on exactly as the searcher that made the snapshot. kDataLoss if the snapshot
// does not fit the configuration.
Result<std::unique_ptr<Searcher>> RestoreSearcher(const ExperimentConfig& config,
                                                  const Json& snapshot);

// The names MakeSearcher knows, for messages and for validation.
std::vector<std::string> SearcherNames();

}  // namespace tutti::search
