#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "experiments/core/rng.h"
#include "experiments/search/searcher.h"

// An engine in miniature for tests of searchers: configurations "train" one unit of time at a time,
// report, are held at run_until, crash, turn out invalid, and close, in an order that a seed
// decides. It checks the contract of searchers at every step (gtest expectations).

namespace tutti::search {

// What may happen to configurations. Values and fates depend on the configuration's number only.
struct World {
  std::uint64_t seed = 1;       // of the order of events
  std::uint64_t fate = 1;       // of values, crashes and invalid configurations
  double crash = 0;             // probability of a configuration
  double invalid = 0;           // of a configuration: refused at its first step
  double late_invalid = 0;      // of a configuration: refused after some reports
  double ends_early = 0;        // of a configuration: completes before max_time
  double nan = 0;               // of a report
  double infeasible = 0;        // of a report
  double stop_lag = 0;          // that one who was told to stop reports once more
  double restart = 0;           // of an event: the searcher is restored from its snapshot after it
  std::int64_t period = 1;      // between validations, in time
};

struct Configuration {
  Json hparams;
  std::int64_t parent = 0;
  std::int64_t time = 0;       // trained so far
  std::int64_t reported = 0;   // time of the last report
  std::int64_t until = 0;
  std::int64_t started_at = 0; // time at which it started (its parent's)
  bool stopping = false;
  bool closed = false;
  bool invalid = false;
  std::string stop_reason;
};

struct Played {
  std::map<std::int64_t, Configuration> configurations;
  std::vector<std::string> log;    // actions, one a line
  std::int64_t valid = 0;          // created and not invalid
  std::int64_t running_max = 0;    // side by side: neither held, stopping nor closed
  std::int64_t open_max = 0;
  std::int64_t total_time = 0;     // trained by all
  int closes = 0;
  bool stuck = false;
  // "12 {hparams} trained 4 of parent 3 [reason]" per configuration: what a trial table shows.
  std::vector<std::string> Table() const;
};

// Plays a whole search. Never more than `max_events` events.
Played Play(const ExperimentConfig& config, const World& world, std::int64_t max_events = 200'000);

// The metric of a configuration at a time: a curve that falls to an asymptote of its own.
double MetricOf(std::uint64_t fate, std::int64_t configuration_no, std::int64_t time);

// "create 3 {…} until 4 parent 1", "continue 3 until 0", "stop 3: …", "explain …", "close".
std::string ActionText(const SearchAction& action);
std::vector<std::string> ActionTexts(const std::vector<SearchAction>& actions);

// Fails with the first line that differs.
void ExpectSameLines(const std::vector<std::string>& got, const std::vector<std::string>& expected);

// An experiment with a small space (one dimension under a condition) whose searcher section suits
// every searcher.
ExperimentConfig SmallExperiment(const std::string& searcher);

}  // namespace tutti::search
