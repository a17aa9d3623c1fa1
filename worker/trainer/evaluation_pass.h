#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "experiments/core/record.h"
#include "experiments/core/result.h"
#include "experiments/metrics/evaluation.h"
#include "worker/comm/communicator.h"
#include "worker/trainer/network.h"
#include "worker/trainer/training_data.h"

namespace tutti::trainer {

// Items that go through a network at a time: enough to fill the cores and a GPU, few enough for the
// activations to stay in cache on a CPU.
std::int64_t EvaluationBatch(at::Device device);

// How long a network took, for what is reported as `latency_ms`.
struct ForwardTime {
  std::vector<double> ms_per_item;  // of each batch: forward pass until its logits are in memory
  // The median over the batches: the first ones, and other processes, cost more. 0 without any.
  double latency_ms() const;
};

// Logits of a split, n x classes, fp32, in the order of split.items; complete on every rank (each
// computes a contiguous part, then all gather). `keep_alive` is called between batches; `time`, if
// given, gets how long this rank's batches took. Errors: of the communicator.
Result<std::vector<float>> ComputeLogits(Network& network, const TrainingData& data,
                                         const SplitData& split, comm::Communicator& host,
                                         const std::function<void()>& keep_alive,
                                         ForwardTime* time = nullptr);

// The `evaluation` record of docs/records.md: completes `header`, which says whose it is (attempt,
// epoch, step, split, checkpoint), by the metrics and the predictions.
Record EvaluationRecord(Json header, const EvaluationMetrics& metrics, const SplitData& split,
                        const std::vector<float>& logits);

// loss, accuracy, macro_f1, … of one evaluation by the names that experiment files use.
Json MetricValues(const EvaluationMetrics& metrics);

}  // namespace tutti::trainer
