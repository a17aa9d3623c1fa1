#pragma once

#include <cstdint>
#include <memory>

#include "experiments/search/model_based/proposer.h"
#include "experiments/search/model_based/unit_space.h"

namespace tutti::search {

// Searcher nsga2 (Deb et al. 2002): a genetic algorithm towards the Pareto front of the objectives,
// searcher.metrics (without them: of searcher.metric alone). Results that violate a constraint rank
// behind all others.
// - The first `population` configurations (0: 50) are scrambled Sobol points; those that close
//   first are the first population. After as many more have closed, the best of both by front and
//   crowding distance are the next one.
// - A child has two parents, each the better of two drawn ones. Numbers cross by simulated binary
//   crossover (index 15) and mutate polynomially (index 20); choices come from either parent or
//   mutate into any. A mutation befalls one value of a child on average.
std::unique_ptr<Proposer> MakeNsga2(const UnitSpace& space, std::uint64_t seed,
                                    std::int64_t population);

}  // namespace tutti::search
