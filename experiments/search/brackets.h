#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "experiments/core/config/experiment_config.h"
#include "experiments/core/result.h"

// The arithmetic of successive halving, in integers throughout: what Determined computes with
// floating logarithms and powers (master/pkg/searcher, async_halving.go and adaptive_asha.go),
// without their rounding (log 1000 / log 10 is 2.999…).

namespace tutti::search {

// One run of successive halving.
struct Bracket {
  // Units (of time_metric) at which a configuration is judged, ascending; the last is max_time.
  std::vector<std::int64_t> rungs;
  std::int64_t trials = 0;          // configurations that it creates in all
  std::int64_t max_concurrent = 0;  // configurations that it starts with and keeps open
};

// Bounds of what the functions below accept; products stay within 128 bits.
inline constexpr std::int64_t kMaxRungs = 32;
inline constexpr std::int64_t kMaxHalvingPower = std::int64_t{1} << 31;  // divisor^(rungs - 1)
inline constexpr std::int64_t kMaxBracketTrials = 1'000'000;             // max_trials

// The largest r with base^r <= x. REQUIRES: base >= 2, x >= 1.
std::int64_t FloorLog(std::int64_t base, std::int64_t x);

// base^exponent, or kMaxHalvingPower + 1 if that is larger. REQUIRES: base >= 2, exponent >= 0.
std::int64_t BoundedPower(std::int64_t base, std::int64_t exponent);

// Rung k of K (from 0): max(floor(max_time / divisor^(K-1-k)), 1) units. Neighbours are equal where
// max_time is small. REQUIRES: max_time >= 1, 1 <= num_rungs <= kMaxRungs, divisor >= 2.
std::vector<std::int64_t> Rungs(std::int64_t max_time, std::int64_t num_rungs,
                                std::int64_t divisor);

// Of `n` configurations in a rung, those that go on: max(floor(n / divisor), 1).
std::int64_t KeptOf(std::int64_t n, std::int64_t divisor);

// The brackets of `config.searcher`, in the order in which they start:
// - async_halving: one, with num_rungs.
// - adaptive_asha: most rungs first; rung counts by `mode` from 1 … R with
//   R = min(max_rungs, FloorLog(max_time) + 1, FloorLog(max_trials) + 1), or bracket_rungs as
//   given; trials in proportion to divisor^(r-1) / r, at least 1 each, the remainder to the first.
//   With many bracket_rungs and few trials, the sum may exceed max_trials, as in Determined.
// - hyperband, bohb: Li et al., "Hyperband", JMLR 18 (2018), Algorithm 1: s = s_max … 0 with
//   s_max = min(FloorLog(max_time), max_rungs - 1), s + 1 rungs and
//   ceil((s_max + 1) * divisor^s / (s + 1)) trials; again from s_max until max_trials are used up,
//   the last one cut. max_concurrent is that of the search: they share it.
// Errors: a field out of range, named; a searcher without brackets.
Result<std::vector<Bracket>> Brackets(const ExperimentConfig& config);

}  // namespace tutti::search
