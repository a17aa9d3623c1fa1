#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "experiments/metrics/evaluation.h"

// One binary question ("is it class c?") ranked by score: areas and the exact corners of its ROC
// and precision-recall curves.

namespace tutti {

// A scored item as one integer, so that sorting integers sorts scores: the bits of a double that is
// not negative grow with its value, and the label fills the lowest place.
// REQUIRES: 0 <= score <= 1.
inline std::uint64_t RankKey(double score, bool positive) {
  return (std::bit_cast<std::uint64_t>(score + 0.0) << 1) | (positive ? 1u : 0u);
}

// Ascending, by a least-significant-digit radix sort. `scratch` is resized as needed and may be
// reused between calls.
void SortKeys(std::vector<std::uint64_t>& keys, std::vector<std::uint64_t>& scratch);

struct RankedQuestion {
  std::int64_t positives = 0;
  std::int64_t negatives = 0;
  // Absent unless there are positives and negatives. The probability that a positive ranks above a
  // negative, ties counting one half (Mann-Whitney); exact in integers up to the last division.
  std::optional<double> auc;
  // Sum over distinct scores, from the top, of (recall gained) x (precision there).
  std::optional<double> average_precision;
  // Only with curves; corners only, not thinned. roc from (0, 0, +infinity) to (1, 1), without
  // points on straight lines; pr from (0, 1, +infinity) to recall 1 and beyond to the last score,
  // first and last point of every recall.
  std::vector<CurvePoint> roc, pr;
};

// REQUIRES: `keys` are sorted RankKeys.
RankedQuestion Rank(std::span<const std::uint64_t> keys, bool curves);

// The mean of several ROC curves: true positive rates averaged at every false positive rate where
// one of them has a corner. Where a curve jumps, both ends of the jump enter, so that the area is
// the mean of the areas. Thresholds are NaN: a mean of curves has none. Empty for no curves.
std::vector<CurvePoint> MeanRoc(const std::vector<std::vector<CurvePoint>>& curves);

}  // namespace tutti
