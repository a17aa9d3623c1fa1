#include "experiments/spec/model_check.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "experiments/core/glob.h"
#include "experiments/models/graph.h"
#include "experiments/models/weight_shapes.h"
#include "experiments/spec/dataset_facts.h"
#include "experiments/spec/shape.h"

namespace tutti::spec {
namespace {

// "model.layers[4].residual[1] (conv): …": the position of the innermost part that is written in
// the file. For presets that is the model itself.
Position PositionOfLayer(const Node& root, const std::string& message) {
  Position at = PositionOf(root, "model");
  const Node* node = root.Find("model");
  std::size_t i = std::string_view("model").size();
  if (node == nullptr || !message.starts_with("model")) return at;
  while (node != nullptr && i < message.size()) {
    if (message[i] == '.') {
      const std::size_t end = message.find_first_of(".[ :", i + 1);
      node = node->Find(message.substr(i + 1, end - i - 1));
      i = end == std::string::npos ? message.size() : end;
    } else if (message[i] == '[') {
      std::size_t index = 0;
      for (++i; i < message.size() && std::isdigit(static_cast<unsigned char>(message[i])); ++i) {
        index = index * 10 + static_cast<std::size_t>(message[i] - '0');
      }
      ++i;  // the bracket
      const bool inside = node->kind == Node::Kind::kList && index < node->items.size();
      node = inside ? &node->items[index] : nullptr;
    } else {
      break;
    }
    if (node != nullptr) at = node->at;
  }
  return at;
}

// "features.0.*, features.3.*, …": the layers that have weights, cut where there are many.
std::string WeightGroups(const std::vector<std::string>& weights) {
  constexpr std::size_t kMost = 6;
  std::vector<std::string> groups;
  for (const std::string& weight : weights) {
    const std::string group = weight.substr(0, weight.rfind('.')) + ".*";
    if (groups.empty() || groups.back() != group) groups.push_back(group);
  }
  std::string text;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const bool skipped = groups.size() > kMost && i >= kMost - 2 && i + 2 < groups.size();
    if (!skipped) text += (text.empty() ? "" : ", ") + groups[i];
    if (skipped && i == kMost - 2) text += ", ...";
  }
  return text;
}

// Where only the files tell the input, the names of the weights can be looked up all the same.
ModelInput InputOf(const Json& canonical) {
  return FindModelInput(canonical["data"]).value_or(ModelInput{{1, 28, 28}, 10});
}

// What the fit of a model depends on.
std::string KeyOf(const Json& canonical) {
  const ModelInput input = InputOf(canonical);
  return canonical["model"].Dump() + ShapeText(input.shape) + "/" + std::to_string(input.classes);
}

}  // namespace

bool CheckModelShape(const Node& model, Position key_at, Report& report) {
  const auto fail = [&](Position at, const std::string& message) {
    report.Error(at, "model", message);
    return false;
  };
  if (model.kind != Node::Kind::kMap) {
    return fail(model.at, "model is " + model.Text() +
                              ", expected a map, for example {preset: mnist_cnn}");
  }
  const Node* preset = model.Find("preset");
  const Node* layers = model.Find("layers");
  if (preset != nullptr && layers != nullptr) {
    return fail(key_at, "model has both preset and layers; one of them describes it");
  }
  if (preset == nullptr && layers == nullptr) {
    return fail(key_at, "model needs preset (a name) or layers (a list)");
  }
  bool ok = true;
  std::vector<std::string> keys{layers != nullptr ? "layers" : "preset"};
  if (layers != nullptr) {
    if (layers->kind != Node::Kind::kList || layers->items.empty()) {
      ok = fail(layers->at, "model.layers is " + layers->Text() + ", expected a list of layers");
    }
  } else {
    std::vector<std::string> names;
    for (const Preset& known : Presets()) names.push_back(known.name);
    const bool is_text = preset->kind == Node::Kind::kScalar && preset->scalar.is_string();
    const Preset* found = is_text ? FindPreset(preset->scalar.AsString()) : nullptr;
    if (found == nullptr) {
      std::string known;
      for (const std::string& name : names) known += (known.empty() ? "" : ", ") + name;
      return fail(preset->at, "model.preset is " + preset->Text() + ", expected one of " + known +
                                  (is_text ? Suggestion(preset->scalar.AsString(), names) : ""));
    }
    for (const PresetParameter& parameter : found->parameters) keys.push_back(parameter.name);
  }
  for (const Node::Member& member : model.members) {
    if (std::find(keys.begin(), keys.end(), member.key) != keys.end()) continue;
    const std::string owner =
        layers != nullptr ? "a list of layers" : "preset " + preset->Text();
    ok = fail(member.key_at, "unknown field '" + member.key + "' in 'model' with " + owner +
                                 Suggestion(member.key, keys));
  }
  return ok;
}

void ModelFitter::Check(const Json& canonical, const Node& root) {
  const bool known = FindModelInput(canonical["data"]).has_value();
  const ModelInput input = InputOf(canonical);
  if (input.classes < 2) return;  // reported with data.classes
  const Json& model = canonical["model"];
  const std::string key = KeyOf(canonical);
  auto found = seen_.find(key);
  if (found == seen_.end()) {
    const auto graph = BuildGraph(model, input.shape, input.classes);
    Fit fit;
    if (graph.ok()) {
      fit.weights = WeightNames(*graph);
      fit.shapes = WeightShapes(*graph);
    } else {
      fit.error = graph.error().ToString();
    }
    found = seen_.emplace(key, std::move(fit)).first;
  }
  const Fit& fit = found->second;
  if (fit.error.empty()) {
    CheckPatterns(canonical, root, fit.weights);
  } else if (known) {
    report_.Error(PositionOfLayer(root, fit.error), "model", fit.error);
  }
}

std::string ModelFitter::Shapes(const Json& canonical) const {
  const auto found = seen_.find(KeyOf(canonical));
  return found == seen_.end() ? "" : found->second.shapes;
}

void ModelFitter::CheckPatterns(const Json& canonical, const Node& root,
                                const std::vector<std::string>& weights) {
  std::vector<bool> frozen(weights.size(), false);
  for (const std::string path : {"training.freeze", "training.warm_start.weights"}) {
    const Json* patterns = canonical.FindPath(path);
    if (patterns == nullptr) continue;
    for (std::size_t i = 0; i < patterns->size(); ++i) {
      const std::string& pattern = (*patterns)[i].AsString();
      bool matches = false;
      for (std::size_t w = 0; w < weights.size(); ++w) {
        if (!GlobMatches(pattern, weights[w])) continue;
        matches = true;
        if (path == "training.freeze") frozen[w] = true;
      }
      if (matches) continue;
      report_.Error(PositionOf(root, path + "[" + std::to_string(i) + "]"), path,
                    path + " holds '" + pattern +
                        "', which matches no weight of the model; it has " +
                        WeightGroups(weights));
    }
  }
  if (std::find(frozen.begin(), frozen.end(), false) == frozen.end()) {
    report_.Error(PositionOf(root, "training.freeze"), "training.freeze",
                  "training.freeze matches every weight of the model: nothing would be trained");
  }
}

}  // namespace tutti::spec
