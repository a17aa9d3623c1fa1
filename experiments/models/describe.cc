#include "experiments/models/describe.h"

#include <algorithm>
#include <array>

namespace tutti {
namespace {

std::string Window(const Layer& layer) {
  const std::string kernel = std::to_string(layer.kernel);
  return kernel + "x" + kernel;
}

std::string PaddingText(const Padding& padding) {
  if (padding.same) return ", same";
  return padding.amount > 0 ? ", padding " + std::to_string(padding.amount) : "";
}

std::string LayerText(const Layer& layer) {
  const std::string stride = ", stride " + std::to_string(layer.stride);
  if (layer.kind == "conv") {
    return "conv " + std::to_string(layer.channels) + ", " + Window(layer) +
           (layer.stride > 1 ? stride : "") + PaddingText(layer.padding) +
           (layer.groups > 1 ? ", groups " + std::to_string(layer.groups) : "") +
           (layer.bias ? "" : ", no bias");
  }
  if (layer.kind == "max_pool" || layer.kind == "avg_pool") {
    return layer.kind + " " + Window(layer) + (layer.stride != layer.kernel ? stride : "") +
           PaddingText(layer.padding);
  }
  if (layer.kind == "linear") {
    return "linear " + std::to_string(layer.channels) + (layer.bias ? "" : ", no bias");
  }
  if (layer.kind == "dropout") return "dropout " + FormatDouble(layer.p);
  if (layer.kind == "squeeze_excite") return "squeeze_excite to " + std::to_string(layer.squeeze);
  if (layer.kind == "residual") {
    return std::string("residual, ") + (layer.shortcut.empty() ? "identity" : "conv shortcut");
  }
  return layer.kind;
}

void AddRows(const std::vector<Layer>& layers, int depth, std::vector<GraphRow>& rows) {
  for (const Layer& layer : layers) {
    rows.push_back({layer.name, LayerText(layer), layer.out, layer.parameters, layer.flops, depth});
    AddRows(layer.layers, depth + 1, rows);
    AddRows(layer.shortcut, depth + 1, rows);
  }
}

}  // namespace

std::string GroupedNumber(std::int64_t n) {
  std::string digits = std::to_string(n);
  const std::size_t sign = n < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > sign + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::vector<GraphRow> GraphRows(const Graph& graph) {
  std::vector<GraphRow> rows;
  AddRows(graph.layers, 0, rows);
  return rows;
}

std::string DescribeGraph(const Graph& graph) {
  using Line = std::array<std::string, 5>;
  std::vector<Line> lines{{"layer", "kind", "output", "parameters", "FLOPs"},
                          {"", "input", ShapeText(graph.input), "", ""}};
  for (const GraphRow& row : GraphRows(graph)) {
    const std::string indent(static_cast<std::size_t>(row.depth) * 2, ' ');
    lines.push_back({indent + row.name, row.layer, ShapeText(row.out),
                     row.parameters > 0 ? GroupedNumber(row.parameters) : "",
                     row.flops > 0 ? GroupedNumber(row.flops) : ""});
  }
  lines.push_back({"total", "", "", GroupedNumber(graph.parameters), GroupedNumber(graph.flops)});
  std::array<std::size_t, 5> widths{};
  for (const Line& line : lines) {
    for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], line[c].size());
  }
  std::string text;
  for (const Line& line : lines) {
    for (std::size_t c = 0; c < line.size(); ++c) {
      const std::string fill(widths[c] - line[c].size(), ' ');
      const bool number = c >= 3;
      text += (c > 0 ? "  " : "") + (number ? fill + line[c] : line[c] + fill);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

std::string DescribePreset(const Preset& preset) {
  std::string text = preset.name + ": " + preset.doc + "\n";
  for (const PresetParameter& parameter : preset.parameters) {
    const bool integral = parameter.default_value.is_int();
    const auto number = [&](double x) {
      return integral ? std::to_string(static_cast<std::int64_t>(x)) : FormatDouble(x);
    };
    text += "  " + parameter.name + " = " + parameter.default_value.Dump() + " (" +
            number(parameter.minval) + " to " + number(parameter.maxval) + "): " + parameter.doc +
            "\n";
  }
  return text;
}

}  // namespace tutti
