#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <tuple>

// The one order of metric values: better first, then infinities, then NaN, then "none". A total
// order, so that sorted containers and replays agree on it.

namespace tutti::engine {

struct Score {
  int rank = 3;    // 0 finite, 1 infinite, 2 NaN, 3 no value
  double key = 0;  // only for finite values; smaller is better

  static Score Of(std::optional<double> value, bool smaller_is_better) {
    if (!value) return {3, 0};
    if (std::isnan(*value)) return {2, 0};
    if (std::isinf(*value)) return {1, 0};
    return {0, smaller_is_better ? *value : -*value};
  }
  friend bool operator<(const Score& a, const Score& b) {
    return std::tie(a.rank, a.key) < std::tie(b.rank, b.key);
  }
};

// Whether `value` becomes the new best: finite and strictly better, so that of equals the first
// stays.
inline bool Improves(double value, std::optional<double> best, bool smaller_is_better) {
  const Score score = Score::Of(value, smaller_is_better);
  return score.rank == 0 && score < Score::Of(best, smaller_is_better);
}

}  // namespace tutti::engine
