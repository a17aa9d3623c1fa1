// The steps of TrainingRun: one batch, the gang's sum, and what an optimiser makes of it.

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "experiments/core/check.h"
#include "worker/trainer/clipping.h"
#include "worker/trainer/loss.h"
#include "worker/trainer/training_run.h"

namespace tutti::trainer {
namespace {

comm::DataType CommType(at::ScalarType type) {
  return type == at::kDouble ? comm::DataType::kFloat64 : comm::DataType::kFloat32;
}

// NCCL sums gradients in pieces of about this many elements while backward goes on.
constexpr std::int64_t kBucketElements = std::int64_t{1} << 20;

}  // namespace

TrainingRun::BatchGroup TrainingRun::GroupOf(std::int64_t step_in_epoch) const {
  const std::int64_t accumulate = order_.config.training.accumulate;
  const std::int64_t batch = order_.config.training.batch_size;
  BatchGroup group;
  group.begin = step_in_epoch / accumulate * accumulate;
  group.end = std::min(group.begin + accumulate, steps_per_epoch_);
  // The last group of a length in batches may be cut short.
  if (in_batches()) {
    group.end = std::min(group.end, Length() - state_.step + state_.step_in_epoch);
  }
  group.items = std::min(group.end * batch, data_->train.size()) - group.begin * batch;
  return group;
}

Result<StopRequest> TrainingRun::Step(const std::vector<std::int64_t>& order) {
  const TrainingConfig& training = order_.config.training;
  const BatchGroup group = GroupOf(state_.step_in_epoch);
  const std::int64_t update =
      (state_.epoch - 1) * span_.steps_per_epoch + group.begin / training.accumulate;
  lr_ = LearningRate(training.schedule, span_, update, state_.plateau);
  group_is_open_ = state_.step_in_epoch > group.begin;
  const bool closes = state_.step_in_epoch + 1 == group.end;
  const std::int64_t begin = state_.step_in_epoch * training.batch_size;
  const std::int64_t count = std::min(training.batch_size, data_->train.size() - begin);
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
  if (side_stream_ != nullptr && closes) {
    pass.gradients_ready = [&](std::int64_t from) {
      if (summed && sent_down_to_ - from >= kBucketElements) summed = SumReadyGradients(from);
    };
  }
  const at::Tensor logits = network_->Forward(images.images, pass);
  BatchLoss loss = CrossEntropy(logits, images.labels, training.label_smoothing,
                                static_cast<double>(group.items));
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
  TUTTI_RETURN_IF_ERROR(closes ? SumGradients() : Accumulate());
  const at::Tensor host_words = words.to(at::kCPU, at::kDouble);
  const double* word = host_words.const_data_ptr<double>();
  const double loss_sum = word[static_cast<int>(StepWord::kLoss)];
  if (!std::isfinite(loss_sum) && training.stop_on_nan) {
    failed_nan_ = true;
    return StopRequest::kNone;
  }
  if (closes) Update(update);
  state_.loss_sum += loss_sum;
  state_.correct += word[static_cast<int>(StepWord::kCorrect)];
  state_.count += static_cast<double>(count);
  last_loss_ = loss_sum / static_cast<double>(count);
  ++state_.step_in_epoch;
  ++state_.step;
  return static_cast<StopRequest>(static_cast<int>(word[static_cast<int>(StepWord::kStop)]));
}

Status TrainingRun::Accumulate() {
  ParameterStore& store = network_->store();
  if (group_is_open_) {
    accumulated_.add_(store.gradients());
  } else {
    accumulated_.copy_(store.gradients());
  }
  if (gang_.host->size() == 1) return Ok{};
  return SumOverGang(store.words());
}

Status TrainingRun::SumReadyGradients(std::int64_t from) {
  at::Tensor part = network_->store().gradients().slice(0, from, sent_down_to_);
  if (group_is_open_) part.add_(accumulated_.slice(0, from, sent_down_to_));
  Status sent = Ok{};
  side_stream_->Run([&] { sent = SumOverGang(part); });
  sent_down_to_ = from;
  return sent;
}

Status TrainingRun::SumGradients() {
  ParameterStore& store = network_->store();
  if (side_stream_ != nullptr) {
    if (sent_down_to_ > 0) TUTTI_RETURN_IF_ERROR(SumReadyGradients(0));
    side_stream_->Join();
    return SumOverGang(store.words());
  }
  if (group_is_open_) store.gradients().add_(accumulated_);
  if (gang_.host->size() == 1) return Ok{};
  const auto start = std::chrono::steady_clock::now();
  TUTTI_RETURN_IF_ERROR(SumOverGang(store.gradients_and_words()));
  const auto taken = std::chrono::steady_clock::now() - start;
  allreduce_seconds_ += std::chrono::duration<double>(taken).count();
  return Ok{};
}

Status TrainingRun::SumOverGang(at::Tensor& numbers) {
  return gang_.device_comm->AllReduceSum(
      {numbers.data_ptr(), numbers.numel(), CommType(numbers.scalar_type())});
}

void TrainingRun::Update(std::int64_t update) {
  const TrainingConfig& training = order_.config.training;
  if (!order_.dump_gradients.empty() && update == 0) DumpGradients();
  if (training.clip_norm) ClipGradients(optimizer_->gradients(), *training.clip_norm);
  optimizer_->Step(lr_);
  network_->store().RefreshCompute();
  if (average_) average_->Update(update + 1);
}

Result<at::Tensor> TrainingRun::GatherAccumulated() {
  if (state_.step_in_epoch % order_.config.training.accumulate == 0) return at::Tensor();
  const at::Tensor mine = accumulated_.to(at::kCPU);
  at::Tensor all = at::empty({gang_.host->size(), mine.numel()}, mine.options());
  TUTTI_RETURN_IF_ERROR(gang_.host->AllGather(
      {mine.data_ptr(), mine.numel(), CommType(mine.scalar_type())}, all.data_ptr()));
  return all;
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
