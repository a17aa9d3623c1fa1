#include "worker/trainer/training_run.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <utility>

#include "experiments/core/rng.h"
#include "worker/trainer/evaluation_pass.h"
#include "worker/trainer/warm_start.h"
#include "worker/trainer/weight_patterns.h"

namespace tutti::trainer {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

TrainingRun::TrainingRun(const AttemptOrder& order, const GangContext& gang, Link& link)
    : order_(order),
      gang_(gang),
      link_(link),
      telemetry_(link, order.attempt, gang.host->rank() == 0) {}

Json TrainingRun::Header(const char* type) const {
  return Json::MakeObject({{"type", type}, {"attempt", order_.attempt}});
}

Result<AttemptEnd> TrainingRun::Run() {
  TUTTI_RETURN_IF_ERROR(SetUp());
  // A snapshot whose attempt ended before it was evaluated.
  if (resumed_step_ > 0 && state_.step_in_epoch == 0 && IsSnapshotEpoch(resumed_epoch_)) {
    TUTTI_RETURN_IF_ERROR(ReportStarted());
    TUTTI_RETURN_IF_ERROR(EvaluateSnapshot());
  }
  while (!is_over()) {
    TUTTI_ASSIGN_OR_RETURN(const StopRequest stop, TrainEpoch());
    if (failed_nan_) {
      return AttemptEnd{"error", "NAN",
                        "the training loss is not finite at step " + std::to_string(state_.step) +
                            "; lower training.optimizer.lr or set training.on_nan: continue"};
    }
    if (stop == StopRequest::kKill) return AttemptEnd{"killed", "", "killed"};
    if (stop == StopRequest::kCheckpoint) {
      TUTTI_RETURN_IF_ERROR(SaveLast());
      return AttemptEnd{"preempted", "", ""};
    }
    if (stop == StopRequest::kFinish) {
      TUTTI_RETURN_IF_ERROR(SaveLast());
      TUTTI_RETURN_IF_ERROR(EvaluateBest());
      return AttemptEnd{"finished", "", ""};
    }
  }
  if (!started_) TUTTI_RETURN_IF_ERROR(ReportStarted());
  if (order_.config.checkpoint_policy != "none") TUTTI_RETURN_IF_ERROR(SaveLast());
  TUTTI_RETURN_IF_ERROR(EvaluateBest());
  AttemptEnd end;
  if (state_.early_stopping.stopped) {
    end.message = "stopped early at epoch " + std::to_string(state_.epoch - 1) + ": no better " +
                  order_.config.searcher.metric + " since epoch " +
                  std::to_string(state_.early_stopping.best_epoch);
  }
  return end;
}

Status TrainingRun::SetUp() {
  telemetry_.Alive();
  const ExperimentConfig& config = order_.config;
  TUTTI_ASSIGN_OR_RETURN(precision_, ResolvePrecision(config.training.precision, gang_.device));
  TUTTI_ASSIGN_OR_RETURN(data_, gang_.data->Get(config.data, order_.data_root, order_.seed));
  if (config.data.augment.any()) augmentation_.emplace(config.data.augment, order_.seed);
  telemetry_.Alive();
  const TrainingConfig& training = config.training;
  const std::int64_t batch = training.batch_size;
  steps_per_epoch_ = (data_->train.size() + batch - 1) / batch;
  span_ = {training.optimizer.lr,
           (steps_per_epoch_ + training.accumulate - 1) / training.accumulate, training.epochs};
  TUTTI_RETURN_IF_ERROR(SetUpNetwork());
  TUTTI_RETURN_IF_ERROR(WarmStart());
  if (training.ema_decay) average_.emplace(*training.ema_decay, network_->store());
  TUTTI_RETURN_IF_ERROR(Resume());
  telemetry_.Plan(steps_per_epoch_ * training.epochs, training.epochs);
  return Ok{};
}

Status TrainingRun::SetUpNetwork() {
  const TrainingConfig& training = order_.config.training;
  TUTTI_RETURN_IF_ERROR(CheckSchedule(training.schedule));
  TUTTI_ASSIGN_OR_RETURN(const Graph graph,
                         BuildGraph(order_.config.model, data_->image,
                                    static_cast<std::int64_t>(data_->class_names.size())));
  NetworkOptions options;
  options.device = gang_.device;
  options.master = precision_.master;
  options.compute = precision_.compute;
  options.freeze = training.freeze;
  network_ = std::make_unique<Network>(graph, options, order_.seed);
  ParameterStore& store = network_->store();
  std::vector<std::string> names;
  for (const Parameter& p : store.parameters()) names.push_back(p.name);
  TUTTI_RETURN_IF_ERROR(CheckEachMatches("training.freeze", training.freeze, names));
  if (store.trained_ranges().empty()) {
    return InvalidArgument("training.freeze " + PatternList(training.freeze) +
                           " matches every weight of the model: nothing is left to train");
  }
  TUTTI_ASSIGN_OR_RETURN(Optimizer optimizer, Optimizer::Make(training.optimizer, store));
  optimizer_.emplace(std::move(optimizer));
  if (training.accumulate > 1) accumulated_ = at::zeros_like(store.gradients());
  if (gang_.device.is_cuda() && gang_.host->size() > 1) side_stream_ = MakeSideStream(gang_.device);
  return Ok{};
}

Status TrainingRun::WarmStart() {
  const std::optional<WarmStartConfig>& warm = order_.config.training.warm_start;
  if (!warm || !order_.resume_from.empty()) return Ok{};
  const bool ordered = !order_.weights_from.empty();
  const std::string& name = ordered ? order_.weights_from : warm->name;
  if (name.empty()) {
    return InvalidArgument("training.warm_start.checkpoint \"" + warm->checkpoint +
                           "\" was not resolved to a stored checkpoint; submit the experiment to a "
                           "coordinator that has it");
  }
  TUTTI_ASSIGN_OR_RETURN(
      const std::int64_t tensors,
      LoadMatchingWeights(order_.checkpoint_root, name,
                          ordered ? order_.weights_sha256 : warm->sha256, warm->weights,
                          *network_));
  if (is_reporter()) {
    Json log = Header("log");
    log.Set("text", "started from " + std::to_string(tensors) + " tensors of checkpoint " + name +
                        " (" + warm->checkpoint + ")\n");
    link_.Send({std::move(log), {}});
  }
  return Ok{};
}

Status TrainingRun::Resume() {
  if (order_.resume_from.empty()) return Ok{};
  Trained trained{&*network_, &*optimizer_, average_ ? &*average_ : nullptr, {}, {}};
  TUTTI_ASSIGN_OR_RETURN(state_, LoadTraining(order_.checkpoint_root, order_.resume_from,
                                              order_.resume_sha256, trained));
  const std::int64_t accumulate = order_.config.training.accumulate;
  const at::Tensor& parts = trained.accumulated;
  if (parts.defined() != (state_.step_in_epoch % accumulate != 0)) {
    return DataLoss("checkpoint " + order_.resume_from +
                    " was written with another training.gradient.accumulate than " +
                    std::to_string(accumulate));
  }
  if (parts.defined()) {
    // The same gang goes on with the same bits; another one needs the sum only.
    const std::int64_t rank = gang_.host->rank();
    if (parts.size(0) == gang_.host->size()) {
      accumulated_.copy_(parts[rank]);
    } else if (rank == 0) {
      accumulated_.copy_(parts.sum(0));
    }
  }
  // The best so far may have been this very checkpoint: the manifest cannot name itself.
  if (state_.best_step == state_.step && state_.best_checkpoint.empty()) {
    state_.best_checkpoint = order_.resume_from;
    state_.best_sha256 = order_.resume_sha256;
  }
  resumed_step_ = state_.step;
  resumed_epoch_ = state_.epoch - 1;
  saved_step_ = state_.step;
  return Ok{};
}

Status TrainingRun::ReportStarted() {
  started_ = true;
  if (!is_reporter()) return Ok{};
  Json record = Header("started");
  record.Set("resumed_from_step", resumed_step_);
  record.Set("resumed_from_epoch", resumed_epoch_);
  record.Set("parameters", network_->graph().parameters);
  record.Set("flops", network_->graph().flops);
  record.Set("device", DeviceText(gang_.device));
  record.Set("precision", precision_.name);
  record.Set("first_step_ms", 1e3 * SecondsSince(order_.received));
  record.Set("items", Json::MakeObject({{"train", data_->train.size()},
                                        {"validation", data_->validation.size()},
                                        {"test", data_->test.size()}}));
  Json names = Json::MakeArray();
  for (const std::string& name : data_->class_names) names.Append(name);
  record.Set("class_names", std::move(names));
  record.Set("data", data_->description);
  link_.Send({std::move(record), {}});
  return Ok{};
}

StopRequest TrainingRun::PollStop() {
  return is_reporter() ? link_.PollStop(order_.attempt) : StopRequest::kNone;
}

Result<StopRequest> TrainingRun::TrainEpoch() {
  telemetry_.Section("train");
  const auto epoch_key = static_cast<std::uint64_t>(state_.epoch);
  const std::vector<std::int64_t> order =
      Rng(order_.seed).Split("order", {epoch_key}).Permutation(data_->train.size());
  allreduce_seconds_ = 0;
  const auto start = Clock::now();
  const std::int64_t first_step = state_.step_in_epoch;
  if (!started_) TUTTI_RETURN_IF_ERROR(ReportStarted());
  while (state_.step_in_epoch < steps_per_epoch_) {
    TUTTI_ASSIGN_OR_RETURN(const StopRequest stop, Step(order));
    if (failed_nan_) return StopRequest::kNone;
    const double rate = static_cast<double>(state_.step_in_epoch - first_step) *
                        static_cast<double>(order_.config.training.batch_size) /
                        SecondsSince(start);
    const double done = static_cast<double>(state_.epoch - 1) +
                        static_cast<double>(state_.step_in_epoch) /
                            static_cast<double>(steps_per_epoch_);
    const double mean_loss = state_.count > 0 ? state_.loss_sum / state_.count : 0;
    telemetry_.Step(state_.step, done, last_loss_.value_or(mean_loss),
                    lr_, rate);
    // A stop on the last step of an epoch still ends that epoch first: its numbers are due.
    if (stop != StopRequest::kNone && state_.step_in_epoch < steps_per_epoch_) return stop;
    if (stop == StopRequest::kKill) return stop;
    if (stop != StopRequest::kNone) {
      TUTTI_RETURN_IF_ERROR(EndEpoch(SecondsSince(start)));
      return stop;
    }
  }
  TUTTI_RETURN_IF_ERROR(EndEpoch(SecondsSince(start)));
  return StopRequest::kNone;
}

Status TrainingRun::EndEpoch(double seconds) {
  const std::int64_t steps = state_.step_in_epoch;
  telemetry_.Section("evaluate");
  Json metrics = Json::MakeObject();
  metrics.Set("train", Json::MakeObject({{"loss", state_.loss_sum / state_.count},
                                         {"accuracy", state_.correct / state_.count}}));
  const std::int64_t period = std::max<std::int64_t>(1, order_.config.min_validation_period);
  const bool last = state_.epoch == order_.config.training.epochs;
  const bool validate = state_.epoch % period == 0 || last;
  if (validate && data_->validation.size() > 0) {
    ExchangeAverage();
    TUTTI_ASSIGN_OR_RETURN(const std::vector<float> logits,
                           ComputeLogits(*network_, *data_, data_->validation, *gang_.host,
                                         [this] { telemetry_.Alive(); }));
    ExchangeAverage();
    TUTTI_ASSIGN_OR_RETURN(
        const EvaluationMetrics values,
        Evaluate(logits, data_->validation.labels, network_->graph().classes, false));
    metrics.Set("validation", MetricValues(values));
  }
  const double count = state_.count;
  const std::int64_t epoch = state_.epoch;
  ++state_.epoch;
  state_.step_in_epoch = 0;
  state_.loss_sum = state_.correct = state_.count = 0;
  if (is_reporter()) {
    telemetry_.Flush();
    Json record = Header("epoch");
    record.Set("epoch", epoch);
    record.Set("step", state_.step);
    record.Set("metrics", metrics);
    record.Set("lr", lr_);
    record.Set("seconds", seconds);
    record.Set("images_per_second", seconds > 0 ? count / seconds : 0.0);
    record.Set("step_ms", 1e3 * seconds / static_cast<double>(std::max<std::int64_t>(steps, 1)));
    record.Set("allreduce_share", seconds > 0 ? allreduce_seconds_ / seconds : 0.0);
    link_.Send({std::move(record), {}});
  }
  if (validate) TUTTI_RETURN_IF_ERROR(KeepBest(metrics));
  return IsSnapshotEpoch(epoch) ? TakeSnapshot() : Status(Ok{});
}

}  // namespace tutti::trainer
