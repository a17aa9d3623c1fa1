#pragma once

#include <cstdint>
#include <memory>

#include "experiments/core/config/search_space.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// Where a searcher with brackets takes its configurations from: at random, or from a model of what
// was reported so far (bohb). It decides nothing about stopping.

namespace tutti::search {

class Sampler {
 public:
  virtual ~Sampler() = default;

  // The values of configuration `configuration_no` (from 1): an object of dotted paths, parents
  // first. Called once per configuration, in the order of the numbers. Randomness comes from the
  // experiment's seed and the number only.
  virtual Json Sample(std::int64_t configuration_no) = 0;

  // A result: the searcher's metric of a configuration with these values at `time` (in
  // searcher.time_metric). `value` is as reported, not sign-turned; NaN for a configuration that
  // crashed. `feasible`: no constraint is violated. A configuration may be observed at several
  // times; never twice at the same one.
  virtual void Observe(const Json& hparams, std::int64_t time, double value, bool feasible) = 0;

  // Everything that a restored sampler needs besides the experiment's configuration.
  virtual Json Snapshot() const = 0;
  // Goes on from here exactly as the sampler that made the snapshot; kDataLoss if it does not fit.
  virtual Status Restore(const Json& snapshot) = 0;
};

// SampleConfiguration of the space; learns nothing. REQUIRES: every dimension is checked
// (CheckDimension).
std::unique_ptr<Sampler> MakeRandomSampler(SearchSpace space, std::uint64_t experiment_seed);

}  // namespace tutti::search
