#pragma once

#include <memory>
#include <vector>

#include "experiments/search/model_based/proposer.h"
#include "experiments/search/model_based/unit_space.h"

// Tree-structured Parzen estimators (Bergstra, Bardenet, Bengio, Kégl 2011), multivariate (Falkner,
// Klein, Hutter 2018): one density of the good configurations, l, and one of the others, g; of 64
// points drawn from l the one with the largest l/g is taken.

namespace tutti::search {

// One result, as TPE sees it.
struct Scored {
  Point point;
  double cost = 0;  // smaller is better; infinity: the worst
  bool feasible = true;
};

struct TpeChoice {
  Point point;
  std::int64_t good = 0;  // how many results made l
};

// The proposal after `results` (oldest first) while `pending` are still running. The good ones are
// the best tenth, rounded up, at most 25, infeasible ones behind all others; running ones count as
// bad, so that proposals side by side keep apart. Older results than the last 25 weigh less.
// Axes that the same conditions switch on are drawn and judged together, in the order of the file,
// each group only if the values before it switch it on, from the results that have it.
// Depends on nothing but its arguments. REQUIRES: points have the space's length.
TpeChoice SuggestByTpe(const UnitSpace& space, const std::vector<Scored>& results,
                       const std::vector<Point>& pending, const Rng& stream);

// Configurations before `startup` results are known (default 10, results of earlier experiments
// count) are scrambled Sobol points.
std::unique_ptr<Proposer> MakeTpe(const UnitSpace& space, std::uint64_t seed, std::int64_t startup);

}  // namespace tutti::search
