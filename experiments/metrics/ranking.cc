#include "experiments/metrics/ranking.h"

#include <algorithm>
#include <array>
#include <limits>

namespace tutti {
namespace {

constexpr int kDigitBits = 11;
constexpr std::size_t kDigits = 6;  // 66 bits
constexpr std::size_t kBuckets = std::size_t{1} << kDigitBits;

std::size_t Digit(std::uint64_t key, std::size_t digit) {
  return static_cast<std::size_t>(key >> (digit * kDigitBits)) & (kBuckets - 1);
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Items counted from the top score down.
struct Counts {
  std::int64_t fp = 0, tp = 0;
  double threshold = kInfinity;
};

// On one line with a and c, and between them (counts only grow).
bool OnLine(const Counts& a, const Counts& b, const Counts& c) {
  const auto cross = static_cast<__int128>(b.fp - a.fp) * (c.tp - b.tp) -
                     static_cast<__int128>(b.tp - a.tp) * (c.fp - b.fp);
  return cross == 0;
}

// Between two points of the same recall, or of the same precision 1.
bool Level(const Counts& a, const Counts& b, const Counts& c) {
  return (a.tp == b.tp && b.tp == c.tp) || (a.fp == 0 && b.fp == 0 && c.fp == 0);
}

template <class Between>
void AddCorner(std::vector<Counts>& corners, const Counts& next, Between between) {
  const std::size_t n = corners.size();
  if (n >= 2 && between(corners[n - 2], corners[n - 1], next)) corners.pop_back();
  corners.push_back(next);
}

// Calls visit(score, negatives, positives) for every distinct score, from the highest down.
template <class Visit>
void ForEachScore(std::span<const std::uint64_t> keys, Visit visit) {
  for (std::size_t end = keys.size(); end > 0;) {
    const std::uint64_t bits = keys[end - 1] >> 1;
    std::int64_t positives = 0;
    std::int64_t negatives = 0;
    for (; end > 0 && keys[end - 1] >> 1 == bits; --end) {
      ((keys[end - 1] & 1) != 0 ? positives : negatives) += 1;
    }
    visit(std::bit_cast<double>(bits), negatives, positives);
  }
}

double Ratio(std::int64_t a, std::int64_t b) {
  return static_cast<double>(a) / static_cast<double>(b);
}

}  // namespace

void SortKeys(std::vector<std::uint64_t>& keys, std::vector<std::uint64_t>& scratch) {
  if (keys.size() < 2) return;
  std::vector<std::array<std::size_t, kBuckets>> counts(kDigits);
  for (const std::uint64_t key : keys) {
    for (std::size_t d = 0; d < kDigits; ++d) ++counts[d][Digit(key, d)];
  }
  scratch.resize(keys.size());
  for (std::size_t d = 0; d < kDigits; ++d) {
    auto& starts = counts[d];
    if (starts[Digit(keys[0], d)] == keys.size()) continue;  // the same digit everywhere
    std::size_t sum = 0;
    for (std::size_t& start : starts) {
      const std::size_t count = start;
      start = sum;
      sum += count;
    }
    for (const std::uint64_t key : keys) scratch[starts[Digit(key, d)]++] = key;
    keys.swap(scratch);
  }
}

RankedQuestion Rank(std::span<const std::uint64_t> keys, bool curves) {
  RankedQuestion question;
  for (const std::uint64_t key : keys) {
    ((key & 1) != 0 ? question.positives : question.negatives) += 1;
  }
  const std::int64_t all_positives = question.positives;
  const std::int64_t all_negatives = question.negatives;
  if (all_positives == 0 || all_negatives == 0) return question;

  __int128 twice_pairs = 0;  // 2 x positives above negatives, ties 1
  double precision_sum = 0;
  Counts at;
  std::vector<Counts> roc{at};
  std::vector<Counts> pr;
  ForEachScore(keys, [&](double score, std::int64_t negatives, std::int64_t positives) {
    twice_pairs += static_cast<__int128>(negatives) * (2 * at.tp + positives);
    at.fp += negatives;
    at.tp += positives;
    at.threshold = score;
    precision_sum += static_cast<double>(positives) * Ratio(at.tp, at.tp + at.fp);
    if (!curves) return;
    AddCorner(roc, at, OnLine);
    AddCorner(pr, at, Level);
  });
  question.auc = static_cast<double>(twice_pairs) /
                 (2.0 * static_cast<double>(all_positives) * static_cast<double>(all_negatives));
  question.average_precision = precision_sum / static_cast<double>(all_positives);
  if (!curves) return question;
  question.roc.reserve(roc.size());
  for (const Counts& c : roc) {
    question.roc.push_back({Ratio(c.fp, all_negatives), Ratio(c.tp, all_positives), c.threshold});
  }
  question.pr.reserve(pr.size() + 1);
  question.pr.push_back({0.0, 1.0, kInfinity});
  for (const Counts& c : pr) {
    question.pr.push_back({Ratio(c.tp, all_positives), Ratio(c.tp, c.tp + c.fp), c.threshold});
  }
  return question;
}

namespace {

// Walks one ROC curve along rising x.
class CurveWalk {
 public:
  explicit CurveWalk(const std::vector<CurvePoint>& points) : points_(points) {}

  // Rates just before and just after the jump at x (equal where there is none). REQUIRES: x does
  // not fall from call to call, and is in 0 … 1.
  std::pair<double, double> At(double x) {
    while (i_ < points_.size() && points_[i_].x < x) ++i_;
    if (i_ < points_.size() && points_[i_].x == x) {
      const double before = points_[i_].y;
      while (i_ + 1 < points_.size() && points_[i_ + 1].x == x) ++i_;
      return {before, points_[i_].y};
    }
    const CurvePoint& a = points_[i_ - 1];
    const CurvePoint& b = points_[i_];
    const double y = a.y + (b.y - a.y) * ((x - a.x) / (b.x - a.x));
    return {y, y};
  }

 private:
  const std::vector<CurvePoint>& points_;
  std::size_t i_ = 0;
};

}  // namespace

std::vector<CurvePoint> MeanRoc(const std::vector<std::vector<CurvePoint>>& curves) {
  std::vector<CurvePoint> mean;
  std::vector<double> grid;
  std::vector<CurveWalk> walks;
  for (const auto& curve : curves) {
    walks.emplace_back(curve);
    for (const CurvePoint& point : curve) grid.push_back(point.x);
  }
  std::sort(grid.begin(), grid.end());
  grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
  const double n = static_cast<double>(curves.size());
  const double none = std::numeric_limits<double>::quiet_NaN();
  for (const double x : grid) {
    double before = 0;
    double after = 0;
    for (CurveWalk& walk : walks) {
      const auto [low, high] = walk.At(x);
      before += low;
      after += high;
    }
    mean.push_back({x, before / n, none});
    if (after != before) mean.push_back({x, after / n, none});
  }
  return mean;
}

}  // namespace tutti
