#include "worker/trainer/evaluation_task.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "worker/trainer/evaluation_pass.h"

namespace tutti::trainer {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kTellEvery = std::chrono::milliseconds(250);

// Thrown between batches when the task shall end; caught in Run.
struct Stopped {
  StopRequest how;
};

AttemptEnd EndOf(StopRequest how) {
  switch (how) {
    case StopRequest::kFinish: return {"finished", "", "stopped"};
    case StopRequest::kCheckpoint: return {"preempted", "", "stopped"};
    default: return {"killed", "", "stopped"};
  }
}

// "10 (0, 1, 2, …, 9)"
std::string ClassText(const std::vector<std::string>& names) {
  std::string text = std::to_string(names.size()) + " (";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names.size() > 12 && i == 8) {
      text += ", …, " + names.back();
      break;
    }
    text += (i > 0 ? ", " : "") + names[i];
  }
  return text + ")";
}

template <class List>
Json JsonList(const List& values) {
  Json list = Json::MakeArray();
  for (const auto& value : values) list.Append(Json(value));
  return list;
}

// Bytes a picture's result needs, known after the first batch.
std::int64_t BytesPerPicture(std::int64_t classes, std::int64_t pixels,
                             const std::vector<LayerOutput>& layers) {
  std::int64_t bytes = classes * 4 + pixels;
  for (const LayerOutput& layer : layers) bytes += layer.values.numel() / layer.values.size(0) * 4;
  return bytes;
}

void AppendTensor(const at::Tensor& values, std::string& out) {
  const at::Tensor dense = values.contiguous();
  out.append(static_cast<const char*>(dense.const_data_ptr()), dense.nbytes());
}

}  // namespace

EvaluationTask::EvaluationTask(const AttemptOrder& order, const GangContext& gang,
                               TaskNetworks& networks, Link& link)
    : order_(order), gang_(gang), networks_(networks), link_(link) {}

AttemptEnd EvaluationTask::Run() {
  try {
    const Status done = Perform();
    if (done) return {};
    const Error& error = done.error();
    link_.Send({Json::MakeObject({{"type", "result"},
                                  {"attempt", order_.attempt},
                                  {"task_id", order_.task_id},
                                  {"error", Json::MakeObject({{"code", ErrorCodeName(error.code())},
                                                              {"message", error.ToString()}})}}),
                {}});
    return {};
  } catch (const Stopped& stopped) {
    return EndOf(stopped.how);
  }
}

Status EvaluationTask::Perform() {
  if (gang_.host->size() != 1) {
    return Internal("a task was given to a gang of " + std::to_string(gang_.host->size()) +
                    " ranks, expected one");
  }
  TUTTI_ASSIGN_OR_RETURN(spec_, ReadTaskSpec(order_.task));
  return spec_.kind == TaskKind::kEvaluate ? EvaluateSplits() : Predict();
}

Status EvaluationTask::Open(const Shape& input) {
  TUTTI_ASSIGN_OR_RETURN(open_, networks_.Get(order_, gang_.device, spec_.activations, input));
  ReportStarted();
  return Ok{};
}

void EvaluationTask::ReportStarted() {
  Network& network = *open_->network;
  link_.Send({Json::MakeObject({{"type", "started"},
                                {"attempt", order_.attempt},
                                {"resumed_from_step", 0},
                                {"resumed_from_epoch", 0},
                                {"parameters", network.graph().parameters},
                                {"flops", network.graph().flops},
                                {"device", gang_.device.is_cuda() ? "cuda" : "cpu"},
                                {"class_names", JsonList(open_->class_names)}}),
              {}});
}

Status EvaluationTask::LoadData(std::span<const Split> splits) {
  const DataConfig& config = order_.config.data;
  TUTTI_ASSIGN_OR_RETURN(data_, gang_.data->Get(config, order_.data_root, order_.seed,
                                                HalvesOf(config, splits)));
  return Ok{};
}

Status EvaluationTask::CheckFits() const {
  const Graph& graph = open_->network->graph();
  const std::string& dataset = order_.config.data.dataset;
  if (data_->image != graph.input) {
    return InvalidArgument("the items of " + dataset + " are " + ShapeText(data_->image) +
                           ", the network of checkpoint " + order_.weights_from + " takes " +
                           ShapeText(graph.input));
  }
  const std::vector<std::string>& names = data_->class_names;
  const bool same = open_->names_known
                        ? names == open_->class_names
                        : names.size() == open_->class_names.size();
  if (same) return Ok{};
  return InvalidArgument("the network of checkpoint " + order_.weights_from + " tells " +
                         ClassText(open_->class_names) + " classes apart, the data set " + dataset +
                         " has " + ClassText(names) +
                         "; choose data with the same classes (data.classes takes some of a set)");
}

Status EvaluationTask::Predict() {
  TUTTI_RETURN_IF_ERROR(spec_.from_split ? TakeItems() : TakeInput());
  const TrainingData& data = spec_.from_split ? *data_ : pictures_data_;
  TUTTI_ASSIGN_OR_RETURN(const Outputs outputs, Forward(data, pictures_));
  SendResult(outputs, data, pictures_);
  return Ok{};
}

