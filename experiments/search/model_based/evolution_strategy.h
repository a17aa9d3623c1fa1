#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "experiments/core/rng.h"

namespace tutti::search {

// The covariance matrix adaptation evolution strategy (Hansen, "The CMA evolution strategy: a
// tutorial", 2016, figure 6, with its default parameters and negative weights) over the unit cube.
// Smaller is better.
class EvolutionStrategy {
 public:
  using Vector = std::vector<double>;

  // Around `mean` with standard deviation `sigma` on every axis. `floors`: no axis' standard
  // deviation falls below its floor (0: none). population 0: 4 + floor(3 ln n).
  // REQUIRES: at least one axis; sigma > 0; as many floors as axes.
  EvolutionStrategy(const Vector& mean, double sigma, Vector floors, std::int64_t population = 0);

  // Around good points of a similar problem: the normal distribution of `good` with 0.1 added to
  // its deviation on every axis (Nomura et al., "Warm starting CMA-ES", 2021). REQUIRES: not empty.
  static EvolutionStrategy Around(const std::vector<Vector>& good, Vector floors);

  ~EvolutionStrategy();
  EvolutionStrategy(EvolutionStrategy&&) noexcept;
  EvolutionStrategy& operator=(EvolutionStrategy&&) noexcept;

  // A point of the distribution that lies in the cube: drawn up to three times, then clamped.
  Vector Sample(Rng& rng) const;

  // One generation: `population()` points of the cube, best first. Points that some earlier
  // distribution gave are welcome: steps that are improbably long for this one are shortened
  // (Hansen, "Injecting external solutions into CMA-ES", 2011).
  void Tell(const std::vector<Vector>& ranked);

  std::int64_t population() const;
  // The distribution has shrunk to a point or to a needle; nothing is to be gained from it.
  bool exhausted() const;
  const Vector& mean() const;
  double sigma() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tutti::search
