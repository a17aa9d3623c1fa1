#include "experiments/models/weight_shapes.h"

namespace tutti {
namespace {

void AddShapes(const std::vector<Layer>& layers, std::string& text) {
  for (const Layer& layer : layers) {
    if (layer.parameters == 0) continue;
    if (layer.kind == "residual") {
      AddShapes(layer.layers, text);
      AddShapes(layer.shortcut, text);
      continue;
    }
    text += layer.name + " " + layer.kind + " " + std::to_string(layer.in.front()) + ">" +
            std::to_string(layer.out.front()) + " k" + std::to_string(layer.kernel) + " g" +
            std::to_string(layer.groups) + " p" + std::to_string(layer.parameters) + "\n";
  }
}

}  // namespace

std::string WeightShapes(const Graph& graph) {
  std::string text;
  AddShapes(graph.layers, text);
  return text;
}

}  // namespace tutti
