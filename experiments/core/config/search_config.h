#pragma once

#include "experiments/core/config/document_reader.h"
#include "experiments/core/config/experiment_config.h"

// The search in a canonical document. What came with later versions may be missing: it is then off,
// or as in the structs.

namespace tutti {

void ReadSearchSpace(DocumentReader& in, SearchSpace& space);

// `training` has been read: without searcher.max_time a trial is as long as it says.
void ReadSearcher(DocumentReader& in, const TrainingConfig& training, SearcherConfig& searcher);

}  // namespace tutti
