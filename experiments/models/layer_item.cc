#include "experiments/models/layer_item.h"

#include <algorithm>
#include <span>

#include "experiments/core/suggest.h"

namespace tutti {
namespace {

enum class ParameterType { kInt, kOutputs, kNumber, kBool, kPadding, kInit, kShortcut, kLayers };

// `fallback` is JSON text; empty = required, "null" = follows from other parameters.
struct ParameterRule {
  std::string_view name;
  ParameterType type;
  std::string_view fallback;
  double minval = 0, maxval = 0;
};
struct KindRule {
  std::string_view kind;
  std::vector<ParameterRule> parameters;
};

constexpr double kMaxOutputs = 1 << 20;
constexpr double kMaxWindow = 1 << 12;

// The language of layer lists. Defaults are torch's.
const std::vector<KindRule>& Rules() {
  using enum ParameterType;
  static const ParameterRule kKernel{"kernel", kInt, "", 1, kMaxWindow};
  static const ParameterRule kPoolStride{"stride", kInt, "null", 1, kMaxWindow};
  static const ParameterRule kPad{"padding", kPadding, "\"valid\"", 0, kMaxWindow};
  static const ParameterRule kBias{"bias", kBool, "true"};
  static const ParameterRule kInitial{"init", kInit, "\"torch\""};
  static const ParameterRule kOut{"out", kOutputs, "", 1, kMaxOutputs};
  static const std::vector<KindRule> rules = {
      {"conv",
       {kOut, kKernel, {"stride", kInt, "1", 1, kMaxWindow}, kPad,
        {"groups", kInt, "1", 1, kMaxOutputs}, kBias, kInitial}},
      {"batch_norm", {{"momentum", kNumber, "0.1", 0, 1}, {"eps", kNumber, "1e-5", 1e-12, 1}}},
      {"relu", {}},
      {"gelu", {}},
      {"silu", {}},
      {"tanh", {}},
      {"sigmoid", {}},
      {"max_pool", {kKernel, kPoolStride, kPad}},
      {"avg_pool", {kKernel, kPoolStride}},
      {"global_average_pool", {}},
      {"dropout", {{"p", kNumber, "0.5", 0, 0.999}}},
      {"flatten", {}},
      {"linear", {kOut, kBias, kInitial}},
      {"residual", {{"layers", kLayers, ""}, {"shortcut", kShortcut, "\"auto\""}}},
      {"squeeze_excite", {{"ratio", kInt, "16", 1, kMaxOutputs}}},
      {"group", {{"layers", kLayers, ""}}},
      {"repeat", {{"times", kInt, "", 1, 1000}, {"layers", kLayers, ""}}},
  };
  return rules;
}

const KindRule* FindRule(std::string_view kind) {
  for (const KindRule& rule : Rules()) {
    if (rule.kind == kind) return &rule;
  }
  return nullptr;
}

bool IsOneOf(const Json& value, std::initializer_list<std::string_view> names) {
  return value.is_string() &&
         std::find(names.begin(), names.end(), value.AsString()) != names.end();
}

std::string Range(const ParameterRule& rule) {
  const auto text = [](double x) {
    return x == static_cast<double>(static_cast<std::int64_t>(x))
               ? std::to_string(static_cast<std::int64_t>(x))
               : FormatDouble(x);
  };
  return "from " + text(rule.minval) + " to " + text(rule.maxval);
}

bool InRange(const ParameterRule& rule, const Json& value) {
  return value.AsDouble() >= rule.minval && value.AsDouble() <= rule.maxval;
}

// "" if the value fits, else what was expected.
std::string Expected(const ParameterRule& rule, const Json& value) {
  switch (rule.type) {
    case ParameterType::kInt:
      if (value.is_int() && InRange(rule, value)) return "";
      return "an integer " + Range(rule);
    case ParameterType::kOutputs:
      if (IsOneOf(value, {"classes"}) || (value.is_int() && InRange(rule, value))) return "";
      return "an integer " + Range(rule) + " or 'classes'";
    case ParameterType::kNumber:
      if (value.is_number() && InRange(rule, value)) return "";
      return "a number " + Range(rule);
    case ParameterType::kBool: return value.is_bool() ? "" : "true or false";
    case ParameterType::kPadding:
      if (IsOneOf(value, {"valid", "same"}) || (value.is_int() && InRange(rule, value))) return "";
      return "valid, same or an integer " + Range(rule);
    case ParameterType::kInit:
      if (IsOneOf(value, {"he_normal", "he_uniform", "xavier", "torch"})) return "";
      return "he_normal, he_uniform, xavier or torch";
    case ParameterType::kShortcut:
      return IsOneOf(value, {"auto", "identity", "conv"}) ? "" : "auto, identity or conv";
    case ParameterType::kLayers:
      return value.is_array() && value.size() > 0 ? "" : "a list of at least one layer";
  }
  TUTTI_CHECK(false, "ParameterType outside the enum");
}

// Names stand in weight addresses ("features.0.weight"): no dots, and no plain numbers, which are
// positions.
bool IsLayerName(const Json& value) {
  if (!value.is_string() || value.AsString().empty() || value.AsString().size() > 64) return false;
  const std::string& text = value.AsString();
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (!letter(text[0]) && text[0] != '_') return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

Status SetName(LayerItem& item, const Json& value) {
  if (!item.name.empty()) return item.Wrong("has two names, '" + item.name + "' and " +
                                            value.Dump());
  if (!IsLayerName(value)) {
    return item.Wrong("name is " + value.Dump() +
                      ", must be letters, digits, '_' and '-' and not start with a digit");
  }
  item.name = value.AsString();
  return Ok{};
}

// Finds the kind of a written item and hands back what stands behind it (null for a bare name).
Result<Json> TakeKind(const Json& written, LayerItem& item) {
  if (written.is_string()) {
    item.kind = written.AsString();
    return Json();
  }
  const auto shape = InvalidArgument(
      item.path + " is " + (written.is_object() ? "a map with several keys" : written.Dump()) +
      ", must be a layer's name or a map with one key, like {conv: {out: 32, kernel: 3}}");
  if (!written.is_object()) return shape;
  Json body;
  const Json* name = nullptr;
  for (const auto& [key, value] : written.AsObject()) {
    if (key == "name") {
      name = &value;
    } else if (!item.kind.empty()) {
      return shape;
    } else {
      item.kind = key;
      body = value;
    }
  }
  if (item.kind.empty()) return InvalidArgument(item.path + " has no layer; write one like relu");
  if (name != nullptr) TUTTI_RETURN_IF_ERROR(SetName(item, *name));
  return body;
}

// The written parameters as an object: a lone value is the first parameter.
Result<Json> TakeParameters(const KindRule& rule, Json body, LayerItem& item) {
  if (body.is_null()) return Json::MakeObject();
  if (!body.is_object()) {
    if (rule.parameters.empty()) return item.Wrong("takes no parameters, gets " + body.Dump());
    return Json::MakeObject({{std::string(rule.parameters[0].name), std::move(body)}});
  }
  if (const Json* name = body.Find("name")) {
    TUTTI_RETURN_IF_ERROR(SetName(item, *name));
    body.Erase("name");
  }
  return body;
}

}  // namespace

Padding LayerItem::PaddingOf(std::string_view parameter) const {
  const Json& value = parameters[parameter];
  if (value.is_int()) return {false, value.AsInt()};
  return {value.AsString() == "same", 0};
}

Error LayerItem::Wrong(const std::string& what) const {
  return InvalidArgument(path + " (" + kind + "): " + what);
}

Result<LayerItem> ReadLayerItem(const Json& written, const std::string& path,
                                std::int64_t classes) {
  LayerItem item;
  item.path = path;
  TUTTI_ASSIGN_OR_RETURN(Json body, TakeKind(written, item));
  const KindRule* rule = FindRule(item.kind);
  if (rule == nullptr) {
    return InvalidArgument(path + ": unknown layer '" + item.kind + "'" +
                           DidYouMean(item.kind, LayerKinds()));
  }
  TUTTI_ASSIGN_OR_RETURN(const Json given, TakeParameters(*rule, std::move(body), item));
  std::vector<std::string> known;
  for (const ParameterRule& parameter : rule->parameters) known.emplace_back(parameter.name);
  for (const auto& [key, value] : given.AsObject()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    if (known.empty()) return item.Wrong("unknown parameter '" + key + "'; it takes none");
    return item.Wrong("unknown parameter '" + key + "'" + DidYouMean(key, known));
  }
  item.parameters = Json::MakeObject();
  for (const ParameterRule& parameter : rule->parameters) {
    const std::string name(parameter.name);
    const Json* value = given.Find(name);
    if (value == nullptr) {
      if (parameter.fallback.empty()) {
        return item.Wrong("parameter '" + name + "' is missing; it takes " +
                          LayerKindSignature(item.kind));
      }
      item.parameters.Set(name, Json::Parse(parameter.fallback).value());
      continue;
    }
    const std::string expected = Expected(parameter, *value);
    if (!expected.empty()) {
      return item.Wrong(name + " is " + value->Dump() + ", must be " + expected);
    }
    const bool by_classes = parameter.type == ParameterType::kOutputs && value->is_string();
    item.parameters.Set(name, by_classes ? Json(classes) : *value);
  }
  return item;
}

std::vector<std::string> LayerKinds() {
  std::vector<std::string> kinds;
  for (const KindRule& rule : Rules()) kinds.emplace_back(rule.kind);
  return kinds;
}

std::string LayerKindSignature(std::string_view kind) {
  const KindRule* rule = FindRule(kind);
  TUTTI_CHECK(rule != nullptr, kind);
  std::string text(kind);
  if (rule->parameters.empty()) return text;
  std::string inner;
  for (const ParameterRule& parameter : rule->parameters) {
    inner += (inner.empty() ? "" : ", ") + std::string(parameter.name);
    if (parameter.fallback == "null") {
      inner += ": kernel";
    } else if (!parameter.fallback.empty()) {
      const Json value = Json::Parse(parameter.fallback).value();
      inner += ": " + (value.is_string() ? value.AsString() : std::string(parameter.fallback));
    }
  }
  return text + "{" + inner + "}";
}

}  // namespace tutti
