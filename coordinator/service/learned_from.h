#pragma once

#include "coordinator/service/service_context.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// What a search starts with (searcher.learn_from), settled when the experiment is submitted: what
// those experiments find later does not change it.

namespace tutti {

bool LearnsFrom(const Json& canonical);

// The document with searcher.observations: of each completed configuration of those experiments
// that keeps to its constraints, its values and the mean over its replicates of the best value of
// the metric; the newest 10,000, oldest first. Blocks on the disk. kNotFound: no such experiment;
// kInvalidArgument: one that was searched by another metric.
Result<Json> ResolveObservations(ServiceContext& context, Json canonical);

}  // namespace tutti
