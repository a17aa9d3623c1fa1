// The second half of TrainingRun: what is kept of a training, and its final evaluation.

#include <ATen/core/Tensor.h>

#include <cmath>
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

}  // namespace

Status TrainingRun::KeepBest(const Json& metrics, bool regular) {
  const ExperimentConfig& config = order_.config;
  const std::int64_t time = Time();
  const std::optional<double> value = SearcherMetric(config.searcher, metrics);
  // Without a measured metric the newest weights are the ones to keep.
  const bool smaller = config.searcher.smaller_is_better;
  const bool best =
      value ? IsBetter(*value, state_.best_value, smaller) : !state_.best_value.has_value();
  if (value && regular) {
    const TrainingConfig& training = config.training;
    EndPlateauEpoch(training.schedule, training.optimizer.lr, smaller, *value, state_.plateau);
    if (training.early_stopping) {
      state_.early_stopping.EndEpoch(*training.early_stopping, smaller, state_.epoch - 1, *value);
    }
  }
  if (best) {
    state_.best_value = value;
    state_.best_epoch = time;
    state_.best_step = state_.step;
    state_.best_checkpoint.clear();
    state_.best_sha256.clear();
    ParameterStore& store = network_->store();
    best_tensors_ = {(average_ ? average_->values() : store.values()).clone(),
                     (average_ ? average_->buffer_values() : store.buffer_values()).clone()};
    best_tensors_step_ = state_.step;
  }
  const std::int64_t period = config.min_checkpoint_period;
  const bool due = config.checkpoint_policy == "all" || (period > 0 && time % period == 0) ||
                   (config.checkpoint_policy == "best" && best);
  const bool final = is_over();
  if (config.checkpoint_policy == "none" || !(due || final)) return Ok{};
  return Save(best, final);
}

Status TrainingRun::Save(bool best, bool final) {
  telemetry_.Section("checkpoint");
  const checkpoint::CheckpointId id{order_.experiment, order_.trial, order_.attempt, state_.step};
  const bool has_older = !state_.newest_checkpoint.empty();
  saved_step_ = state_.step;
  TUTTI_ASSIGN_OR_RETURN(const at::Tensor accumulated, GatherAccumulated());
  if (!is_reporter()) {
    // Names are the same on every rank; only rank 0 writes, since every rank holds the same state.
    state_.newest_checkpoint = id.Name();
    if (best) state_.best_checkpoint = id.Name();
    return Ok{};
  }
  const Trained trained{&*network_, &*optimizer_, average_ ? &*average_ : nullptr,
                        data_->class_names, accumulated};
  auto saved = SaveCheckpoint(order_.checkpoint_root, id, gang_.host->size(), trained, state_,
                              Time());
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
  record.Set("epoch", Time());
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
  return Save(false, is_over());
}

bool TrainingRun::IsSnapshotEpoch(std::int64_t epoch) const {
  const std::optional<EnsembleConfig>& ensemble = order_.config.ensemble;
  if (!ensemble || ensemble->members != "snapshots") return false;
  const std::int64_t epochs = order_.config.training.epochs;
  for (std::int64_t i = 1; i <= ensemble->count; ++i) {
    const double at = static_cast<double>(i * epochs) / static_cast<double>(ensemble->count);
    if (std::llround(at) == epoch) return true;
  }
  return false;
}

Status TrainingRun::TakeSnapshot() {
  if (saved_step_ != state_.step) {
    TUTTI_RETURN_IF_ERROR(Save(state_.best_step == state_.step, is_over()));
  }
  return EvaluateSnapshot();
}

Status TrainingRun::EvaluateSnapshot() {
  const checkpoint::CheckpointId id{order_.experiment, order_.trial, order_.attempt, state_.step};
  // One that could not be written, or was by the attempt before, has another name.
  const bool is_newest = state_.newest_checkpoint == id.Name() || resumed_step_ == state_.step;
  ExchangeAverage();
  TUTTI_RETURN_IF_ERROR(EvaluateSplits(Time(), state_.step,
                                       is_newest ? state_.newest_checkpoint : ""));
  ExchangeAverage();
  return Ok{};
}

void TrainingRun::ExchangeAverage() {
  if (average_) average_->Exchange();
}

Status TrainingRun::EvaluateBest() {
  ParameterStore& store = network_->store();
  const bool newest = state_.best_step == state_.step;
  if (newest && evaluated_step_ == state_.step) return Ok{};  // as a snapshot
  if (best_tensors_step_ == state_.best_step && !best_tensors_.empty()) {
    store.values().copy_(best_tensors_[0]);
    store.buffer_values().copy_(best_tensors_[1]);
    store.RefreshCompute();
  } else if (!state_.best_checkpoint.empty() && !newest) {
    TUTTI_RETURN_IF_ERROR(LoadWeights(order_.checkpoint_root, state_.best_checkpoint,
                                      state_.best_sha256, *network_));
  } else {
    ExchangeAverage();
    if (!newest) {
      // The best weights were in an earlier attempt's memory only (its policy kept no checkpoint of
      // them, or the disk was full): these are the newest ones, and must not be called the best.
      state_.best_epoch = Time();
      state_.best_step = state_.step;
      state_.best_checkpoint = saved_step_ == state_.step ? state_.newest_checkpoint : "";
    }
  }
  return EvaluateSplits(state_.best_epoch, state_.best_step, state_.best_checkpoint);
}

Status TrainingRun::EvaluateSplits(std::int64_t epoch, std::int64_t step,
                                   const std::string& checkpoint) {
  const EvaluationConfig& evaluation = order_.config.evaluation;
  if (evaluation.splits.empty() || evaluation.predictions == "none") return Ok{};
  telemetry_.Section("evaluate");
  for (const Split split : evaluation.splits) {
    if (data_->split(split).size() == 0) continue;
    TUTTI_RETURN_IF_ERROR(EvaluateSplit(split, epoch, step, checkpoint));
  }
  evaluated_step_ = step;
  return Ok{};
}

Status TrainingRun::EvaluateSplit(Split split, std::int64_t epoch, std::int64_t step,
                                  const std::string& checkpoint) {
  const SplitData& items = data_->split(split);
  TUTTI_ASSIGN_OR_RETURN(const std::vector<float> logits,
                         ComputeLogits(*network_, *data_, items, *gang_.host,
                                       [this] { telemetry_.Alive(); }));
  if (!is_reporter()) return Ok{};
  TUTTI_ASSIGN_OR_RETURN(const EvaluationMetrics metrics,
                         Evaluate(logits, items.labels, network_->graph().classes,
                                  order_.config.evaluation.curves));
  Json header = Header("evaluation");
  header.Set("epoch", epoch);
  header.Set("step", step);
  header.Set("split", kSplitNames.Name(split));
  header.Set("checkpoint", checkpoint);
  link_.Send(EvaluationRecord(std::move(header), metrics, items, logits));
  return Ok{};
}

}  // namespace tutti::trainer
