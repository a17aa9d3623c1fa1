#include "worker/trainer/warm_start.h"

#include <algorithm>
#include <utility>

#include "worker/trainer/checkpoint_tensors.h"
#include "worker/trainer/weight_patterns.h"

namespace tutti::trainer {
namespace {

bool Fits(const checkpoint::TensorView* found, const at::Tensor& tensor) {
  return found != nullptr && found->shape == tensor.sizes().vec();
}

// The layers of which every tensor fits, as advice.
std::string FittingPatterns(const NamedTensors& tensors, const checkpoint::Safetensors& file) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : tensors) names.push_back(name);
  std::vector<std::string> patterns = LayerPatterns(names);
  for (const auto& [name, tensor] : tensors) {
    if (Fits(file.Find(name), tensor)) continue;
    std::erase(patterns, LayerPatterns({name}).front());
  }
  if (patterns.empty()) return "no layer of that checkpoint fits this model";
  return "set training.warm_start.weights to what fits: " + PatternList(patterns);
}

}  // namespace

Result<std::int64_t> LoadMatchingWeights(const std::string& root, const std::string& name,
                                         const std::string& sha256,
                                         const std::vector<std::string>& patterns,
                                         Network& network) {
  const NamedTensors tensors = ModelTensors(network.store());
  std::vector<std::string> names;
  for (const auto& entry : tensors) names.push_back(entry.first);
  TUTTI_RETURN_IF_ERROR(CheckEachMatches("training.warm_start.weights", patterns, names));
  TUTTI_ASSIGN_OR_RETURN(const auto loaded, OpenCheckpoint(root, name, sha256));
  TUTTI_ASSIGN_OR_RETURN(const std::string* bytes, FileOf(loaded, kModelFile));
  TUTTI_ASSIGN_OR_RETURN(const checkpoint::Safetensors file, checkpoint::ParseSafetensors(*bytes));
  std::vector<std::pair<at::Tensor, const checkpoint::TensorView*>> copies;
  for (const auto& [tensor_name, tensor] : tensors) {
    if (!MatchesAny(patterns, tensor_name)) continue;
    const checkpoint::TensorView* found = file.Find(tensor_name);
    if (!Fits(found, tensor)) {
      const std::string there =
          found == nullptr ? "is not in" : "has shape " + ShapeOf(found->shape) + " in";
      return InvalidArgument("cannot start from checkpoint " + name + ": tensor '" + tensor_name +
                             "' " + there + " the checkpoint, this model's has shape " +
                             ShapeOf(tensor.sizes().vec()) + "; " + FittingPatterns(tensors, file));
    }
    copies.emplace_back(tensor, found);
  }
  for (auto& [tensor, found] : copies) tensor.copy_(TensorOf(*found));
  network.store().RefreshCompute();
  return static_cast<std::int64_t>(copies.size());
}

}  // namespace tutti::trainer
