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

// Whether what was sampled can be why a model does not fit.
bool VariesModelOrData(const SearchSpace& space) {
  return std::any_of(space.begin(), space.end(), [](const SearchDimension& dimension) {
    return dimension.type != SpaceType::kConst &&
           (dimension.path.starts_with("model") || dimension.path.starts_with("data"));
  });
}

// It is measured, so that no two runs agree in it: reported only where it counts.
bool SearchesLatency(const SearcherConfig& searcher) {
  constexpr std::string_view kLatency = "validation_latency_ms";
  const auto names = [&](const auto& item) { return item.metric == kLatency; };
  return searcher.metric == kLatency ||
         std::any_of(searcher.objectives.begin(), searcher.objectives.end(), names) ||
         std::any_of(searcher.constraints.begin(), searcher.constraints.end(), names);
}

// The length of the training, in optimiser steps. A length in batches may end within an epoch.
ScheduleSpan SpanOf(const TrainingConfig& training, std::int64_t steps_per_epoch) {
  const auto updates = [&](std::int64_t batches) {
    return (batches + training.accumulate - 1) / training.accumulate;
  };
  ScheduleSpan span{training.optimizer.lr, updates(steps_per_epoch), training.epochs};
  if (training.max_batches > 0) {
    const std::int64_t whole = training.max_batches / steps_per_epoch;
    span.steps = whole * span.steps_per_epoch + updates(training.max_batches % steps_per_epoch);
    span.epochs = (training.max_batches + steps_per_epoch - 1) / steps_per_epoch;
  }
  return span;
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
  if (Status ready = SetUp(); !ready) {
    if (!invalid_hp_) return ready.error();
    return AttemptEnd{"error", "INVALID_HP", ready.error().ToString()};
  }
  // A snapshot whose attempt ended before it was evaluated.
  if (resumed_step_ > 0 && state_.step_in_epoch == 0 && IsSnapshotEpoch(resumed_time_)) {
    TUTTI_RETURN_IF_ERROR(ReportStarted());
    TUTTI_RETURN_IF_ERROR(EvaluateSnapshot());
  }
  // What was only held, and is asked to finish, trains no further batch.
  if (resumed_step_ > 0) {
    TUTTI_ASSIGN_OR_RETURN(StopRequest stop, AgreedStop());
    if (stop == StopRequest::kNone && order_.finish) stop = StopRequest::kFinish;
    TUTTI_ASSIGN_OR_RETURN(auto end, Stopped(stop));
    if (end) return *end;
  }
  while (!is_over()) {
    TUTTI_ASSIGN_OR_RETURN(const bool holds, Holds());
    if (holds) {
      if (!started_) TUTTI_RETURN_IF_ERROR(ReportStarted());
      TUTTI_RETURN_IF_ERROR(SaveLast());
      return AttemptEnd{"held", "", ""};
    }
    TUTTI_ASSIGN_OR_RETURN(const StopRequest stop, TrainEpoch());
    if (failed_nan_) {
      return AttemptEnd{"error", "NAN",
                        "the training loss is not finite at step " + std::to_string(state_.step) +
                            "; lower training.optimizer.lr or set training.on_nan: continue"};
    }
    TUTTI_ASSIGN_OR_RETURN(auto end, Stopped(stop));
    if (end) return *end;
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

Result<std::optional<AttemptEnd>> TrainingRun::Stopped(StopRequest stop) {
  using End = std::optional<AttemptEnd>;
  if (stop == StopRequest::kNone) return End();
  if (stop == StopRequest::kKill) return End(AttemptEnd{"killed", "", "killed"});
  if (!started_) TUTTI_RETURN_IF_ERROR(ReportStarted());
  TUTTI_RETURN_IF_ERROR(SaveLast());
  if (stop == StopRequest::kCheckpoint) return End(AttemptEnd{"preempted", "", ""});
  TUTTI_RETURN_IF_ERROR(EvaluateBest());
  return End(AttemptEnd{"finished", "", ""});
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
  span_ = SpanOf(training, steps_per_epoch_);
  run_until_ = order_.run_until;
  TUTTI_RETURN_IF_ERROR(SetUpNetwork());
  TUTTI_RETURN_IF_ERROR(WarmStart());
  if (training.ema_decay) average_.emplace(*training.ema_decay, network_->store());
  TUTTI_RETURN_IF_ERROR(Resume());
  state_.batch_size = batch;
  telemetry_.Plan(in_batches() ? Length() : steps_per_epoch_ * Length(), Length());
  return Ok{};
}

Status TrainingRun::SetUpNetwork() {
  const TrainingConfig& training = order_.config.training;
  TUTTI_RETURN_IF_ERROR(CheckSchedule(training.schedule));
  const auto graph = BuildGraph(order_.config.model, data_->image,
                                static_cast<std::int64_t>(data_->class_names.size()));
  if (!graph) {
    // Of what only the data's files tell, nobody could know before.
    invalid_hp_ = VariesModelOrData(order_.config.hyperparameters);
    return graph.error();
  }
  NetworkOptions options;
  options.device = gang_.device;
  options.master = precision_.master;
  options.compute = precision_.compute;
  options.freeze = training.freeze;
  network_ = std::make_unique<Network>(*graph, options, order_.seed);
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

Status TrainingRun::ReportStarted() {
  started_ = true;
  if (!is_reporter()) return Ok{};
  Json record = Header("started");
  record.Set("resumed_from_step", resumed_step_);
  record.Set("resumed_from_epoch", resumed_time_);
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
  const auto start = Clock::now();
  const std::int64_t first_step = state_.step_in_epoch;
  const std::int64_t mark = NextMark();
  if (!started_) TUTTI_RETURN_IF_ERROR(ReportStarted());
  StopRequest stop = StopRequest::kNone;
  while (state_.step_in_epoch < mark && stop == StopRequest::kNone) {
    TUTTI_ASSIGN_OR_RETURN(stop, Step(order));
    if (failed_nan_) return StopRequest::kNone;
    const double rate = static_cast<double>(state_.step_in_epoch - first_step) *
                        static_cast<double>(order_.config.training.batch_size) /
                        SecondsSince(start);
    const double epochs = static_cast<double>(state_.epoch - 1) +
                          static_cast<double>(state_.step_in_epoch) /
                              static_cast<double>(steps_per_epoch_);
    const double mean_loss = state_.count > 0 ? state_.loss_sum / state_.count : 0;
    telemetry_.Step(state_.step, in_batches() ? static_cast<double>(state_.step) : epochs,
                    last_loss_.value_or(mean_loss), lr_, rate);
  }
  seconds_ += SecondsSince(start);
  steps_taken_ += state_.step_in_epoch - first_step;
  // A stop on the last step before a mark still ends that part first: its numbers are due.
  if (state_.step_in_epoch < mark || stop == StopRequest::kKill) return stop;
  if (state_.step_in_epoch == steps_per_epoch_) {
    ++state_.epoch;
    state_.step_in_epoch = 0;
  }
  if (ReportIsDue()) TUTTI_RETURN_IF_ERROR(Report());
  return stop;
}

Result<Json> TrainingRun::Validate() {
  ExchangeAverage();
  ForwardTime time;
  TUTTI_ASSIGN_OR_RETURN(const std::vector<float> logits,
                         ComputeLogits(*network_, *data_, data_->validation, *gang_.host,
                                       [this] { telemetry_.Alive(); }, &time));
  ExchangeAverage();
  TUTTI_ASSIGN_OR_RETURN(
      const EvaluationMetrics values,
      Evaluate(logits, data_->validation.labels, network_->graph().classes, false));
  Json metrics = MetricValues(values);
  if (SearchesLatency(order_.config.searcher)) {
    // A measurement, so that ranks would differ in it.
    double latency = time.latency_ms();
    if (gang_.host->size() > 1) {
      TUTTI_RETURN_IF_ERROR(gang_.host->Broadcast({&latency, 1, comm::DataType::kFloat64}, 0));
    }
    metrics.Set("latency_ms", latency);
  }
  return metrics;
}

Status TrainingRun::Report() {
  telemetry_.Section("evaluate");
  Json metrics = Json::MakeObject();
  metrics.Set("train", Json::MakeObject({{"loss", state_.loss_sum / state_.count},
                                         {"accuracy", state_.correct / state_.count}}));
  const bool regular = ValidationIsRegular();
  const bool validate = regular || Time() == run_until_;
  if (validate && data_->validation.size() > 0) {
    TUTTI_ASSIGN_OR_RETURN(Json values, Validate());
    metrics.Set("validation", std::move(values));
  }
  const double count = state_.count;
  const double seconds = seconds_;
  const auto steps = static_cast<double>(std::max<std::int64_t>(steps_taken_, 1));
  const double allreduce = allreduce_seconds_;
  state_.loss_sum = state_.correct = state_.count = 0;
  seconds_ = allreduce_seconds_ = 0;
  steps_taken_ = 0;
  if (is_reporter()) {
    telemetry_.Flush();
    Json record = Header("epoch");
    record.Set("epoch", Time());
    record.Set("step", state_.step);
    record.Set("metrics", metrics);
    record.Set("lr", lr_);
    record.Set("seconds", seconds);
    record.Set("images_per_second", seconds > 0 ? count / seconds : 0.0);
    record.Set("step_ms", 1e3 * seconds / steps);
    record.Set("allreduce_share", seconds > 0 ? allreduce / seconds : 0.0);
    link_.Send({std::move(record), {}});
  }
  if (validate) TUTTI_RETURN_IF_ERROR(KeepBest(metrics, regular));
  return IsSnapshotEpoch(Time()) ? TakeSnapshot() : Status(Ok{});
}

}  // namespace tutti::trainer