Status EvaluationTask::TakeInput() {
  TUTTI_RETURN_IF_ERROR(Open(spec_.shape));
  const Shape& wanted = open_->network->graph().input;
  if (spec_.shape != wanted) {
    return InvalidArgument("the pictures are " + ShapeText(spec_.shape) +
                           " (channels x height x width), the network of checkpoint " +
                           order_.weights_from + " takes " + ShapeText(wanted));
  }
  if (static_cast<std::int64_t>(order_.input.size()) != spec_.input_bytes()) {
    return InvalidArgument("the task came with " + std::to_string(order_.input.size()) +
                           " bytes of pictures, expected " + std::to_string(spec_.input_bytes()) +
                           " for " + std::to_string(spec_.n) + " of " + ShapeText(spec_.shape));
  }
  const std::int64_t n = spec_.n, c = wanted[0], h = wanted[1], w = wanted[2];
  const at::Tensor planes =
      at::from_blob(const_cast<char*>(order_.input.data()), {n, c, h, w}, at::kByte);
  auto half = std::make_shared<HalfTensor>();
  half->pixels =
      planes.permute({0, 2, 3, 1}).contiguous().view({n, h * w * c}).clone().to(gang_.device);
  pictures_.half = std::move(half);
  pictures_.items.resize(static_cast<std::size_t>(n));
  std::iota(pictures_.items.begin(), pictures_.items.end(), 0);
  pictures_.labels.assign(static_cast<std::size_t>(n), 0);
  pictures_data_.image = wanted;
  const DataConfig& config = order_.config.data;
  if (config.normalize) {
    pictures_data_.mean = config.mean;
    pictures_data_.std = config.std;
  }
  return Ok{};
}

Status EvaluationTask::TakeItems() {
  TUTTI_RETURN_IF_ERROR(LoadData({&spec_.split, 1}));
  TUTTI_RETURN_IF_ERROR(Open(data_->image));
  TUTTI_RETURN_IF_ERROR(CheckFits());
  const SplitData& split = data_->split(spec_.split);
  pictures_.half = split.half;
  for (const std::int64_t item : spec_.items) {
    const auto found = std::lower_bound(split.items.begin(), split.items.end(), item);
    if (found == split.items.end() || *found != item) {
      return NotFound("item " + std::to_string(item) + " is not in the " +
                      std::string(kSplitNames.Name(spec_.split)) + " split of " +
                      order_.config.data.dataset + ", which has " + std::to_string(split.size()) +
                      (split.items.empty() ? " items"
                                           : " items from " + std::to_string(split.items.front()) +
                                                 " to " + std::to_string(split.items.back())));
    }
    pictures_.items.push_back(item);
    pictures_.labels.push_back(
        split.labels[static_cast<std::size_t>(found - split.items.begin())]);
  }
  return Ok{};
}

Result<EvaluationTask::Outputs> EvaluationTask::Forward(const TrainingData& data,
                                                        const SplitData& pictures) {
  Network& network = *open_->network;
  const std::int64_t n = pictures.size(), classes = network.graph().classes;
  const Shape& image = data.image;
  const std::int64_t pixels = spec_.pixels ? image[0] * image[1] * image[2] : 0;
  const std::int64_t batch = EvaluationBatch(gang_.device);
  Outputs out;
  out.logits.resize(static_cast<std::size_t>(n * classes));
  std::vector<std::vector<at::Tensor>> parts;
  for (std::int64_t at = 0; at < n; at += batch) {
    const std::int64_t size = std::min(batch, n - at);
    std::vector<std::int64_t> positions(static_cast<std::size_t>(size));
    std::iota(positions.begin(), positions.end(), at);
    const Batch gathered = GatherBatch(data, pictures, positions, network.input_type());
    std::vector<LayerOutput> layers;
    Pass pass;
    pass.items = gathered.items;
    if (spec_.activations) pass.outputs = &layers;
    const at::Tensor logits =
        network.Forward(gathered.images, pass).to(at::kCPU, at::kFloat).contiguous();
    std::memcpy(out.logits.data() + at * classes, logits.const_data_ptr<float>(), logits.nbytes());
    if (at == 0) {
      const std::int64_t each = BytesPerPicture(classes, pixels, layers);
      if (n > kMaxTaskBytes / each) {
        return InvalidArgument("the result of " + std::to_string(n) + " pictures, " +
                               std::to_string(each) + " bytes each, is larger than " +
                               std::to_string(kMaxTaskBytes) + " bytes; ask for at most " +
                               std::to_string(kMaxTaskBytes / each) + " at a time");
      }
      parts.resize(layers.size());
      out.layers = layers;
    }
    for (std::size_t i = 0; i < layers.size(); ++i) {
      parts[i].push_back(layers[i].values.to(at::kCPU, at::kFloat).contiguous());
    }
    Alive();
  }
  for (std::size_t i = 0; i < parts.size(); ++i) out.layers[i].values = at::cat(parts[i]);
  return out;
}

