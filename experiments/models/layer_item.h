#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/core/json.h"
#include "experiments/core/result.h"
#include "experiments/models/graph.h"

// One item of a layer list as it is written ({"conv": {"out": 32, "kernel": 3}}, "relu",
// {"linear": 96}), checked against the table of kinds and with its defaults filled in.

namespace tutti {

struct LayerItem {
  std::string path;  // for messages: "model.layers[4]"
  std::string kind;
  std::string name;  // "" = addressed by position
  Json parameters;   // object with every parameter of the kind

  // REQUIRES: the kind has such a parameter.
  std::int64_t Int(std::string_view parameter) const { return parameters[parameter].AsInt(); }
  double Number(std::string_view parameter) const { return parameters[parameter].AsDouble(); }
  const std::string& Text(std::string_view parameter) const {
    return parameters[parameter].AsString();
  }
  Padding PaddingOf(std::string_view parameter) const;

  // "model.layers[4] (linear): <what>".
  Error Wrong(const std::string& what) const;
};

// `classes` stands for "classes" where a number of outputs is asked for. Errors: an unknown kind or
// parameter (with a suggestion), a missing parameter, a value of the wrong type or range.
Result<LayerItem> ReadLayerItem(const Json& item, const std::string& path, std::int64_t classes);

// "conv", "batch_norm", …: every kind that may be written, in the order of the documentation.
std::vector<std::string> LayerKinds();

// "conv{out, kernel, stride: 1, padding: \"valid\", …}".
std::string LayerKindSignature(std::string_view kind);

}  // namespace tutti
