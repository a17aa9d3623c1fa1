#pragma once

#include <cstdint>
#include <string>

#include "experiments/core/json.h"
#include "experiments/core/result.h"

// How a result compares with others: the searcher's metric with its sign turned so that smaller is
// better, behind all others if it violates a constraint, and last of all if there is no finite
// value (diverged, crashed).

namespace tutti::search {

struct Score {
  enum class Tier { kFeasible = 0, kInfeasible = 1, kFailed = 2 };
  Tier tier = Tier::kFailed;
  double value = 0;  // smaller is better; 0 if failed

  static Score Of(double metric, bool smaller_is_better, bool feasible);
  static Score Failed() { return {}; }

  friend bool operator==(const Score&, const Score&) = default;
  // Better first; a strict weak order.
  friend bool operator<(const Score& a, const Score& b) {
    return a.tier != b.tier ? a.tier < b.tier : a.value < b.value;
  }
};

// A configuration with its score: "who is where" in a rung or a round.
struct Placed {
  std::int64_t configuration_no = 0;
  Score score;
};

// [configuration_no, tier, value]
Json PlacedToJson(const Placed& placed);
// kDataLoss unless the row is one and the number is in 1 … created.
Result<Placed> PlacedFromJson(const Json& row, std::int64_t created);

// "1st", "2nd", "3rd", "4th", … "11th". REQUIRES: n >= 1.
std::string Ordinal(std::int64_t n);

}  // namespace tutti::search
