#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/json.h"
#include "experiments/core/result.h"

// An architecture as data: the resolved, shape-checked layer list of a model. No torch here; the
// trainer builds modules from it (worker/trainer/model_builder).

namespace tutti {

// Of one item, without the batch dimension. Images are {channels, height, width}, vectors {n}.
using Shape = std::vector<std::int64_t>;
std::string ShapeText(const Shape& shape);  // "32x26x26"

struct Padding {
  bool same = false;  // Keras's rule: total = max((ceil(in/s)-1)*s + k - in, 0), the odd one after
  std::int64_t amount = 0;  // both sides, when not same
};

// One resolved layer. Only the members of its kind are meaningful; `layers` holds the body of
// residual and the layers of its convolutional shortcut (`shortcut`, empty = identity).
struct Layer {
  std::string kind;   // "conv", "batch_norm", "relu", …, "residual", "squeeze_excite"
  std::string name;   // unique path, e.g. "0", "features", "3.body.1"; weights are addressed by it
  Shape in;
  Shape out;
  std::int64_t parameters = 0;  // trainable, this layer and below
  std::int64_t flops = 0;       // 2 x multiply-accumulate, forward, one item
  std::int64_t channels = 0;    // conv, linear: outputs
  std::int64_t kernel = 0, stride = 1, groups = 1;
  Padding padding;
  bool bias = true;
  std::string init;             // he_normal | he_uniform | xavier | torch
  double p = 0;                 // dropout
  double momentum = 0.1, eps = 1e-5;  // batch_norm
  std::int64_t squeeze = 0;     // squeeze_excite: width of the bottleneck
  std::vector<Layer> layers;
  std::vector<Layer> shortcut;
};

struct Graph {
  Shape input;
  std::int64_t classes = 0;
  std::vector<Layer> layers;
  std::int64_t parameters = 0;
  std::int64_t flops = 0;
};

// Resolves `model` ({"preset": name, params…} or {"layers": […]}) for an input and a number of
// classes. Errors name the layer by its path and both shapes, e.g.
// "model.layers[4] (linear): needs a vector, gets 64x5x5; put flatten before it".
Result<Graph> BuildGraph(const Json& model, const Shape& input, std::int64_t classes);

// The names of all trainable weights, in the order of the layers: "features.0.weight",
// "features.0.bias", "features.3.body.5.reduce.weight". The trainer's tensors have these names, and
// the patterns of training.freeze and training.warm_start.weights are matched against them.
std::vector<std::string> WeightNames(const Graph& graph);

struct PresetParameter {
  std::string name;
  Json default_value;
  double minval = 0, maxval = 0;
  std::string doc;
};
struct Preset {
  std::string name;
  std::string doc;
  std::vector<PresetParameter> parameters;
  Json layers;  // with "$name" where a parameter goes
};
const std::vector<Preset>& Presets();
const Preset* FindPreset(std::string_view name);

}  // namespace tutti
