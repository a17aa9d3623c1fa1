#pragma once

#include <vector>

#include "experiments/core/rng.h"
#include "experiments/search/model_based/unit_space.h"

namespace tutti::search {

// A density over some axes: a mixture with one product of kernels around each of the given points,
// and one wide prior. Numbers have normal kernels truncated to [0, 1], integers the mass of their
// cell under such a kernel, choices a kernel that prefers the point's own.
//
// The width of a normal kernel is the larger distance to its neighbours on that axis (Bergstra et
// al. 2011), but at least 0.7 / min(100, n + 2) of the range for n points, so that few points do not
// make needles (0.7 where Optuna has 1: better on all functions of tests/bench). The prior is a normal at the middle, as wide as the range.
class ParzenEstimator {
 public:
  // `points` hold one coordinate per axis of `axes` and none is NaN; weights are relative, the
  // prior has weight 1. REQUIRES: as many weights as points, none negative.
  ParzenEstimator(std::vector<Axis> axes, const std::vector<Point>& points,
                  const std::vector<double>& weights);

  // A random point of the density; integers lie in the middle of their cells.
  Point Sample(Rng& rng) const;
  // Natural logarithm. Of an axis of choices or integers the probability, else the density.
  double LogDensity(const Point& point) const;

 private:
  struct Normal {
    double mean;
    double width;
    double log_mass;   // of the untruncated kernel between 0 and 1
    double log_scale;  // what a density of the truncated kernel is divided by
  };
  std::size_t kernels() const { return log_weights_.size(); }
  void AddNumbers(std::size_t axis, const std::vector<Point>& points);
  void AddChoices(std::size_t axis, const std::vector<Point>& points);

  std::vector<Axis> axes_;
  std::vector<double> cumulative_;  // of the normalised weights
  std::vector<double> log_weights_;
  std::vector<std::vector<Normal>> normals_;  // [axis][kernel], empty for choices
  // [axis][choice of the kernel's point, the last for the prior][choice]: log probabilities.
  std::vector<std::vector<std::vector<double>>> choices_;
  std::vector<std::vector<std::size_t>> centres_;  // [axis][kernel]: row of choices_
};

}  // namespace tutti::search
