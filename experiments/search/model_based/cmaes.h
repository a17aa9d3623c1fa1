#pragma once

#include <cstdint>
#include <memory>

#include "experiments/search/model_based/proposer.h"
#include "experiments/search/model_based/unit_space.h"

namespace tutti::search {

// Searcher cmaes: an EvolutionStrategy over the numbers of the space (integers as the cells of a
// number, with a deviation of at least a quarter of a cell). It starts in the middle with a sixth of
// the range as deviation, or around the best tenth of the results of earlier experiments. As many
// configurations as its population make a generation, in the order in which they close, whatever
// distribution they came from. When it has converged it starts again from a random place with
// twice the population.
// Choices are drawn uniformly for every configuration and are not learned; a number that the choice
// switches off keeps its coordinate, and counts.
// `startup` configurations come from scrambled Sobol points first (default 0), and the best of them
// is where it then starts.
std::unique_ptr<Proposer> MakeCmaes(const UnitSpace& space, std::uint64_t seed,
                                    std::int64_t startup);

}  // namespace tutti::search
