#pragma once

#include <string>
#include <vector>

#include "experiments/core/ids.h"
#include "experiments/metrics/ensemble.h"

// What the evaluation of an ensemble found out; replaces what was stored of it before.

namespace tutti::storage {

struct EnsembleResult {
  EnsembleId ensemble;
  // One per split and combiner that could be evaluated; per split exactly one is chosen.
  std::vector<EnsembleEvaluation> evaluations;
  struct SplitPairs {
    std::string split;
    std::vector<PairDiversity> pairs;
  };
  std::vector<SplitPairs> pairs;
};

}  // namespace tutti::storage
