// The second half of TrainingRun: what is kept of a training, and its final evaluation.

#include <ATen/core/Tensor.h>

#include <cmath>
#include <cstdio>
#include <utility>

#include "worker/trainer/evaluation_pass.h"
#include "worker/trainer/training_run.h"

namespace tutti::trainer {
namespace {

// The searcher's metric in the metrics of an epoch; nullopt if it was not measured.
std::optional<double> SearcherMetric(const SearcherConfig& searcher, const Json& metrics) {
  auto name = ParseMetricName(searcher.metric);
  if (!name) return std::nullopt;
  const Json* split = metrics.Find(kSplitNames.Name(name->first));
  const Json* value = split != nullptr ? split->Find(name->second) : nullptr;
  if (value == nullptr || value->is_null()) return std::nullopt;
  return value->AsDouble();
}

// NaN is never better; the first of equals stays.
bool IsBetter(double value, const std::optional<double>& best, bool smaller_is_better) {
  if (std::isnan(value)) return false;
  if (!best || std::isnan(*best)) return true;
  return smaller_is_better ? value < *best : value > *best;
}

template <class T>
void AppendBytes(const std::vector<T>& values, std::string& out) {
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

}  // namespace

Status TrainingRun::KeepBest(const Json& metrics) {
  const ExperimentConfig& config = order_.config;
  const std::int64_t epoch = state_.epoch - 1;
  const std::optional<double> value = SearcherMetric(config.searcher, metrics);
  // Without a measured metric the newest weights are the ones to keep.
  const bool best = value ? IsBetter(*value, state_.best_value, config.searcher.smaller_is_better)
                          : !state_.best_value.has_value();
  if (best) {
    state_.best_value = value;
    state_.best_epoch = epoch;
    state_.best_step = state_.step;
    state_.best_checkpoint.clear();
    state_.best_sha256.clear();
    best_tensors_.clear();
    best_tensors_.push_back(network_->store().values().clone());
    for (const ModelBuffer& b : network_->store().buffers()) best_tensors_.push_back(b.value.clone());
    best_tensors_step_ = state_.step;
  }
  const std::int64_t period = config.min_checkpoint_period;
  const bool due = config.checkpoint_policy == "all" || (period > 0 && epoch % period == 0) ||
                   (config.checkpoint_policy == "best" && best);
  const bool final = epoch == config.training.epochs;
  if (config.checkpoint_policy == "none" || !(due || final)) return Ok{};
  return Save(best, final);
}

Status TrainingRun::Save(bool best, bool final) {
  telemetry_.Section("checkpoint");
  const checkpoint::CheckpointId id{order_.experiment, order_.trial, order_.attempt, state_.step};
  const bool has_older = !state_.newest_checkpoint.empty();
  saved_step_ = state_.step;
  if (!is_reporter()) {
    // Names are the same on every rank; only rank 0 writes, since every rank holds the same state.
    state_.newest_checkpoint = id.Name();
    if (best) state_.best_checkpoint = id.Name();
    return Ok{};
  }
  auto saved = SaveCheckpoint(order_.checkpoint_root, id, gang_.host->size(), *network_,
                              *optimizer_, state_);
  if (!saved) {
    if (!has_older) return saved.error();
    Json log = Header("log");
    log.Set("text", saved.error().ToString() + "; the trial goes on, an older checkpoint exists\n");
    link_.Send({std::move(log), {}});
    return Ok{};
  }
  state_.newest_checkpoint = saved->name;
  if (best) {
    state_.best_checkpoint = saved->name;
    state_.best_sha256 = saved->sha256;
  }
  Json record = Header("checkpoint");
  record.Set("epoch", state_.epoch - 1);
  record.Set("step", state_.step);
  record.Set("name", saved->name);
  record.Set("bytes", saved->bytes);
  record.Set("sha256", saved->sha256);
  record.Set("metric", best && state_.best_value ? Json(*state_.best_value) : Json());
  record.Set("best", best);
  record.Set("final", final);
  link_.Send({std::move(record), {}});
  return Ok{};
}

Status TrainingRun::SaveLast() {
  telemetry_.Flush();
  if (saved_step_ == state_.step) return Ok{};
  return Save(false, state_.epoch > order_.config.training.epochs);
}

Status TrainingRun::EvaluateBest() {
  if (order_.config.evaluation.splits.empty() || order_.config.evaluation.predictions == "none") {
    return Ok{};
  }
  telemetry_.Section("evaluate");
  ParameterStore& store = network_->store();
  if (best_tensors_step_ == state_.best_step && !best_tensors_.empty()) {
    store.values().copy_(best_tensors_[0]);
    std::size_t i = 1;
    for (ModelBuffer& b : store.buffers()) b.value.copy_(best_tensors_[i++]);
    store.RefreshCompute();
  } else if (!state_.best_checkpoint.empty() && state_.best_step != state_.step) {
    TUTTI_RETURN_IF_ERROR(LoadWeights(order_.checkpoint_root, state_.best_checkpoint,
                                      state_.best_sha256, *network_));
  } else if (state_.best_step != state_.step) {
    // The best weights were in an earlier attempt's memory only (its policy kept no checkpoint of
    // them, or the disk was full): these are the newest ones, and must not be called the best.
    state_.best_epoch = state_.epoch - 1;
    state_.best_step = state_.step;
    state_.best_checkpoint = saved_step_ == state_.step ? state_.newest_checkpoint : "";
  }
  for (const Split split : order_.config.evaluation.splits) {
    if (data_->split(split).size() == 0) continue;
    TUTTI_RETURN_IF_ERROR(EvaluateSplit(split, state_.best_checkpoint));
  }
  return Ok{};
}

Status TrainingRun::EvaluateSplit(Split split, const std::string& checkpoint) {
  const SplitData& items = data_->split(split);
  TUTTI_ASSIGN_OR_RETURN(const std::vector<float> logits,
                         ComputeLogits(*network_, *data_, items, *gang_.host,
                                       [this] { telemetry_.Alive(); }));
  if (!is_reporter()) return Ok{};
  TUTTI_ASSIGN_OR_RETURN(const EvaluationMetrics metrics,
                         Evaluate(logits, items.labels, network_->graph().classes,
                                  order_.config.evaluation.curves));
  Json record = Header("evaluation");
  record.Set("epoch", state_.best_epoch);
  record.Set("step", state_.best_step);
  record.Set("split", kSplitNames.Name(split));
  record.Set("checkpoint", checkpoint);
  record.Set("n", metrics.n);
  record.Set("classes", metrics.classes);
  record.Set("metrics", ToJson(metrics));
  std::vector<std::int32_t> indices(items.items.begin(), items.items.end());
  std::string payload;
  payload.reserve(8 * indices.size() + 4 * logits.size());
  AppendBytes(indices, payload);
  AppendBytes(items.labels, payload);
  AppendBytes(logits, payload);
  link_.Send({std::move(record), std::move(payload)});
  return Ok{};
}

void TrainingRun::DumpGradients() {
  if (!is_reporter()) return;
  auto bytes = EncodeGradients(*network_);
  TUTTI_CHECK(bytes.ok(), "gradients are plain tensors");
  std::FILE* file = std::fopen(order_.dump_gradients.c_str(), "wb");
  if (file == nullptr || std::fwrite(bytes->data(), 1, bytes->size(), file) != bytes->size() ||
      std::fclose(file) != 0) {
    std::fprintf(stderr, "tutti-trainer: cannot write %s\n", order_.dump_gradients.c_str());
  }
}

}  // namespace tutti::trainer
