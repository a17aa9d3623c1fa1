#pragma once

#include "coordinator/service/service_context.h"
#include "experiments/core/json.h"
#include "experiments/core/result.h"

// What an experiment starts from, settled when it is submitted: the best checkpoint of a trial may
// be another one tomorrow.

namespace tutti {

bool HasWarmStart(const Json& canonical);

// The document with the name and the SHA-256 of the checkpoint that training.warm_start means now.
// Blocks on the disk. kNotFound: no such trial or checkpoint, or its files are no longer kept; says
// which are.
Result<Json> ResolveWarmStart(ServiceContext& context, Json canonical);

}  // namespace tutti
