#include "worker/trainer/checkpoint_tensors.h"

#include <ATen/ops/from_blob.h>

#include "experiments/core/check.h"

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

// View of every tensor in `host`, which keeps them.
Result<checkpoint::SafetensorsImage> Encode(const NamedTensors& tensors, HostTensors& host) {
  for (const auto& [name, tensor] : tensors) TUTTI_RETURN_IF_ERROR(host.Add(name, tensor));
  return checkpoint::EncodeSafetensors(host.views(), {{"format", "pt"}});
}

}  // namespace

NamedTensors ModelTensors(ParameterStore& store) {
  NamedTensors tensors;
  for (const Parameter& p : store.parameters()) tensors.emplace_back(p.name, p.value);
  for (const ModelBuffer& b : store.buffers()) tensors.emplace_back(b.name, b.value);
  return tensors;
}

Result<checkpoint::FileEntry> WriteTensors(checkpoint::CheckpointWriter& writer,
                                           const std::string& file, const NamedTensors& tensors) {
  HostTensors host;
  TUTTI_ASSIGN_OR_RETURN(const checkpoint::SafetensorsImage image, Encode(tensors, host));
  std::vector<std::string_view> pieces{image.header};
  pieces.insert(pieces.end(), image.pieces.begin(), image.pieces.end());
  return writer.WriteFile(file, pieces);
}

Result<std::string> EncodeTensors(const NamedTensors& tensors) {
  HostTensors host;
  TUTTI_ASSIGN_OR_RETURN(const checkpoint::SafetensorsImage image, Encode(tensors, host));
  std::string bytes = image.header;
  for (const std::string_view piece : image.pieces) bytes += piece;
  return bytes;
}

Result<checkpoint::LoadedCheckpoint> OpenCheckpoint(const std::string& root,
                                                    const std::string& name,
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

at::Tensor TensorOf(const checkpoint::TensorView& view) {
  return at::from_blob(const_cast<char*>(view.bytes.data()), view.shape, ScalarTypeOf(view.dtype));
}

std::string ShapeOf(const std::vector<std::int64_t>& sizes) {
  std::string text = "[";
  for (const std::int64_t s : sizes) text += (text.size() > 1 ? ", " : "") + std::to_string(s);
  return text + "]";
}

Status ReadTensors(const std::string& bytes, const std::string& file, NamedTensors tensors) {
  TUTTI_ASSIGN_OR_RETURN(const checkpoint::Safetensors parsed, checkpoint::ParseSafetensors(bytes));
  if (parsed.tensors.size() != tensors.size()) {
    return DataLoss(file + " holds " + std::to_string(parsed.tensors.size()) +
                    " tensors, the model has " + std::to_string(tensors.size()));
  }
  for (const auto& [name, tensor] : tensors) {
    const checkpoint::TensorView* found = parsed.Find(name);
    if (found == nullptr) return DataLoss(file + " has no tensor '" + name + "'");
    if (found->shape != tensor.sizes().vec()) {
      return DataLoss(file + ": tensor '" + name + "' has shape " + ShapeOf(found->shape) +
                      ", the model's has " + ShapeOf(tensor.sizes().vec()));
    }
  }
  for (auto& [name, tensor] : tensors) tensor.copy_(TensorOf(*parsed.Find(name)));
  return Ok{};
}

}  // namespace tutti::trainer
