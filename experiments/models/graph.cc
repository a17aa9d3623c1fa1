#include "experiments/models/graph.h"

#include <algorithm>
#include <limits>
#include <set>

#include "experiments/models/layer_item.h"
#include "experiments/models/preset.h"

namespace tutti {
namespace {

constexpr int kMaxLayers = 10'000;
constexpr int kMaxDepth = 16;
constexpr double kMaxElements = 1e12;  // of one layer's weights or outputs: keeps all counts exact

bool IsImage(const Shape& shape) { return shape.size() == 3; }
bool IsVector(const Shape& shape) { return shape.size() == 1; }

std::int64_t Elements(const Shape& shape) {
  std::int64_t n = 1;
  for (const std::int64_t size : shape) n *= size;
  return n;
}

std::int64_t CeilDivide(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

// Number of window positions along one side, 0 if the window does not fit.
std::int64_t Positions(std::int64_t in, std::int64_t kernel, std::int64_t stride,
                       const Padding& padding) {
  if (padding.same) return CeilDivide(in, stride);
  const std::int64_t room = in + 2 * padding.amount - kernel;
  return room < 0 ? 0 : room / stride + 1;
}

bool HasBatchNorm(const std::vector<Layer>& layers) {
  return std::any_of(layers.begin(), layers.end(), [](const Layer& layer) {
    return layer.kind == "batch_norm" || HasBatchNorm(layer.layers);
  });
}

std::int64_t SumParameters(const std::vector<Layer>& layers) {
  std::int64_t sum = 0;
  for (const Layer& layer : layers) sum += layer.parameters;
  return sum;
}
std::int64_t SumFlops(const std::vector<Layer>& layers) {
  std::int64_t sum = 0;
  for (const Layer& layer : layers) sum += layer.flops;
  return sum;
}

// Resolves layer lists from top to bottom, carrying the shape along.
class Builder {
 public:
  explicit Builder(std::int64_t classes) : classes_(classes) {}

  // Appends the resolved layers to `out`; `prefix` is the address of the list ("", "3.body.").
  Status List(const Json& items, const std::string& path, const std::string& prefix, Shape shape,
              int depth, std::vector<Layer>& out) {
    if (depth > kMaxDepth) {
      return InvalidArgument(path + ": layers are nested more than " + std::to_string(kMaxDepth) +
                             " deep");
    }
    std::set<std::string> names;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string item_path = path + "[" + std::to_string(i) + "]";
      TUTTI_ASSIGN_OR_RETURN(const LayerItem item, ReadLayerItem(items[i], item_path, classes_));
      const std::string name = item.name.empty() ? std::to_string(i) : item.name;
      if (!names.insert(name).second) {
        return item.Wrong("the name '" + name + "' is already taken in this list");
      }
      if (item.kind == "group") {
        TUTTI_RETURN_IF_ERROR(List(item.parameters["layers"], item_path + ".group.layers",
                                   prefix + name + ".", shape, depth + 1, out));
      } else if (item.kind == "repeat") {
        TUTTI_RETURN_IF_ERROR(Repeat(item, prefix + name + ".", shape, depth, out));
      } else {
        TUTTI_ASSIGN_OR_RETURN(Layer layer, One(item, prefix + name, shape, depth));
        out.push_back(std::move(layer));
      }
      shape = out.back().out;
    }
    return Ok{};
  }

 private:
  Status Repeat(const LayerItem& item, const std::string& prefix, const Shape& in, int depth,
                std::vector<Layer>& out) {
    Shape shape = in;
    for (std::int64_t time = 0; time < item.Int("times"); ++time) {
      TUTTI_RETURN_IF_ERROR(List(item.parameters["layers"], item.path + ".repeat.layers",
                                 prefix + std::to_string(time) + ".", shape, depth + 1, out));
      shape = out.back().out;
    }
    return Ok{};
  }

  Result<Layer> One(const LayerItem& item, const std::string& name, const Shape& in, int depth) {
    if (++layers_ > kMaxLayers) {
      return item.Wrong("the model has more than " + std::to_string(kMaxLayers) + " layers");
    }
    Layer layer;
    layer.kind = item.kind;
    layer.name = name;
    layer.in = in;
    layer.out = in;
    TUTTI_RETURN_IF_ERROR(Resolve(item, depth, layer));
    if (static_cast<double>(Elements(layer.out)) > kMaxElements) {
      return item.Wrong("its output " + ShapeText(layer.out) + " is too large");
    }
    return layer;
  }

  Status Resolve(const LayerItem& item, int depth, Layer& layer) {
    const std::string& kind = item.kind;
    if (kind == "conv") return Conv(item, layer);
    if (kind == "linear") return Linear(item, layer);
    if (kind == "max_pool" || kind == "avg_pool") return Pool(item, layer);
    if (kind == "batch_norm") return BatchNorm(item, layer);
    if (kind == "residual") return Residual(item, depth, layer);
    if (kind == "squeeze_excite") return SqueezeExcite(item, layer);
    if (kind == "global_average_pool") {
      TUTTI_RETURN_IF_ERROR(NeedImage(item, layer.in));
      layer.out = {layer.in[0]};
    } else if (kind == "flatten") {
      layer.out = {Elements(layer.in)};
    } else if (kind == "dropout") {
      layer.p = item.Number("p");
    }
    return Ok{};  // the activations: nothing to resolve
  }

  static Status NeedImage(const LayerItem& item, const Shape& in) {
    if (IsImage(in)) return Ok{};
    return item.Wrong("needs an image (channels x height x width), gets " + ShapeText(in) +
                      "; put it before flatten or global_average_pool");
  }

  // Sets `out` to `channels` maps of window positions.
  static Status Slide(const LayerItem& item, std::int64_t channels, Layer& layer) {
    Shape out{channels};
    for (const std::size_t side : {1, 2}) {
      out.push_back(Positions(layer.in[side], layer.kernel, layer.stride, layer.padding));
    }
    if (out[1] < 1 || out[2] < 1) {
      const std::string kernel = std::to_string(layer.kernel);
      return item.Wrong("a " + kernel + "x" + kernel + " window does not fit into " +
                        ShapeText(layer.in) + " (padding " +
                        std::to_string(layer.padding.amount) +
                        "); use a smaller kernel, padding: same or less pooling before it");
    }
    layer.out = std::move(out);
    return Ok{};
  }

  Status Conv(const LayerItem& item, Layer& layer) const {
    TUTTI_RETURN_IF_ERROR(NeedImage(item, layer.in));
    layer.channels = item.Int("out");
    layer.kernel = item.Int("kernel");
    layer.stride = item.Int("stride");
    layer.groups = item.Int("groups");
    layer.padding = item.PaddingOf("padding");
    layer.bias = item.parameters["bias"].AsBool();
    layer.init = item.Text("init");
    if (layer.in[0] % layer.groups != 0 || layer.channels % layer.groups != 0) {
      return item.Wrong("groups is " + std::to_string(layer.groups) + ", must divide the " +
                        std::to_string(layer.in[0]) + " input and the " +
                        std::to_string(layer.channels) + " output channels");
    }
    TUTTI_RETURN_IF_ERROR(Slide(item, layer.channels, layer));
    const std::int64_t window = layer.kernel * layer.kernel * (layer.in[0] / layer.groups);
    return Weights(item, layer.channels, window, layer.out[1] * layer.out[2], layer);
  }

  Status Linear(const LayerItem& item, Layer& layer) const {
    if (!IsVector(layer.in)) {
      return item.Wrong("needs a vector, gets " + ShapeText(layer.in) + "; put flatten before it");
    }
    layer.channels = item.Int("out");
    layer.bias = item.parameters["bias"].AsBool();
    layer.init = item.Text("init");
    layer.out = {layer.channels};
    return Weights(item, layer.channels, layer.in[0], 1, layer);
  }

  // Counts a layer of `rows` outputs with `columns` weights each, used at `places` positions.
  static Status Weights(const LayerItem& item, std::int64_t rows, std::int64_t columns,
                        std::int64_t places, Layer& layer) {
    const double weights = static_cast<double>(rows) * static_cast<double>(columns);
    if (weights > kMaxElements || weights * static_cast<double>(places) > 1e14) {
      return item.Wrong("from " + ShapeText(layer.in) + " to " + ShapeText(layer.out) +
                        " it would have " + FormatDouble(weights) + " weights, which is too many");
    }
    layer.parameters = rows * columns + (layer.bias ? rows : 0);
    layer.flops = 2 * rows * columns * places;
    return Ok{};
  }

  static Status Pool(const LayerItem& item, Layer& layer) {
    TUTTI_RETURN_IF_ERROR(NeedImage(item, layer.in));
    layer.kernel = item.Int("kernel");
    layer.stride = item.parameters["stride"].is_null() ? layer.kernel : item.Int("stride");
    if (item.kind == "max_pool") layer.padding = item.PaddingOf("padding");
    if (layer.padding.amount > layer.kernel / 2) {
      return item.Wrong("padding is " + std::to_string(layer.padding.amount) +
                        ", must be at most half of kernel " + std::to_string(layer.kernel));
    }
    return Slide(item, layer.in[0], layer);
  }

  static Status BatchNorm(const LayerItem& item, Layer& layer) {
    layer.momentum = item.Number("momentum");
    layer.eps = item.Number("eps");
    layer.parameters = 2 * layer.in[0];
    return Ok{};
  }

  static Status SqueezeExcite(const LayerItem& item, Layer& layer) {
    TUTTI_RETURN_IF_ERROR(NeedImage(item, layer.in));
    const std::int64_t channels = layer.in[0];
    layer.squeeze = channels / item.Int("ratio");
    if (layer.squeeze < 1) {
      return item.Wrong("ratio is " + std::to_string(item.Int("ratio")) + ", must be at most the " +
                        std::to_string(channels) + " channels of " + ShapeText(layer.in));
    }
    layer.parameters = 2 * channels * layer.squeeze + layer.squeeze + channels;
    layer.flops = 4 * channels * layer.squeeze;
    return Ok{};
  }

  Status Residual(const LayerItem& item, int depth, Layer& layer) {
    TUTTI_RETURN_IF_ERROR(List(item.parameters["layers"], item.path + ".residual.layers",
                               layer.name + ".body.", layer.in, depth + 1, layer.layers));
    layer.out = layer.layers.back().out;
    const std::string& shortcut = item.Text("shortcut");
    if (shortcut == "conv" || (shortcut == "auto" && layer.out != layer.in)) {
      TUTTI_RETURN_IF_ERROR(Project(item, layer));
    } else if (layer.out != layer.in) {
      return item.Wrong("shortcut identity needs equal shapes, but the body makes " +
                        ShapeText(layer.out) + " from " + ShapeText(layer.in) +
                        "; use shortcut: auto");
    }
    layer.parameters = SumParameters(layer.layers) + SumParameters(layer.shortcut);
    layer.flops = SumFlops(layer.layers) + SumFlops(layer.shortcut);
    return Ok{};
  }

  // The shortcut of He et al. (2016): a 1x1 convolution with the stride that the body has in all,
  // followed by a batch norm where the body has one (the convolution then needs no bias).
  Status Project(const LayerItem& item, Layer& layer) const {
    const std::string shapes = ShapeText(layer.in) + " to " + ShapeText(layer.out);
    if (!IsImage(layer.in) || !IsImage(layer.out)) {
      return item.Wrong("a conv shortcut needs images, the body goes from " + shapes);
    }
    std::int64_t stride = 1;
    while (stride < layer.in[1] && CeilDivide(layer.in[1], stride) != layer.out[1]) ++stride;
    if (CeilDivide(layer.in[1], stride) != layer.out[1] ||
        CeilDivide(layer.in[2], stride) != layer.out[2]) {
      return item.Wrong("no 1x1 convolution goes from " + shapes +
                        " as the body does; use padding: same in the body");
    }
    const bool normed = HasBatchNorm(layer.layers);
    Json conv = Json::MakeObject({{"conv", Json::MakeObject({{"out", layer.out[0]},
                                                             {"kernel", 1},
                                                             {"stride", stride},
                                                             {"bias", !normed}})}});
    Json items = Json::MakeArray({std::move(conv)});
    if (normed) items.Append("batch_norm");
    Builder shortcut(classes_);
    return shortcut.List(items, item.path + ".residual.shortcut", layer.name + ".shortcut.",
                         layer.in, kMaxDepth, layer.shortcut);
  }

  std::int64_t classes_;
  int layers_ = 0;
};

Status CheckLast(const Graph& graph, const std::string& path) {
  const Layer& last = graph.layers.back();
  if (last.kind == "linear" && last.out == Shape{graph.classes}) return Ok{};
  const std::string classes = std::to_string(graph.classes);
  return InvalidArgument(path + ": the last layer must be linear to the " + classes +
                         " classes (linear: classes), it is " + last.kind + " to " +
                         ShapeText(last.out));
}

Result<Json> LayersOf(const Json& model) {
  const Json* preset = model.Find("preset");
  const Json* layers = model.Find("layers");
  if (!model.is_object() || (preset == nullptr) == (layers == nullptr)) {
    return InvalidArgument("model must have either preset or layers, it is " + model.Dump());
  }
  if (preset != nullptr) return ExpandPreset(model);
  for (const auto& [key, value] : model.AsObject()) {
    if (key == "layers") continue;
    return InvalidArgument("model." + key + ": a model given by its layers takes no parameters");
  }
  if (!layers->is_array() || layers->size() == 0) {
    return InvalidArgument("model.layers is " + layers->Dump() +
                           ", must be a list of at least one layer");
  }
  return *layers;
}

void AddWeightNames(const std::vector<Layer>& layers, std::vector<std::string>& names) {
  for (const Layer& layer : layers) {
    const bool counted = layer.kind == "conv" || layer.kind == "linear";
    if (counted || layer.kind == "batch_norm") {
      names.push_back(layer.name + ".weight");
      if (!counted || layer.bias) names.push_back(layer.name + ".bias");
    } else if (layer.kind == "squeeze_excite") {
      for (const char* name : {"reduce.weight", "reduce.bias", "expand.weight", "expand.bias"}) {
        names.push_back(layer.name + "." + name);
      }
    }
    AddWeightNames(layer.layers, names);
    AddWeightNames(layer.shortcut, names);
  }
}

}  // namespace

std::vector<std::string> WeightNames(const Graph& graph) {
  std::vector<std::string> names;
  AddWeightNames(graph.layers, names);
  return names;
}

std::string ShapeText(const Shape& shape) {
  std::string text;
  for (const std::int64_t size : shape) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

Result<Graph> BuildGraph(const Json& model, const Shape& input, std::int64_t classes) {
  if ((!IsImage(input) && !IsVector(input)) ||
      std::any_of(input.begin(), input.end(), [](auto n) { return n < 1 || n > 1 << 16; })) {
    return InvalidArgument("the input of a model is " + ShapeText(input) +
                           ", must be channels x height x width or one size, each at least 1");
  }
  if (classes < 2) {
    return InvalidArgument("a classifier needs at least 2 classes, the data set has " +
                           std::to_string(classes));
  }
  TUTTI_ASSIGN_OR_RETURN(const Json layers, LayersOf(model));
  const Json* preset = model.Find("preset");
  const std::string path =
      preset == nullptr ? "model.layers" : "model (preset " + preset->AsString() + ").layers";
  Graph graph;
  graph.input = input;
  graph.classes = classes;
  Builder builder(classes);
  TUTTI_RETURN_IF_ERROR(builder.List(layers, path, "", input, 0, graph.layers));
  TUTTI_RETURN_IF_ERROR(CheckLast(graph, path));
  graph.parameters = SumParameters(graph.layers);
  graph.flops = SumFlops(graph.layers);
  return graph;
}

}  // namespace tutti
