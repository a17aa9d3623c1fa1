#pragma once

#include <cstdint>

#include "experiments/search/model_based/proposer.h"
#include "experiments/search/model_based/unit_space.h"

namespace tutti::search {

// The proposal for configuration `configuration_no` (from 1) while a model knows too little: the
// point of searcher sobol with the same seed.
Proposer::Proposal StartupPoint(const UnitSpace& space, std::uint64_t seed,
                                std::int64_t configuration_no);

}  // namespace tutti::search