Json EvaluationTask::ResultHeader() const {
  const Graph& graph = open_->network->graph();
  return Json::MakeObject({{"type", "result"},
                           {"attempt", order_.attempt},
                           {"task_id", order_.task_id},
                           {"kind", kTaskKindNames.Name(spec_.kind)},
                           {"n", spec_.n},
                           {"classes", graph.classes},
                           {"class_names", JsonList(open_->class_names)},
                           {"shape", JsonList(graph.input)}});
}

void EvaluationTask::SendResult(const Outputs& outputs, const TrainingData& data,
                                const SplitData& pictures) {
  Json header = ResultHeader();
  std::string payload(reinterpret_cast<const char*>(outputs.logits.data()),
                      outputs.logits.size() * sizeof(float));
  header.Set("pixels", spec_.pixels);
  if (spec_.from_split) {
    header.Set("items", JsonList(pictures.items));
    header.Set("labels", JsonList(pictures.labels));
  }
  if (spec_.pixels) {
    const std::int64_t n = pictures.size(), c = data.image[0], h = data.image[1], w = data.image[2];
    const at::Tensor index =
        at::from_blob(const_cast<std::int64_t*>(pictures.items.data()), {n}, at::kLong);
    const at::Tensor& all = pictures.half->pixels;
    const at::Tensor chosen = all.index_select(0, index.to(all.device())).to(at::kCPU);
    AppendTensor(chosen.view({n, h, w, c}).permute({0, 3, 1, 2}), payload);
  }
  Json activations = Json::MakeArray();
  for (const LayerOutput& layer : outputs.layers) {
    activations.Append(Json::MakeObject(
        {{"layer", layer.layer},
         {"kind", layer.kind},
         {"shape", JsonList(Shape{layer.values.size(1), layer.values.size(2),
                                    layer.values.size(3)})}}));
    AppendTensor(layer.values, payload);
  }
  header.Set("activations", std::move(activations));
  link_.Send({std::move(header), std::move(payload)});
}

Status EvaluationTask::EvaluateSplits() {
  TUTTI_RETURN_IF_ERROR(LoadData(spec_.splits));
  TUTTI_RETURN_IF_ERROR(Open(data_->image));
  TUTTI_RETURN_IF_ERROR(CheckFits());
  // All of them or none: a missing split is found before anything is stored.
  for (const Split split : spec_.splits) {
    if (data_->split(split).size() > 0) continue;
    return InvalidArgument("the data set " + order_.config.data.dataset + " has no " +
                           std::string(kSplitNames.Name(split)) +
                           " split; see data.splits, or choose another one");
  }
  Json evaluations = Json::MakeArray();
  std::int64_t n = 0;
  for (const Split split : spec_.splits) {
    TUTTI_ASSIGN_OR_RETURN(Json evaluation, EvaluateSplit(split));
    evaluations.Append(std::move(evaluation));
    n += data_->split(split).size();
  }
  Json header = ResultHeader();
  header.Set("n", n);
  header.Set("evaluations", std::move(evaluations));
  link_.Send({std::move(header), {}});
  return Ok{};
}

Result<Json> EvaluationTask::EvaluateSplit(Split split) {
  const SplitData& items = data_->split(split);
  Network& network = *open_->network;
  TUTTI_ASSIGN_OR_RETURN(
      const std::vector<float> logits,
      ComputeLogits(network, *data_, items, *gang_.host, [this] { Alive(); }));
  TUTTI_ASSIGN_OR_RETURN(const EvaluationMetrics metrics,
                         Evaluate(logits, items.labels, network.graph().classes,
                                  order_.config.evaluation.curves));
  const std::string& dataset = order_.config.data.dataset;
  Json header = Json::MakeObject({{"type", "evaluation"},
                                  {"attempt", order_.attempt},
                                  {"epoch", open_->epoch},
                                  {"step", open_->step},
                                  {"split", kSplitNames.Name(split)},
                                  {"checkpoint", order_.weights_from},
                                  {"dataset", dataset}});
  link_.Send(EvaluationRecord(std::move(header), metrics, items, logits));
  return Json::MakeObject(
      {{"split", kSplitNames.Name(split)},
       {"dataset", dataset},
       {"n", metrics.n},
       {"metrics", metrics.labelled ? MetricValues(metrics) : Json::MakeObject()}});
}

void EvaluationTask::Alive() {
  ++batches_;
  if (const StopRequest stop = link_.PollStop(order_.attempt); stop != StopRequest::kNone) {
    throw Stopped{stop};
  }
  const auto now = Clock::now();
  if (now - told_ < kTellEvery) return;
  told_ = now;
  link_.Send({Json::MakeObject({{"type", "progress"},
                                {"attempt", order_.attempt},
                                {"epoch", 0.0},
                                {"epochs", 0.0},
                                {"step", batches_},
                                {"images_per_second", 0.0},
                                {"section", "evaluate"}}),
              {}});
}

}  // namespace tutti::trainer
