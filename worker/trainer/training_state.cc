#include "worker/trainer/training_state.h"

#include <ATen/ops/from_blob.h>

#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "worker/checkpoint/safetensors.h"

namespace tutti::trainer {
namespace {

using checkpoint::Dtype;

Result<Dtype> DtypeOf(at::ScalarType type) {
  switch (type) {
    case at::kDouble: return Dtype::kF64;
    case at::kFloat: return Dtype::kF32;
    case at::kBFloat16: return Dtype::kBf16;
    case at::kLong: return Dtype::kI64;
    case at::kByte: return Dtype::kU8;
    default: return Internal("a tensor of a type that checkpoints do not hold");
  }
}

at::ScalarType ScalarTypeOf(Dtype dtype) {
  switch (dtype) {
    case Dtype::kF64: return at::kDouble;
    case Dtype::kF32: return at::kFloat;
    case Dtype::kBf16: return at::kBFloat16;
    case Dtype::kI64: return at::kLong;
    case Dtype::kU8: return at::kByte;
  }
  CheckFailed(__FILE__, __LINE__, "Dtype", "value outside the enum");
}

// Named tensors on the host, contiguous, kept alive while their bytes are written.
class HostTensors {
 public:
  Status Add(const std::string& name, const at::Tensor& tensor) {
    tensors_.push_back(tensor.detach().to(at::kCPU).contiguous());
    const at::Tensor& host = tensors_.back();
    TUTTI_ASSIGN_OR_RETURN(const Dtype dtype, DtypeOf(host.scalar_type()));
    views_.push_back({name, dtype, host.sizes().vec(),
                      {static_cast<const char*>(host.const_data_ptr()), host.nbytes()}});
    return Ok{};
  }
  const std::vector<checkpoint::TensorView>& views() const { return views_; }

