#pragma once

#include <cstdint>
#include <vector>

#include "experiments/core/result.h"
#include "experiments/metrics/evaluation.h"
#include "worker/comm/communicator.h"
#include "worker/trainer/network.h"
#include "worker/trainer/training_data.h"

namespace tutti::trainer {

// Logits of a split, n x classes, fp32, in the order of split.items; complete on every rank (each
// computes a contiguous part, then all gather). `keep_alive` is called between batches.
// Errors: of the communicator.
Result<std::vector<float>> ComputeLogits(Network& network, const TrainingData& data,
                                         const SplitData& split, comm::Communicator& host,
                                         const std::function<void()>& keep_alive);

// loss, accuracy, macro_f1, … of one evaluation by the names that experiment files use.
Json MetricValues(const EvaluationMetrics& metrics);

}  // namespace tutti::trainer
