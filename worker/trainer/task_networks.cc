#include "worker/trainer/task_networks.h"

#include <utility>

#include "worker/trainer/checkpoint_tensors.h"
#include "worker/trainer/precision.h"

namespace tutti::trainer {
namespace {

constexpr std::size_t kKeptNetworks = 4;

// What the checkpoint's manifest says of its network; empty where it is of an earlier version.
Result<Shape> InputOf(const Json& state) {
  Shape input;
  const Json* sides = state.Find("input");
  if (sides == nullptr) return input;
  for (const Json& side : sides->AsArray()) {
    if (!side.is_int()) return DataLoss("the checkpoint's input is " + sides->Dump());
    input.push_back(side.AsInt());
  }
  return input;
}

Result<std::vector<std::string>> NamesOf(const Json& state) {
  std::vector<std::string> names;
  const Json* list = state.Find("class_names");
  if (list == nullptr) return names;
  for (const Json& name : list->AsArray()) {
    if (!name.is_string()) return DataLoss("the checkpoint's class_names are " + list->Dump());
    names.push_back(name.AsString());
  }
  return names;
}

// Outputs of the last layer with weights, as the file has them.
Result<std::int64_t> ClassesOf(const Json& model, const Shape& input, const std::string& file) {
  TUTTI_ASSIGN_OR_RETURN(const Graph graph, BuildGraph(model, input, 2));
  const std::vector<std::string> weights = WeightNames(graph);
  TUTTI_ASSIGN_OR_RETURN(const checkpoint::Safetensors tensors, checkpoint::ParseSafetensors(file));
  const auto* last = weights.empty() ? nullptr : tensors.Find(weights.back());
  if (last == nullptr || last->shape.empty()) {
    return DataLoss("the checkpoint has no tensor '" +
                    (weights.empty() ? std::string("(none)") : weights.back()) +
                    "' of the model: it is of another architecture");
  }
  return last->shape.front();
}

Result<std::unique_ptr<TaskNetwork>> Load(const AttemptOrder& order, at::Device device, bool probe,
                                          const Shape& fallback) {
  TUTTI_ASSIGN_OR_RETURN(
      const auto loaded,
      OpenCheckpoint(order.checkpoint_root, order.weights_from, order.weights_sha256));
  TUTTI_ASSIGN_OR_RETURN(const std::string* model, FileOf(loaded, kModelFile));
  TUTTI_ASSIGN_OR_RETURN(Shape input, InputOf(loaded.manifest.state));
  if (input.empty()) input = fallback;
  const ExperimentConfig& config = order.config;
  TUTTI_ASSIGN_OR_RETURN(const std::int64_t classes, ClassesOf(config.model, input, *model));
  TUTTI_ASSIGN_OR_RETURN(const Graph graph, BuildGraph(config.model, input, classes));
  TUTTI_ASSIGN_OR_RETURN(const ResolvedPrecision precision,
                         ResolvePrecision(config.training.precision, device));
  auto out = std::make_unique<TaskNetwork>();
  TUTTI_ASSIGN_OR_RETURN(out->class_names, NamesOf(loaded.manifest.state));
  out->names_known = static_cast<std::int64_t>(out->class_names.size()) == classes;
  if (!out->names_known) {
    out->class_names.clear();
    for (std::int64_t i = 0; i < classes; ++i) out->class_names.push_back(std::to_string(i));
  }
  NetworkOptions options;
  options.device = device;
  options.master = precision.master;
  options.compute = precision.compute;
  options.probe = probe;
  out->network = std::make_unique<Network>(graph, options, order.seed);
  ParameterStore& store = out->network->store();
  TUTTI_RETURN_IF_ERROR(ReadTensors(*model, kModelFile, ModelTensors(store)));
  store.RefreshCompute();
  out->epoch = loaded.manifest.epoch;
  out->step = loaded.manifest.step;
  return out;
}

}  // namespace

Result<TaskNetwork*> TaskNetworks::Get(const AttemptOrder& order, at::Device device, bool probe,
                                       const Shape& input) {
  // The precision belongs to it: it decides the types of weights and activations.
  const std::string key = order.weights_from + " " + order.weights_sha256 + " " +
                          order.config.model.Dump() + " " +
                          std::string(kPrecisionNames.Name(order.config.training.precision)) +
                          (probe ? " probe" : "");
  for (auto it = kept_.begin(); it != kept_.end(); ++it) {
    if (it->key != key) continue;
    kept_.splice(kept_.begin(), kept_, it);
    return kept_.front().network.get();
  }
  auto loaded = Load(order, device, probe, input);
  if (!loaded) return loaded.error().Wrap("loading checkpoint " + order.weights_from);
  kept_.push_front({key, std::move(*loaded)});
  if (kept_.size() > kKeptNetworks) kept_.pop_back();
  return kept_.front().network.get();
}

}  // namespace tutti::trainer
