#include "worker/trainer/training_run.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "experiments/core/rng.h"
#include "worker/trainer/evaluation_pass.h"
#include "worker/trainer/loss.h"

namespace tutti::trainer {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

comm::DataType CommType(at::ScalarType type) {
  return type == at::kDouble ? comm::DataType::kFloat64 : comm::DataType::kFloat32;
}

// NCCL sums gradients in pieces of about this many elements while backward goes on.
constexpr std::int64_t kBucketElements = std::int64_t{1} << 20;

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
  const std::int64_t epochs = order_.config.training.epochs;
  while (state_.epoch <= epochs) {
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
  return AttemptEnd{};
}

Status TrainingRun::SetUp() {
  telemetry_.Alive();
  const ExperimentConfig& config = order_.config;
  TUTTI_ASSIGN_OR_RETURN(precision_, ResolvePrecision(config.training.precision, gang_.device));
  TUTTI_ASSIGN_OR_RETURN(data_, gang_.data->Get(config.data, order_.data_root, order_.seed));
  if (config.data.augment.any()) augmentation_.emplace(config.data.augment, order_.seed);
  telemetry_.Alive();
  TUTTI_ASSIGN_OR_RETURN(
      const Graph graph,
      BuildGraph(config.model, data_->image, static_cast<std::int64_t>(data_->class_names.size())));
  NetworkOptions options;
  options.device = gang_.device;
  options.master = precision_.master;
  options.compute = precision_.compute;
  network_ = std::make_unique<Network>(graph, options, order_.seed);
  TUTTI_ASSIGN_OR_RETURN(Optimizer optimizer,
                         Optimizer::Make(config.training.optimizer, network_->store()));
  optimizer_.emplace(std::move(optimizer));
  if (gang_.device.is_cuda() && gang_.host->size() > 1) side_stream_ = MakeSideStream(gang_.device);
  if (!order_.resume_from.empty()) {
    TUTTI_ASSIGN_OR_RETURN(state_, LoadTraining(order_.checkpoint_root, order_.resume_from,
                                                order_.resume_sha256, *network_, *optimizer_));
    // The best so far may have been this very checkpoint: the manifest cannot name itself.
    if (state_.best_step == state_.step && state_.best_checkpoint.empty()) {
      state_.best_checkpoint = order_.resume_from;
      state_.best_sha256 = order_.resume_sha256;
    }
    resumed_step_ = state_.step;
    resumed_epoch_ = state_.epoch - 1;
    saved_step_ = state_.step;
  }
  const std::int64_t batch = config.training.batch_size;
  steps_per_epoch_ = (data_->train.size() + batch - 1) / batch;
  telemetry_.Plan(steps_per_epoch_ * config.training.epochs, config.training.epochs);
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
                    order_.config.training.optimizer.lr, rate);
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

Result<StopRequest> TrainingRun::Step(const std::vector<std::int64_t>& order) {
  const std::int64_t batch = order_.config.training.batch_size;
  const std::int64_t begin = state_.step_in_epoch * batch;
  const std::int64_t count = std::min(batch, data_->train.size() - begin);
  // Rank r's share of the global batch, by global index.
  const std::int64_t ranks = gang_.host->size();
  const std::int64_t rank = gang_.host->rank();
  const std::int64_t low = begin + count * rank / ranks;
  const std::int64_t high = begin + count * (rank + 1) / ranks;
  Pass pass;
  pass.training = true;
  pass.epoch = state_.epoch;
  pass.gang = ranks > 1 ? gang_.device_comm : nullptr;
  pass.empty_shard = low == high;
  const std::span<const std::int64_t> positions =
      pass.empty_shard ? std::span(order).subspan(static_cast<std::size_t>(begin), 1)
                       : std::span(order).subspan(static_cast<std::size_t>(low),
                                                  static_cast<std::size_t>(high - low));
  Batch images = GatherBatch(*data_, data_->train, positions, network_->input_type(),
                             augmentation_ ? &*augmentation_ : nullptr, state_.epoch);
  pass.items = std::move(images.items);
  sent_down_to_ = network_->store().flat_size();
  Status summed = Ok{};
  if (side_stream_ != nullptr) {
    pass.gradients_ready = [&](std::int64_t from) {
      if (summed && sent_down_to_ - from >= kBucketElements) summed = SumReadyGradients(from);
    };
  }
  const at::Tensor logits = network_->Forward(images.images, pass);
  BatchLoss loss = CrossEntropy(logits, images.labels, order_.config.training.label_smoothing,
                                static_cast<double>(count));
  if (pass.empty_shard) {
    for (at::Tensor* t : {&loss.gradient, &loss.loss, &loss.correct}) t->zero_();
  }
  network_->Backward(loss.gradient, pass);
  TUTTI_RETURN_IF_ERROR(summed);
  const StopRequest mine = PollStop();
  at::Tensor& words = network_->store().words();
  words.select(0, static_cast<int>(StepWord::kStop)).fill_(static_cast<double>(mine));
  words.select(0, static_cast<int>(StepWord::kLoss)).copy_(loss.loss);
  words.select(0, static_cast<int>(StepWord::kCorrect)).copy_(loss.correct);
  if (ranks > 1) TUTTI_RETURN_IF_ERROR(SumGradients());
  const at::Tensor host_words = words.to(at::kCPU, at::kDouble);
  const double* word = host_words.const_data_ptr<double>();
  const double loss_sum = word[static_cast<int>(StepWord::kLoss)];
  if (!order_.dump_gradients.empty() && state_.step == 0) DumpGradients();
  if (!std::isfinite(loss_sum) && order_.config.training.stop_on_nan) {
    failed_nan_ = true;
    return StopRequest::kNone;
  }
  optimizer_->Step(order_.config.training.optimizer.lr);
  network_->store().RefreshCompute();
  state_.loss_sum += loss_sum;
  state_.correct += word[static_cast<int>(StepWord::kCorrect)];
  state_.count += static_cast<double>(count);
  last_loss_ = loss_sum / static_cast<double>(count);
  ++state_.step_in_epoch;
  ++state_.step;
  return static_cast<StopRequest>(static_cast<int>(word[static_cast<int>(StepWord::kStop)]));
}

Status TrainingRun::SumReadyGradients(std::int64_t from) {
  ParameterStore& store = network_->store();
  at::Tensor part = store.gradients().slice(0, from, sent_down_to_);
  Status sent = Ok{};
  side_stream_->Run([&] {
    sent = gang_.device_comm->AllReduceSum(
        {part.data_ptr(), part.numel(), CommType(store.master_type())});
  });
  sent_down_to_ = from;
  return sent;
}

Status TrainingRun::SumGradients() {
  ParameterStore& store = network_->store();
  const comm::DataType type = CommType(store.master_type());
  if (side_stream_ != nullptr) {
    if (sent_down_to_ > 0) TUTTI_RETURN_IF_ERROR(SumReadyGradients(0));
    side_stream_->Join();
    at::Tensor& words = store.words();
    return gang_.device_comm->AllReduceSum({words.data_ptr(), words.numel(), type});
  }
  const auto start = Clock::now();
  at::Tensor& all = store.gradients_and_words();
  TUTTI_RETURN_IF_ERROR(gang_.device_comm->AllReduceSum({all.data_ptr(), all.numel(), type}));
  allreduce_seconds_ += SecondsSince(start);
  return Ok{};
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
    TUTTI_ASSIGN_OR_RETURN(const std::vector<float> logits,
                           ComputeLogits(*network_, *data_, data_->validation, *gang_.host,
                                         [this] { telemetry_.Alive(); }));
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
    record.Set("lr", order_.config.training.optimizer.lr);
    record.Set("seconds", seconds);
    record.Set("images_per_second", seconds > 0 ? count / seconds : 0.0);
    record.Set("step_ms", 1e3 * seconds / static_cast<double>(std::max<std::int64_t>(steps, 1)));
    record.Set("allreduce_share", seconds > 0 ? allreduce_seconds_ / seconds : 0.0);
    link_.Send({std::move(record), {}});
  }
  return validate ? KeepBest(metrics) : Status(Ok{});
}

}  // namespace tutti::trainer
