#include "experiments/search/model_based/startup.h"

#include <algorithm>
#include <utility>

#include "experiments/search/model_based/sobol.h"

namespace tutti::search {

Proposer::Proposal StartupPoint(const UnitSpace& space, std::uint64_t seed,
                                std::int64_t configuration_no) {
  const std::size_t dimensions = std::max<std::size_t>(space.size(), 1);
  std::vector<double> u =
      ScrambledSobolPoint(seed, dimensions, static_cast<std::uint64_t>(configuration_no - 1));
  u.resize(space.size());
  return {space.FromUniform(u), ""};
}

}  // namespace tutti::search
