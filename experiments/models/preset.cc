#include "experiments/models/preset.h"

#include <charconv>

#include "experiments/core/suggest.h"
#include "experiments/models/preset_texts.h"

namespace tutti {
namespace {

std::string NumberText(double x, bool integral) {
  return integral ? std::to_string(static_cast<std::int64_t>(x)) : FormatDouble(x);
}

Result<PresetParameter> ReadParameter(const std::string& name, const Json& row) {
  PresetParameter parameter;
  parameter.name = name;
  TUTTI_ASSIGN_OR_RETURN(parameter.minval, row.GetDouble("min"));
  TUTTI_ASSIGN_OR_RETURN(parameter.maxval, row.GetDouble("max"));
  TUTTI_ASSIGN_OR_RETURN(parameter.doc, row.GetString("doc"));
  const Json* value = row.Find("default");
  if (value == nullptr || !value->is_number() || value->AsDouble() < parameter.minval ||
      value->AsDouble() > parameter.maxval) {
    return InvalidArgument("default must be a number from min to max");
  }
  parameter.default_value = *value;
  return parameter;
}

Status CheckValue(const Preset& preset, const PresetParameter& parameter, const Json& value) {
  const bool integral = parameter.default_value.is_int();
  const bool fits = integral ? value.is_int() : value.is_number();
  if (fits && value.AsDouble() >= parameter.minval && value.AsDouble() <= parameter.maxval) {
    return Ok{};
  }
  return InvalidArgument("model." + parameter.name + " (preset " + preset.name + ") is " +
                         value.Dump() + ", must be " + (integral ? "an integer" : "a number") +
                         " from " + NumberText(parameter.minval, integral) + " to " +
                         NumberText(parameter.maxval, integral) + " (" + parameter.doc + ")");
}

// "$width" or "$width*2".
Result<Json> Evaluate(const std::string& text, const Json& values) {
  const std::size_t star = text.find('*');
  const std::string name = text.substr(1, star == std::string::npos ? star : star - 1);
  const Json* value = values.Find(name);
  if (value == nullptr) return InvalidArgument("'" + text + "' names no parameter of the preset");
  if (star == std::string::npos) return *value;
  std::int64_t factor = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data() + star + 1, end, factor);
  if (parsed.ec != std::errc() || parsed.ptr != end || !value->is_int()) {
    return InvalidArgument("'" + text + "' must be an integer parameter times a number");
  }
  std::int64_t product = 0;
  if (__builtin_mul_overflow(value->AsInt(), factor, &product)) {
    return InvalidArgument("'" + text + "' is too large");
  }
  return Json(product);
}

Result<Json> Substitute(const Json& tree, const Json& values) {
  if (tree.is_string() && tree.AsString().starts_with('$')) {
    return Evaluate(tree.AsString(), values);
  }
  if (tree.is_array()) {
    Json out = Json::MakeArray();
    for (const Json& item : tree.AsArray()) {
      TUTTI_ASSIGN_OR_RETURN(Json replaced, Substitute(item, values));
      out.Append(std::move(replaced));
    }
    return out;
  }
  if (!tree.is_object()) return tree;
  Json out = Json::MakeObject();
  for (const auto& [key, item] : tree.AsObject()) {
    TUTTI_ASSIGN_OR_RETURN(Json replaced, Substitute(item, values));
    out.Set(key, std::move(replaced));
  }
  return out;
}

}  // namespace

Result<Preset> ParsePreset(std::string_view text) {
  TUTTI_ASSIGN_OR_RETURN(const Json json, Json::Parse(text));
  Preset preset;
  TUTTI_ASSIGN_OR_RETURN(preset.name, json.GetString("name"));
  TUTTI_ASSIGN_OR_RETURN(preset.doc, json.GetString("doc"));
  const Json* parameters = json.Find("parameters");
  const Json* layers = json.Find("layers");
  if (parameters == nullptr || !parameters->is_object()) {
    return InvalidArgument("preset " + preset.name + ": 'parameters' must be a map");
  }
  if (layers == nullptr || !layers->is_array()) {
    return InvalidArgument("preset " + preset.name + ": 'layers' must be a list");
  }
  for (const auto& [name, row] : parameters->AsObject()) {
    auto parameter = ReadParameter(name, row);
    if (!parameter) return parameter.error().Wrap("preset " + preset.name + ", parameter " + name);
    preset.parameters.push_back(std::move(parameter).value());
  }
  preset.layers = *layers;
  return preset;
}

Result<Json> ExpandPreset(const Preset& preset, const Json& given) {
  Json values = Json::MakeObject();
  std::vector<std::string> known;
  for (const PresetParameter& parameter : preset.parameters) {
    known.push_back(parameter.name);
    const Json* value = given.Find(parameter.name);
    if (value != nullptr) TUTTI_RETURN_IF_ERROR(CheckValue(preset, parameter, *value));
    values.Set(parameter.name, value != nullptr ? *value : parameter.default_value);
  }
  for (const auto& [key, value] : given.AsObject()) {
    if (values.Find(key) != nullptr) continue;
    return InvalidArgument("model." + key + ": preset " + preset.name + " has no such parameter" +
                           DidYouMean(key, known));
  }
  auto layers = Substitute(preset.layers, values);
  if (!layers) return layers.error().Wrap("preset " + preset.name);
  return layers;
}

Result<Json> ExpandPreset(const Json& model) {
  const Json& name = model["preset"];
  if (!name.is_string()) {
    return InvalidArgument("model.preset is " + name.Dump() + ", must be a preset's name");
  }
  const Preset* preset = FindPreset(name.AsString());
  if (preset == nullptr) {
    std::vector<std::string> known;
    for (const Preset& other : Presets()) known.push_back(other.name);
    return InvalidArgument("model.preset: unknown preset '" + name.AsString() + "'" +
                           DidYouMean(name.AsString(), known));
  }
  Json given = model;
  given.Erase("preset");
  return ExpandPreset(*preset, given);
}

const std::vector<Preset>& Presets() {
  static const std::vector<Preset> presets = [] {
    std::vector<Preset> all;
    for (const std::string_view text : PresetTexts()) {
      auto preset = ParsePreset(text);
      TUTTI_CHECK(preset.ok(), preset.error().ToString());
      all.push_back(std::move(preset).value());
    }
    return all;
  }();
  return presets;
}

const Preset* FindPreset(std::string_view name) {
  for (const Preset& preset : Presets()) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

}  // namespace tutti
