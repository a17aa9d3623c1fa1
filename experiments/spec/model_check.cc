#include "experiments/spec/model_check.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "experiments/models/graph.h"
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

}  // namespace

const DatasetFacts* FindDatasetFacts(std::string_view dataset) {
  static const std::array<DatasetFacts, 10> table{{{"glyphs", 1, 28, 28, 36, 0},
                                                   {"mnist", 1, 28, 28, 10, 60000},
                                                   {"fashion-mnist", 1, 28, 28, 10, 60000},
                                                   {"kmnist", 1, 28, 28, 10, 60000},
                                                   {"emnist/balanced", 1, 28, 28, 47, 112800},
                                                   {"emnist/byclass", 1, 28, 28, 62, 697932},
                                                   {"emnist/bymerge", 1, 28, 28, 47, 697932},
                                                   {"emnist/digits", 1, 28, 28, 10, 240000},
                                                   {"emnist/letters", 1, 28, 28, 26, 124800},
                                                   {"emnist/mnist", 1, 28, 28, 10, 60000}}};
  const auto found = std::find_if(table.begin(), table.end(), [&](const DatasetFacts& facts) {
    return facts.name == dataset;
  });
  return found == table.end() ? nullptr : &*found;
}

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
  const DatasetFacts* facts = FindDatasetFacts(canonical.FindPath("data.dataset")->AsString());
  if (facts == nullptr) return;  // idx: shapes are known once the files are read
  std::int64_t classes = facts->classes;
  if (const Json* drawn = canonical.FindPath("data.options.classes")) classes = drawn->AsInt();
  const Json& chosen = *canonical.FindPath("data.classes");
  if (chosen.size() > 0) classes = static_cast<std::int64_t>(chosen.size());
  if (classes < 2) return;  // reported with data.classes
  const Json& model = canonical["model"];
  const std::string key = model.Dump() + std::to_string(classes);
  auto found = seen_.find(key);
  if (found == seen_.end()) {
    const auto graph =
        BuildGraph(model, {facts->channels, facts->height, facts->width}, classes);
    found = seen_.emplace(key, graph.ok() ? "" : graph.error().ToString()).first;
  }
  if (found->second.empty()) return;
  report_.Error(PositionOfLayer(root, found->second), "model", found->second);
}

}  // namespace tutti::spec
