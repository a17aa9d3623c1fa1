#include "worker/trainer/evaluation_pass.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>

namespace tutti::trainer {

std::int64_t EvaluationBatch(at::Device device) { return device.is_cuda() ? 4096 : 250; }

double ForwardTime::latency_ms() const {
  if (ms_per_item.empty()) return 0;
  std::vector<double> sorted = ms_per_item;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

Result<std::vector<float>> ComputeLogits(Network& network, const TrainingData& data,
                                         const SplitData& split, comm::Communicator& host,
                                         const std::function<void()>& keep_alive,
                                         ForwardTime* time) {
  const std::int64_t n = split.size();
  const std::int64_t classes = network.graph().classes;
  // Equal parts, the last ones padded: AllGather wants the same count of every rank.
  const std::int64_t part = (n + host.size() - 1) / host.size();
  const std::int64_t begin = std::min(n, part * host.rank());
  const std::int64_t end = std::min(n, begin + part);
  std::vector<float> mine(static_cast<std::size_t>(part * classes), 0.0f);
  const std::int64_t batch_size = EvaluationBatch(network.store().device());
  Pass pass;
  for (std::int64_t at = begin; at < end; at += batch_size) {
    const std::int64_t stop = std::min(end, at + batch_size);
    std::vector<std::int64_t> positions(static_cast<std::size_t>(stop - at));
    std::iota(positions.begin(), positions.end(), at);
    Batch batch = GatherBatch(data, split, positions, network.input_type());
    pass.items = batch.items;
    const auto start = std::chrono::steady_clock::now();
    const at::Tensor logits =
        network.Forward(batch.images, pass).to(at::kCPU, at::kFloat).contiguous();
    if (time != nullptr) {
      const std::chrono::duration<double, std::milli> taken =
          std::chrono::steady_clock::now() - start;
      time->ms_per_item.push_back(taken.count() / static_cast<double>(stop - at));
    }
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

Record EvaluationRecord(Json header, const EvaluationMetrics& metrics, const SplitData& split,
                        const std::vector<float>& logits) {
  header.Set("n", metrics.n);
  header.Set("classes", metrics.classes);
  header.Set("metrics", ToJson(metrics));
  const std::vector<std::int32_t> indices(split.items.begin(), split.items.end());
  std::string payload;
  payload.reserve(8 * indices.size() + 4 * logits.size());
  const auto append = [&payload](const auto& values) {
    payload.append(reinterpret_cast<const char*>(values.data()),
                   values.size() * sizeof(values[0]));
  };
  append(indices);
  append(split.labels);
  append(logits);
  return {std::move(header), std::move(payload)};
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