 private:
  std::vector<at::Tensor> tensors_;
  std::vector<checkpoint::TensorView> views_;
};

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

NamedTensors ModelTensors(Network& network) {
  NamedTensors tensors;
  for (const Parameter& p : network.store().parameters()) tensors.emplace_back(p.name, p.value);
  for (const ModelBuffer& b : network.store().buffers()) tensors.emplace_back(b.name, b.value);
  return tensors;
}

Result<checkpoint::FileEntry> WriteTensors(checkpoint::CheckpointWriter& writer,
                                           const std::string& file, const NamedTensors& tensors) {
  HostTensors host;
  for (const auto& [name, tensor] : tensors) TUTTI_RETURN_IF_ERROR(host.Add(name, tensor));
  TUTTI_ASSIGN_OR_RETURN(const checkpoint::SafetensorsImage image,
                         checkpoint::EncodeSafetensors(host.views(), {{"format", "pt"}}));
  std::vector<std::string_view> pieces{image.header};
  pieces.insert(pieces.end(), image.pieces.begin(), image.pieces.end());
  return writer.WriteFile(file, pieces);
}

std::string ShapeOf(const std::vector<std::int64_t>& sizes) {
  std::string text = "[";
  for (const std::int64_t s : sizes) text += (text.size() > 1 ? ", " : "") + std::to_string(s);
  return text + "]";
}

// Copies every tensor of the file into the tensor of its name; none may be missing or left over.
Status ReadTensors(const std::string& bytes, const std::string& file, NamedTensors tensors) {
  TUTTI_ASSIGN_OR_RETURN(const checkpoint::Safetensors parsed, checkpoint::ParseSafetensors(bytes));
  if (parsed.tensors.size() != tensors.size()) {
    return DataLoss(file + " holds " + std::to_string(parsed.tensors.size()) +
                    " tensors, the model has " + std::to_string(tensors.size()));
  }
  for (auto& [name, tensor] : tensors) {
    const checkpoint::TensorView* found = parsed.Find(name);
    if (found == nullptr) return DataLoss(file + " has no tensor '" + name + "'");
    if (found->shape != tensor.sizes().vec()) {
      return DataLoss(file + ": tensor '" + name + "' has shape " + ShapeOf(found->shape) +
                      ", the model's has " + ShapeOf(tensor.sizes().vec()));
    }
    const at::Tensor source = at::from_blob(const_cast<char*>(found->bytes.data()), found->shape,
                                            ScalarTypeOf(found->dtype));
    tensor.copy_(source);
  }
  return Ok{};
}

Result<checkpoint::LoadedCheckpoint> Load(const std::string& root, const std::string& name,
                                          const std::string& sha256) {
  TUTTI_ASSIGN_OR_RETURN(const auto id, checkpoint::CheckpointId::Parse(name));
  auto loaded = checkpoint::LoadCheckpoint(root, id, sha256);
  if (!loaded) return loaded.error().Wrap("cannot load checkpoint " + name);
  return loaded;
}

Result<const std::string*> FileOf(const checkpoint::LoadedCheckpoint& loaded,
                                  const std::string& file) {
  const auto found = loaded.files.find(file);
  if (found == loaded.files.end()) return DataLoss("the checkpoint has no file " + file);
  return &found->second;
}

constexpr char kModelFile[] = "model.safetensors";
constexpr char kOptimizerFile[] = "optimizer.safetensors";

}  // namespace

Json TrainingState::ToJson() const {
  Json json = Json::MakeObject({{"epoch", epoch},
                                {"step_in_epoch", step_in_epoch},
                                {"step", step},
                                {"loss_sum", loss_sum},
                                {"correct", correct},
                                {"count", count},
                                {"best_epoch", best_epoch},
                                {"best_step", best_step},
                                {"best_checkpoint", best_checkpoint},
                                {"best_sha256", best_sha256}});
  json.Set("best_value", best_value ? Json(*best_value) : Json());
  return json;
}

Result<TrainingState> TrainingState::FromJson(const Json& json) {
  TrainingState state;
  TUTTI_ASSIGN_OR_RETURN(state.epoch, json.GetInt("epoch"));
  TUTTI_ASSIGN_OR_RETURN(state.step_in_epoch, json.GetInt("step_in_epoch"));
  TUTTI_ASSIGN_OR_RETURN(state.step, json.GetInt("step"));
  TUTTI_ASSIGN_OR_RETURN(state.loss_sum, json.GetDouble("loss_sum"));
  TUTTI_ASSIGN_OR_RETURN(state.correct, json.GetDouble("correct"));
  TUTTI_ASSIGN_OR_RETURN(state.count, json.GetDouble("count"));
  TUTTI_ASSIGN_OR_RETURN(state.best_epoch, json.GetInt("best_epoch"));
  TUTTI_ASSIGN_OR_RETURN(state.best_step, json.GetInt("best_step"));
  TUTTI_ASSIGN_OR_RETURN(state.best_checkpoint, json.GetString("best_checkpoint"));
  TUTTI_ASSIGN_OR_RETURN(state.best_sha256, json.GetString("best_sha256"));
  if (const Json* best = json.Find("best_value"); best != nullptr && !best->is_null()) {
    TUTTI_ASSIGN_OR_RETURN(state.best_value, json.GetDouble("best_value"));
  }
  if (state.epoch < 1 || state.step_in_epoch < 0 || state.step < 0) {
    return DataLoss("the training position of the checkpoint is negative");
  }
  return state;
}

Result<checkpoint::Committed> SaveCheckpoint(const std::string& root,
                                             const checkpoint::CheckpointId& id, int world_size,
                                             Network& network, Optimizer& optimizer,
                                             const TrainingState& state) {
  checkpoint::CheckpointWriter writer(root, id);
  const auto write = [&]() -> Result<checkpoint::Committed> {
    TUTTI_RETURN_IF_ERROR(writer.Open());
    checkpoint::Manifest manifest;
    manifest.attempt = id.attempt;
    manifest.step = id.step;
    manifest.epoch = state.epoch - 1;
    manifest.world_size = world_size;
    manifest.parts = {"weights", "optimizer", "sampler"};
    manifest.state = state.ToJson();
    TUTTI_ASSIGN_OR_RETURN(auto weights, WriteTensors(writer, kModelFile, ModelTensors(network)));
    TUTTI_ASSIGN_OR_RETURN(auto moments, WriteTensors(writer, kOptimizerFile, optimizer.State()));
    manifest.files = {std::move(weights), std::move(moments)};
    return writer.Commit(manifest);
  };
  auto committed = write();
  if (!committed) {
    writer.Abandon();
    return committed.error().Wrap("cannot save checkpoint " + id.Name());
  }
  return committed;
}

Result<TrainingState> LoadTraining(const std::string& root, const std::string& name,
                                   const std::string& sha256, Network& network,
                                   Optimizer& optimizer) {
  TUTTI_ASSIGN_OR_RETURN(const auto loaded, Load(root, name, sha256));
  TUTTI_ASSIGN_OR_RETURN(const std::string* model, FileOf(loaded, kModelFile));
  TUTTI_RETURN_IF_ERROR(ReadTensors(*model, kModelFile, ModelTensors(network)));
  TUTTI_ASSIGN_OR_RETURN(const std::string* moments, FileOf(loaded, kOptimizerFile));
  TUTTI_RETURN_IF_ERROR(ReadTensors(*moments, kOptimizerFile, optimizer.State()));
  optimizer.Restored();
  network.store().RefreshCompute();
  TUTTI_ASSIGN_OR_RETURN(TrainingState state, TrainingState::FromJson(loaded.manifest.state));
  state.newest_checkpoint = name;
  return state;
}

Status LoadWeights(const std::string& root, const std::string& name, const std::string& sha256,
                   Network& network) {
  TUTTI_ASSIGN_OR_RETURN(const auto loaded, Load(root, name, sha256));
  TUTTI_ASSIGN_OR_RETURN(const std::string* model, FileOf(loaded, kModelFile));
  TUTTI_RETURN_IF_ERROR(ReadTensors(*model, kModelFile, ModelTensors(network)));
  network.store().RefreshCompute();
  return Ok{};
}

Result<std::string> EncodeGradients(Network& network) {
  HostTensors host;
  for (const Parameter& p : network.store().parameters()) {
    TUTTI_RETURN_IF_ERROR(host.Add(p.name, p.gradient));
  }
  TUTTI_ASSIGN_OR_RETURN(const checkpoint::SafetensorsImage image,
                         checkpoint::EncodeSafetensors(host.views(), {}));
  std::string bytes = image.header;
  for (const std::string_view piece : image.pieces) bytes += piece;
  return bytes;
}

}  // namespace tutti::trainer
