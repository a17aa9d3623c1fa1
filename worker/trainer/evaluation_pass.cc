#include "worker/trainer/evaluation_pass.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>

namespace tutti::trainer {
namespace {

// Large enough to fill the cores and a GPU, small enough for the activations to stay in cache on a
// CPU.
constexpr std::int64_t kCpuBatch = 250;
constexpr std::int64_t kCudaBatch = 4096;

}  // namespace

Result<std::vector<float>> ComputeLogits(Network& network, const TrainingData& data,
                                         const SplitData& split, comm::Communicator& host,
                                         const std::function<void()>& keep_alive) {
  const std::int64_t n = split.size();
  const std::int64_t classes = network.graph().classes;
  // Equal parts, the last ones padded: AllGather wants the same count of every rank.
  const std::int64_t part = (n + host.size() - 1) / host.size();
  const std::int64_t begin = std::min(n, part * host.rank());
  const std::int64_t end = std::min(n, begin + part);
  std::vector<float> mine(static_cast<std::size_t>(part * classes), 0.0f);
  const bool cuda = network.store().device().is_cuda();
  Pass pass;
  for (std::int64_t at = begin; at < end; at += cuda ? kCudaBatch : kCpuBatch) {
    const std::int64_t stop = std::min(end, at + (cuda ? kCudaBatch : kCpuBatch));
    std::vector<std::int64_t> positions(static_cast<std::size_t>(stop - at));
    std::iota(positions.begin(), positions.end(), at);
    Batch batch = GatherBatch(data, split, positions, network.input_type());
    pass.items = batch.items;
    const at::Tensor logits =
        network.Forward(batch.images, pass).to(at::kCPU, at::kFloat).contiguous();
    std::memcpy(mine.data() + (at - begin) * classes, logits.const_data_ptr<float>(),
                static_cast<std::size_t>((stop - at) * classes) * sizeof(float));
    keep_alive();
  }
  if (host.size() == 1) {
    mine.resize(static_cast<std::size_t>(n * classes));
    return mine;
  }
  std::vector<float> all(mine.size() * static_cast<std::size_t>(host.size()));
  TUTTI_RETURN_IF_ERROR(host.AllGather(
      {mine.data(), static_cast<std::int64_t>(mine.size()), comm::DataType::kFloat32}, all.data()));
  all.resize(static_cast<std::size_t>(n * classes));
  return all;
}

Json MetricValues(const EvaluationMetrics& metrics) {
  Json values = Json::MakeObject({{"loss", metrics.loss},
                                  {"accuracy", metrics.accuracy},
                                  {"macro_precision", metrics.macro_precision},
                                  {"macro_recall", metrics.macro_recall},
                                  {"macro_f1", metrics.macro_f1},
                                  {"ece", metrics.ece},
                                  {"brier", metrics.brier}});
  const auto add = [&](const char* name, const std::optional<double>& value) {
    if (value) values.Set(name, *value);
  };
  add("macro_auc", metrics.macro_auc);
  add("micro_auc", metrics.micro_auc);
  add("macro_ap", metrics.macro_ap);
  add("micro_ap", metrics.micro_ap);
  return values;
}

}  // namespace tutti::trainer
